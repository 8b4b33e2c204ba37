package lineedit

import (
	"sosh/repl/term"
)

// A chord is a key with its modifiers; Shift makes no difference.
type chord struct {
	code rune
	alt  bool
	ctrl bool
}

// An action is what a key does.
type action func(e *Editor, t *typing)

// transposeKey is left to readline.
const transposeKey = 0x14

// bindings are the keys that are not typed into the line: those of emacs, as bash
// has them.
func bindings() map[chord]action {
	all := map[chord]action{
		{code: term.KeyInterrupt}: (*Editor).interrupt, {code: 0x04}: (*Editor).deleteOrEnd,
		{code: term.KeySuspend}: func(e *Editor, _ *typing) { e.term.Suspend() },
		{code: 0x0c}:            func(e *Editor, _ *typing) { e.term.Screen.Clear() },
		{code: '\r'}:            (*Editor).enter, {code: '\n'}: (*Editor).enter,
		{code: '\r', alt: true}: newline, {code: '\n', alt: true}: newline,
		{code: '\t'}: (*Editor).tab,
		{code: 0x0b}: func(e *Editor, t *typing) { e.kill(t, t.buf.pos, t.killEnd()) },
		{code: 0x15}: func(e *Editor, t *typing) { e.kill(t, t.lineStart(), t.buf.pos) },
		{code: 0x17}: func(e *Editor, t *typing) { e.kill(t, t.blankLeft(), t.buf.pos) },
		{code: 0x19}: func(e *Editor, t *typing) { t.buf.insert(string(e.killed)) },
		{code: 0x1f}: func(_ *Editor, t *typing) { t.undoStep() },
		{code: 0x10}: func(_ *Editor, t *typing) { t.older() }, {code: 0x0e}: func(_ *Editor, t *typing) { t.newer() },
		{code: 0x12}:           func(_ *Editor, t *typing) { t.startSearch(true) },
		{code: 0x13}:           func(_ *Editor, t *typing) { t.startSearch(false) },
		{code: '.', alt: true}: func(_ *Editor, t *typing) { t.lastWord() }, {code: '_', alt: true}: func(_ *Editor, t *typing) { t.lastWord() },
		{code: term.KeyDelete}: func(_ *Editor, t *typing) { t.delete() },
		{code: term.KeyUp}:     func(e *Editor, t *typing) { t.up(e) }, {code: term.KeyDown}: func(e *Editor, t *typing) { t.down(e) },
	}
	for _, code := range []rune{0x08, term.KeyBackspace} {
		all[chord{code: code}] = func(_ *Editor, t *typing) { t.backspace() }
		all[chord{code: code, alt: true}] = func(e *Editor, t *typing) { e.kill(t, t.wordLeft(), t.buf.pos) }
	}
	motions(all)
	return all
}

// motions are the keys that move the cursor, and those that cut out what they
// would move over.
func motions(all map[chord]action) {
	wordRight := func(e *Editor, t *typing) { t.buf.pos = t.wordRight() }
	wordLeft := func(e *Editor, t *typing) { t.buf.pos = t.wordLeft() }
	for c, do := range map[chord]action{
		{code: 0x01}: func(_ *Editor, t *typing) { t.buf.pos = t.lineStart() },
		{code: 0x05}: func(_ *Editor, t *typing) { t.buf.pos = t.lineEnd() },
		{code: 0x02}: func(_ *Editor, t *typing) { t.left() },
		{code: 0x06}: func(_ *Editor, t *typing) { t.right() },
	} {
		all[c] = do
		all[chord{code: map[rune]rune{0x01: term.KeyHome, 0x05: term.KeyEnd, 0x02: term.KeyLeft, 0x06: term.KeyRight}[c.code]}] = do
	}
	for _, c := range []chord{{code: 'b', alt: true}, {code: term.KeyLeft, ctrl: true}, {code: term.KeyLeft, alt: true}} {
		all[c] = wordLeft
	}
	for _, c := range []chord{{code: 'f', alt: true}, {code: term.KeyRight, ctrl: true}, {code: term.KeyRight, alt: true}} {
		all[c] = wordRight
	}
	for _, c := range []chord{{code: 'd', alt: true}, {code: term.KeyDelete, ctrl: true}} {
		all[c] = func(e *Editor, t *typing) { e.kill(t, t.buf.pos, t.wordRight()) }
	}
}

// take deals with a key: it becomes what readline gets. What is bound to nothing
// is dropped.
func (e *Editor) take(t *typing, k term.Key) {
	do := e.bindings[chord{k.Code, k.Alt, k.Ctrl}]
	typed := !k.Alt && k.Code >= ' ' && k.Code <= 0x10ffff && do == nil
	switch {
	case t.prompt.Leave != 0 && k.Code == t.prompt.Leave:
		e.own(t, func() { e.finish(t, interruptKey, ErrLeave) })
	case t.search != nil && e.searching(t, k, typed):
	case t.menu != nil && e.choosing(t, k, typed):
	case e.takeVi(t, k):
	case k.Code == term.KeyPaste:
		e.own(t, func() { t.paste(k.Text) })
	case do != nil:
		e.own(t, func() { e.perform(t, do) })
	case typed && k.Code != ownKey:
		t.killing = false
		e.feed = append(e.feed, k.Code)
	case k.Code == transposeKey:
		e.feed = append(e.feed, transposeKey)
	}
}

// perform does an action, and forgets what only the action after another needs.
func (e *Editor) perform(t *typing, do action) {
	word := t.word
	t.killed, t.killing = t.killing, false
	do(e, t)
	if word.at == t.word.at {
		t.word = wordRecall{}
	}
}
