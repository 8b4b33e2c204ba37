package sock

import (
	"context"
	"strings"
	"testing"
	"time"

	"sosh/primitive"
)

func TestShutdown(t *testing.T) {
	a, b := pair(t)
	ctx := within(t)
	check(t, a.Shutdown("write"))
	if s := infoOf(a).State; s != "write shut" {
		t.Errorf("state %q", s)
	}
	e := wantKind(t, second(a.Send(ctx, []byte("x"))), primitive.BrokenPipe)
	wantCause(t, e, "the sending side is shut down")
	wantKind(t, second(b.Recv(ctx, 0)), primitive.EOF)
	send(t, b, "still there")
	got, err := a.Recv(ctx, 0)
	wantBytes(t, got, err, "still there")

	check(t, a.Shutdown("read"))
	e = wantKind(t, second(a.Recv(ctx, 0)), primitive.EOF)
	wantCause(t, e, "the reading side is shut down")
	if s := infoOf(a).State; s != "shut down" {
		t.Errorf("state %q", s)
	}
	check(t, a.Close())
	wantCause(t, wantKind(t, second(a.Recv(ctx, 0)), primitive.Closed), "the handle is closed")
	wantKind(t, second(a.Send(ctx, []byte("x"))), primitive.Closed)
	wantKind(t, a.Shutdown("both"), primitive.Closed)
	wantKind(t, b.Shutdown("sideways"), primitive.Usage)
	check(t, a.Close())
}

// second is the error of a call with two results.
func second[T any](_ T, err error) error { return err }

func TestShutdownWakesReader(t *testing.T) {
	a, _ := pair(t)
	got := blocked(t, func() error { return second(a.Recv(within(t), 0)) }, func() bool { return a.reading.held.Load() })
	check(t, a.Shutdown("both"))
	wantCause(t, wantKind(t, <-got, primitive.EOF), "the reading side is shut down")
}

// blocked starts a call and gives its error when it ends; it returns when the
// call has been seen in the state it should block in.
func blocked(t *testing.T, call func() error, in func() bool) <-chan error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- call() }()
	waitFor(t, in)
	return done
}

// waitFor looks until something is so.
func waitFor(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

func TestCancelWakesWithinMilliseconds(t *testing.T) {
	_, b := pair(t)
	l := listen(t)
	u := must(BindDatagram(within(t), loopback4(), DatagramOptions{}))(t)
	defer u.Close()
	fill(t, b)
	large := make([]byte, 32<<20) // more than the buffers of both ends can grow to
	tests := map[string]struct {
		turn *turn
		call func(context.Context) error
	}{
		"recv":     {&b.reading, func(ctx context.Context) error { return second(b.Recv(ctx, 0)) }},
		"accept":   {&l.accepting, func(ctx context.Context) error { return second(l.Accept(ctx)) }},
		"recvfrom": {&u.receiving, func(ctx context.Context) error { return second(u.RecvFrom(ctx, 0)) }},
		"send":     {&b.writing, func(ctx context.Context) error { return second(b.Send(ctx, large)) }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for range 3 { // the third time the watch is still registered
				ctx, cancel := context.WithCancel(t.Context())
				got := blocked(t, func() error { return tt.call(ctx) }, func() bool { return tt.turn.held.Load() })
				start := time.Now()
				cancel()
				wantKind(t, <-got, primitive.Canceled)
				if d := time.Since(start); d > time.Second {
					t.Errorf("took %v", d)
				}
				wantKind(t, tt.call(ctx), primitive.Canceled)
			}
		})
	}
}

// fill sends until the system takes no more.
func fill(t *testing.T, c *Stream) {
	t.Helper()
	data := make([]byte, 64<<20)
	n, err := c.Send(soon(t), data)
	e := wantKind(t, err, primitive.Timeout)
	if n == 0 || !strings.HasSuffix(e.Cause, " of 67108864 bytes were taken") {
		t.Fatalf("sent %d: %v", n, err)
	}
}

func TestSendOnceTakesFewer(t *testing.T) {
	a, b := pair(t)
	ctx := within(t)
	n, err := a.SendOnce(ctx, make([]byte, 64<<20))
	check(t, err)
	if n == 0 || n == 64<<20 {
		t.Errorf("one write took %d bytes", n)
	}
	got, err := b.RecvExact(ctx, n)
	if err != nil || len(got) != n {
		t.Errorf("got %d, %v", len(got), err)
	}
	if out := infoOf(a).Sent; out != int64(n) {
		t.Errorf("out is %d, want %d", out, n)
	}
}

func TestCancelNeverHitsTheNext(t *testing.T) {
	a, b := pair(t)
	long := within(t)
	for range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		got := blocked(t, func() error { return second(b.Recv(ctx, 0)) }, func() bool { return b.reading.held.Load() })
		next := make(chan error, 1)
		go func() { next <- second(b.RecvExact(long, 1)) }()
		cancel()
		first := <-got
		send(t, a, "x")
		if first == nil { // the other caller had the turn first
			t.Fatal("the canceled call got the byte of the other")
		}
		wantKind(t, first, primitive.Canceled)
		check(t, <-next)
	}
}

func TestSameContextManyTimes(t *testing.T) {
	a, b := pair(t)
	ctx, cancel := context.WithCancel(t.Context())
	for range 5 {
		send(t, a, "x")
		got, err := b.Recv(ctx, 0)
		wantBytes(t, got, err, "x")
	}
	if b.rwatch.stop == nil {
		t.Error("the watch did not stay registered")
	}
	cancel()
	wantKind(t, second(b.Recv(ctx, 0)), primitive.Canceled)
	send(t, a, "y")
	got, err := b.Recv(within(t), 0)
	wantBytes(t, got, err, "y")
}

func TestCloseWakes(t *testing.T) {
	a, _ := pair(t)
	ctx, large := within(t), make([]byte, 32<<20)
	reading := blocked(t, func() error { return second(a.Recv(ctx, 0)) }, func() bool { return a.reading.held.Load() })
	waiting := make(chan error, 1)
	go func() { waiting <- second(a.Recv(ctx, 0)) }()
	fill(t, a)
	sending := blocked(t, func() error { return second(a.Send(ctx, large)) }, func() bool { return a.writing.held.Load() })
	check(t, a.Close())
	for _, got := range []<-chan error{reading, waiting, sending} {
		if e := wantKind(t, <-got, primitive.Closed); !strings.HasPrefix(e.Cause, "the handle is closed") {
			t.Errorf("%+v", e)
		}
	}
}
