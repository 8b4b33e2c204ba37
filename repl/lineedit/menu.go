package lineedit

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"sosh/repl/term"
)

// A menu is what the word before the cursor may become.
type menu struct {
	start  int    // where the word begins
	typed  string // the word as typed
	list   []Candidate
	chosen int // -1 for none
}

// How long a completion may take, and how many candidates are kept.
const (
	completeTime  = 50 * time.Millisecond
	maxCandidates = 1000
)

// candidates asks what the word before the cursor may become.
func (t *typing) candidates() (m *menu) {
	if t.prompt.Complete == nil || t.prompt.Mask {
		return nil
	}
	ctx, cancel := context.WithTimeout(t.ctx, completeTime)
	defer cancel()
	before := t.buf.before()
	defer func() { // what fails there is no reason to lose the line
		if recover() != nil {
			m = nil
		}
	}()
	start, list := t.prompt.Complete(ctx, t.buf.String(), len(before))
	if len(list) == 0 || start < 0 || start > len(before) {
		return nil
	}
	list = list[:min(len(list), maxCandidates)]
	return &menu{start: utf8.RuneCountInString(before[:start]), typed: before[start:], list: list, chosen: -1}
}

// tab completes the word: all of it if there is one candidate, else what the
// candidates have in common, with the menu.
func (e *Editor) tab(t *typing) {
	m := t.candidates()
	switch {
	case m == nil:
	case len(m.list) == 1:
		t.buf.replace(m.start, m.list[0].Text)
		t.suffix(m.list[0])
	default:
		if common := m.common(); len(common) > len(m.typed) && strings.HasPrefix(common, m.typed) {
			t.buf.replace(m.start, common)
			m.typed = common
		}
		t.menu = m
	}
}

// suffix follows a word that is chosen for good, unless it is there.
func (t *typing) suffix(c Candidate) {
	switch {
	case c.Suffix == "":
	case strings.HasPrefix(t.buf.after(), c.Suffix):
		t.buf.pos += utf8.RuneCountInString(c.Suffix)
	default:
		t.buf.insert(c.Suffix)
	}
}

// common is what all candidates begin with.
func (m *menu) common() string {
	common := m.list[0].Text
	for _, c := range m.list[1:] {
		n := 0
		for n < len(common) && n < len(c.Text) && common[n] == c.Text[n] {
			n++
		}
		common = common[:n]
	}
	return strings.ToValidUTF8(common, "")
}

// choosing deals with a key while there is a menu; false when the key takes the
// menu away and is to be dealt with as always.
func (e *Editor) choosing(t *typing, k term.Key, typed bool) bool {
	m := t.menu
	var do func()
	switch {
	case k.Alt || k.Ctrl:
	case k.Code == '\t' || k.Code == term.KeyDown || k.Code == 0x0e:
		do = func() { m.choose(t, m.chosen+1) }
	case k.Code == term.KeyBackTab || k.Code == term.KeyUp || k.Code == 0x10:
		do = func() { m.choose(t, max(m.chosen, 0)-1) }
	case k.Code == term.KeyEnter && m.chosen >= 0:
		do = func() { m.take(t) }
	case k.Code == term.KeyEscape || k.Code == 0x07:
		do = func() { m.leave(t) }
	case (k.Code == term.KeyBackspace || k.Code == 0x08) && m.chosen >= 0:
		do = func() { m.unchoose(t) }
	case k.Code == term.KeyBackspace || k.Code == 0x08:
		do = func() { t.backspace(); t.narrow() }
	case typed && m.chosen < 0 && k.Code != ' ' && k.Code != ownKey:
		do = func() { t.buf.insert(string(k.Code)); t.narrow() }
	}
	if do == nil {
		t.menu = nil
		return false
	}
	e.own(t, do)
	return true
}

// choose puts a candidate into the line; before the first comes the last.
func (m *menu) choose(t *typing, i int) {
	m.chosen = (i + len(m.list)) % len(m.list)
	t.buf.replace(m.start, m.list[m.chosen].Text)
}

// unchoose puts back what was typed.
func (m *menu) unchoose(t *typing) {
	m.chosen = -1
	t.buf.replace(m.start, m.typed)
}

// take chooses for good.
func (m *menu) take(t *typing) {
	t.menu = nil
	t.suffix(m.list[m.chosen])
}

func (m *menu) leave(t *typing) {
	m.unchoose(t)
	t.menu = nil
}

// narrow asks again for the word as it is now.
func (t *typing) narrow() { t.menu = t.candidates() }

// show shows the menu under the line.
func (m *menu) show(b *term.Block) {
	b.Chosen = m.chosen
	for _, c := range m.list {
		b.Menu = append(b.Menu, term.MenuRow{Text: c.Text, Help: c.Help})
	}
}
