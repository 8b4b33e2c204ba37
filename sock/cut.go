package sock

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"sosh/primitive"
)

// Cut is a stream on the same connection that sends n bytes and then ends: with a
// reset, or as an orderly end. What is sent further fails with kind Closed. The
// stream that it is made of must not be used any more.
func Cut(c *Stream, n int, reset bool) *Stream {
	return NewStream(&cutConn{Conn: c.conn, left: n, reset: reset})
}

// Longest and most that Drain reads.
const (
	drainTime  = time.Second
	drainBytes = 1 << 20
)

// Drain lets the peer of a stream that was cut without a reset take what it was
// sent, before the stream is closed: closing with unread bytes would reset the
// connection and lose it. Other streams are left alone.
func Drain(ctx context.Context, c *Stream) {
	cut, ok := c.conn.(*cutConn)
	if !ok || cut.reset || !cut.ended() {
		return
	}
	stop := context.AfterFunc(ctx, func() { _ = cut.Conn.Close() })
	defer stop()
	_ = cut.Conn.SetReadDeadline(time.Now().Add(drainTime))
	_, _ = io.CopyN(io.Discard, cut.Conn, drainBytes)
}

// A cutConn sends so many bytes, and then ends the connection.
type cutConn struct {
	net.Conn
	reset bool

	mu   sync.Mutex
	left int
}

// Write sends what is left to send.
func (c *cutConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left <= 0 {
		return 0, errCut()
	}
	n, err := c.Conn.Write(p[:min(len(p), c.left)])
	if c.left -= n; err != nil || c.left > 0 {
		return n, err
	}
	c.end()
	return n, errCut()
}

func errCut() error { return primitive.Newf(primitive.Closed, "cut, as was asked for") }

func (c *cutConn) end() {
	if !c.reset {
		_ = c.CloseWrite()
		return
	}
	if tcp, ok := c.Conn.(*net.TCPConn); ok { // others have no reset
		_ = tcp.SetLinger(0)
	}
	_ = c.Conn.Close()
}

func (c *cutConn) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left <= 0
}

// CloseRead ends receiving.
func (c *cutConn) CloseRead() error {
	if h, ok := c.Conn.(interface{ CloseRead() error }); ok {
		return h.CloseRead()
	}
	return errors.ErrUnsupported
}

// CloseWrite ends sending.
func (c *cutConn) CloseWrite() error {
	if h, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return h.CloseWrite()
	}
	return errors.ErrUnsupported
}
