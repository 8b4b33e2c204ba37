package sock

import (
	"context"
	"crypto/tls"
	"net/netip"
	"strings"
	"time"

	"sosh/primitive"
)

// TellSecured tells that TLS goes over the stream from now on, with what was agreed.
func (c *Stream) TellSecured(ctx context.Context, s tls.ConnectionState) {
	if tap := primitive.TapFrom(ctx); tap != nil {
		c.tell(ctx, tap, primitive.Event{What: primitive.Secured, Note: agreed(s)})
	}
}

func agreed(s tls.ConnectionState) string {
	return tls.VersionName(s.Version) + ", " + tls.CipherSuiteName(s.CipherSuite)
}

// Secured makes a stream of a connection over TLS that has shaken hands. It tells of
// its beginning, and of TLS.
func Secured(ctx context.Context, conn *tls.Conn) *Stream {
	c := NewStream(conn).begun(ctx, primitive.TapFrom(ctx), primitive.Connected)
	if tap := c.Tap(); tap != nil {
		c.tellTLS(ctx, tap)
	}
	return c
}

// tellTLS tells once that hands were shaken, which a server does with the first
// bytes.
func (c *Stream) tellTLS(ctx context.Context, tap *primitive.Tap) {
	conn, ok := c.conn.(*tls.Conn)
	if !ok || !conn.ConnectionState().HandshakeComplete || c.below != nil && c.below.told.Swap(true) {
		return
	}
	e := primitive.Event{What: primitive.Secured, Laddr: c.Laddr(), Raddr: c.Raddr(), Note: agreed(conn.ConnectionState())}
	tell(ctx, tap, c, e)
}

// TellResolved tells what a name is, or why nobody knows.
func TellResolved(ctx context.Context, name string, is []string, err error) {
	if tap := primitive.TapFrom(ctx); tap != nil && tap.Events != nil {
		note := name
		if err == nil {
			note += " is " + strings.Join(is, ", ")
		}
		tap.Events.Observe(ctx, primitive.Event{At: time.Now(), What: primitive.Resolved, Type: "lookup", Note: note, Err: err})
	}
}

// addressWords are addresses as text.
func addressWords(ips []netip.Addr) []string {
	list := make([]string, len(ips))
	for i, ip := range ips {
		list[i] = ip.Unmap().String()
	}
	return list
}
