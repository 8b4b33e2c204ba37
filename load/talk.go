package load

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// Most bytes that an answer may have before the text that is expected.
const maxAnswer = 1 << 20

// talk makes the requests of one connection. The first that fails ends it. With a
// rate its answer counts from when the connection was due, because the request was
// due then; the others begin when the one before them is over.
func (r *crowd) talk(ctx context.Context, c *sock.Stream, due time.Time) {
	if len(r.Send) == 0 && len(r.Expect) == 0 {
		r.hold(ctx)
		return
	}
	for i := 0; r.Requests == 0 || i < r.Requests; i++ {
		if i > 0 && !wait(ctx, r.Pause) {
			return
		}
		begun := time.Now()
		if i == 0 && r.Rate > 0 {
			begun = due
		}
		err := r.ask(ctx, c)
		if err != nil && past(ctx) {
			return // it was the end of the run
		}
		if err != nil {
			r.sum.fail("answer", err)
			return
		}
		r.asking.add(time.Since(begun))
		r.sum.answer()
	}
}

// hold keeps a connection that says nothing: for the pause, or to the end.
func (r *crowd) hold(ctx context.Context) {
	switch {
	case r.Pause > 0:
		wait(ctx, r.Pause)
	case r.Requests == 0:
		<-ctx.Done()
	}
}

// ask sends the request and takes everything through the text that is expected.
func (r *crowd) ask(ctx context.Context, c *sock.Stream) error {
	ctx, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	if len(r.Send) > 0 {
		n, err := c.Send(ctx, r.Send)
		r.sum.sent(n)
		if err != nil {
			return err
		}
	}
	if len(r.Expect) == 0 {
		return nil
	}
	got, err := c.Expect(ctx, r.Expect, maxAnswer)
	r.sum.received(len(got))
	return causeOf(err)
}

// causeOf is why an expectation failed: what ended the waiting, or that something
// else came.
func causeOf(err error) error {
	if err == nil {
		return nil
	}
	e := primitive.AsError(err)
	if e.Kind != primitive.Expectation || e.Err == nil {
		return err
	}
	return e.Err
}
