package session

import "time"

// A Note is something that happened beside the commands: a client came, a task
// failed. Text may hold a peer's bytes only escaped.
type Note struct {
	At     time.Time
	Handle string // the handle it is about
	What   string // one word: "accepted", "closed", "failed", "reset"
	Text   string // one line for people
}

// Note tells whoever shows the session what happened.
func (s *Session) Note(n Note) {
	if s.opts.Notes == nil {
		return
	}
	if n.At.IsZero() {
		n.At = time.Now()
	}
	s.notes.Lock()
	defer s.notes.Unlock()
	s.opts.Notes(n)
}
