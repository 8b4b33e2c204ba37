package sock

import (
	"context"
	"net"
	"sync/atomic"
	"syscall"

	"sosh/primitive"
)

// A beneath is the connection that TLS goes over. What a command that is explained
// makes TLS read and write there is recorded; else it costs one load.
type beneath struct {
	net.Conn
	raw   syscall.RawConn
	calls atomic.Pointer[primitive.Trace]
	told  atomic.Bool // the journal knows that TLS came about
}

// Beneath is a connection for TLS to go over. While the context's command runs, and
// whenever one is explained that uses a stream above it, an explanation sees its
// calls.
func Beneath(ctx context.Context, conn net.Conn) net.Conn {
	raw := rawOf(conn)
	if raw == nil || !ownSteps {
		return conn
	}
	b := &beneath{Conn: conn, raw: raw}
	b.calls.Store(primitive.TraceFrom(ctx))
	return b
}

// belowOf is the connection under TLS, if its calls can be recorded. What shook
// hands is over.
func belowOf(conn net.Conn) *beneath {
	t, ok := conn.(interface{ NetConn() net.Conn })
	if !ok {
		return nil
	}
	b, _ := t.NetConn().(*beneath)
	if b != nil {
		b.calls.Store(nil)
	}
	return b
}

// heard has calls recorded until what it gives is called.
func (b *beneath) heard(t *primitive.Trace) func() {
	b.calls.Store(t)
	return func() { b.calls.CompareAndSwap(t, nil) }
}

func (b *beneath) now() *primitive.Trace {
	if t := b.calls.Load(); t != nil {
		return primitive.TraceOf(&primitive.Tap{Calls: t})
	}
	return nil
}

func (b *beneath) Read(p []byte) (int, error) {
	if t := b.now(); t != nil {
		return readCalls(func() *primitive.Trace { return t }, b.raw, p)
	}
	return b.Conn.Read(p)
}

func (b *beneath) Write(p []byte) (int, error) {
	if t := b.now(); t != nil {
		return writeCalls(t, b.raw, p, false)
	}
	return b.Conn.Write(p)
}

// CloseWrite ends our side.
func (b *beneath) CloseWrite() error { return closeSide(b.Conn, false) }

func (b *beneath) Close() error {
	called := closing(b.now(), b.Conn)
	err := b.Conn.Close()
	called(err)
	return err
}

// NetConn is the connection itself.
func (b *beneath) NetConn() net.Conn { return b.Conn }

// readConn is one read into p that brings something. Who attends to the tap is asked
// when it is made: it may have begun to wait before somebody looked.
func (c *Stream) readConn(p []byte) (int, error) {
	if c.intake.late != nil && c.raw != nil {
		return readCalls(c.intake.late, c.raw, p)
	}
	return c.conn.Read(p)
}

// closeConn closes the connection; one under TLS records by itself what that
// takes.
func (c *Stream) closeConn(t *primitive.Trace) error {
	if c.below != nil {
		defer c.below.heard(t)()
		return c.conn.Close()
	}
	called := closing(t, c.conn)
	err := c.conn.Close()
	called(err)
	return err
}

// traces is who records the system calls of this call; nil for nobody.
func (c *Stream) traces(ctx context.Context) *primitive.Trace {
	if tap := c.Tap(); tap != nil && (c.raw != nil || c.below != nil) {
		if c.intake.late != nil {
			return traceNow(tap)
		}
		return trace(ctx, tap)
	}
	return nil
}

// Attend has the stream ask its tap, not the contexts of its calls, who records
// them: for what reads and writes it by itself, and not for a command. It is
// called before the stream is used.
func (c *Stream) Attend() {
	c.intake.late = func() *primitive.Trace { return traceNow(c.Tap()) }
}
