package term

import (
	"context"
	"io"
	"sync"
)

// An Input is the only reader of the terminal. What is typed waits in it until
// somebody takes it: as keys with Next, or as bytes with ReadRaw.
type Input struct {
	mu        sync.Mutex
	changed   *sync.Cond
	dec       decoder
	queue     []Key
	raw       bool   // bytes are passed on as they come
	bytes     []byte // of raw
	interrupt func() // for Ctrl-C while a command runs; nil while a line is edited
	suspend   func() // for Ctrl-Z then
	err       error  // the end of the terminal
}

// Bounds of what is typed ahead.
const (
	maxKeys  = 64 << 10
	maxBytes = 1 << 20
)

func newInput(suspend func()) *Input {
	in := &Input{suspend: suspend}
	in.changed = sync.NewCond(&in.mu)
	return in
}

// Next waits for a key. io.EOF when the terminal is gone.
func (in *Input) Next(ctx context.Context) (Key, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if err := in.wait(ctx, func() bool { return len(in.queue) > 0 }); err != nil {
		return Key{}, err
	}
	k := in.queue[0]
	in.queue = in.queue[1:]
	return k, nil
}

// ReadRaw gives bytes as the terminal sends them, in raw mode.
func (in *Input) ReadRaw(ctx context.Context, p []byte) (int, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if err := in.wait(ctx, func() bool { return len(in.bytes) > 0 }); err != nil {
		return 0, err
	}
	n := copy(p, in.bytes)
	in.bytes = in.bytes[n:]
	return n, nil
}

// Unread puts bytes back that ReadRaw gave.
func (in *Input) Unread(p []byte) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.bytes = append(append([]byte(nil), p...), in.bytes...)
}

// wait waits until there is something, the terminal ends or the context does.
func (in *Input) wait(ctx context.Context, there func() bool) error {
	defer context.AfterFunc(ctx, in.wake)()
	for !there() {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case in.err != nil:
			return in.err
		}
		in.changed.Wait()
	}
	return nil
}

func (in *Input) wake() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.changed.Broadcast()
}

// SetRaw turns raw mode on or off: no key has a meaning then, and nothing is
// interrupted. What was typed before goes with it.
func (in *Input) SetRaw(on bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.raw == on {
		return
	}
	in.raw = on
	if !on {
		in.queue = append(in.queue, in.dec.feed(in.bytes)...)
		in.bytes = nil
		return
	}
	for _, k := range in.queue {
		in.bytes = append(in.bytes, k.raw...)
	}
	in.bytes = append(in.bytes, in.dec.buf...)
	in.queue, in.dec = nil, decoder{}
}

// Busy says that a command runs: Ctrl-C calls interrupt, on a goroutine of the
// Input, which must not block; Ctrl-Z suspends the program; the rest is typed
// ahead. A Ctrl-C that was typed already takes what is before it with it, as the
// terminal driver does. The returned function ends that.
func (in *Input) Busy(interrupt func()) (over func()) {
	over = in.mode(interrupt)
	in.mu.Lock()
	typed := in.queue
	in.queue = nil
	calls := in.give(typed)
	in.mu.Unlock()
	for _, call := range calls {
		call()
	}
	return over
}

// Editing lets Ctrl-C and Ctrl-Z be keys like others while a running command asks
// for a line. The returned function ends that.
func (in *Input) Editing() (over func()) { return in.mode(nil) }

func (in *Input) mode(interrupt func()) (back func()) {
	in.mu.Lock()
	defer in.mu.Unlock()
	was := in.interrupt
	in.interrupt = interrupt
	return func() {
		in.mu.Lock()
		defer in.mu.Unlock()
		in.interrupt = was
	}
}

// Type is as if the bytes were typed.
func (in *Input) Type(p []byte) { in.feed(p) }

// feed takes what came from the terminal.
func (in *Input) feed(p []byte) { in.change(func() []Key { return in.dec.feed(p) }, p) }

// settle decides a key that nothing has followed.
func (in *Input) settle() { in.change(func() []Key { return in.dec.flush() }, nil) }

func (in *Input) change(decode func() []Key, p []byte) {
	in.mu.Lock()
	var calls []func()
	if in.raw {
		in.bytes = append(in.bytes, p[:min(len(p), max(0, maxBytes-len(in.bytes)))]...)
	} else {
		calls = in.give(decode())
	}
	in.changed.Broadcast()
	in.mu.Unlock()
	for _, call := range calls {
		call()
	}
}

// give puts keys into the queue, but for those that a running command obeys.
func (in *Input) give(keys []Key) (calls []func()) {
	for _, k := range keys {
		switch {
		case in.interrupt != nil && k.Code == KeyInterrupt && !k.Alt:
			in.queue = nil
			calls = append(calls, in.interrupt)
		case in.interrupt != nil && k.Code == KeySuspend && !k.Alt:
			calls = append(calls, in.suspend)
		case len(in.queue) < maxKeys:
			in.queue = append(in.queue, k)
		}
	}
	return calls
}

// waiting is whether settle has something to decide, and how soon.
func (in *Input) waiting() (incomplete, pasting bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.dec.waiting(), in.dec.pasting
}

// end tells everybody that the terminal is gone.
func (in *Input) end() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.err = io.EOF
	in.changed.Broadcast()
}
