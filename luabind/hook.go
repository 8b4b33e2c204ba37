package luabind

import (
	"context"
	"time"

	"sosh/internal/lazy"
)

// A hook is the context of every Lua thread, coroutines too. The interpreter
// asks for Done before each instruction; this is where a script is interrupted
// and where a script that computes for long lets others run. It is used only
// under the baton. A child of it would never hear of a cancellation, so every
// thread gets the hook itself.
type hook struct {
	s     *State
	steps uint64    // instructions since the baton was taken
	mask  uint64    // looks closer when steps&mask is 0
	since time.Time // when this turn was first looked at
}

const (
	lookEvery = 127 // instructions between two looks, as a mask

	// A turn ends after this long if another task waits, but not before
	// turnSteps instructions: on a busy machine time passes without them.
	turnTime  = 100 * time.Millisecond
	turnSteps = 200_000
	turnLimit = time.Second // and after this long in any case

	// The next turns of a task that had to be stopped are this much shorter,
	// until it waits by itself: it computes, and others answer clients.
	busyShare = 10
)

var _ context.Context = (*hook)(nil)

// closedDone is what Done gives when the script must stop.
var closedDone = lazy.Value[<-chan struct{}]{New: func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}}

// reset begins a turn of t.
func (h *hook) reset(t *task) {
	h.steps, h.since = 0, time.Time{}
	h.mask = lookEvery
	if t.phase == final {
		h.mask = 0
	}
}

// Done is nil, which costs the interpreter next to nothing, until the running
// task is to be interrupted.
func (h *hook) Done() <-chan struct{} {
	h.steps++
	if h.steps&h.mask != 0 {
		return nil
	}
	return h.look()
}

func (h *hook) look() <-chan struct{} {
	t := h.s.cur
	if t == nil {
		return nil
	}
	if h.s.interrupted(t) {
		t.remember(t.reason().Error(), t.reason())
		return closedDone.Get()
	}
	if h.due(t) {
		h.s.pass(t)
	}
	return nil
}

// due is whether the turn of t has lasted long enough.
func (h *hook) due(t *task) bool {
	now := time.Now()
	if h.since.IsZero() {
		h.since = now
	}
	if t.atomic > 0 || !h.s.baton.wanted() {
		return false
	}
	took, steps := now.Sub(h.since), h.steps
	if t.busy {
		took, steps = took*busyShare, steps*busyShare
	}
	return took > turnLimit || took > turnTime && steps > turnSteps
}

// Err is what the interpreter raises after Done.
func (h *hook) Err() error {
	if t := h.s.cur; t != nil {
		return t.reason()
	}
	return context.Canceled
}

// Deadline and Value are those of a context that has none.
func (h *hook) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value is nil.
func (h *hook) Value(any) any { return nil }
