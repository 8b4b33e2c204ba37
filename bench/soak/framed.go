package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A framed echo receives in every way there is, gives up at random points, and
// must find every byte all the same.
type framed struct {
	c     *sock.Stream
	rng   *rand.Rand
	count *counter
}

func (f *framed) echo(ctx context.Context) error {
	for {
		data, err := receive(ctx, f.c, f.rng)
		f.count.received.Add(int64(len(data)))
		n, failed := f.c.Send(ctx, data)
		f.count.sent.Add(int64(n))
		if err != nil || failed != nil {
			return err
		}
	}
}

// receive takes some bytes in a random way, perhaps none. The error says that no
// more will come.
func receive(ctx context.Context, c *sock.Stream, rng *rand.Rand) ([]byte, error) {
	within, cancel := hurried(ctx, rng)
	defer cancel()
	data, err := receiveOnce(within, c, rng)
	switch primitive.KindOf(err) {
	case primitive.Canceled, primitive.Timeout:
		return nil, ctx.Err() // what came stays buffered
	case primitive.EOF, primitive.Oversized: // so it does then
		if held := buffered(c); held > 0 {
			return c.RecvExact(ctx, held)
		}
	}
	return data, err
}

func buffered(c *sock.Stream) int { return c.Info().(sock.Info).Buffered }

func receiveOnce(ctx context.Context, c *sock.Stream, rng *rand.Rand) ([]byte, error) {
	n := 1 + rng.IntN(1<<rng.IntN(14))
	switch rng.IntN(5) {
	case 0:
		return c.RecvExact(ctx, n)
	case 1:
		return c.RecvDelim(ctx, []byte{byte(rng.UintN(256))}, n)
	case 2:
		return peeked(ctx, c, n)
	case 3:
		return c.Recv(ctx, n)
	}
	buf := make([]byte, n)
	n, err := c.Read(ctx, buf)
	return buf[:n], err
}

// peeked looks first; the same bytes must come then.
func peeked(ctx context.Context, c *sock.Stream, n int) ([]byte, error) {
	seen, err := c.Peek(ctx, n)
	if err != nil {
		return nil, err
	}
	got, err := c.RecvExact(context.WithoutCancel(ctx), len(seen))
	if err == nil && !bytes.Equal(seen, got) {
		err = fmt.Errorf("peek gave other bytes than recv")
	}
	return got, err
}

// hurried is a context that ends at a random point, now and then.
func hurried(ctx context.Context, rng *rand.Rand) (context.Context, context.CancelFunc) {
	if rng.IntN(4) > 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Duration(rng.IntN(int(2*time.Millisecond))))
}
