package sock

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"regexp"
	"sync"
	"testing"

	"sosh/primitive"
)

func TestReceiveForms(t *testing.T) {
	a, b := pair(t)
	ctx := within(t)
	send(t, a, "one\r\ntwo\n4444|x=42;rest")
	_, err := b.RecvExact(ctx, 0)
	check(t, err)
	got, err := b.RecvLine(ctx, 0)
	wantBytes(t, got, err, "one")
	got, err = b.RecvLine(ctx, 3)
	wantBytes(t, got, err, "two")
	got, err = b.RecvExact(ctx, 2)
	wantBytes(t, got, err, "44")
	got, err = b.RecvDelim(ctx, []byte("|"), 0)
	wantBytes(t, got, err, "44|")
	got, err = b.RecvRegexp(ctx, regexp.MustCompile(`\d+;`), 0)
	wantBytes(t, got, err, "x=42;")
	got, err = b.Peek(ctx, 2)
	wantBytes(t, got, err, "re")
	got, err = b.Recv(ctx, 3)
	wantBytes(t, got, err, "res")
	send(t, a, "!?")
	got, err = b.Expect(ctx, []byte("!"), 0)
	wantBytes(t, got, err, "t!")
	got, err = b.Recv(ctx, 0)
	wantBytes(t, got, err, "?")
	if i := infoOf(b); i.Received != 25 || i.Buffered != 0 {
		t.Errorf("info: %+v", i)
	}
}

func TestReadTakesBufferedFirst(t *testing.T) {
	a, b := pair(t)
	ctx := within(t)
	send(t, a, "abcdef")
	got, err := b.Peek(ctx, 6)
	wantBytes(t, got, err, "abcdef")
	p := make([]byte, 4)
	n, err := b.Read(ctx, p)
	wantBytes(t, p[:n], err, "abcd")
	n, err = b.Read(ctx, p)
	wantBytes(t, p[:n], err, "ef")
	check(t, a.Close())
	_, err = b.Read(ctx, p)
	wantKind(t, err, primitive.EOF)
	if !errors.Is(err, io.EOF) {
		t.Errorf("%v is no io.EOF", err)
	}
}

func TestPeekTopsUp(t *testing.T) {
	a, b := pair(t)
	ctx := within(t)
	send(t, a, "ab")
	got, err := b.Peek(ctx, 1)
	wantBytes(t, got, err, "a")
	got, err = b.RecvExact(ctx, 1)
	wantBytes(t, got, err, "a")
	got, err = b.Peek(ctx, 100)
	wantBytes(t, got, err, "b")
	send(t, a, "cd")
	for string(got) != "bcd" { // the bytes are on their way through loopback
		got, err = b.Peek(ctx, 100)
		check(t, err)
	}
}

func TestPartialBytesStay(t *testing.T) {
	tests := map[string]struct {
		recv  func(context.Context, *Stream) ([]byte, error)
		cause string
	}{
		"exact": {func(ctx context.Context, c *Stream) ([]byte, error) { return c.RecvExact(ctx, 20) }, "timed out after 12 of 20 bytes; they stay buffered"},
		"line":  {func(ctx context.Context, c *Stream) ([]byte, error) { return c.RecvLine(ctx, 0) }, "timed out after 12 bytes; they stay buffered"},
		"delim": {func(ctx context.Context, c *Stream) ([]byte, error) { return c.RecvDelim(ctx, []byte("##"), 0) }, "timed out after 12 bytes; they stay buffered"},
		"all":   {func(ctx context.Context, c *Stream) ([]byte, error) { return c.RecvAll(ctx, 0) }, "timed out after 12 bytes; they stay buffered"},
		"regexp": {func(ctx context.Context, c *Stream) ([]byte, error) {
			return c.RecvRegexp(ctx, regexp.MustCompile("z"), 0)
		}, "timed out after 12 bytes; they stay buffered"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a, b := pair(t)
			send(t, a, "twelve bytes")
			_, err := tt.recv(soon(t), b)
			wantCause(t, wantKind(t, err, primitive.Timeout), tt.cause)
			if n := infoOf(b).Buffered; n != 12 {
				t.Errorf("%d bytes buffered", n)
			}
			got, err := b.Recv(within(t), 0)
			wantBytes(t, got, err, "twelve bytes")
		})
	}
}

func TestEndOfStream(t *testing.T) {
	a, b := pair(t)
	ctx := within(t)
	send(t, a, "one\nlas")
	check(t, a.Close())
	_, err := b.RecvExact(ctx, 10)
	wantCause(t, wantKind(t, err, primitive.EOF), "the peer ended its side after 7 of 10 bytes; they stay buffered")
	_, err = b.RecvDelim(ctx, []byte("|"), 0)
	wantCause(t, wantKind(t, err, primitive.EOF), "the peer ended its side after 7 bytes; they stay buffered")
	got, err := b.RecvLine(ctx, 0)
	wantBytes(t, got, err, "one")
	got, err = b.RecvLine(ctx, 0)
	wantBytes(t, got, err, "las")
	_, err = b.RecvLine(ctx, 0)
	wantCause(t, wantKind(t, err, primitive.EOF), "the peer ended its side")
	_, err = b.Recv(ctx, 0)
	wantKind(t, err, primitive.EOF)
	got, err = b.RecvAll(ctx, 0)
	wantBytes(t, got, err, "")
	if s := infoOf(b).State; s != "peer ended" {
		t.Errorf("state %q", s)
	}
}

func TestOversized(t *testing.T) {
	a, b := pair(t)
	ctx := within(t)
	send(t, a, "0123456789\n")
	_, err := b.RecvLine(ctx, 9)
	e := wantKind(t, err, primitive.Oversized)
	wantCause(t, e, "no line end in the first 9 bytes; they stay buffered")
	_, err = b.RecvDelim(ctx, []byte("\n"), 10)
	wantKind(t, err, primitive.Oversized)
	_, err = b.RecvAll(ctx, 5)
	wantKind(t, err, primitive.Oversized)
	got, err := b.RecvLine(ctx, 10)
	wantBytes(t, got, err, "0123456789")
	send(t, a, "12345")
	check(t, a.Shutdown("write"))
	got, err = b.RecvAll(ctx, 5)
	wantBytes(t, got, err, "12345")
}

func TestExpect(t *testing.T) {
	a, b := pair(t)
	send(t, a, "220 ready\r\n\x1b[31m")
	got, err := b.Expect(within(t), []byte("ready\r\n"), 0)
	wantBytes(t, got, err, "220 ready\r\n")
	_, err = b.Expect(soon(t), []byte("250"), 0)
	wantCause(t, wantKind(t, err, primitive.Expectation), `expected "250", got "\x1b[31m": timed out after 5 bytes; they stay buffered`)
	_, err = b.ExpectRegexp(within(t), regexp.MustCompile("25."), 3)
	wantCause(t, wantKind(t, err, primitive.Expectation), `expected a match of "25.", got "\x1b[31m": it is not there in the first 3 bytes; they stay buffered`)
	check(t, a.Close())
	_, err = b.Expect(within(t), []byte("250"), 0)
	wantKind(t, err, primitive.Expectation)
	if errors.Is(err, io.EOF) == false {
		t.Errorf("%v does not tell its reason", err)
	}
	check(t, b.Close())
	_, err = b.Expect(within(t), []byte("250"), 0)
	wantKind(t, err, primitive.Closed)
}

func TestEveryByteBothWays(t *testing.T) {
	a, b := pair(t)
	ctx := within(t)
	data := make([]byte, 300_000)
	rnd := rand.NewChaCha8([32]byte{1})
	_, _ = rnd.Read(data) // never fails
	copy(data, "\x00\xff\x00")
	var wg sync.WaitGroup
	wg.Go(func() {
		got, err := b.RecvAll(ctx, 0)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("server got %d bytes, %v", len(got), err)
		}
		if n, err := b.Send(ctx, got); n != len(data) || err != nil {
			t.Errorf("server sent %d, %v", n, err)
		}
		check(t, b.Close())
	})
	if n, err := a.Send(ctx, data); n != len(data) || err != nil {
		t.Errorf("sent %d, %v", n, err)
	}
	check(t, a.Shutdown("write"))
	got, err := a.RecvExact(ctx, len(data))
	if err != nil || !bytes.Equal(got, data) {
		t.Errorf("client got %d bytes, %v", len(got), err)
	}
	wg.Wait()
}

func TestReset(t *testing.T) {
	a, b := pair(t)
	send(t, a, "abc")
	got, err := b.Peek(within(t), 3)
	wantBytes(t, got, err, "abc")
	check(t, SetOption(a, "linger", "0"))
	check(t, a.Close())
	_, err = b.RecvExact(within(t), 5)
	e := wantKind(t, err, primitive.Reset)
	wantCause(t, e, "connection reset by peer after 3 of 5 bytes; they stay buffered")
	if e.Errno != "ECONNRESET" {
		t.Errorf("errno %q", e.Errno)
	}
	for err = nil; err == nil; { // the first send may go before the reset is seen
		_, err = b.Send(within(t), []byte("x"))
	}
	wantKind(t, err, primitive.BrokenPipe)
}

func TestPipeWithoutSystemCalls(t *testing.T) {
	x, y := net.Pipe()
	a, b := NewStream(x), NewStream(y)
	defer a.Close()
	go func() { _, _ = a.Send(context.Background(), []byte("hello\nrest")) }()
	got, err := b.RecvLine(within(t), 0)
	wantBytes(t, got, err, "hello")
	got, err = b.Recv(within(t), 0)
	wantBytes(t, got, err, "rest")
	wantKind(t, second(b.Recv(soon(t), 0)), primitive.Timeout)
	wantKind(t, b.Shutdown("write"), primitive.Unsupported)
	check(t, b.Close())
	wantKind(t, second(b.Recv(within(t), 0)), primitive.Closed)
}

func TestHundredAtOnce(t *testing.T) {
	l := listen(t)
	ctx := within(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 100 {
			c, err := l.Accept(ctx)
			if err != nil {
				t.Error(err)
				return
			}
			wg.Go(func() { echo(ctx, c) })
		}
	})
	for range 100 {
		wg.Go(func() {
			c, err := DialStream(ctx, l.Addr(), DialOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			for range 10 {
				_, _ = c.Send(ctx, []byte("hello\n")) // the answer shows what went wrong
				if got, err := c.RecvLine(ctx, 0); err != nil || string(got) != "hello" {
					t.Errorf("got %q, %v", got, err)
				}
				_ = c.Info()
			}
		})
	}
	wg.Wait()
}

func echo(ctx context.Context, c *Stream) {
	defer c.Close()
	for {
		data, err := c.Recv(ctx, 0)
		if err != nil {
			return
		}
		if _, err := c.Send(ctx, data); err != nil {
			return
		}
	}
}
