package lineedit

import (
	"context"
	"slices"

	"sosh/repl/term"
)

// A buffer is the text and where the cursor is in it, in characters.
type buffer struct {
	text []rune
	pos  int
}

func (b buffer) clone() buffer { return buffer{slices.Clone(b.text), b.pos} }

// String is the text.
func (b buffer) String() string { return string(b.text) }

// before and after are the text on both sides of the cursor.
func (b buffer) before() string { return string(b.text[:b.pos]) }
func (b buffer) after() string  { return string(b.text[b.pos:]) }

func (b *buffer) insert(text string) {
	runes := []rune(text)
	b.text = slices.Insert(b.text, b.pos, runes...)
	b.pos += len(runes)
}

// replace puts a text in place of the characters from start to the cursor.
func (b *buffer) replace(start int, text string) {
	b.cut(start, b.pos)
	b.insert(text)
}

// cut takes out the characters from i to j, and puts the cursor there.
func (b *buffer) cut(i, j int) []rune {
	out := slices.Clone(b.text[i:j])
	b.text = slices.Delete(b.text, i, j)
	b.pos = i
	return out
}

func (b *buffer) set(text string) { b.text, b.pos = []rune(text), len([]rune(text)) }

// A typing is a line while it is typed.
type typing struct {
	ctx    context.Context
	prompt Prompt
	vi     bool
	buf    buffer
	over   bool  // readline was given the key that ends it
	err    error // what it ends with; nil for what readline says

	undo    []buffer
	undoing bool
	grouped int  // characters typed one after another that are undone together
	killing bool // the action cut something out
	killed  bool // the one before did

	menu   *menu
	search *search
	recall recall
	word   wordRecall

	hint     string
	hideHint bool
	spans    []Span
}

// ask asks for the hint and the styles of the line as it is now. What fails there
// is no reason to lose the line.
func (t *typing) ask() {
	t.hint, t.spans = "", nil
	defer func() { _ = recover() }()
	if t.prompt.Mask || t.search != nil {
		return
	}
	text := t.buf.String()
	if t.prompt.Hint != nil && !t.hideHint {
		t.hint = t.prompt.Hint(text, len(t.buf.before()))
	}
	if t.prompt.Paint != nil {
		t.spans = t.prompt.Paint(text)
	}
}

// block is how the line is shown.
func (t *typing) block() term.Block {
	b := term.Block{
		Prompt: t.prompt.Text, More: t.prompt.More, Text: t.buf.String(), Pos: len(t.buf.before()),
		Spans: t.spans, Mask: t.prompt.Mask, Hint: t.hint, Chosen: -1,
	}
	if t.search != nil {
		t.search.show(&b)
	}
	if t.menu != nil {
		t.menu.show(&b)
	}
	return b
}

// Bounds of what can be undone.
const (
	maxUndo   = 500
	maxGroup  = 20
	undoBytes = 4 << 20
)

// remember keeps what the line was before it changed. Characters typed one after
// another are one change, up to a blank.
func (t *typing) remember(before buffer, typed bool) {
	if slices.Equal(before.text, t.buf.text) {
		t.grouped = 0 // the cursor was moved
		return
	}
	if t.prompt.Mask {
		return
	}
	typed = typed && len(t.buf.text) == len(before.text)+1 && t.buf.text[before.pos] != ' '
	if typed && t.grouped > 0 && t.grouped < maxGroup {
		t.grouped++
		return
	}
	t.grouped = 0
	if typed {
		t.grouped = 1
	}
	t.undo = append(t.undo, before)
	if most := max(1, min(maxUndo, undoBytes/(4*len(before.text)+1))); len(t.undo) > most {
		t.undo = slices.Delete(t.undo, 0, len(t.undo)-most)
	}
}

func (t *typing) undoStep() {
	t.undoing, t.grouped = true, 0
	if n := len(t.undo); n > 0 {
		t.buf = t.undo[n-1]
		t.undo = t.undo[:n-1]
	}
}
