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
	conn, err := Client(ctx, sock.Beneath(ctx, stream.Conn()), config)
	secured, err := over(ctx, stream, conn, err)
	if t := primitive.TraceFrom(ctx); t != nil && err == nil {
		secured.SetTap(&primitive.Tap{Calls: t})
	}
	return secured, err
}

// SecureServer is Secure for the server's side.
func SecureServer(ctx context.Context, stream *sock.Stream, config *tls.Config) (*sock.Stream, error) {
	conn, err := Accept(ctx, sock.Beneath(ctx, stream.Conn()), config)
	return over(ctx, stream, conn, err)
}

func over(ctx context.Context, stream *sock.Stream, conn *tls.Conn, err error) (*sock.Stream, error) {
	if err != nil {
		return nil, primitive.AsError(err).On(stream.Raddr().String())
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
