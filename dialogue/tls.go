package dialogue

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"

	"sosh/primitive"
	"sosh/sock"
)

// Trust says which certificates a client takes.
type Trust struct {
	Insecure bool   // any
	CACert   string // a PEM file with the authorities to trust, instead of the system's
	Name     string // what the certificate must be for: the host as it was given
}

// Config makes the settings of a client. Kind NotFound or Failed when the file of
// the authorities is none.
func (t Trust) Config() (*tls.Config, error) {
	c := &tls.Config{ServerName: t.Name, InsecureSkipVerify: t.Insecure, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(2)}
	if t.CACert == "" {
		return c, nil
	}
	pem, err := os.ReadFile(t.CACert)
	if err != nil {
		return nil, primitive.Newf(primitive.KindOf(err), "cannot read the authorities of --cacert").On(t.CACert).WithHint("name a PEM file: --cacert ca.pem")
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, primitive.Newf(primitive.Failed, "it holds no certificate").On(t.CACert).WithHint("a PEM file has lines with BEGIN CERTIFICATE: --cacert ca.pem")
	}
	return c, nil
}

// StartTLS goes on over TLS; the server has agreed. What it said beyond its reply
// before that was sent by somebody in the middle, and is kind Failed (RFC 3207
// section 4.2).
func (c *Client) StartTLS(ctx context.Context, config *tls.Config) error {
	if c.stream.Info().(sock.Info).Buffered > 0 {
		return primitive.Newf(primitive.Failed, "there are bytes between the reply and TLS, which nobody vouches for").
			On(c.target()).WithHint("somebody may be in the way; to see the talk: --show")
	}
	secured, err := Secure(ctx, c.first, config)
	if err != nil {
		return err
	}
	c.stream = secured
	c.Tell("* " + Version(secured) + " from here on")
	return nil
}

// Secure is TLS over a stream, as its client.
func Secure(ctx context.Context, stream *sock.Stream, config *tls.Config) (*sock.Stream, error) {
	conn := tls.Client(sock.Beneath(ctx, stream.Conn()), config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, handshakeError(ctx, err, stream.Raddr().String())
	}
	stream.TellSecured(ctx, conn.ConnectionState())
	secured := sock.NewStream(conn)
	if t := primitive.TraceFrom(ctx); t != nil {
		secured.SetTap(&primitive.Tap{Calls: t})
	}
	return secured, nil
}

// SecureServer is TLS over a stream, as its server.
func SecureServer(ctx context.Context, stream *sock.Stream, config *tls.Config) (*sock.Stream, error) {
	conn := tls.Server(sock.Beneath(ctx, stream.Conn()), config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, handshakeError(ctx, err, stream.Raddr().String())
	}
	stream.TellSecured(ctx, conn.ConnectionState())
	return sock.NewStream(conn), nil
}

// Version is "TLS 1.3" of a stream over TLS, "" of any other.
func Version(stream *sock.Stream) string {
	conn, ok := stream.Conn().(*tls.Conn)
	if !ok {
		return ""
	}
	return tls.VersionName(conn.ConnectionState().Version)
}

// handshakeError says why TLS did not come about.
func handshakeError(ctx context.Context, err error, target string) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	e := *primitive.AsError(err)
	e.Target = target
	var bad *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &bad):
		e.Kind = primitive.Denied
		e.Cause = "the certificate is not trusted: " + primitive.Escape(bad.Err.Error(), false)
		e.Hint = "to trust its authority: --cacert FILE; to take any, whoever it is from: --insecure"
	case errors.As(err, &record):
		e.Kind, e.Cause = primitive.Failed, "what comes is no TLS"
		e.Hint = "to see the talk: --show"
	default:
		if e.Kind == primitive.Failed || e.Kind == primitive.EOF {
			e.Kind = primitive.Failed
			e.Cause = "no TLS came about: " + primitive.Escape(err.Error(), false)
			e.Hint = "to see the talk: --show"
		}
	}
	return &e
}
