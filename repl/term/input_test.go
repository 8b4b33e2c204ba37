package term

import (
	"context"
	"io"
	"strings"
	"testing"
)

// typed gives the characters that wait.
func typed(t *testing.T, in *Input) string {
	t.Helper()
	var b strings.Builder
	for ctx := cancelled(); ; {
		k, err := in.Next(ctx)
		if err != nil {
			return b.String()
		}
		b.WriteRune(k.Code)
	}
}

func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// While a command runs Ctrl-C ends it and takes with it what was typed before, as
// the terminal driver does; Ctrl-Z suspends; the rest waits.
func TestInputBusy(t *testing.T) {
	interrupted, suspended := 0, 0
	in := newInput(func() { suspended++ })
	in.feed([]byte("old\x03ol"))
	over := in.Busy(func() { interrupted++ })
	in.feed([]byte("d\x1ax\x03new"))
	if interrupted != 2 || suspended != 1 {
		t.Errorf("interrupted %d times, suspended %d", interrupted, suspended)
	}
	editing := in.Editing()
	in.feed([]byte("\x03\x1a"))
	editing()
	in.feed([]byte("\x1b\x03"))
	in.settle()
	over()
	if got := typed(t, in); got != "new\x03\x1a\x03" || interrupted != 2 {
		t.Errorf("%q wait, interrupted %d times", got, interrupted)
	}
}

// Raw mode gives the bytes themselves, those typed before too, and leaves what
// nobody took.
func TestInputRaw(t *testing.T) {
	in := newInput(func() {})
	in.feed([]byte("a\x1b[A\x1b["))
	in.SetRaw(true)
	in.feed([]byte("B\x03\x1d日"))
	buf := make([]byte, 7)
	n, err := in.ReadRaw(context.Background(), buf)
	if string(buf[:n]) != "a\x1b[A\x1b[B" || err != nil {
		t.Errorf("%q, %v", buf[:n], err)
	}
	in.SetRaw(false)
	if got := typed(t, in); got != "\x03\x1d日" {
		t.Errorf("%q is left", got)
	}
	in.end()
	if _, err := in.Next(context.Background()); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
	in.SetRaw(true)
	if _, err := in.ReadRaw(context.Background(), buf); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

// What is typed ahead has a bound.
func TestInputBound(t *testing.T) {
	in := newInput(func() {})
	for range 100 {
		in.feed([]byte(strings.Repeat("x", 4096)))
	}
	if n := len(typed(t, in)); n != maxKeys {
		t.Errorf("%d keys wait", n)
	}
}
