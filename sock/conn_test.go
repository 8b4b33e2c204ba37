package sock_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/sock"
)

// connTo is a stream as a net.Conn, to a peer that does as told.
func connTo(t *testing.T, ctx context.Context, handle func(net.Conn)) net.Conn {
	t.Helper()
	addr, err := primitive.ParseAddr(nettest.Serve(t, handle), false)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sock.DialStream(t.Context(), addr, sock.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c := sock.ConnOf(ctx, s)
	t.Cleanup(func() { c.Close() })
	return c
}

// TestConnErrors holds that a conn fails with what the standard library tells
// apart.
func TestConnErrors(t *testing.T) {
	wait := func(c net.Conn) { io.Copy(io.Discard, c) }
	read := func(c net.Conn) error {
		_, err := c.Read(make([]byte, 1))
		return err
	}
	if err := read(connTo(t, t.Context(), func(net.Conn) {})); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	c := connTo(t, t.Context(), wait)
	_ = c.SetReadDeadline(time.Now().Add(-time.Second))
	if err := read(c); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("after the deadline: %v", err)
	}
	if _, err := c.Write([]byte("x")); err != nil {
		t.Errorf("the other direction: %v", err)
	}
	c.Close()
	if err := read(c); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c = connTo(t, ctx, func(peer net.Conn) {
		cancel()
		wait(peer)
	})
	if err := read(c); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

// A deadline that is moved while a read waits holds as it is moved, and one that
// is over can be taken back.
func TestConnDeadlines(t *testing.T) {
	speak := make(chan string)
	c := connTo(t, t.Context(), func(peer net.Conn) { io.WriteString(peer, <-speak) })
	_ = c.SetDeadline(time.Now().Add(time.Hour))
	began := make(chan struct{})
	ended := make(chan error)
	go func() {
		close(began)
		_, err := c.Read(make([]byte, 1))
		ended <- err
	}()
	<-began
	_ = c.SetReadDeadline(time.Unix(1, 0)) // as net/http does to get the connection back
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Time{})
	speak <- "x"
	if n, err := c.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
