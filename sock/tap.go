package sock

import (
	"context"
	"time"

	"sosh/primitive"
)

// Tap is who hears of the handle; nil for nobody.
func (b *base) Tap() *primitive.Tap { return b.label.Tap() }

// SetTap says who hears of the handle.
func (b *base) SetTap(t *primitive.Tap) { b.label.SetTap(t) }

// tell tells an event of a handle to its tap, which is not nil.
func tell(ctx context.Context, tap *primitive.Tap, h primitive.Handle, e primitive.Event) {
	if tap.Events == nil {
		return
	}
	if ctx == nil {
		ctx = context.Background()
	}
	if e.At.IsZero() {
		e.At = time.Now()
	}
	e.Handle, e.Type = h, h.Type()
	tap.Events.Observe(ctx, e)
}

// tellFailed tells of a connection that did not come about.
func tellFailed(ctx context.Context, typ string, addr primitive.Addr, err error) {
	if tap := primitive.TapFrom(ctx); tap != nil && tap.Events != nil && err != nil {
		tap.Events.Observe(ctx, primitive.Event{At: time.Now(), What: primitive.Connected, Type: typ, Raddr: addr, Err: err})
	}
}

// trace is who records the system calls of a call on a handle; nil for nobody.
func trace(ctx context.Context, tap *primitive.Tap) *primitive.Trace {
	if tap == nil {
		return nil
	}
	return primitive.TraceFrom(ctx)
}

// traceNow is trace for a call without a context, which belongs to whatever is
// being explained.
func traceNow(tap *primitive.Tap) *primitive.Trace { return primitive.TraceOf(tap) }

// begun gives a new stream its tap, and tells how it came about.
func (c *Stream) begun(ctx context.Context, tap *primitive.Tap, how primitive.What) *Stream {
	c.origin = how
	if tap != nil {
		c.SetTap(tap)
		tell(ctx, tap, c, c.Beginning())
	}
	return c
}

// Beginning is how the stream came about: it connected, or was accepted.
func (c *Stream) Beginning() primitive.Event {
	return primitive.Event{At: c.born, What: c.origin, Handle: c, Type: c.Type(), Laddr: c.Laddr(), Raddr: c.Raddr()}
}

// Origin is how the stream came about: primitive.Connected or Accepted.
func (c *Stream) Origin() primitive.What { return c.origin }

// tell tells what happened on the stream.
func (c *Stream) tell(ctx context.Context, tap *primitive.Tap, e primitive.Event) {
	if c.below != nil {
		c.tellTLS(ctx, tap)
	}
	e.Laddr, e.Raddr = c.Laddr(), c.Raddr()
	tell(ctx, tap, c, e)
}

// tellSent tells what the system took; a failure of the connection is told once,
// by brokenBy. An event is large: inlined it would be so on the stack of every
// task that sends.
//
//go:noinline
func (c *Stream) tellSent(ctx context.Context, tap *primitive.Tap, data []byte) {
	if len(data) > 0 {
		c.tell(ctx, tap, primitive.Event{What: primitive.Sent, N: len(data), Data: data})
	}
}

// brokenBy remembers that somebody has seen that the connection was torn down.
func (c *Stream) brokenBy(ctx context.Context, err error) {
	if tap := c.Tap(); !c.broken.Swap(true) && tap != nil {
		c.tell(ctx, tap, primitive.Event{What: primitive.Broken, Err: err})
	}
}

// reachedEnd remembers that the peer's end was seen.
func (c *Stream) reachedEnd() {
	if tap := c.Tap(); !c.atEOF.Swap(true) && tap != nil {
		c.tell(c.intake.ctx, tap, primitive.Event{What: primitive.End})
	}
}

// begun gives a new listener its tap, and tells of it.
func (l *Listener) begun(ctx context.Context) *Listener {
	if tap := primitive.TapFrom(ctx); tap != nil {
		l.SetTap(tap)
		tell(ctx, tap, l, l.Beginning())
	}
	return l
}

// Beginning is that it listens.
func (l *Listener) Beginning() primitive.Event {
	return primitive.Event{At: l.born, What: primitive.Listening, Handle: l, Type: l.Type(), Laddr: l.addr}
}

// begun gives a new datagram socket its tap, and tells of it.
func (u *Datagram) begun(ctx context.Context) *Datagram {
	if tap := primitive.TapFrom(ctx); tap != nil {
		u.SetTap(tap)
		tell(ctx, tap, u, u.Beginning())
	}
	return u
}

// Beginning is that it is connected, bound or only open.
func (u *Datagram) Beginning() primitive.Event {
	e := primitive.Event{At: u.born, What: primitive.Opened, Handle: u, Type: u.Type(), Laddr: u.Addr(), Raddr: u.remote()}
	switch {
	case u.Connected():
		e.What = primitive.Connected
	case e.Laddr != primitive.Addr{}:
		e.What = primitive.Bound
	}
	return e
}

// tell tells what happened on the socket with a peer.
func (u *Datagram) tell(ctx context.Context, tap *primitive.Tap, peer primitive.Addr, e primitive.Event) {
	e.Laddr, e.Raddr = u.Addr(), peer
	tell(ctx, tap, u, e)
}

// tellPacket tells of a datagram that was taken.
func (u *Datagram) tellPacket(ctx context.Context, tap *primitive.Tap, p Packet) {
	from := primitive.Addr{Host: p.Host, Port: p.Port}
	if u.kind == Unix {
		from = primitive.Addr{Path: p.Host}
	}
	note := ""
	if p.Truncated {
		note = "cut: it was " + count(p.Length)
	}
	u.tell(ctx, tap, from, primitive.Event{What: primitive.Received, N: len(p.Data), Data: p.Data, Note: note})
}

// begun gives a new socket its tap, and tells of it.
func (s *Socket) begun(ctx context.Context) *Socket {
	if tap := primitive.TapFrom(ctx); tap != nil {
		s.SetTap(tap)
		if tap.Events != nil && !s.short { // the short form tells what it makes
			tell(ctx, tap, s, s.Beginning())
		}
	}
	return s
}

// Beginning is that it is open.
func (s *Socket) Beginning() primitive.Event {
	return primitive.Event{At: s.born, What: primitive.Opened, Handle: s, Type: s.Type(), Note: string(s.kind) + " " + string(s.typ)}
}

// tellStep tells of a raw step.
func (s *Socket) tellStep(ctx context.Context, e primitive.Event) {
	if tap := s.Tap(); tap != nil && !s.short {
		if e.Laddr == (primitive.Addr{}) {
			e.Laddr = s.localAddr()
		}
		tell(ctx, tap, s, e)
	}
}

// traces is who records the system calls of this call; nil for nobody.
func (u *Datagram) traces(ctx context.Context) *primitive.Trace {
	if tap := u.Tap(); tap != nil && ownSteps {
		return trace(ctx, tap)
	}
	return nil
}

// tellError tells of a failure that the network is to blame for.
func (u *Datagram) tellError(ctx context.Context, peer primitive.Addr, e *primitive.Error) {
	tap := u.Tap()
	if tap == nil || e.Kind == primitive.Timeout || e.Kind == primitive.Canceled || e.Kind == primitive.Closed {
		return
	}
	u.tell(ctx, tap, peer, primitive.Event{What: primitive.Broken, Err: e})
}
