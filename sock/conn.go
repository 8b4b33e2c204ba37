package sock

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"sosh/primitive"
)

// A conn is a stream as a net.Conn, for libraries that speak a protocol over one.
// What they read and write counts as the stream's own.
type conn struct {
	stream      *Stream
	read, write *limit
}

// ConnOf is the stream as a net.Conn. The end of ctx wakes its readers and
// writers; closing it closes the stream. Its errors are those that the standard
// library tells apart: io.EOF, os.ErrDeadlineExceeded, net.ErrClosed.
func ConnOf(ctx context.Context, c *Stream) net.Conn {
	return &conn{stream: c, read: newLimit(ctx), write: newLimit(ctx)}
}

func (c *conn) Read(p []byte) (int, error) {
	ctx := c.read.context()
	n, err := c.stream.Read(ctx, p)
	return n, c.read.plain(ctx, err)
}

func (c *conn) Write(p []byte) (int, error) {
	ctx := c.write.context()
	n, err := c.stream.Send(ctx, p)
	return n, c.write.plain(ctx, err)
}

// Close also ends the timers of the deadlines.
func (c *conn) Close() error {
	c.read.end()
	c.write.end()
	return c.stream.Close()
}

// CloseWrite ends our side: the peer reads the end.
func (c *conn) CloseWrite() error { return c.stream.Shutdown("write") }

func (c *conn) LocalAddr() net.Addr  { return c.stream.conn.LocalAddr() }
func (c *conn) RemoteAddr() net.Addr { return c.stream.conn.RemoteAddr() }

func (c *conn) SetDeadline(t time.Time) error {
	c.read.set(t)
	c.write.set(t)
	return nil
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.read.set(t)
	return nil
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.write.set(t)
	return nil
}

// A limit is a deadline of one direction as a context, which can be moved while a
// call is under way.
type limit struct {
	parent context.Context

	mu     sync.Mutex
	ctx    context.Context
	cancel context.CancelFunc
	timer  *time.Timer
}

func newLimit(parent context.Context) *limit {
	l := &limit{parent: parent}
	l.ctx, l.cancel = context.WithCancel(parent)
	return l
}

func (l *limit) context() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctx
}

// set moves the deadline; the zero time is none.
func (l *limit) set(t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	if l.ctx.Err() != nil { // the one before is over
		l.ctx, l.cancel = context.WithCancel(l.parent)
	}
	switch left := time.Until(t); {
	case t.IsZero():
	case left <= 0:
		l.cancel()
	default:
		l.timer = time.AfterFunc(left, l.cancel)
	}
}

func (l *limit) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	l.cancel()
}

// plain is an error of a stream as the standard library has it.
func (l *limit) plain(ctx context.Context, err error) error {
	switch kind := primitive.KindOf(err); {
	case err == nil:
		return nil
	case kind == primitive.EOF:
		return io.EOF
	case kind == primitive.Closed:
		return net.ErrClosed
	case ctx.Err() != nil && l.parent.Err() != nil:
		return context.Cause(l.parent)
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		return os.ErrDeadlineExceeded
	}
	return err
}
