package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// Faults are what a mock of a flaky service does to its clients, whatever it
// serves. The zero value does nothing.
type Faults struct {
	Reset    bool          // tears the connection down (RST) at once, or where Truncate says
	Truncate int           // bytes sent, and then the end; 0 is all
	Delay    time.Duration // before a client is served

	Every  int     // only each such client is meant: the 3rd, 6th … of 3; 0 is all
	Chance float64 // only so many are meant, from 0 to 1; 0 is all
	Seed   int     // of the chance; 0 is another one each time
}

// Any is whether there is anything that it does to connections.
func (f Faults) Any() bool { return f.Reset || f.Truncate > 0 || f.Delay > 0 }

func (f Faults) chooser() *chooser {
	seed := uint64(f.Seed)
	if f.Seed == 0 {
		seed = rand.Uint64()
	}
	return &chooser{every: f.Every, chance: f.Chance, random: rand.New(rand.NewPCG(seed, seed))}
}

// A chooser says of one client after the other whether it is meant.
type chooser struct {
	every  int
	chance float64

	mu     sync.Mutex
	count  int
	random *rand.Rand
}

func (c *chooser) hit() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	if c.every > 0 && c.count%c.every != 0 {
		return false
	}
	return c.chance == 0 || c.random.Float64() < c.chance
}

// A fault is what one client suffers.
type fault struct {
	Faults
	hit bool
}

// onto puts the faults onto a stream that was just accepted, if they are meant for
// it: then another stream stands for the same connection.
func (f Faults) onto(c *sock.Stream, choose *chooser) (*sock.Stream, fault) {
	if !f.Any() || !choose.hit() {
		return c, fault{}
	}
	if f.Truncate > 0 {
		c = sock.NewStream(&cutConn{Conn: c.Conn(), left: f.Truncate, reset: f.Reset})
	}
	return c, fault{f, true}
}

// before is what happens before the client is served.
func (f fault) before(ctx context.Context, c *sock.Stream) error {
	if f.Delay > 0 && f.hit {
		select {
		case <-time.After(f.Delay):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if f.hit && f.Reset && f.Truncate == 0 {
		abort(c.Conn())
		return c.Close()
	}
	return nil
}

// note tells what the client will suffer.
func (f fault) note() string {
	if !f.hit {
		return ""
	}
	var parts []string
	if f.Delay > 0 {
		parts = append(parts, fmt.Sprintf("delayed %v", f.Delay))
	}
	switch {
	case f.Truncate > 0 && f.Reset:
		parts = append(parts, fmt.Sprintf("reset after %d bytes", f.Truncate))
	case f.Truncate > 0:
		parts = append(parts, fmt.Sprintf("cut after %d bytes", f.Truncate))
	case f.Reset:
		parts = append(parts, "reset")
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// abort makes the close that follows a reset: SO_LINGER with time 0 (socket(7)).
// Other than TCP has none.
func abort(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // it is closed then, which the peer sees as well
	}
}

// errCut ends a client that has had all the bytes it was meant to get.
var errCut = errors.New("cut")

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
	n, err := c.Conn.Write(p[:min(len(p), c.left)])
	c.left -= n
	if err != nil || c.left > 0 {
		return n, err
	}
	return n, c.end()
}

// end ends sending: with a reset, or so that what was sent arrives. What the
// service says then is lost.
func (c *cutConn) end() error {
	if c.reset {
		abort(c.Conn)
		_ = c.Conn.Close()
	} else {
		_ = c.CloseWrite()
	}
	return &primitive.Error{Kind: primitive.Closed, Cause: "the fault that was asked for cut the connection", Err: errCut}
}

// Longest and most that is read of a client that was cut, so that closing with
// unread bytes does not reset the connection and lose what it was sent.
const (
	drainTime  = time.Second
	drainBytes = 1 << 20
)

// after lets a client that was cut take what it was sent.
func (f fault) after(ctx context.Context, c *sock.Stream) {
	cut, ok := c.Conn().(*cutConn)
	if !ok || cut.reset || !cut.ended() {
		return
	}
	stop := context.AfterFunc(ctx, func() { _ = cut.Conn.Close() })
	defer stop()
	_ = cut.Conn.SetReadDeadline(time.Now().Add(drainTime))
	_, _ = io.CopyN(io.Discard, cut.Conn, drainBytes)
}

func (c *cutConn) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left <= 0
}

// CloseRead and CloseWrite half-close what can.
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
