package session

import (
	"context"

	"sosh/primitive"
)

// Tap is who hears what happens on sockets now; nil for nobody. It costs one load.
func (s *Session) Tap() *primitive.Tap { return s.tap.Load() }

// Observer is who was told last by Observe, on or off; nil for nobody.
func (s *Session) Observer() primitive.Observer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.observer
}

// Observe lets an observer hear of everything that is open and will be, or of
// nothing more. The first one stays.
func (s *Session) Observe(o primitive.Observer, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.observer == nil {
		s.observer = o
	}
	if on == (s.tap.Load() != nil) {
		return
	}
	var tap *primitive.Tap
	if on {
		tap = &primitive.Tap{Events: s.observer}
	}
	s.tap.Store(tap)
	for h := range s.entries {
		if t, ok := h.(primitive.Tapped); ok {
			t.SetTap(tap)
		}
	}
}

// tapped lets the observer hear of a handle that is new here, and of its
// beginning if it has not.
func (s *Session) tapped(h primitive.Handle) {
	t, ok := h.(primitive.Tapped)
	tap := s.Tap()
	if !ok || tap == nil {
		return
	}
	if before := t.Tap(); before == nil || before.Events == nil {
		tap.Events.Observe(context.Background(), t.Beginning())
		if before != nil { // an explanation goes on
			tap = &primitive.Tap{Events: tap.Events, Calls: before.Calls}
		}
		t.SetTap(tap)
	}
}

// Trace runs fn with a context under which system calls are recorded: those that
// are made under it, and of the handles that it is about, and of those that it
// makes, the calls that have no context. What others do meanwhile is theirs.
func (s *Session) Trace(ctx context.Context, calls *primitive.Trace, about []primitive.Handle, fn func(context.Context)) {
	defer s.retap()
	tap, others := &primitive.Tap{Calls: calls}, &primitive.Tap{}
	if now := s.Tap(); now != nil {
		tap.Events, others.Events = now.Events, now.Events
	}
	for _, h := range s.Handles() {
		if t, ok := h.(primitive.Tapped); ok {
			t.SetTap(others)
		}
	}
	for _, h := range about {
		if t, ok := h.(primitive.Tapped); ok {
			t.SetTap(tap)
		}
		if c, ok := h.(interface{ Over() primitive.Tapped }); ok { // a WebSocket
			before := c.Over().Tap()
			c.Over().SetTap(tap)
			defer c.Over().SetTap(before)
		}
	}
	fn(primitive.WithTap(ctx, tap))
}

// retap gives every handle the tap of the session.
func (s *Session) retap() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for h := range s.entries {
		if t, ok := h.(primitive.Tapped); ok {
			t.SetTap(s.tap.Load())
		}
	}
}
