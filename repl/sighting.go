package repl

import (
	"fmt"
	"strings"
	"time"

	"sosh/session"
	"sosh/sock"
)

// A sighting is what a person was told of a handle that nobody reads.
type sighting struct {
	told    bool         // that something waits
	at      sock.Pending // when it was told
	since   time.Time
	pause   time.Duration // until more is told, of what nobody takes
	next    time.Time     // not before
	look    time.Time     // look then even if nothing comes; zero for never
	ended   bool          // the end was told
	failing bool          // the waiting error was told
}

// More of what nobody takes is told after a second, and then ever less often.
const (
	firstPause   = time.Second
	longestPause = 16 * time.Second
)

// The kinds of notes about what waits.
const (
	waitingNote = "waiting"
	moreNote    = "more data"
)

// see gives the notes that the present state is worth: one when something waits,
// and again only when some of it was taken; how much more has come, at growing
// intervals; the end, once.
func (s *sighting) see(p sock.Pending, now time.Time) (notes []session.Note) {
	note := func(what, text string) { notes = append(notes, session.Note{At: now, What: what, Text: text}) }
	s.look = time.Time{}
	switch {
	case p.Count == 0:
		s.told = false
	case !s.told || p.Taken != s.at.Taken:
		note(waitingNote, s.waits(p))
		s.tell(p, now, firstPause)
	case p.Arrived() == s.at.Arrived():
		if p.Dropped > 0 { // what is dropped makes no sound
			s.look = now.Add(s.pause)
		}
	case now.Before(s.next):
		s.look = s.next
	default:
		note(moreNote, s.more(p, now))
		s.tell(p, now, min(2*s.pause, longestPause))
	}
	if p.Ended && !s.ended {
		note("closed", "closed by the peer")
	}
	if p.Reset && !s.ended {
		note("reset", "reset by the peer")
	}
	s.ended = s.ended || p.Ended || p.Reset
	if p.Fault && !s.failing {
		note("refused", "an error waits: what was sent was refused")
	}
	s.failing = p.Fault
	return notes
}

// tell remembers what was told, and plans to look once more.
func (s *sighting) tell(p sock.Pending, now time.Time, pause time.Duration) {
	s.told, s.at, s.since, s.pause = true, p, now, pause
	s.next = now.Add(pause)
	s.look = s.next
}

// waits is what waits, for the first time.
func (s *sighting) waits(p sock.Pending) string {
	switch {
	case p.Unit == sock.Connections && p.Count == 1:
		return "connection waiting"
	case p.Unit == sock.Connections:
		return several(p.Count, "connection") + " waiting, one"
	case p.Dropped > s.at.Dropped:
		return fmt.Sprintf("%s waiting, %s dropped: the queue is full", s.amount(p, p.Count), grouped(p.Dropped-s.at.Dropped))
	}
	return s.amount(p, p.Count) + " waiting"
}

// more is what has come since it was told that something waits.
func (s *sighting) more(p sock.Pending, now time.Time) string {
	came := p.Arrived() - s.at.Arrived()
	number, unit, _ := strings.Cut(s.amount(p, came), " ")
	text := fmt.Sprintf("%s more %s in %v, %s waiting", number, unit, now.Sub(s.since).Round(time.Second), s.amount(p, p.Count))
	if p.Dropped > s.at.Dropped {
		text += fmt.Sprintf(", %s dropped: the queue is full", grouped(p.Dropped-s.at.Dropped))
	}
	return text
}

func (s *sighting) amount(p sock.Pending, n int64) string {
	if p.Unit == sock.Bytes {
		return byteCount(n)
	}
	return several(n, string(p.Unit))
}
