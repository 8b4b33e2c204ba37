//go:build linux

package sock

import (
	"context"
	"errors"
	"testing"
	"time"

	"sosh/primitive"
)

// settles looks until what waits is as wanted; loopback delivers soon, not at once.
func settles(t *testing.T, h primitive.Handle, want func(Pending) bool) Pending {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 5000 {
		p, err := Look(h)
		if err != nil {
			t.Fatal(err)
		}
		if want(p) {
			return p
		}
		<-tick.C
	}
	p, _ := Look(h)
	t.Fatalf("it stays %+v", p)
	return p
}

func TestLookAtStream(t *testing.T) {
	a, b := pair(t)
	if p := settles(t, a, func(Pending) bool { return true }); p != (Pending{Unit: Bytes}) {
		t.Errorf("at first %+v", p)
	}
	send(t, b, "hello world")
	settles(t, a, func(p Pending) bool { return p.Count == 11 && p.Arrived() == 11 })
	if got, err := a.Peek(t.Context(), 5); err != nil || string(got) != "hello" { // now in our own buffer
		t.Fatal(string(got), err)
	}
	if _, err := a.Recv(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	settles(t, a, func(p Pending) bool { return p.Count == 9 && p.Taken == 2 && p.Arrived() == 11 && !p.Ended })
	b.Close()
	settles(t, a, func(p Pending) bool { return p.Count == 9 && p.Ended && !p.Reset })
	if got, err := a.RecvAll(t.Context(), 0); err != nil || string(got) != "llo world" {
		t.Errorf("%q, %v: looking took something", got, err)
	}
	settles(t, a, func(p Pending) bool { return p.Count == 0 && p.Arrived() == 11 && !p.Ended }) // it was seen
	a.Close()
	if _, err := Look(a); primitive.KindOf(err) != primitive.Closed {
		t.Errorf("after close: %v", err)
	}
}

// A look leaves the error to whoever reads next.
func TestLookAtReset(t *testing.T) {
	a, b := pair(t)
	if err := SetOption(b, "linger", "0"); err != nil {
		t.Fatal(err)
	}
	b.Close()
	settles(t, a, func(p Pending) bool { return p.Reset && !p.Ended })
	settles(t, a, func(p Pending) bool { return p.Reset })
	if _, err := a.Recv(t.Context(), 0); primitive.KindOf(err) != primitive.Reset {
		t.Errorf("recv: %v", err)
	}
	settles(t, a, func(p Pending) bool { return !p.Reset && !p.Ended })
}

func TestLookAtListener(t *testing.T) {
	l := listen(t)
	if from := l.WaitingFrom(); from != "" {
		t.Errorf("from %s", from)
	}
	c := must(DialStream(within(t), l.Addr(), DialOptions{}))(t)
	defer c.Close()
	settles(t, l, func(p Pending) bool { return p.Count == 1 })
	if from := l.WaitingFrom(); from != c.Laddr().String() {
		t.Errorf("from %s, not %s", from, c.Laddr())
	}
	s, err := l.Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	settles(t, l, func(p Pending) bool { return p.Count == 0 && p.Taken == 1 })
	if from := l.WaitingFrom(); from != "" {
		t.Errorf("from %s, which was accepted", from)
	}
}

// What the system drops, as nobody reads, is counted: nothing is lost silently.
func TestLookAtFlood(t *testing.T) {
	u, err := BindDatagram(t.Context(), loopback4(), DatagramOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	from, err := DialDatagram(t.Context(), u.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	const flood = 100_000
	for i := range flood {
		if _, err := from.Send(t.Context(), []byte("0123456789")); err != nil {
			t.Fatalf("datagram %d: %v", i, err)
		}
	}
	p := settles(t, u, func(p Pending) bool { return p.Arrived() == flood })
	if p.Count == 0 || p.Dropped == 0 {
		t.Errorf("%+v", p)
	}
	for range p.Count {
		if got, err := u.Recv(t.Context(), 0); err != nil || string(got) != "0123456789" {
			t.Fatalf("%q, %v", got, err)
		}
	}
	settles(t, u, func(p Pending) bool { return p.Count == 0 && p.Arrived() == flood })
}

func TestPoller(t *testing.T) {
	p, err := NewPoller()
	if err != nil {
		t.Fatal(err)
	}
	a, b := pair(t)
	l := listen(t)
	for _, h := range []primitive.Handle{a, l, a} {
		if err := p.Watch(h); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(want primitive.Handle) {
		t.Helper()
		ready, err := p.Wait(t.Context())
		if err != nil || len(ready) != 1 || ready[0] != want {
			t.Fatalf("%v, %v", ready, err)
		}
	}
	send(t, b, "x")
	expect(a)
	send(t, b, "y") // again, though nobody read
	expect(a)
	defer must(DialStream(within(t), l.Addr(), DialOptions{}))(t).Close()
	expect(l)
	idle(t, p)
	p.Ignore(a)
	send(t, b, "z")
	idle(t, p)
	if err := p.Watch(a); err != nil { // what waits already is told
		t.Fatal(err)
	}
	expect(a)
	a.Close()
	ended := make(chan error, 1)
	go func() {
		_, err := p.Wait(t.Context())
		ended <- err
	}()
	p.Close()
	if err := <-ended; primitive.KindOf(err) != primitive.Closed {
		t.Errorf("after close: %v", err)
	}
}

// idle makes sure that a Wait ends with its context, and finds nothing.
func idle(t *testing.T, p *Poller) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if ready, err := p.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, %v", ready, err)
	}
}

func TestGone(t *testing.T) {
	a, b := pair(t)
	gone := Gone(a)
	select {
	case <-gone:
		t.Error("it is open")
	default:
	}
	a.Close()
	<-gone
	b.Close()
	<-Gone(b)
	if Gone(nil) != nil {
		t.Error("nothing is no handle")
	}
}
