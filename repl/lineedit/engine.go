package lineedit

import (
	"io"
	"slices"
	"unicode/utf8"

	"github.com/chzyer/readline"
)

// ownKey stands for an action of ours on its way through readline, which inserts
// it into the line like any character and then asks the listener: that takes it
// out again and does the action. Nobody can type it.
const ownKey = '\uf8f0'

// Keys that readline gets as they are. The first three end the line.
const (
	submitKey    = '\r'
	interruptKey = 0x03
	eofKey       = 0x04
	escapeKey    = 0x1b
	insertKey    = 'i' // of vi's normal mode
)

// config is readline without a terminal, signals, completion, history or search.
// What it draws goes nowhere: the painter is told of every change.
func (e *Editor) config() *readline.Config {
	nothing := func() error { return nil }
	cfg := &readline.Config{
		Stdin: stdin{e}, Stdout: io.Discard, Stderr: io.Discard,
		FuncIsTerminal:     func() bool { return true },
		FuncGetWidth:       func() int { return 1 << 20 }, // it never wraps
		FuncOnWidthChanged: func(func()) {},
		FuncMakeRaw:        nothing, FuncExitRaw: nothing,
		Painter:                painter{e},
		DisableAutoSaveHistory: true, HistoryLimit: -1,
		InterruptPrompt: "\n", EOFPrompt: "\n", // for none
	}
	cfg.SetListener(e.listen)
	return cfg
}

// A stdin is what readline reads: one key each time, none while an action of ours
// is under way, none between lines.
type stdin struct{ e *Editor }

func (s stdin) Read(p []byte) (int, error) {
	defer s.e.term.Guard()
	r, ok := s.e.next()
	if !ok {
		return 0, io.EOF
	}
	return utf8.EncodeRune(p, r), nil
}

// Close has nothing to do: Editor.Close ends a Read.
func (stdin) Close() error { return nil }

// next waits for what readline is to get; false when there will be nothing.
func (e *Editor) next() (rune, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		t := e.typing
		switch {
		case e.closed:
			return 0, false
		case t == nil || t.over || e.held && len(e.feed) == 0:
			e.changed.Wait()
		case len(e.feed) > 0:
			r := e.feed[0]
			e.feed = e.feed[1:]
			t.over = ends(r)
			return r, true
		default:
			e.read(t)
		}
	}
}

// ends is whether readline ends the line at a key.
func ends(r rune) bool { return r == submitKey || r == interruptKey || r == eofKey }

// read takes a key. It lets go of mu while it waits.
func (e *Editor) read(t *typing) {
	e.mu.Unlock()
	k, err := e.term.Keys.Next(t.ctx)
	e.mu.Lock()
	if err == nil {
		e.take(t, k)
		return
	}
	t.err = err
	e.feed = append(e.state.abandon(nil), interruptKey)
}

// act makes readline call an action of ours.
func (e *Editor) act(t *typing, do func()) {
	e.held, e.pending = true, do
	e.feed = append(e.feed, ownKey)
}

// finish ends the line, by a key of readline's.
func (e *Editor) finish(t *typing, key rune, err error) {
	t.menu, t.hideHint = nil, true
	t.err = err
	e.feed = append(e.feed, key)
}

// listen is called by readline after each key that it has dealt with, and with
// key 0 when a line begins.
func (e *Editor) listen(line []rune, pos int, key rune) ([]rune, int, bool) {
	defer e.term.Guard()
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.typing
	switch {
	case ends(key):
		e.late = true
		e.changed.Broadcast()
		return nil, 0, false
	case key != ownKey || t == nil || t.over || pos == 0:
		return nil, 0, false
	}
	before := buffer{slices.Delete(slices.Clone(line), pos-1, pos), pos - 1}
	t.buf = before.clone()
	t.undoing = false
	e.pending()
	if !t.undoing {
		t.remember(before, false)
	}
	e.done()
	return slices.Clone(t.buf.text), t.buf.pos, true
}

// done lets readline go on after an action of ours.
func (e *Editor) done() {
	e.held, e.pending = false, nil
	if len(e.feed) == 0 {
		e.feed = e.state.leave(e.feed)
	}
	e.changed.Broadcast()
}

// A painter is told by readline whenever the line may have changed.
type painter struct{ e *Editor }

// Paint shows the line; readline itself gets nothing to draw.
func (p painter) Paint(line []rune, pos int) []rune {
	defer p.e.term.Guard()
	p.e.mu.Lock()
	defer p.e.mu.Unlock()
	t := p.e.typing
	if t == nil || t.over || slices.Contains(line, ownKey) {
		return nil
	}
	now := buffer{line, pos}
	if !slices.Equal(now.text, t.buf.text) {
		before := t.buf
		t.buf = now.clone()
		t.remember(before, pos == before.pos+1)
	}
	t.buf.pos = pos
	t.ask()
	p.e.term.Screen.Set(t.block())
	return nil
}
