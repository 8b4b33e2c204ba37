package tlsinfo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
)

// secured is a target that is served with a configuration: an echo server.
func secured(t *testing.T, config *tls.Config) Target {
	t.Helper()
	return at(t, nettest.Serve(t, func(c net.Conn) {
		s := tls.Server(c, config)
		io.Copy(s, s)
	}))
}

func at(t *testing.T, address string) Target {
	t.Helper()
	addr, err := primitive.ParseAddr(address, false)
	if err != nil {
		t.Fatal(err)
	}
	return Target{Addr: addr}
}

func with(certs ...tls.Certificate) *tls.Config { return &tls.Config{Certificates: certs} }

func trusting(certs ...*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certs {
		pool.AddCert(c)
	}
	return pool
}

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// Every kind of problem, with a real handshake.
func TestVerdicts(t *testing.T) {
	root := made(t, Request{Names: []string{"test root"}, Authority: true})
	other := made(t, Request{Names: []string{"other root"}, Authority: true})
	impostor := made(t, Request{Names: []string{"test authority"}, Authority: true, Issuer: root})
	middle := made(t, Request{Names: []string{"test authority"}, Authority: true, Issuer: root})
	stale := made(t, Request{Names: []string{"stale authority"}, Authority: true, Issuer: root, Begins: time.Now().Add(-72 * time.Hour), Lasts: 24 * time.Hour})
	leaf := func(r Request) tls.Certificate {
		if r.Names == nil {
			r.Names = Local()
		}
		return made(t, r).TLS()
	}
	whole := leaf(Request{Issuer: middle})
	alone := leaf(Request{Issuer: middle})
	alone.Certificate = alone.Certificate[:1]
	forged := leaf(Request{Issuer: middle})
	forged.Certificate[1] = impostor.Cert.Raw
	rooted := leaf(Request{Issuer: other})
	rooted.Certificate = append(rooted.Certificate, other.Cert.Raw)
	signer := made(t, Request{Names: []string{"no authority"}, Issuer: root})
	below := made(t, Request{Names: Local(), Issuer: signer})
	three := 3*24*time.Hour + time.Hour
	for _, c := range []struct {
		name string
		cert tls.Certificate
		want string
	}{
		{"good", whole, "ok"},
		{"expired", leaf(Request{Issuer: middle, Begins: time.Now().Add(-10*24*time.Hour - time.Hour), Lasts: 7 * 24 * time.Hour}), "failed: expired 3 days ago"},
		{"older than its root", leaf(Request{Issuer: root, Begins: time.Now().Add(-9 * 24 * time.Hour), Lasts: 24 * time.Hour}), "failed: expired 8 days ago"},
		{"early", leaf(Request{Issuer: root, Begins: time.Now().Add(three)}), "failed: not-yet-valid for another 3 days"},
		{"name", leaf(Request{Issuer: middle, Names: []string{"example.org"}}), "failed: wrong-name: it is for example.org, not for 127.0.0.1"},
		{"self", leaf(Request{}), "failed: self-signed: nobody but itself vouches for it"},
		{"alone", alone, "failed: incomplete-chain: the certificate of its issuer CN=test authority was not sent, and is none of the trusted ones"},
		{"unknown", rooted, "failed: unknown-issuer: the root CN=other root is not trusted here"},
		{"forged", forged, "failed: bad-signature: CN=test authority did not sign CN=localhost"},
		{"stale", leaf(Request{Issuer: stale}), "failed: expired: its issuer CN=stale authority, 2 days ago"},
		{"several", leaf(Request{Names: []string{"a.example"}}), "failed: wrong-name: it is for a.example, not for 127.0.0.1; self-signed: nobody but itself vouches for it"},
		{"usage", below.TLS(), "failed: wrong-usage: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := secured(t, with(c.cert))
			target.Roots = trusting(root.Cert)
			r, err := Inspect(within(t), target)
			if err != nil {
				t.Fatal(err)
			}
			text := r.Words().Line
			if last := text[strings.LastIndexByte(text, '\n')+1:]; !strings.HasPrefix(last, "verify: "+c.want) || strings.Count(last, ";") > strings.Count(c.want, ";") {
				t.Errorf("%s\nwant %s", last, c.want)
			}
			if len(r.Chain) != len(c.cert.Certificate) {
				t.Errorf("%d certificates are shown", len(r.Chain))
			}
			wantKind(t, r.Failure(), c.want != "ok")
			conn, err := Connect(within(t), target)
			wantKind(t, err, c.want != "ok")
			if err == nil {
				conn.Close()
			}
		})
	}
}

func wantKind(t *testing.T, err error, untrusted bool) {
	t.Helper()
	want := primitive.Kind("")
	if untrusted {
		want = primitive.Untrusted
	}
	if kind := primitive.KindOf(err); kind != want {
		t.Errorf("%v is of kind %q, want %q", err, kind, want)
	}
}

func TestWithoutRootsNobodyKnowsTheIssuer(t *testing.T) {
	chain := []*x509.Certificate{chain(t, "localhost").Cert}
	if p := (Judge{Name: "localhost", Now: time.Now()}).Problems(chain); len(p) != 1 || p[0].Kind != UnknownIssuer {
		t.Errorf("%v", p)
	}
	if p := (Judge{}).Problems(nil); len(p) != 1 || p[0].Kind != NoCertificate {
		t.Errorf("%v", p)
	}
}

func TestExpiresIn(t *testing.T) {
	target := secured(t, with(made(t, Request{Names: Local(), Lasts: 10*24*time.Hour + 2*time.Hour}).TLS()))
	r, err := Inspect(within(t), target)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Lasts(9 * 24 * time.Hour); err != nil {
		t.Error(err)
	}
	err = r.Lasts(14 * 24 * time.Hour)
	if primitive.KindOf(err) != primitive.Expectation || !strings.Contains(err.Error(), "a certificate expires in 10 days, wanted are 14 days") {
		t.Errorf("%v", err)
	}
}

func TestHandshakeIsToldWhole(t *testing.T) {
	config := with(made(t, Request{Names: []string{"a.example"}}).TLS())
	config.NextProtos, config.ClientAuth, config.MaxVersion = []string{"h2", "http/1.1"}, tls.RequestClientCert, tls.VersionTLS12
	target := secured(t, config)
	target.ALPN, target.Name = []string{"http/1.1"}, "a.example"
	r, err := Inspect(within(t), target)
	if err != nil {
		t.Fatal(err)
	}
	if r.Version != "TLS 1.2" || r.ALPN != "http/1.1" || !r.Client || r.Group == "" || r.Host != "127.0.0.1" || r.Name != "a.example" {
		t.Errorf("%+v", r)
	}
}

// What is no TLS, or hangs up, or refuses, is told as that.
func TestNoHandshake(t *testing.T) {
	refuses := with(made(t, Request{Names: Local()}).TLS())
	refuses.NextProtos = []string{"h2"}
	for _, c := range []struct {
		name   string
		target Target
		kind   primitive.Kind
		want   string
	}{
		{"plain", at(t, nettest.Serve(t, func(c net.Conn) { io.WriteString(c, "SSH-2.0-OpenSSH\x1b[2J\r\n"); io.Copy(io.Discard, c) })), primitive.Failed, `no TLS there: it answered "SSH-2" …`},
		{"end", at(t, nettest.Serve(t, func(c net.Conn) { c.Read(make([]byte, 4096)) })), primitive.Reset, "the peer ended the connection within the handshake"},
		{"alpn", secured(t, refuses), primitive.Failed, "the peer refused the handshake: "},
	} {
		c.target.ALPN = []string{"irc"}
		_, err := Inspect(within(t), c.target)
		if primitive.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestSilenceEndsWithTheTime(t *testing.T) {
	target := at(t, nettest.Serve(t, func(c net.Conn) { io.Copy(io.Discard, c) }))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Inspect(ctx, target); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("%v", err)
	}
	if _, err := Ask(ctx, target); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("%v", err)
	}
}

// A certificate of a stranger drives no terminal, and does not fill the screen.
func TestHostileNames(t *testing.T) {
	evil := "\x1b]0;owned\x07" + strings.Repeat("x", 5000)
	names := []string{evil}
	for range 3000 {
		names = append(names, evil[:20])
	}
	issuer := made(t, Request{Names: []string{"\u202e" + evil}, Authority: true})
	d := Describe(made(t, Request{Names: names, Issuer: issuer}).Cert)
	if len(d.Names) != mostNames+1 || len(d.Subject) > 4*mostText {
		t.Errorf("%d names, %d bytes of subject", len(d.Names), len(d.Subject))
	}
	for _, text := range append(d.Names, d.Subject, d.Issuer) {
		if strings.ContainsAny(text, "\x1b\x07\u202e") {
			t.Errorf("%q", text[:min(len(text), 40)])
		}
	}
}

// An endless chain is more than crypto/tls takes; nothing of it is kept.
func TestHugeChain(t *testing.T) {
	m := made(t, Request{Names: Local()}).TLS()
	for range 3000 {
		m.Certificate = append(m.Certificate, m.Certificate[0])
	}
	if _, err := Inspect(within(t), secured(t, with(m))); primitive.KindOf(err) != primitive.Failed && primitive.KindOf(err) != primitive.Reset {
		t.Errorf("%v", err)
	}
}
