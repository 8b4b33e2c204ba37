package term

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
)

// A Screen is the only writer to the terminal. Text is shown above the Block, if
// there is one, in frames: erase, text, block, cursor, in one write. A goroutine of
// its own writes, so that a terminal that is stopped stops nobody but those whose
// output is the only thing shown.
type Screen struct {
	tty   io.Writer
	size  func() (width, height int)
	color bool

	mu      sync.Mutex
	changed *sync.Cond
	block   *Block // being edited; nil when there is none
	before  []byte // to be shown first, as it is: written when there was no block
	text    []byte // to be shown above it
	tail    string // the last line of what was shown there, which has no end yet
	skipped int    // lines of text that were dropped
	redraw  bool   // what stands there cannot be relied upon
	urgent  bool   // the block has changed
	wipe    bool   // clear the window first
	open    bool   // the cursor may stand behind text
	unknown bool   // somebody else has written

	drawn         picture // what stands there
	width, height int     // when it was drawn

	newWidth, newHeight int // of a window that is being resized
	resized             time.Time
	settle              time.Duration

	last    time.Time
	armed   bool // due will be asked again
	writing bool
	held    bool // somebody else has the terminal
	leave   bool // put the cursor below the block and leave it there
	closed  bool // nothing is drawn any more, text is passed on
}

// How often the text above a block is shown at most, how much of it waits
// meanwhile before lines are skipped, and how much waits without a block before
// those who write must wait.
const (
	frameTime = 16 * time.Millisecond
	maxText   = 1 << 20
	maxAhead  = 256 << 10
)

// How long a window must keep its size before it is drawn in again; tmux tells the
// next size a quarter of a second late.
const (
	resizeTime     = 50 * time.Millisecond
	tmuxResizeTime = 300 * time.Millisecond
)

// newScreen makes a Screen that writes to tty. The size is asked for each frame.
func newScreen(tty io.Writer, size func() (width, height int), color bool) *Screen {
	s := &Screen{tty: tty, size: size, color: color, settle: resizeTime}
	s.changed = sync.NewCond(&s.mu)
	return s
}

// Write shows text: above the block, where it must be lines, tabs and SGR
// sequences, or as it is when there is none.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.write(p)
}

// WriteLine is Write from the beginning of a row: a line that has no end yet is
// ended first.
func (s *Screen) WriteLine(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unended() {
		p = append([]byte{'\n'}, p...)
	}
	return s.write(p)
}

// unended is whether the last line that was shown has no end yet.
func (s *Screen) unended() bool {
	open := func(p []byte) bool { return p[len(p)-1] != '\n' }
	switch {
	case len(s.text) > 0:
		return open(s.text)
	case s.block != nil || s.tail != "":
		return s.tail != ""
	case len(s.before) > 0:
		return open(s.before)
	}
	return s.open
}

func (s *Screen) write(p []byte) (int, error) {
	for s.block == nil && !s.held && !s.closed && len(s.before) > maxAhead {
		s.changed.Wait()
	}
	switch {
	case s.closed:
		return s.tty.Write(p)
	case s.block == nil && !s.held:
		s.before = append(s.before, p...)
	default:
		s.text = append(s.text, p...)
		if len(s.text) > maxText {
			s.skip()
		}
	}
	s.changed.Broadcast()
	return len(p), nil
}

// skip drops the older half of the lines that wait.
func (s *Screen) skip() {
	cut := bytes.IndexByte(s.text[len(s.text)/2:], '\n') + 1
	if cut == 0 {
		cut = 1 // a line that never ends
	}
	cut += len(s.text) / 2
	s.skipped += bytes.Count(s.text[:cut], []byte{'\n'})
	s.text = append(s.text[:0], s.text[cut:]...)
}

// Set shows a block in place of the one before.
func (s *Screen) Set(b Block) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.block, s.urgent = &b, true
	s.changed.Broadcast()
}

// Commit makes the block part of what was shown, without hint and menu, as text;
// the rest of its last line follows.
func (s *Screen) Commit(b Block, rest string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.block = nil
	if s.closed {
		return
	}
	s.before = append(append(s.before, s.complete()...), s.final(&b, rest)...)
	s.redraw = true
	s.changed.Broadcast()
}

// complete takes the text that waits, as safe lines.
func (s *Screen) complete() []byte {
	text := tidy(append([]byte(s.tail), s.text...), s.color)
	if len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(text, '\n')
	}
	text = append([]byte(s.skippedLine()), text...)
	s.tail, s.text = "", nil
	return text
}

// final is a block as text that the terminal wraps by itself.
func (s *Screen) final(b *Block, rest string) []byte {
	p := painter{width: 1 << 30, color: s.color}
	b.Pos = -1
	p.text(b)
	var out bytes.Buffer
	for i, row := range p.rows {
		out.WriteString(row)
		if i == len(p.rows)-1 {
			out.WriteString(rest)
		}
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// Drop takes the block away without a trace.
func (s *Screen) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = append(s.before, s.complete()...)
	s.block, s.redraw = nil, true
	s.changed.Broadcast()
}

// Clear wipes the window.
func (s *Screen) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wipe, s.urgent = true, true
	s.changed.Broadcast()
}

// Redraw draws again what should stand there.
func (s *Screen) Redraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redraw = true
	s.urgent = s.urgent || s.block != nil
	s.changed.Broadcast()
}

// Drain waits until everything is written, but not longer than a while: a
// terminal may be stopped.
func (s *Screen) Drain() {
	late := false
	timer := time.AfterFunc(drainTime, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		late = true
		s.changed.Broadcast()
	})
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for (s.due() || s.waiting() || s.writing) && !s.closed && !late {
		s.changed.Broadcast()
		s.changed.Wait()
	}
}

const drainTime = 2 * time.Second

// hold leaves the terminal to somebody else until the returned function is
// called; where the cursor stands is not known then. With quiet, nothing is shown
// meanwhile.
func (s *Screen) hold(quiet bool) (release func()) {
	s.mu.Lock()
	s.held, s.leave = quiet, true
	s.changed.Broadcast()
	s.mu.Unlock()
	s.Drain()
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if quiet {
			s.held = false
			s.before = append(s.before, s.complete()...)
		}
		s.drawn, s.unknown = picture{}, true
		s.urgent = s.block != nil
		s.changed.Broadcast()
	}
}

// close ends the drawing; what follows is passed on. It gives what brings the
// cursor below the block.
func (s *Screen) close() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b bytes.Buffer
	s.drawn.leave(&b)
	s.closed, s.block = true, nil
	s.changed.Broadcast()
	return b.String()
}

// dirty is whether there is something to write.
func (s *Screen) dirty() bool {
	return s.urgent || s.redraw || s.wipe || len(s.before) > 0 || len(s.text) > 0
}

// run writes frames until close.
func (s *Screen) run() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		for !s.closed && !s.due() {
			s.changed.Wait()
		}
		if s.closed {
			return
		}
		frame := s.frame()
		s.writing = true
		s.mu.Unlock()
		_, err := s.tty.Write(frame)
		s.mu.Lock()
		s.writing, s.last = false, time.Now()
		s.closed = s.closed || err != nil // a terminal that is gone
		s.changed.Broadcast()
	}
}

// waiting is whether there is something that will be due.
func (s *Screen) waiting() bool { return s.dirty() && !s.held }

// due is whether a frame is to be written now. It sees to it that it is asked
// again when one will be.
func (s *Screen) due() bool {
	wait := frameTime - time.Since(s.last)
	switch {
	case s.leave:
		return true
	case !s.dirty() || s.held:
		return false
	case s.resizing() > 0:
		wait = s.resizing()
	case s.urgent || s.block == nil || wait <= 0:
		return true
	}
	if !s.armed {
		s.armed = true
		time.AfterFunc(wait, s.ask)
	}
	return false
}

// resizing is how long to wait for the window to settle: a frame that is made for
// one width and comes when the terminal has wrapped its rows for another would
// erase too much.
func (s *Screen) resizing() time.Duration {
	if len(s.drawn.rows) == 0 {
		return 0
	}
	if width, height := s.size(); width != s.newWidth || height != s.newHeight {
		s.newWidth, s.newHeight, s.resized = width, height, time.Now()
	}
	return s.settle - time.Since(s.resized)
}

func (s *Screen) ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.armed = false
	s.changed.Broadcast()
}

func (s *Screen) skippedLine() string {
	n := s.skipped
	s.skipped = 0
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("… %d lines skipped\n", n)
}
