package sock

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A turn is held by the one caller that may use one side of a handle. Taking a
// free one costs one atomic operation: it is part of every call.
type turn struct {
	held    atomic.Bool
	waiting atomic.Int32

	mu   sync.Mutex
	free chan struct{} // wakes one who waits; made by the first who does
}

// tryTake takes the turn if it is free.
func (t *turn) tryTake() bool { return t.held.CompareAndSwap(false, true) }

// take waits for the turn under the caller's context.
func (t *turn) take(ctx context.Context) error {
	if t.tryTake() {
		return nil
	}
	t.waiting.Add(1)
	defer t.waiting.Add(-1)
	for !t.tryTake() { // after waiting was raised, so that no leave is missed
		select {
		case <-t.freed():
		case <-ctx.Done():
			return t.passOn(ctx.Err())
		}
	}
	return nil
}

// passOn wakes another waiter in case the word for it came to one who gives up.
func (t *turn) passOn(err error) error {
	t.wake()
	return err
}

func (t *turn) leave() {
	t.held.Store(false)
	if t.waiting.Load() > 0 {
		t.wake()
	}
}

func (t *turn) freed() chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.free == nil {
		t.free = make(chan struct{}, 1)
	}
	return t.free
}

func (t *turn) wake() {
	select {
	case t.freed() <- struct{}{}:
	default: // somebody is being woken already
	}
}

// A watch turns the end of a context into a deadline in the past, which wakes
// the one call that is in flight, and takes it back when that call is over.
//
// Registering with a context costs several allocations, so a watch that sees
// the same context twice in a row stays registered until it sees another one
// or the handle is closed. Contexts are compared by their Done channel.
type watch struct {
	set func(time.Time) error // sets the deadline of the watched side

	mu     sync.Mutex
	done   <-chan struct{} // of the context registered or seen last
	stop   func() bool     // unregisters; nil when not registered
	keep   bool            // stay registered after the call
	busy   bool            // a call is in flight
	fired  bool            // the deadline is set
	closed bool
}

// begin is called before a call that may block, by the holder of the turn.
func (w *watch) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := ctx.Done()
	if done == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = true
	if w.done == done && w.stop != nil {
		return nil
	}
	w.unregister()
	w.keep, w.done = w.done == done, done
	w.stop = context.AfterFunc(ctx, func() { w.fire(done) })
	return nil
}

// fire runs when the context registered with done ends.
func (w *watch) fire(done <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done != done {
		return
	}
	w.stop = nil // a later begin must register again to be told
	if w.busy {
		w.fired = true
		_ = w.set(time.Unix(1, 0)) // fails only on a closed handle, whose callers are awake
	}
}

// end is called after the call and before the turn is given up, so that the
// deadline of one caller never meets another.
func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = false
	if w.fired {
		w.fired = false
		_ = w.set(time.Time{}) // see fire
	}
	if !w.keep || w.closed {
		w.unregister()
	}
}

// close forgets the context; the handle is closed.
func (w *watch) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if !w.busy {
		w.unregister()
	}
}

func (w *watch) unregister() {
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
}
