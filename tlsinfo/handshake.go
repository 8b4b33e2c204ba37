package tlsinfo

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"sosh/internal/lazy"
	"sosh/primitive"
	"sosh/sock"
)

// A Target is a server and how to shake hands with it.
type Target struct {
	Addr     primitive.Addr
	Name     string      // asked for in the handshake and checked; "" is the host
	Family   sock.Family // that a name is resolved to; "" is any
	StartTLS string      // the protocol that begins in plain text; "" is none
	ALPN     []string    // the protocols offered (RFC 7301), the liked ones first
	Trust
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
	secured, err := Client(ctx, conn, config)
	if err != nil {
		conn.Close()
		return nil, t.fault(ctx, err)
	}
	return secured, nil
}

// Connect makes a connection over TLS. Unless the target may be anybody, a server
// that does not prove to be the one asked for is an error of kind Untrusted. Others
// are those of sock.DialStream, and Failed for a handshake that came to nothing.
func Connect(ctx context.Context, t Target) (*tls.Conn, error) {
	config := t.Trust.Config(t.ServerName(), t.ALPN...)
	if t.Insecure {
		config = t.config()
	}
	return t.handshake(ctx, config)
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
	e := fault(err).On(t.Addr.String())
	if e.Hint == "" {
		e.Hint = t.advice(e)
	}
	return e
}

// advice says what to type after a handshake that came to nothing.
func (t Target) advice(e *primitive.Error) string {
	var noTLS tls.RecordHeaderError
	var alert *net.OpError
	where := spaced(t.Addr)
	switch {
	case errors.As(e, &noTLS):
		return "what speaks there: probe " + where + "; mail and FTP begin in plain text: --starttls smtp"
	case errors.As(e, &alert) && alert.Op == "remote error":
		return "what it accepts: tls info " + where + " --accepts; it may want another name: --name NAME"
	case e.Kind == primitive.Timeout:
		return "it took the connection and does not go on: does it speak TLS at all? probe " + where
	case e.Kind == primitive.Reset:
		return "does it speak TLS? probe " + where
	}
	return ""
}

func spaced(a primitive.Addr) string { return strings.TrimSpace(a.Host + " " + portOf(a)) }

// fault gives an error of a handshake its kind and words: Untrusted for a
// certificate, Failed for a refusal.
func fault(err error) *primitive.Error {
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
		return wrap(err, primitive.Failed, "no TLS there: it answered "+primitive.Quote(string(noTLS.RecordHeader[:]))+" …")
	case errors.As(err, &alert) && alert.Op == "remote error":
		return wrap(err, primitive.Failed, "the peer refused the handshake: "+clean(strings.TrimPrefix(alert.Err.Error(), "tls: ")))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // not kind EOF, which is a good end
		return wrap(err, primitive.Reset, "the peer ended the connection within the handshake")
	}
	if kind := sock.Kind(err); kind != primitive.Failed {
		return wrap(err, kind, causes.Get()[kind])
	}
	return wrap(err, primitive.Failed, "the handshake failed: "+clean(strings.TrimPrefix(primitive.AsError(err).Cause, "tls: ")))
}

var causes = lazy.Value[map[primitive.Kind]string]{New: func() map[primitive.Kind]string {
	return map[primitive.Kind]string{
		primitive.Timeout: "timed out in the handshake", primitive.Canceled: "interrupted",
		primitive.Reset: "connection reset by peer in the handshake", primitive.Closed: "the connection is closed",
	}
}}

// wrap makes an error of a kind; the cause, if there is one, is escaped already.
func wrap(err error, kind primitive.Kind, cause string) *primitive.Error {
	if cause == "" {
		cause = clean(primitive.AsError(err).Cause)
	}
	return &primitive.Error{Kind: kind, Cause: cause, Err: err}
}
