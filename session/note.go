package session

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A Note is something that happened beside the commands: a client came, a task
// failed, data waits. Text may hold a peer's bytes only escaped.
type Note struct {
	At     time.Time
	Handle string // the handle it is about
	What   string // one word: "opened", "accepted", "request", "waiting", "closed", "failed", "reset", "done"
	Text   string // one line for people; "" for feeds alone
	Minor  bool   // only worth telling a person at the prompt
	Asked  bool   // what a command was asked to show: told at once, and never counted as too much
}

// Note tells whoever shows the session what happened, and every feed. It is next
// to nothing when nobody listens.
func (s *Session) Note(n Note) {
	feeds := s.feeds.Load()
	if feeds == nil && (s.opts.Notes == nil || n.Text == "") {
		return
	}
	if n.At.IsZero() {
		n.At = time.Now()
	}
	if feeds != nil {
		for _, f := range *feeds {
			f.put(n)
		}
	}
	if s.opts.Notes != nil && n.Text != "" {
		s.notes.Lock()
		defer s.notes.Unlock()
		s.opts.Notes(n)
	}
}

// A Feed is what happens in a session from its making on. It keeps a bounded
// number of notes until they are taken; whoever makes notes never waits for it.
type Feed struct {
	s    *Session
	max  int
	some chan struct{} // holds one when there is something to take

	mu    sync.Mutex
	notes []Note
	lost  int
}

// Listen makes a feed that keeps at most max notes, the newest; close it.
func (s *Session) Listen(max int) *Feed {
	f := &Feed{s: s, max: max, some: make(chan struct{}, 1)}
	s.changeFeeds(func(list []*Feed) []*Feed { return append(list, f) })
	return f
}

// Close ends the feed.
func (f *Feed) Close() {
	f.s.changeFeeds(func(list []*Feed) []*Feed {
		return slices.DeleteFunc(list, func(x *Feed) bool { return x == f })
	})
}

// changeFeeds replaces the list, which others may be reading.
func (s *Session) changeFeeds(change func([]*Feed) []*Feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*Feed
	if old := s.feeds.Load(); old != nil {
		list = slices.Clone(*old)
	}
	if list = change(list); len(list) == 0 {
		s.feeds.Store(nil)
		return
	}
	s.feeds.Store(&list)
}

func (f *Feed) put(n Note) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.notes) == f.max {
		f.notes = append(f.notes[:0], f.notes[1:]...)
		f.lost++
	}
	f.notes = append(f.notes, n)
	select {
	case f.some <- struct{}{}:
	default:
	}
}

// Next waits for notes and takes them all; lost is how many of before had no
// room.
func (f *Feed) Next(ctx context.Context) (notes []Note, lost int, err error) {
	select {
	case <-f.some:
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	notes, lost = f.notes, f.lost
	f.notes, f.lost = nil, 0
	return notes, lost, nil
}
