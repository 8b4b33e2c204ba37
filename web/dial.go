package web

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// Timings is how long the phases of a request took; 0 for one that there was not.
type Timings struct {
	DNS       time.Duration `help:"asking for the address"`
	Connect   time.Duration `help:"until the connection stood"`
	TLS       time.Duration `help:"the handshake of TLS"`
	FirstByte time.Duration `help:"from the request to the first byte of the answer"`
	Body      time.Duration `help:"from there to its end"`
	Total     time.Duration `help:"all of it, redirects too"`
}

// A Security is what was agreed on for TLS.
type Security struct {
	Version  string `help:"version of TLS"`
	Cipher   string `help:"cipher suite"`
	Subject  string `help:"whose certificate it is"`
	Issuer   string `help:"who signed it"`
	Expires  string `help:"until when it is valid, RFC 3339"`
	Verified bool   `help:"false where nobody checked it: --insecure"`
}

// A wire is a connection to a server, seen by two reels.
type wire struct {
	net.Conn // plain or TLS
	stream   *sock.Stream
	in       *bufio.Reader // of the connection
	sent     *reel
	got      *reel
	failed   error // what a reel refused
	security *Security
}

// dial connects to the host of a URL, and makes the handshake of TLS if it asks
// for that. ctx bounds the connection as long as it lives.
func (r *Request) dial(ctx context.Context, u *url.URL, t *Timings) (*wire, error) {
	stream, err := r.connect(ctx, u, t)
	if err != nil {
		return nil, err
	}
	w := &wire{stream: stream, Conn: sock.ConnOf(ctx, stream)}
	if secure(u) {
		if err := w.handshake(ctx, r, u, t); err != nil {
			_ = w.Close() // the first error is the one to tell
			return nil, err
		}
	}
	method := new(atomic.Value)
	w.sent, w.got = newReel("> ", r.Show, false, method), newReel("< ", r.Show, true, method)
	w.in = bufio.NewReader(w)
	return w, nil
}

func (r *Request) connect(ctx context.Context, u *url.URL, t *Timings) (*sock.Stream, error) {
	began, asked := time.Now(), time.Time{}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { asked = time.Now() },
		DNSDone:  func(httptrace.DNSDoneInfo) { t.DNS = time.Since(asked) },
	})
	if r.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.Timeout)
		defer cancel()
	}
	addr := primitive.Addr{Path: r.Unix}
	if r.Unix == "" {
		port, err := portOf(u)
		if err != nil {
			return nil, err
		}
		addr = primitive.Addr{Host: u.Hostname(), Port: port}
	}
	stream, err := sock.DialStream(ctx, addr, sock.DialOptions{Family: r.Family})
	t.Connect = time.Since(began) - t.DNS
	if err == nil {
		r.tell("connected to %s", stream.Raddr())
	}
	return stream, err
}

// tell shows a line that is none of the protocol's.
func (r *Request) tell(format string, args ...any) {
	if r.Show != nil {
		r.Show("* " + fmt.Sprintf(format, args...))
	}
}

func (w *wire) handshake(ctx context.Context, r *Request, u *url.URL, t *Timings) error {
	if r.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.Timeout)
		defer cancel()
	}
	began := time.Now()
	if r.Insecure && r.Warn != nil {
		r.Warn("--insecure: the certificate of " + primitive.Escape(u.Host, false) + " is not checked; anybody on the way may be the server")
	}
	conn, err := tlsinfo.Client(ctx, w.Conn, r.Trust.Config(u.Hostname(), "http/1.1"))
	if err != nil {
		return tlsError(err, u)
	}
	t.TLS = time.Since(began)
	w.stream.TellSecured(ctx, conn.ConnectionState())
	w.Conn, w.security = conn, securityOf(conn.ConnectionState(), !r.Insecure)
	r.tell("%s, %s, certificate of %s from %s until %s", w.security.Version, w.security.Cipher,
		primitive.Escape(w.security.Subject, false), primitive.Escape(w.security.Issuer, false), w.security.Expires)
	return nil
}

func securityOf(s tls.ConnectionState, verified bool) *Security {
	leaf := s.PeerCertificates[0]
	return &Security{
		Version: tls.VersionName(s.Version), Cipher: tls.CipherSuiteName(s.CipherSuite), Verified: verified,
		Subject: leaf.Subject.String(), Issuer: leaf.Issuer.String(), Expires: leaf.NotAfter.UTC().Format(time.RFC3339),
	}
}

// Read reads and shows.
func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if refused := w.got.feed(p[:n]); refused != nil {
		w.failed = refused
		return 0, refused
	}
	if errors.Is(err, io.EOF) {
		w.got.end()
	}
	return n, err
}

// Write writes and shows.
func (w *wire) Write(p []byte) (int, error) {
	_ = w.sent.feed(p) // our own header is not too long, or the server says so
	return w.Conn.Write(p)
}
