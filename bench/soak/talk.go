package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A talk is one conversation: a writer and a reader of the same stream. The byte
// at each place of it is known, so that every one that comes back is checked.
type talk struct {
	c      *sock.Stream
	server server
	ending string
	key    uint64
	total  int // bytes to send
	pauses int // that a slow reader still makes

	sent, received int // by the writer, by the reader
}

// The ways a conversation ends: the client half-closes and reads to the end, or
// leaves in the middle.
const (
	halfClose = "half-closes"
	reset     = "resets"
	leave     = "closes"
	broken    = "broken by the server"
)

// talk has one conversation with a random server.
func (r *run) talk(ctx context.Context, rng *rand.Rand) error {
	t := &talk{server: r.world.servers[rng.IntN(len(r.world.servers))], key: rng.Uint64()}
	if rng.IntN(8) == 0 {
		t.pauses = rng.IntN(40)
	}
	t.ending = []string{halfClose, halfClose, reset, leave}[rng.IntN(4)]
	t.total = rng.IntN(1 << rng.IntN(19))
	if t.server.breaks {
		t.ending = broken
	}
	dialing, cancel := hurried(ctx, rng)
	defer cancel()
	c, err := sock.DialStream(dialing, t.server.addr, sock.DialOptions{})
	switch kind := primitive.KindOf(err); {
	case kind == primitive.Canceled, kind == primitive.Timeout && hasDeadline(dialing):
		r.tally.add("connects given up", 1)
		return ctx.Err()
	case kind == primitive.Reset && t.server.breaks: // before connect(2) had looked
		r.tally.add(broken, 1)
		return nil
	case err != nil:
		return err
	}
	t.c = c
	return r.settle(t, t.both(ctx, rng))
}

func hasDeadline(ctx context.Context) bool {
	_, has := ctx.Deadline()
	return has
}

// settle closes the stream and does the accounts of a conversation.
func (r *run) settle(t *talk, err error) error {
	info := t.c.Info().(sock.Info)
	t.c.Close()
	r.tally.add(t.ending, 1)
	r.tally.add("bytes sent", int64(t.sent))
	r.tally.add("bytes received", int64(t.received))
	r.tally.add("sent to "+t.server.name, int64(t.sent))
	r.tally.add("received from "+t.server.name, int64(t.received))
	switch {
	case err != nil:
		return fmt.Errorf("%s, %s: %w", t.server.name, t.ending, err)
	case info.Sent != int64(t.sent) || info.Received != int64(t.received+info.Buffered):
		return fmt.Errorf("%s, %s: the handle counts %d sent, %d received, %d buffered; it was %d and %d",
			t.server.name, t.ending, info.Sent, info.Received, info.Buffered, t.sent, t.received)
	case t.ending == halfClose && (t.sent != t.total || t.received != t.total):
		return fmt.Errorf("%s, %s: %d of %d bytes sent, %d came back", t.server.name, t.ending, t.sent, t.total, t.received)
	}
	return nil
}

// both writes and reads at once, and waits for both.
func (t *talk) both(ctx context.Context, rng *rand.Rand) error {
	wrote := make(chan error, 1)
	own := rand.New(rand.NewPCG(t.key, 1))
	go func() { wrote <- t.write(ctx, own) }()
	err := t.read(ctx, rng)
	if err != nil {
		t.c.Close() // so that the writer ends
	}
	return errors.Join(err, <-wrote)
}

// at is the byte at a place of the conversation.
func (t *talk) at(i int) byte { return byte((uint64(i)*0x9e3779b97f4a7c15 ^ t.key) >> 53) }

func (t *talk) write(ctx context.Context, rng *rand.Rand) error {
	buf := make([]byte, 16<<10)
	end := t.total
	if t.ending == reset || t.ending == leave {
		end = rng.IntN(t.total + 1)
	}
	for t.sent < end {
		n := min(1+rng.IntN(len(buf)), end-t.sent)
		for i := range n {
			buf[i] = t.at(t.sent + i)
		}
		if err := t.sendSome(ctx, rng, buf[:n]); err != nil {
			return t.excused(err)
		}
	}
	switch t.ending {
	case halfClose, broken:
		return t.excused(t.c.Shutdown("write"))
	case reset:
		if err := sock.SetOption(t.c, "linger", "0"); err != nil {
			return err
		}
		fallthrough
	case leave:
		return t.c.Close()
	}
	return nil
}

// sendSome sends, perhaps cancelled in the middle; what was taken counts.
func (t *talk) sendSome(ctx context.Context, rng *rand.Rand, data []byte) error {
	within, cancel := hurried(ctx, rng)
	defer cancel()
	n, err := t.c.Send(within, data)
	t.sent += n
	if err != nil && within.Err() != nil {
		return ctx.Err()
	}
	return err
}

// read receives until the end and checks every byte.
func (t *talk) read(ctx context.Context, rng *rand.Rand) error {
	for {
		data, err := receive(ctx, t.c, rng)
		for i, b := range data {
			if b != t.at(t.received+i) {
				return fmt.Errorf("byte %d is %#x, not %#x", t.received+i, b, t.at(t.received+i))
			}
		}
		t.received += len(data)
		if primitive.KindOf(err) == primitive.EOF {
			return nil
		}
		if err != nil {
			return t.excused(err)
		}
		if t.pauses > 0 {
			t.pauses--
			pause(ctx, time.Duration(rng.IntN(int(3*time.Millisecond))))
		}
	}
}

// pause is a reader that takes its time.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// excused is nil for what an ending of this kind brings with it.
func (t *talk) excused(err error) error {
	if t.ending == halfClose {
		return err
	}
	switch primitive.KindOf(err) {
	case primitive.Closed, primitive.Reset, primitive.BrokenPipe, primitive.NotReady:
		return nil
	}
	return err
}

// accounts compares what the servers counted with what the clients did: a server
// takes no more than was sent to it, and sends no less than came from it.
func (r *run) accounts() error {
	fmt.Fprintln(r.out, r.tally)
	var wrong error
	check := func(name string, received, sent int64) {
		to, from := r.tally.get("sent to "+name), r.tally.get("received from "+name)
		fmt.Fprintf(r.out, "%s: %d bytes sent to it, %d received by it, %d sent by it, %d received from it\n", name, to, received, sent, from)
		if received > to || sent > received || from > sent {
			wrong = errors.Join(wrong, fmt.Errorf("the bytes of %s do not add up", name))
		}
	}
	check("framed", r.world.framed.received.Load(), r.world.framed.sent.Load())
	check("Lua", r.global("received"), r.global("sent"))
	return wrong
}

// global is a number that the Lua server counts.
func (r *run) global(name string) int64 {
	v, _ := r.world.lua.Get(name)
	n, _ := v.(float64)
	return int64(n)
}
