package sock

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
)

// Plain is whether reads are single system calls, which Await needs.
func (c *Stream) Plain() bool { return c.raw != nil }

// Await reads ahead: it waits, as Recv does, until up to max bytes are buffered
// for RecvNow. What comes instead, the end or an error, is for the next read.
func (c *Stream) Await(ctx context.Context, max int) {
	if c.beginRead(ctx) != nil {
		return // the next read says so too
	}
	if len(c.intake.buf) == 0 && c.intake.found == nil {
		err := c.fetch(min(bound(max, chunk), chunk))
		if !c.took(ctx, 0) && !errors.Is(err, os.ErrDeadlineExceeded) {
			c.intake.found = cmp.Or(err, io.EOF)
		}
	}
	c.endRead()
}

// RecvNow gives up to max buffered bytes without waiting; done is false when
// there are none.
func (c *Stream) RecvNow(max int) (data []byte, done bool) {
	if c.held.Load() == 0 || !c.reading.tryTake() {
		return nil, false
	}
	defer c.reading.leave()
	if len(c.intake.buf) == 0 || c.Closed() {
		return nil, false
	}
	data = c.intake.take(min(bound(max, chunk), len(c.intake.buf)))
	c.held.Store(int64(len(c.intake.buf)))
	return data, true
}
