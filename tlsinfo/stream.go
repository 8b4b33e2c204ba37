package tlsinfo

import (
	"context"
	"crypto/tls"

	"sosh/primitive"
	"sosh/sock"
)

// Secure goes on over TLS with a stream, as its client. Of the old one nothing may
// be left to read; it is to be closed, too. The errors are those of Client.
func Secure(ctx context.Context, stream *sock.Stream, config *tls.Config) (*sock.Stream, error) {
	conn, err := Client(ctx, stream.Conn(), config)
	return over(stream, conn, err)
}

// SecureServer is Secure for the server's side.
func SecureServer(ctx context.Context, stream *sock.Stream, config *tls.Config) (*sock.Stream, error) {
	conn, err := Accept(ctx, stream.Conn(), config)
	return over(stream, conn, err)
}

func over(stream *sock.Stream, conn *tls.Conn, err error) (*sock.Stream, error) {
	if err != nil {
		return nil, primitive.AsError(err).On(stream.Raddr().String())
	}
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
