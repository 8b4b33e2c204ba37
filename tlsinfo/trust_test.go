package tlsinfo

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/sock"
)

// What an offer says, and what of it cannot be.
func TestOffer(t *testing.T) {
	out := filepath.Join(t.TempDir(), "ca.pem")
	config, err := Offer{AdHoc: true, Out: out}.Config("http/1.1")
	if err != nil || len(config.Certificates) != 1 || config.NextProtos[0] != "http/1.1" {
		t.Fatal(config, err)
	}
	if roots, err := Roots(out); err != nil || !roots.Equal(trusting(config.Certificates[0].Leaf)) {
		t.Error(err)
	}
	if data, err := os.ReadFile(out); err != nil || strings.Contains(string(data), "PRIVATE") {
		t.Errorf("the key is in %q, %v", data, err)
	}
	both, err := made(t, Request{Names: Local()}).PEM()
	if err != nil {
		t.Fatal(err)
	}
	if config, err := (Offer{Cert: string(both)}).Config(); err != nil || config == nil {
		t.Error("a certificate with its key:", err)
	}
	for _, c := range []struct {
		offer Offer
		want  primitive.Kind
	}{
		{Offer{}, ""}, {Offer{Out: out}, ""}, {Offer{AdHoc: true, Cert: out, Key: out}, primitive.Usage},
		{Offer{Cert: out}, primitive.Usage}, {Offer{Cert: out, Key: out}, primitive.Usage}, {Offer{Cert: out, Key: out + "x"}, primitive.NotFound},
		{Offer{AdHoc: true, Out: out + "/x"}, primitive.Failed},
	} {
		if config, err := c.offer.Config(); primitive.KindOf(err) != c.want || config != nil {
			t.Errorf("%+v: %v", c.offer, err)
		}
	}
	if _, err := Roots(os.DevNull); primitive.KindOf(err) != primitive.Usage {
		t.Error(err)
	}
}

// pair is two ends of a connection of this machine.
func pair(t *testing.T, serve func(*sock.Stream)) *sock.Stream {
	t.Helper()
	addr, err := primitive.ParseAddr(nettest.Serve(t, func(c net.Conn) { serve(sock.NewStream(c)) }), false)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sock.DialStream(t.Context(), addr, sock.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A stream goes on over TLS where the server is trusted. Where it is not, it is
// told so within the handshake, before it has heard anything, also when the
// session is an old one.
func TestSecure(t *testing.T) {
	config, err := Offer{AdHoc: true}.Config()
	if err != nil {
		t.Fatal(err)
	}
	known := Trust{Roots: trusting(config.Certificates[0].Leaf)}
	cached := known.Config("localhost")
	cached.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	judged := known.Config("example.org")
	judged.ClientSessionCache, judged.ServerName = cached.ClientSessionCache, "localhost" // resumed as one, judged as another
	heard := make(chan error, 1)
	for _, c := range []struct {
		name   string
		config *tls.Config
		want   string
	}{
		{"known", cached, ""}, {"again", cached, ""}, {"any", Trust{Insecure: true}.Config("example.org"), ""},
		{"nobody's", Trust{}.Config("localhost"), "self-signed"}, {"another name", known.Config("example.org."), "wrong-name: it is for localhost, 127.0.0.1, ::1, not for example.org"},
		{"another name of an old session", judged, "wrong-name"},
	} {
		s := pair(t, func(s *sock.Stream) {
			over, err := SecureServer(context.Background(), s, config)
			if err == nil {
				_, err = over.Send(context.Background(), []byte("hi\n"))
			}
			if err == nil {
				_, err = over.RecvLine(context.Background(), 100)
			}
			heard <- err
		})
		over, err := Secure(within(t), s, c.config)
		if c.want != "" {
			if e := primitive.AsError(err); err == nil || e.Kind != primitive.Untrusted || !strings.Contains(e.Cause, c.want) || e.Target != s.Raddr().String() {
				t.Errorf("%s: %v", c.name, err)
			}
			s.Close()
			if err := <-heard; err == nil {
				t.Errorf("%s: the server was told something", c.name)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if line, err := over.RecvLine(within(t), 100); string(line) != "hi" || err != nil || Version(over) != "TLS 1.3" || Version(s) != "" {
			t.Errorf("%s: %q, %v", c.name, line, err)
		}
		if _, err := over.Send(within(t), []byte("hello\n")); err != nil || <-heard != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		over.Close()
	}
}

// What is no TLS, and an end of patience, have their kinds.
func TestNoTLS(t *testing.T) {
	for said, want := range map[string]primitive.Kind{"SSH-2.0-x\r\n": primitive.Failed, "": primitive.Timeout, "-": primitive.Reset} {
		s := pair(t, func(s *sock.Stream) {
			if said == "-" {
				s.RecvLine(context.Background(), 5) // takes something, and goes
				return
			}
			io.WriteString(s.Conn(), said)
			io.Copy(io.Discard, s.Conn())
		})
		ctx, cancel := within(t), func() {}
		if want == primitive.Timeout {
			ctx, cancel = context.WithTimeout(ctx, 1)
		}
		_, err := Secure(ctx, s, Trust{}.Config("localhost"))
		if primitive.KindOf(err) != want {
			t.Errorf("%q: %v (%s)", said, err, primitive.KindOf(err))
		}
		cancel()
	}
}
