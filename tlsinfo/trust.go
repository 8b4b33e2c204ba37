package tlsinfo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"
	"time"
)

// Trust says which servers a client believes. Zero is those for whom an authority
// of this system vouches.
type Trust struct {
	Insecure bool           // any, whoever it is
	Roots    *x509.CertPool // the authorities; nil are those of this system
}

// Config makes the settings of a client that asks for a name and offers protocols
// (RFC 7301). A server that does not prove to have the name ends the handshake
// with kind Untrusted, and with every reason that there is.
func (t Trust) Config(name string, alpn ...string) *tls.Config {
	name = strings.TrimSuffix(name, ".")
	c := &tls.Config{ServerName: name, NextProtos: alpn, InsecureSkipVerify: true} // judged below, in words of ours
	if !t.Insecure {
		c.VerifyConnection = func(s tls.ConnectionState) error {
			judge := Judge{Name: name, Roots: t.Roots, Now: time.Now()}
			if problems := judge.Problems(s.PeerCertificates); len(problems) > 0 {
				return untrusted(problems)
			}
			return nil
		}
	}
	return c
}

// Client shakes hands over a connection, which stays open when that fails. Kind
// Untrusted for what the server did not prove, Failed for a refusal and for what
// is no TLS; Reset, Timeout, Canceled.
func Client(ctx context.Context, conn net.Conn, config *tls.Config) (*tls.Conn, error) {
	return shaken(ctx, tls.Client(conn, config))
}

// Accept is Client for the server's side.
func Accept(ctx context.Context, conn net.Conn, config *tls.Config) (*tls.Conn, error) {
	return shaken(ctx, tls.Server(conn, config))
}

func shaken(ctx context.Context, conn *tls.Conn) (*tls.Conn, error) {
	err := conn.HandshakeContext(ctx)
	switch {
	case err == nil:
		return conn, nil
	case ctx.Err() != nil:
		return nil, fault(ctx.Err())
	}
	return nil, fault(err)
}
