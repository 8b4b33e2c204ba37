package lineedit

import (
	"slices"

	"sosh/repl/term"
)

// A viState follows readline's vi mode, which does not tell it, from the keys that
// it is given.
type viState struct {
	normal  bool
	operand rune // the command that takes the next key; 0 for none
	wrapped bool // an action of ours was let through by insertKey
}

// Commands of vi's normal mode, by what becomes of them.
const (
	viInserts  = "iIaAsS"
	viOperands = "dcfFtT"
)

// abandon ends a command that waits for a key.
func (v *viState) abandon(feed []rune) []rune {
	if v.operand != 0 && v.operand != 'r' {
		feed = append(feed, escapeKey)
		v.normal = v.operand != 'c'
	}
	v.operand = 0
	return feed
}

// enter lets an action of ours through: in normal mode readline would refuse it.
func (v *viState) enter(feed []rune) []rune {
	feed = v.abandon(feed)
	if v.normal {
		v.normal, v.wrapped = false, true
		feed = append(feed, insertKey)
	}
	return feed
}

// leave goes back to normal mode after enter.
func (v *viState) leave(feed []rune) []rune {
	if v.wrapped {
		v.normal, v.wrapped = true, false
		feed = append(feed, escapeKey)
	}
	return feed
}

// takeVi deals with a key of normal mode; false when it is one for both modes.
func (e *Editor) takeVi(t *typing, k term.Key) bool {
	v := &e.state
	switch {
	case !t.vi || k.Alt:
		return false
	case !v.normal && k.Code == term.KeyEscape && t.menu == nil && t.search == nil:
		v.normal = true
		e.feed = append(e.feed, escapeKey)
		return true
	case !v.normal || k.Code < ' ' || k.Code >= 0x7f && k.Code < 0xa0 || k.Code > 0x10ffff || t.search != nil:
		return false
	case v.operand == 'r':
		e.own(t, func() { t.overwrite(k.Code) })
	case v.operand != 0:
		e.feed = append(e.feed, k.Code)
		v.normal = v.operand != 'c'
		v.operand = 0
	default:
		e.viCommand(t, k.Code)
	}
	return true
}

// viCommand begins a command. Those of readline that can panic, or know only its
// own history, are ours.
func (e *Editor) viCommand(t *typing, c rune) {
	own := map[rune]func(){
		'h': t.left, 'l': t.right, 'j': func() { t.down(e) }, 'k': func() { t.up(e) }, 'u': t.undoStep,
		'/': func() { t.startSearch(true) }, 'e': t.wordEnd, 'E': t.wordEnd, 'D': func() { e.kill(t, t.buf.pos, t.lineEnd()) },
	}
	v := &e.state
	switch {
	case c == 'r':
		v.operand = c
	case own[c] != nil:
		e.own(t, own[c])
	default:
		v.normal = !slices.Contains([]rune(viInserts), c)
		if slices.Contains([]rune(viOperands), c) {
			v.operand = c
		}
		e.feed = append(e.feed, c)
	}
}

// own does an action of ours in whatever mode.
func (e *Editor) own(t *typing, do func()) {
	e.feed = e.state.enter(e.feed)
	e.act(t, do)
}

// overwrite replaces the character under the cursor.
func (t *typing) overwrite(c rune) {
	if t.buf.pos < len(t.buf.text) {
		t.buf.text[t.buf.pos] = c
	}
}
