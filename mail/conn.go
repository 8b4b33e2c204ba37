package mail

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A conn is a stream as go-smtp wants it: a net.Conn. It ends with the context,
// and with a client that is silent for too long, whatever deadline go-smtp sets.
type conn struct {
	ctx    context.Context
	stream *sock.Stream
	idle   time.Duration
	closed chan struct{}
	once   sync.Once

	mu          sync.Mutex
	read, write time.Time // deadlines; zero is none
	err         error     // why it could not go on
}

func newConn(ctx context.Context, stream *sock.Stream, idle time.Duration) *conn {
	return &conn{ctx: ctx, stream: stream, idle: idle, closed: make(chan struct{})}
}

// within is the context of one call.
func (c *conn) within(deadline *time.Time) (context.Context, context.CancelFunc) {
	c.mu.Lock()
	at := *deadline
	c.mu.Unlock()
	if soon := time.Now().Add(c.idle); at.IsZero() || soon.Before(at) {
		at = soon
	}
	return context.WithDeadline(c.ctx, at)
}

// Read takes what one read gives.
func (c *conn) Read(p []byte) (int, error) {
	ctx, cancel := c.within(&c.read)
	defer cancel()
	n, err := c.stream.Read(ctx, p)
	return n, c.asNet(err)
}

// Write sends everything.
func (c *conn) Write(p []byte) (int, error) {
	ctx, cancel := c.within(&c.write)
	defer cancel()
	n, err := c.stream.Send(ctx, p)
	return n, c.asNet(err)
}

// asNet is an error as users of the net package know it.
func (c *conn) asNet(err error) error {
	switch primitive.KindOf(err) {
	case "":
		return nil
	case primitive.EOF:
		return io.EOF
	case primitive.Timeout:
		err = os.ErrDeadlineExceeded
	case primitive.Closed, primitive.Canceled:
		err = net.ErrClosed
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
	return err
}

// failure is why the connection could not go on; nil when the client left.
func (c *conn) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case errors.Is(c.err, os.ErrDeadlineExceeded):
		return primitive.Newf(primitive.Timeout, "the client was silent for too long, or the letter took too long")
	case errors.Is(c.err, net.ErrClosed): // on this side, after QUIT
		return nil
	}
	return c.err
}

// Close ends the connection.
func (c *conn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.stream.Close()
}

// LocalAddr is where the client connected to.
func (c *conn) LocalAddr() net.Addr { return c.stream.Conn().LocalAddr() }

// RemoteAddr is the client.
func (c *conn) RemoteAddr() net.Addr { return c.stream.Conn().RemoteAddr() }

// SetDeadline bounds the calls that follow.
func (c *conn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t) // cannot fail
	return c.SetWriteDeadline(t)
}

// SetReadDeadline bounds the reads that follow.
func (c *conn) SetReadDeadline(t time.Time) error { return c.set(&c.read, t) }

// SetWriteDeadline bounds the writes that follow.
func (c *conn) SetWriteDeadline(t time.Time) error { return c.set(&c.write, t) }

func (c *conn) set(deadline *time.Time, t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	*deadline = t
	return nil
}

// A single is a listener that gives one connection, and waits for its end.
type single struct {
	conn  *conn
	given bool
}

// Accept gives the connection; the second time it fails, when that is over.
func (s *single) Accept() (net.Conn, error) {
	if !s.given {
		s.given = true
		return s.conn, nil
	}
	<-s.conn.closed
	return nil, net.ErrClosed
}

// Close leaves the connection alone.
func (s *single) Close() error { return nil }

// Addr is where the client connected to.
func (s *single) Addr() net.Addr { return s.conn.LocalAddr() }
