package lineedit

import (
	"strings"

	"sosh/repl/term"
)

// A search looks for lines of the history that hold what is typed.
type search struct {
	back   bool
	query  []rune
	at     int // the line found; 0 for the line itself
	failed bool
	typed  buffer
}

// startSearch is Ctrl-R and Ctrl-S.
func (t *typing) startSearch(back bool) {
	if t.prompt.Mask || t.prompt.History == nil {
		return
	}
	t.search = &search{back: back, typed: t.buf.clone()}
}

// searching deals with a key during a search; false when the key ends it and is
// to be dealt with as always.
func (e *Editor) searching(t *typing, k term.Key, typed bool) bool {
	s := t.search
	again := func(back bool) func() {
		return func() {
			s.back = back
			s.find(t, true)
		}
	}
	var do func()
	switch {
	case typed && k.Code != ownKey:
		do = func() {
			s.query = append(s.query, k.Code)
			s.find(t, false)
		}
	case k.Alt:
	case k.Code == 0x12:
		do = again(true)
	case k.Code == 0x13:
		do = again(false)
	case k.Code == term.KeyBackspace || k.Code == 0x08:
		do = func() { s.shorten(t) }
	case k.Code == 0x07:
		do = func() { t.buf, t.search = s.typed, nil }
	case k.Code == term.KeyEscape:
		do = func() { t.search = nil }
	}
	if do == nil {
		t.search = nil
		return false
	}
	e.own(t, do)
	return true
}

// find goes to the next line that holds the query, or stays where it does.
func (s *search) find(t *typing, onward bool) {
	step := 1
	if !s.back {
		step = -1
	}
	n := s.at
	if onward || n == 0 {
		n += step
	}
	query := string(s.query)
	s.failed = query != ""
	for ; query != "" && n > 0; n += step {
		line, ok := t.entry(n)
		if !ok {
			return
		}
		i := strings.LastIndex(line, query)
		if i < 0 || onward && line == t.buf.String() {
			continue
		}
		s.at, s.failed = n, false
		t.buf.set(line)
		t.buf.pos = len([]rune(line[:i]))
		return
	}
}

// shorten takes a character off the query and looks from the beginning.
func (s *search) shorten(t *typing) {
	if len(s.query) == 0 {
		return
	}
	s.query = s.query[:len(s.query)-1]
	s.at, s.failed = 0, false
	if t.buf = s.typed.clone(); s.back {
		s.find(t, false)
	}
}

// show shows the query in place of the prompt, and the match.
func (s *search) show(b *term.Block) {
	what := "search"
	if s.failed {
		what = "no match"
	}
	query := string(s.query)
	b.Prompt = "(" + what + " '" + query + "') "
	b.Hint = ""
	if s.at > 0 && strings.HasPrefix(b.Text[b.Pos:], query) {
		b.Spans = []Span{{Start: b.Pos, End: b.Pos + len(query), Style: term.Match}}
	}
}
