//go:build linux

package sock

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"sosh/primitive"
)

// What is done at once behaves as what waits: same bytes, same errors.

func TestSendNow(t *testing.T) {
	a, b := pair(t)
	n, err, done := a.SendNow([]byte("hello"))
	if n != 5 || err != nil || !done {
		t.Fatalf("%d %v %t", n, err, done)
	}
	if data := must(b.RecvExact(within(t), 5))(t); string(data) != "hello" {
		t.Errorf("%q", data)
	}
	if i := a.Info().(Info); i.Sent != 5 {
		t.Errorf("sent %d", i.Sent)
	}
	if _, _, done := a.SendNow(nil); done {
		t.Error("nothing to send is for Send")
	}
	check(t, a.Shutdown("write"))
	_, err, done = a.SendNow([]byte("x"))
	wantCause(t, wantKind(t, err, primitive.BrokenPipe), "the sending side is shut down")
	if !done {
		t.Error("an error is the end of it")
	}
	check(t, a.Close())
	if _, _, done := a.SendNow([]byte("x")); done {
		t.Error("a closed stream is for Send to tell")
	}
	wantKind(t, second(a.Send(within(t), []byte("x"))), primitive.Closed)
}

// A send that finds no room, or room for a part, goes on waiting where it is,
// and nobody sends in between.
func TestSendNowWithoutRoom(t *testing.T) {
	a, b := pair(t)
	piece := bytes.Repeat([]byte("0123456789abcdef"), chunk/16)
	var want int
	for {
		n, err, done := a.SendNow(piece)
		check(t, err)
		want += n
		if done {
			continue
		}
		if n == 0 {
			break
		}
		received := make(chan int)
		go func() { received <- drain(b, want-n+len(piece)) }()
		check(t, second(a.SendRest(within(t), piece, n)))
		if got := <-received; got != want-n+len(piece) {
			t.Fatalf("received %d of %d", got, want-n+len(piece))
		}
		return
	}
	t.Log("the system took whole pieces only; nothing was left to go on with")
}

func drain(c *Stream, n int) int {
	got, err := io.Copy(io.Discard, io.LimitReader(streamReader{c}, int64(n)))
	if err != nil {
		return -1
	}
	return int(got)
}

type streamReader struct{ c *Stream }

func (r streamReader) Read(p []byte) (int, error) { return r.c.Read(context.Background(), p) }

func TestRecvNow(t *testing.T) {
	a, b := pair(t)
	must(a.Send(within(t), []byte("one two")))(t)
	if _, done := b.RecvNow(3); done {
		t.Error("nothing is buffered yet")
	}
	must(b.Peek(within(t), 7))(t)
	if data, done := b.RecvNow(3); !done || string(data) != "one" {
		t.Errorf("%q %t", data, done)
	}
	if data, done := b.RecvNow(100); !done || string(data) != " two" {
		t.Errorf("%q %t", data, done)
	}
	if _, done := b.RecvNow(1); done {
		t.Error("all is taken")
	}
}

func TestDatagramsInBatches(t *testing.T) {
	a, b := bindUDP(t), bindUDP(t)
	const many = 3 * batchSize
	for i := range many {
		n, err, done := a.SendToNow(b.Addr(), bytes.Repeat([]byte{byte(i)}, i+1))
		if n != i+1 || err != nil || !done {
			t.Fatalf("%d %v %t", n, err, done)
		}
	}
	for i := range many {
		p, done := b.RecvFromNow(10)
		if !done {
			p = must(b.RecvFrom(within(t), 10))(t)
		}
		if p.Length != i+1 || len(p.Data) != min(i+1, 10) || p.Truncated != (i+1 > 10) || p.Data[0] != byte(i) || p.Port != a.Addr().Port || p.Host != "127.0.0.1" {
			t.Fatalf("%d: %+v", i, p)
		}
	}
	if _, done := b.RecvFromNow(10); done {
		t.Error("there is no more")
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	must(a.SendTo(within(t), b.Addr(), nil))(t)
	wantKind(t, second(b.RecvFrom(canceled, 0)), primitive.Canceled)
	if p := must(b.RecvFrom(within(t), 0))(t); len(p.Data) != 0 {
		t.Errorf("an empty datagram: %+v", p)
	}
	_, err, done := a.SendToNow(b.Addr(), make([]byte, 70_000))
	if !done {
		t.Fatal(errors.New("too long is too long at once"))
	}
	wantKind(t, err, primitive.Oversized)
}

// What Await found is there for RecvNow, or for the next read.
func TestAwait(t *testing.T) {
	a, b := pair(t)
	got := blocked(t, func() error { b.Await(within(t), 0); return nil }, func() bool { return b.reading.held.Load() })
	check(t, second(a.Send(within(t), []byte("hello"))))
	check(t, <-got)
	b.Await(within(t), 0) // something is buffered
	data, done := b.RecvNow(3)
	if string(data) != "hel" || !done {
		t.Fatalf("%q %t", data, done)
	}
	if data := must(b.Recv(within(t), 0))(t); string(data) != "lo" {
		t.Errorf("%q", data)
	}
	if i := b.Info().(Info); i.Received != 5 || i.Buffered != 0 {
		t.Errorf("received %d, buffered %d", i.Received, i.Buffered)
	}
}

func TestAwaitFindsTheEnd(t *testing.T) {
	a, b := pair(t)
	check(t, a.Shutdown("write"))
	b.Await(within(t), 0)
	b.Await(within(t), 0) // the end is kept
	if _, done := b.RecvNow(0); done {
		t.Error("there is nothing")
	}
	wantKind(t, second(b.Peek(within(t), 1)), primitive.EOF)
	wantKind(t, second(b.Recv(within(t), 0)), primitive.EOF)
}

// The system tells a reset once (SO_ERROR of socket(7)).
func TestAwaitKeepsAReset(t *testing.T) {
	a, b := pair(t)
	check(t, a.Conn().(*net.TCPConn).SetLinger(0))
	check(t, a.Close())
	b.Await(within(t), 0)
	wantKind(t, second(b.Recv(within(t), 0)), primitive.Reset)
}

func TestAwaitIsInterrupted(t *testing.T) {
	a, b := pair(t)
	if b.Await(soon(t), 0); b.intake.found != nil {
		t.Errorf("the end of a context is no end of the stream: %v", b.intake.found)
	}
	check(t, second(a.Send(within(t), []byte("x"))))
	if data := must(b.Recv(within(t), 0))(t); string(data) != "x" {
		t.Errorf("%q", data)
	}
	got := blocked(t, func() error { b.Await(within(t), 0); return nil }, func() bool { return b.reading.held.Load() })
	check(t, b.Close())
	check(t, <-got)
	wantKind(t, second(b.Recv(within(t), 0)), primitive.Closed)
}
