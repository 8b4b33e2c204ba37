package primitive

import (
	"context"
	"time"
)

// An Event is one thing that happened on a socket, as its own side saw it.
type Event struct {
	At     time.Time
	What   What
	Handle Handle // nil for a connection that did not come about
	Type   string // stream, listener, datagram or socket
	Laddr  Addr
	Raddr  Addr
	N      int    // bytes; of a cut datagram those that were taken
	Data   []byte // the bytes; who keeps them makes a copy
	Note   string // which direction ended, the backlog
	Err    error  // why it did not work; then nothing was done, or N bytes only
}

// What is what happened.
type What string

// The events. Connect and Accept are the two ends of one beginning, End is the
// peer's Shutdown or Close as it is read here. Secured is that TLS came about, with
// what was agreed as the note; Resolved what a name is, which belongs to no handle.
const (
	Opened    What = "open"
	Bound     What = "bind"
	Listening What = "listen"
	Connected What = "connect"
	Accepted  What = "accept"
	Sent      What = "send"
	Received  What = "recv"
	End       What = "end"
	Shutdown  What = "shutdown"
	Gone      What = "close"
	Broken    What = "error"
	Secured   What = "tls"
	Resolved  What = "dns"
)

// An Observer is told events, by any goroutine. It must be quick.
type Observer interface {
	Observe(ctx context.Context, e Event)
}

// A Tap is who hears of a handle. It does not change; one that hears of nothing
// is nil.
type Tap struct {
	Events Observer // or nil
	Calls  *Trace   // an explanation that is under way; or nil
}

// A Tapped handle tells what happens on it to its tap.
type Tapped interface {
	Handle
	Tap() *Tap
	SetTap(*Tap)
	Beginning() Event // how it came about, for who begins to listen later
}

type tapKey struct{}

// WithTap gives a context under which new handles have a tap from their
// beginning, and under which failures to make one are told.
func WithTap(ctx context.Context, t *Tap) context.Context { return context.WithValue(ctx, tapKey{}, t) }

// TapFrom is the tap of a context; nil for none. It is asked where sockets are
// made, not where bytes pass.
func TapFrom(ctx context.Context) *Tap {
	t, _ := ctx.Value(tapKey{}).(*Tap)
	return t
}

// TraceFrom is the explanation under way that a context belongs to; nil for none.
func TraceFrom(ctx context.Context) *Trace { return TapFrom(ctx).trace() }

// trace is the explanation of a tap while it is under way.
func (t *Tap) trace() *Trace {
	if t == nil || t.Calls == nil || t.Calls.done.Load() {
		return nil
	}
	return t.Calls
}

// TraceOf is the explanation under way that is about a handle with this tap; nil
// for none.
func TraceOf(t *Tap) *Trace { return t.trace() }
