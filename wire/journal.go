package wire

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"sosh/primitive"
	"sosh/session"
)

// What a journal keeps: the newest events, and the first bytes of each.
const (
	maxEvents = 4000
	maxBytes  = 256
)

// An Entry is an event as the journal keeps it; its Data are the first bytes.
type Entry struct {
	primitive.Event
	Seq  int    // counts from 1 since the journal was cleared
	Task string // the task that did it; empty for the person or the script itself
}

// A Journal keeps what happened on the sockets of a session.
type Journal struct {
	session *session.Session

	mu      sync.Mutex
	entries []Entry // a ring once it is full
	next    int     // of the ring
	seq     int
	from    int // what came before it is not shown
}

// Of is the journal of a session; it is off until Turn.
func Of(s *session.Session) *Journal {
	if j, ok := s.Observer().(*Journal); ok {
		return j
	}
	s.Observe(&Journal{session: s}, false)
	j, _ := s.Observer().(*Journal) // somebody else may have been first
	return j
}

// Turn turns the journal on or off; what it has stays.
func (j *Journal) Turn(on bool) { j.session.Observe(j, on) }

// On is whether it is on.
func (j *Journal) On() bool { return j.session.Tap() != nil }

// Observe keeps an event.
func (j *Journal) Observe(ctx context.Context, e primitive.Event) {
	e.Data = bytes.Clone(e.Data[:min(len(e.Data), maxBytes)])
	entry := Entry{Event: e}
	if t := session.TaskFrom(ctx); t != nil {
		entry.Task = t.Name()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	entry.Seq = j.seq
	if len(j.entries) < maxEvents {
		j.entries = append(j.entries, entry)
		return
	}
	j.entries[j.next] = entry
	j.next = (j.next + 1) % maxEvents
}

// Clear forgets everything.
func (j *Journal) Clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.next, j.seq, j.from = nil, 0, 0, 0
}

// Begin turns the journal on and shows only what comes from now on, until back is
// called.
func (j *Journal) Begin() (back func()) {
	was := j.On()
	j.mu.Lock()
	from := j.from
	j.from = j.seq
	j.mu.Unlock()
	j.Turn(true)
	return func() {
		j.Turn(was)
		j.mu.Lock()
		defer j.mu.Unlock()
		j.from = from
	}
}

// Entries is what was kept, oldest first, and how many before it were not.
func (j *Journal) Entries() (list []Entry, lost int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range slices.Concat(j.entries[j.next:], j.entries[:j.next]) {
		if e.Seq > j.from {
			list = append(list, e)
		}
	}
	return list, j.seq - j.from - len(list)
}
