package tlsinfo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A Target is a server and how to shake hands with it.
type Target struct {
	Addr     primitive.Addr
	Name     string         // asked for in the handshake and checked; "" is the host
	Family   sock.Family    // that a name is resolved to; "" is any
	StartTLS string         // the protocol that begins in plain text; "" is none
	ALPN     []string       // the protocols offered (RFC 7301), the liked ones first
	Roots    *x509.CertPool // the authorities to trust; nil are those of this system
}

// ServerName is the name that the certificate is to be for.
func (t Target) ServerName() string {
	if t.Name != "" {
		return strings.TrimSuffix(t.Name, ".")
	}
	return strings.TrimSuffix(t.Addr.Host, ".")
}

// config trusts nobody yet: what the server shows is judged afterwards. It takes
// every version and cipher there is, to see what an old server has.
func (t Target) config() *tls.Config {
	c := &tls.Config{
		ServerName: t.ServerName(), NextProtos: t.ALPN, InsecureSkipVerify: true,
		MinVersion: tls.VersionTLS10,
	}
	for _, list := range [][]*tls.CipherSuite{tls.CipherSuites(), tls.InsecureCipherSuites()} {
		for _, s := range list {
			c.CipherSuites = append(c.CipherSuites, s.ID)
		}
	}
	return c
}

// dial connects, and goes so far that TLS can begin. The connection ends with
// the context: until quiet is called every wait on it does.
func (t Target) dial(ctx context.Context, o sock.DialOptions) (c *sock.Stream, conn net.Conn, quiet func(), err error) {
	o.Family = t.Family
	if c, err = sock.DialStream(ctx, t.Addr, o); err != nil {
		return nil, nil, nil, err
	}
	conn = sock.Beneath(ctx, c.Conn())
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	quiet = func() { stop() }
	if t.StartTLS != "" {
		err = startTLS(conn, t.StartTLS)
	}
	if err != nil {
		stop()
		conn.Close()
		return nil, nil, nil, t.fault(ctx, err)
	}
	return c, conn, quiet, nil
}

// handshake connects and shakes hands.
func (t Target) handshake(ctx context.Context, config *tls.Config) (*tls.Conn, error) {
	_, conn, quiet, err := t.dial(ctx, sock.DialOptions{Below: true})
	if err != nil {
		return nil, err
	}
	defer quiet()
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, t.fault(ctx, err)
	}
	return secured, nil
}

// Connect makes a connection over TLS. Unless insecure, a server that does not
// prove to be the one asked for is an error of kind Untrusted. Others are those of
// sock.DialStream, and Failed for a handshake that came to nothing.
func Connect(ctx context.Context, t Target, insecure bool) (*tls.Conn, error) {
	config := t.config()
	if !insecure {
		config.MinVersion, config.CipherSuites = 0, nil // what crypto/tls finds safe
	}
	conn, err := t.handshake(ctx, config)
	if err != nil || insecure {
		return conn, err
	}
	problems := t.judge(time.Now()).Problems(conn.ConnectionState().PeerCertificates)
	if len(problems) > 0 {
		conn.Close()
		return nil, untrusted(problems).On(t.Addr.String())
	}
	return conn, nil
}

func (t Target) judge(now time.Time) Judge {
	return Judge{Name: t.ServerName(), Roots: t.Roots, Now: now}
}

func untrusted(problems []Problem) *primitive.Error {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.Text
	}
	return primitive.Newf(primitive.Untrusted, "%s", strings.Join(texts, "; "))
}

// fault says in words why TLS did not come about.
func (t Target) fault(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		err = cause
	}
	e := Fault(err).On(t.Addr.String())
	if e.Kind == primitive.Timeout && e.Hint == "" {
		return e.WithHint("it took the connection and does not go on: does it speak TLS at all? probe %s", spaced(t.Addr))
	}
	return e
}

func spaced(a primitive.Addr) string { return strings.TrimSpace(a.Host + " " + portOf(a)) }

// Fault gives an error of a handshake, or of reading and writing over TLS, its
// kind and words: Untrusted for a certificate, Failed for a refusal.
func Fault(err error) *primitive.Error {
	var known *primitive.Error
	var noTLS tls.RecordHeaderError
	var alert *net.OpError // crypto/tls wraps an alert of the peer so
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &cert):
		return wrap(err, primitive.Untrusted, clean(strings.TrimPrefix(cert.Err.Error(), "x509: ")))
	case errors.As(err, &noTLS):
		return wrap(err, primitive.Failed, "no TLS there: it answered "+primitive.Quote(string(noTLS.RecordHeader[:]))+" …").
			WithHint("what speaks there: probe HOST PORT; mail and FTP begin in plain text: --starttls smtp")
	case errors.As(err, &alert) && alert.Op == "remote error":
		return wrap(err, primitive.Failed, "the server refused the handshake: "+clean(strings.TrimPrefix(alert.Err.Error(), "tls: "))).
			WithHint("what it accepts: tls info HOST --accepts; it may want another name: --name NAME")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // not kind EOF, which is a good end
		return wrap(err, primitive.Reset, "the server ended the connection within the handshake").
			WithHint("does it speak TLS? probe HOST PORT")
	}
	if kind := sock.Kind(err); kind != primitive.Failed {
		return wrap(err, kind, causes[kind])
	}
	return wrap(err, primitive.Failed, "the handshake failed: "+clean(strings.TrimPrefix(primitive.AsError(err).Cause, "tls: ")))
}

var causes = map[primitive.Kind]string{
	primitive.Timeout: "timed out in the handshake", primitive.Canceled: "interrupted",
	primitive.Reset: "connection reset by peer in the handshake", primitive.Closed: "the connection is closed",
}

// wrap makes an error of a kind; the cause, if there is one, is escaped already.
func wrap(err error, kind primitive.Kind, cause string) *primitive.Error {
	if cause == "" {
		cause = clean(primitive.AsError(err).Cause)
	}
	return &primitive.Error{Kind: kind, Cause: cause, Err: err}
}
