package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sosh/session"
)

// Notices are what a person at the prompt is told of what happens beside the
// commands, a line each. Whoever makes notes never waits for the terminal: what
// would be too much to read in a second is counted, and told as one line.
type notices struct {
	sh   *Shell
	wake chan struct{} // holds one when there is something to tell

	mu     sync.Mutex
	prompt bool           // there is a person to tell
	mode   string         // of notifyModes
	lines  []session.Note // to be told
	told   int            // lines since the window began
	rest   []kept         // what was too much
	hidden int            // notes since it was turned off
}

// kept is how many notes of one kind were not told by themselves.
type kept struct {
	what    string
	n       int
	handles []string // the first of them
}

// notifyModes are what notify takes, the first one at first.
func notifyModes() []string { return []string{"on", "summary", "off"} }

const (
	noticeWindow = time.Second
	maxNotices   = 20 // lines told in a window, before the summary
	maxNamed     = 3  // handles named in a summary, of each kind
)

func newNotices(sh *Shell) *notices {
	return &notices{sh: sh, wake: make(chan struct{}, 1), mode: notifyModes()[0]}
}

// take takes a note, unless there is no prompt. It never waits.
func (n *notices) take(note session.Note) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case !n.prompt:
		return false
	case n.mode == "off":
		n.hidden++
		return true
	case n.mode == "summary" || n.told >= maxNotices:
		n.keep(note)
	default:
		n.told++
		n.lines = append(n.lines, note)
	}
	select {
	case n.wake <- struct{}{}:
	default:
	}
	return true
}

// keep counts a note. The kinds of notes are few.
func (n *notices) keep(note session.Note) {
	for i := range n.rest {
		if k := &n.rest[i]; k.what == note.What {
			if k.n++; len(k.handles) < maxNamed && !slices.Contains(k.handles, note.Handle) {
				k.handles = append(k.handles, note.Handle)
			}
			return
		}
	}
	n.rest = append(n.rest, kept{note.What, 1, []string{note.Handle}})
}

// start begins to tell; the returned function ends it, and tells what is left.
func (n *notices) start() (stop func()) {
	n.setPrompt(true)
	ctx, cancel := context.WithCancel(context.Background())
	var telling sync.WaitGroup
	telling.Go(func() { n.run(ctx) })
	return func() {
		n.setPrompt(false)
		cancel()
		telling.Wait()
	}
}

func (n *notices) setPrompt(on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.prompt = on
}

// run tells. A window begins with the first note after a quiet time.
func (n *notices) run(ctx context.Context) {
	var window <-chan time.Time
	for {
		select {
		case <-n.wake:
			if window == nil {
				window = time.After(noticeWindow)
			}
			n.tellLines()
		case <-window:
			n.tellLines()
			window = nil
			n.tellRest()
		case <-ctx.Done():
			n.tellLines()
			n.tellRest()
			return
		}
	}
}

func (n *notices) tellLines() {
	n.mu.Lock()
	lines := n.lines
	n.lines = nil
	n.mu.Unlock()
	for _, note := range lines {
		n.sh.tell(note)
	}
}

// tellRest tells in one line what was too much, and begins to count anew.
func (n *notices) tellRest() {
	n.mu.Lock()
	rest, more := n.rest, n.told > 0
	n.rest, n.told = nil, 0
	n.mu.Unlock()
	if len(rest) > 0 {
		n.sh.tell(session.Note{Text: summary(rest, more)})
	}
}

// summary is "1,204 more in 1s: 602 accepted (c1, c2, c3 …), 602 closed (…)".
func summary(rest []kept, more bool) string {
	all, parts := 0, []string(nil)
	for _, k := range rest {
		all += k.n
		names := strings.Join(k.handles, ", ")
		if k.n > len(k.handles) {
			names += " …"
		}
		parts = append(parts, fmt.Sprintf("%s %s (%s)", grouped(int64(k.n)), k.what, names))
	}
	head := fmt.Sprintf("in %v: ", noticeWindow)
	if more {
		head = grouped(int64(all)) + " more " + head
	}
	return head + strings.Join(parts, ", ")
}

// set changes the mode.
func (n *notices) set(mode string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.mode != mode {
		n.mode, n.hidden = mode, 0
	}
}

// state is the mode in words.
func (n *notices) state() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch n.mode {
	case "off":
		return fmt.Sprintf("notify is off: %s not told since", grouped(int64(n.hidden)))
	case "summary":
		return fmt.Sprintf("notify is summary: at most one line in %v", noticeWindow)
	}
	return fmt.Sprintf("notify is on: a line each, at most %d in %v, the rest in one line", maxNotices, noticeWindow)
}
