package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// needsModule skips the test when a module of Python's is missing, as needs does
// for a program.
func needsModule(t *testing.T, module string) {
	t.Helper()
	if exec.Command(interpreter(t), "-c", "import "+module).Run() != nil {
		nettest.Missing(t, "Python's "+module+", which is not installed")
	}
}

func stop(p *program) {
	p.t.Helper()
	p.interrupt()
	p.finish(130)
}

// TestSmtplibAndOurSink lets Python's smtplib send to `serve smtp`.
func TestSmtplibAndOurSink(t *testing.T) {
	for name, c := range map[string]struct{ server, client []string }{
		"plain": {nil, nil},
		"TLS":   {[]string{"--tls"}, []string{"tls"}},
		"login": {[]string{"--user", "ann", "--password", "secret word"}, []string{"ann", "secret word"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			server, port := serving(t, append([]string{"smtp", "--dir", dir, "--refuse", "nobody@example.org"}, c.server...)...)
			client := python(t, "smtp_client.py", append([]string{port}, c.client...)...)
			want(t, "client", client.finish(0), "fine\n")
			server.after(server.err, `<ann@example.org> to <bob@example.org>: `)
			stop(server)
			files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
			if err != nil || len(files) != 1 {
				t.Fatalf("%v, %v", files, err)
			}
			letter, err := os.ReadFile(files[0])
			if err != nil || !bytes.Contains(letter, []byte("\r\nSubject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n")) {
				t.Errorf("%s %v", letter, err)
			}
		})
	}
}

// TestOurSmtpAndAiosmtpd sends letters to aiosmtpd.
func TestOurSmtpAndAiosmtpd(t *testing.T) {
	t.Parallel()
	needsModule(t, "aiosmtpd")
	file := filepath.Join(t.TempDir(), "a ä.txt")
	if err := os.WriteFile(file, []byte("attached\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := python(t, "smtp_server.py")
	to := "127.0.0.1:" + server.port(server.out, "listening on port ")
	client := launch(t, sosh(t, "smtp", "send", to, "--from", "Ann <ann@example.org>", "--to", "bob@example.org,nobody@example.org",
		"--subject", "grüße", "--body", "Dear Bob\n.dot ä\n.\nend", "--attach", file, "--json"))
	if got := client.finish(0); !strings.Contains(got, `"accepted":["bob@example.org"],"refused":[{"address":"nobody@example.org","code":550,"reply":"5.1.1 no such user"}]`) {
		t.Errorf("%s", got)
	}
	server.says("from ann@example.org to bob@example.org subject grüße\n", `part text/plain - 'Dear Bob\n.dot ä\n.\nend`, `part text/plain a ä.txt 'attached\n'`)
	launch(t, sosh(t, "smtp", "send", to, "--from", "ann@example.org", "--to", "nobody@example.org")).finish(1)
	if got := launch(t, sosh(t, "smtp", "check", to)).finish(0); !strings.Contains(got, "\n  SMTPUTF8\n") {
		t.Errorf("%s", got)
	}
	server = python(t, "smtp_server.py", "ann", "secret")
	to = "127.0.0.1:" + server.port(server.out, "listening on port ")
	letter := []string{"smtp", "send", to, "--from", "ann@example.org", "--to", "bob@example.org", "--user", "ann", "--json", "--password"}
	if got := launch(t, sosh(t, append(letter, "secret")...)).finish(0); !strings.Contains(got, `"auth":"PLAIN"`) {
		t.Errorf("%s", got)
	}
	wrong := launch(t, sosh(t, append(letter, "a guess")...))
	wrong.finish(1)
	wrong.after(wrong.err, "535 user or password wrong")
}

// TestFtplibAndOurSite lets Python's ftplib use `serve ftp`, in every way that the
// data can go.
func TestFtplibAndOurSite(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"passive"}, {"active"}, {"passive", "tls"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			server, port := serving(t, "ftp", "--write", "--tls")
			want(t, "client", python(t, "ftp_client.py", append([]string{port}, args...)...).finish(0), "fine\n")
			server.after(server.err, " STOR data.bin 226 ")
			stop(server)
		})
	}
}

// TestOurFtpAndPyftpdlib moves files to and from pyftpdlib.
func TestOurFtpAndPyftpdlib(t *testing.T) {
	t.Parallel()
	needsModule(t, "pyftpdlib")
	dir, here := t.TempDir(), t.TempDir()
	data := randomBytes(t)
	whole, part := filepath.Join(here, "whole"), filepath.Join(here, "part")
	for path, content := range map[string][]byte{whole: data, part + ".part": data[:1000], filepath.Join(dir, "begun"): data[:2000]} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server := python(t, "ftp_server.py", dir)
	host := "127.0.0.1:" + server.port(server.out, "listening on port ")
	for _, mode := range []string{"--active=off", "--active"} {
		t.Run(mode, func(t *testing.T) {
			ftp := func(args ...string) string {
				args = append(append([]string{"ftp", args[0], host}, args[1:]...), "--user", "ann", "--password", "secret", mode)
				return launch(t, sosh(t, args...)).finish(0)
			}
			ftp("put", whole, "stored")
			ftp("put", whole, "begun", "--resume")
			ftp("get", "stored", "--output", part, "--resume")
			for _, path := range []string{filepath.Join(dir, "stored"), filepath.Join(dir, "begun"), part} {
				if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%s: %d bytes, %v", path, len(got), err)
				}
			}
			if got := ftp("list", "--json"); !strings.Contains(got, `"name":"stored","type":"file","size":300000`) {
				t.Errorf("%s", got)
			}
		})
	}
	launch(t, sosh(t, "ftp", "get", host, "none", "--user", "ann", "--password", "secret", "--output", part)).finish(1)
	launch(t, sosh(t, "ftp", "list", host, "--user", "ann", "--password", "wrong")).finish(1)
}

// TestCurlAndOurSite lets curl fetch from `serve ftp`, store there, and try to get
// out.
func TestCurlAndOurSite(t *testing.T) {
	t.Parallel()
	curl := needs(t, "curl")
	server, port := serving(t, "ftp", "--write", "--tls")
	url := "ftp://127.0.0.1:" + port
	run := func(code int, args ...string) string {
		t.Helper()
		return launch(t, exec.Command(curl, append([]string{"-sS", "--max-time", "15"}, args...)...)).finish(code)
	}
	want(t, "passive", run(0, url+"/readme.txt"), "Two connections: one to talk, one for the data.\n")
	want(t, "active", run(0, "--ftp-port", "-", "-r", "4-14", url+"/readme.txt"), "connections")
	want(t, "PASV", run(0, "--disable-epsv", "-l", url+"/"), "readme.txt\n")
	want(t, "TLS", run(0, "--ssl-reqd", "-k", "-C", "40", url+"/readme.txt"), "e data.\n")
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, randomBytes(t), 0o600); err != nil {
		t.Fatal(err)
	}
	run(0, "-T", file, url+"/new")
	if got := run(0, url+"/new"); len(got) != 300_000 {
		t.Errorf("%d bytes", len(got))
	}
	run(9, "--path-as-is", url+"/../../../../etc/passwd")
	run(9, url+"//etc/passwd")
	stop(server)
}
