package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// A certificates folder is made by our own command: a root, an authority below
// it, and what they sign.
type certificates struct {
	t      testing.TB
	folder string
}

func newCertificates(t testing.TB) certificates {
	c := certificates{t, t.TempDir()}
	c.make("root", "test root", "--authority")
	c.make("middle", "test authority", "--authority", "--issuer", c.file("root"))
	return c
}

func (c certificates) file(name string) string { return filepath.Join(c.folder, name+".pem") }

func (c certificates) make(name, names string, flags ...string) {
	c.t.Helper()
	args := append(append([]string{"tls", "certificate"}, strings.Fields(names)...), flags...)
	launch(c.t, sosh(c.t, append(args, "--out", c.file(name))...)).finish(0)
}

// opensslServer starts openssl's server with a certificate, and gives its port.
func opensslServer(t testing.TB, cert string, flags ...string) string {
	t.Helper()
	args := append([]string{"s_server", "-accept", "127.0.0.1:0", "-cert", cert, "-key", cert}, flags...)
	server := launch(t, exec.Command(needs(t, "openssl"), args...))
	return server.port(server.out, "ACCEPT 127.0.0.1:")
}

// lastLine is the verdict of a report.
func lastLine(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return lines[len(lines)-1]
}

// TestOpenSSLServers holds our verdicts about servers that are not ours.
func TestOpenSSLServers(t *testing.T) {
	t.Parallel()
	needs(t, "openssl")
	c := newCertificates(t)
	c.make("good", "localhost", "--issuer", c.file("middle"))
	c.make("other", "shop.example", "--issuer", c.file("middle"))
	c.make("old", "localhost", "--issuer", c.file("middle"), "--begins=-10d", "--lasts", "7d")
	c.make("early", "localhost", "--issuer", c.file("middle"), "--begins", "49h")
	c.make("self", "localhost")
	for _, test := range []struct {
		name, cert string
		flags      []string
		code       int
		want       string
	}{
		{"good", "good", []string{"-cert_chain", c.file("good")}, 0, "verify: ok"},
		{"expired", "old", []string{"-cert_chain", c.file("old")}, 1, "verify: failed: expired 3 days ago"},
		{"early", "early", []string{"-cert_chain", c.file("early")}, 1, "verify: failed: not-yet-valid for another 2 days"},
		{"name", "other", []string{"-cert_chain", c.file("other")}, 1, "verify: failed: wrong-name: it is for shop.example, not for localhost"},
		{"incomplete", "good", nil, 1, "verify: failed: incomplete-chain: "},
		{"self", "self", nil, 1, "verify: failed: self-signed: "},
		{"1.2 alone", "good", []string{"-cert_chain", c.file("good"), "-tls1_2"}, 0, "verify: ok"},
	} {
		t.Run(test.name, func(t *testing.T) {
			port := opensslServer(t, c.file(test.cert), test.flags...)
			out := launch(t, sosh(t, "tls", "info", "127.0.0.1", port, "--name", "localhost", "--cacert", c.file("root"))).finish(test.code)
			if !strings.HasPrefix(lastLine(out), test.want) {
				t.Errorf("%s\nwant %s", out, test.want)
			}
			fingerprint, err := exec.Command("openssl", "x509", "-in", c.file(test.cert), "-noout", "-fingerprint", "-sha256").Output()
			if _, hex, _ := strings.Cut(strings.TrimSpace(string(fingerprint)), "="); err != nil || !strings.Contains(out, hex) {
				t.Errorf("openssl says %s (%v), we say\n%s", fingerprint, err, out)
			}
		})
	}
	if out, err := exec.Command("openssl", "verify", "-CAfile", c.file("root"), "-untrusted", c.file("good"), c.file("good")).CombinedOutput(); err != nil {
		t.Errorf("openssl does not like our certificates: %s", out)
	}
}

// TestOpenSSLAccepts asks an old server what it has, and openssl's own list.
func TestOpenSSLAccepts(t *testing.T) {
	t.Parallel()
	needs(t, "openssl")
	rsa := filepath.Join(t.TempDir(), "rsa.pem")
	if out, err := exec.Command("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", rsa, "-out", rsa+".crt", "-subj", "/CN=localhost").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	for name, test := range map[string]struct {
		flags []string
		want  []string
	}{
		"old cipher": {[]string{"-tls1_2", "-cipher", "AES128-SHA:DHE-RSA-AES256-SHA@SECLEVEL=0", "-cert", rsa + ".crt"},
			[]string{"TLS 1.2  accepted\n", "  TLS_RSA_WITH_AES_128_CBC_SHA (weak: no forward secrecy)\n", "  TLS_DHE_RSA_WITH_AES_256_CBC_SHA\n", "TLS 1.3  refused: "}},
		"old version": {[]string{"-tls1", "-cipher", "ECDHE-RSA-AES128-SHA@SECLEVEL=0", "-cert", rsa + ".crt"},
			[]string{"TLS 1.0  accepted (weak: out of date, RFC 8996)\n  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA\n", "TLS 1.2  refused: it would take TLS 1.0\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			port := opensslServer(t, rsa, test.flags...)
			out := launch(t, sosh(t, "tls", "info", "127.0.0.1:"+port, "--insecure", "--accepts")).finish(0)
			for _, want := range test.want {
				if !strings.Contains(out, want) {
					t.Errorf("%s\nwant %s", out, want)
				}
			}
		})
	}
}

// TestOpenSSLClient has openssl's client judge our server.
func TestOpenSSLClient(t *testing.T) {
	needs(t, "openssl")
	c := newCertificates(t)
	c.make("good", "localhost", "--issuer", c.file("middle"))
	server := launch(t, sosh(t, "serve", "0", "echo", "--tls-cert", c.file("good")))
	port := server.port(server.err, "127.0.0.1:")
	client := launch(t, exec.Command("openssl", "s_client", "-connect", "127.0.0.1:"+port, "-CAfile", c.file("root"),
		"-verify_hostname", "localhost", "-verify_return_error", "-quiet"))
	client.types("hello from openssl")
	client.says("hello from openssl")
}

// TestPythonTLS speaks with Python's ssl, both ways.
func TestPythonTLS(t *testing.T) {
	c := newCertificates(t)
	c.make("good", "localhost", "--issuer", c.file("middle"))
	t.Run("server", func(t *testing.T) {
		server := python(t, "tls_echo.py", "server", c.file("good"))
		port := server.port(server.out, "listening on port ")
		client := launch(t, sosh(t, "-c", "tls connect 127.0.0.1 "+port+" --name localhost --cacert '"+c.file("root")+"'; send hello; recv --exact 5; close"))
		if out := client.finish(0); !strings.Contains(out, "hello") {
			t.Errorf("%q", out)
		}
		server.finish(0)
	})
	t.Run("client", func(t *testing.T) {
		server := launch(t, sosh(t, "serve", "0", "echo", "--tls-cert", c.file("good")))
		client := python(t, "tls_echo.py", "client", server.port(server.err, "127.0.0.1:"), c.file("root"), "hello")
		want(t, "client", client.finish(0), "hello TLSv1.3\n")
	})
}

// TestProbePeers asks programs of others what they are.
func TestProbePeers(t *testing.T) {
	t.Parallel()
	t.Run("python", func(t *testing.T) {
		server := launch(t, exec.Command(needs(t, "python3"), "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", t.TempDir()))
		identified(t, server.port(server.out, "port "), "http          SimpleHTTP ", "certain: ")
	})
	t.Run("openssl", func(t *testing.T) {
		c := newCertificates(t)
		port := opensslServer(t, c.file("root"), "-www")
		identified(t, port, "http in tls", "verify: failed: ")
	})
	t.Run("ncat", func(t *testing.T) {
		port := nettest.FreePort(t)
		server := launch(t, exec.Command(needs(t, "ncat"), "-lkv", "-c", "printf '* OK Dovecot ready\\r\\n'; cat >/dev/null", "127.0.0.1", port))
		server.after(server.err, "Listening on 127.0.0.1:")
		identified(t, port, "imap          Dovecot", "certain: ")
	})
	t.Run("redis", func(t *testing.T) {
		port := nettest.FreePort(t)
		// The server and the checker are one program, told apart by its name; the
		// package with the checker brings no service that starts by itself.
		cmd := exec.Command(needs(t, "redis-check-rdb"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
		cmd.Args[0] = "redis-server"
		server := launch(t, cmd)
		server.says("Ready to accept connections")
		identified(t, port, "redis         redis ", "certain: ")
	})
}

func identified(t *testing.T, port string, texts ...string) {
	t.Helper()
	out := launch(t, sosh(t, "probe", "127.0.0.1", port)).finish(0)
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("%s\nwant %s", out, text)
		}
	}
}
