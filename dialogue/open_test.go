package dialogue

import (
	"context"
	"errors"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
)

// opened is a client of a server that gives these answers.
func opened(t *testing.T, begin func(context.Context, *Client) error, answers ...string) (*Client, error) {
	t.Helper()
	addr, err := primitive.ParseAddr(nettest.Answers(t, answers...), false)
	if err != nil {
		t.Fatal(err)
	}
	advise := func(r Reply, e *primitive.Error) *primitive.Error { return e.WithHint("do not say %d", r.Code) }
	c := New(Protocol{Name: "TEST", Words: map[int]string{554: "no service"}, Advise: advise}, Options{Addr: addr, Timeout: 20 * time.Second})
	err = c.Open(t.Context(), func(ctx context.Context) error { return begin(ctx, c) })
	if err == nil {
		t.Cleanup(func() { c.Close() })
	}
	return c, err
}

func nothing(context.Context, *Client) error { return nil }

func TestOpen(t *testing.T) {
	c, err := opened(t, nothing, "120 in two minutes\r\n220 hello\r\n", "250 yes\r\n", "550 no\r\n", "354 later\r\n")
	if err != nil || c.Greeting.String() != "220 hello" {
		t.Fatal(c.Greeting, err)
	}
	if r, err := c.Say(t.Context(), "MAIL", 2); err != nil || r.Text() != "yes" {
		t.Error(r, err)
	}
	if r, err := c.Say(t.Context(), "RCPT", 2); r.Code != 550 || primitive.AsError(err).Hint != "do not say 550" || primitive.AsError(err).Cause != "the server refuses RCPT: 550: no" {
		t.Error(r, err)
	}
	if _, err := c.Say(t.Context(), "DATA", 3); err != nil {
		t.Error(err)
	}
}

// A client that was not let in, or does not begin well, holds no connection.
func TestOpenRefused(t *testing.T) {
	c, err := opened(t, nothing, "554 go away\r\n")
	if e := primitive.AsError(err); err == nil || e.Kind != primitive.Failed || e.Hint != "do not say 554" || !c.Stream().Closed() {
		t.Errorf("%v", err)
	}
	bad := errors.New("bad")
	if c, err = opened(t, func(context.Context, *Client) error { return bad }, "220 hi\r\n"); !errors.Is(err, bad) || !c.Stream().Closed() {
		t.Errorf("%v", err)
	}
}
