package sock

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sosh/primitive"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds what should happen at once; it is never waited for in full
// unless the test fails.
const patience = 10 * time.Second

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// soon is a context that ends while the caller waits.
func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func loopback4() primitive.Addr { return primitive.Addr{Host: "127.0.0.1"} }

// must gives the value of a call that may not fail.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatalf("unexpected: %v", err)
		}
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected: %v", err)
	}
}

// wantKind checks the kind and that the error has the shape of the house.
func wantKind(t *testing.T, err error, kind primitive.Kind) *primitive.Error {
	t.Helper()
	var e *primitive.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want a primitive.Error of kind %s", err, err, kind)
	}
	if e.Kind != kind {
		t.Fatalf("got kind %s (%v), want %s", e.Kind, e, kind)
	}
	if e.Op != "" || e.Cause == "" || strings.HasSuffix(e.Cause, ".") {
		t.Errorf("badly shaped: op %q, cause %q", e.Op, e.Cause)
	}
	return e
}

func wantCause(t *testing.T, e *primitive.Error, cause string) {
	t.Helper()
	if e.Cause != cause {
		t.Errorf("cause is %q, want %q", e.Cause, cause)
	}
}

func listen(t *testing.T) *Listener {
	t.Helper()
	l := must(ListenStream(within(t), loopback4(), ListenOptions{}))(t)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// pair is both ends of one connection.
func pair(t *testing.T) (client, server *Stream) {
	t.Helper()
	l := listen(t)
	client = must(DialStream(within(t), l.Addr(), DialOptions{}))(t)
	server = must(l.Accept(within(t)))(t)
	t.Cleanup(func() { _ = client.Close(); _ = server.Close() })
	return client, server
}

func send(t *testing.T, c *Stream, text string) {
	t.Helper()
	if n, err := c.Send(within(t), []byte(text)); err != nil || n != len(text) {
		t.Fatalf("sent %d of %q: %v", n, text, err)
	}
}

func wantBytes(t *testing.T, got []byte, err error, want string) {
	t.Helper()
	if err != nil {
		t.Fatalf("got %v, want %q", err, want)
	}
	if string(got) != want {
		t.Fatalf("got %q, want %q", got, want)
	}
}

func infoOf(h primitive.Handle) Info { return h.Info().(Info) }
