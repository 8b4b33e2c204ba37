package mail

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"

	"sosh/primitive"
	"sosh/sock"
)

// A conn is the client's stream as go-smtp wants it, which tells when it is closed
// and why it could not go on.
type conn struct {
	net.Conn
	closed chan struct{}
	once   sync.Once

	mu  sync.Mutex
	err error
}

func newConn(ctx context.Context, stream *sock.Stream) *conn {
	return &conn{Conn: sock.ConnOf(ctx, stream), closed: make(chan struct{})}
}

// Read remembers the first error but the end.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if primitive.KindOf(err) == primitive.EOF {
		return n, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
	return n, err
}

// Close ends the connection.
func (c *conn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// failure is why the connection could not go on; nil when the client left, or was
// shown out by a Close.
func (c *conn) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case errors.Is(c.err, os.ErrDeadlineExceeded):
		return primitive.Newf(primitive.Timeout, "the client was silent for too long, or its letter took too long")
	case errors.Is(c.err, net.ErrClosed):
		return nil
	}
	return c.err
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
