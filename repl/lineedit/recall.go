package lineedit

import "strings"

// A recall is where in the history the line comes from.
type recall struct {
	at     int    // 0 for the line itself
	prefix string // of the lines that are called up
	shown  string // the line called up; another one begins anew
	typed  buffer // the line itself
}

// older calls up the next older line that begins like what is before the cursor.
func (t *typing) older() {
	r := &t.recall
	if r.at == 0 || t.buf.String() != r.shown {
		*r = recall{prefix: t.buf.before(), shown: t.buf.String(), typed: t.buf.clone()}
	}
	for n := r.at + 1; ; n++ {
		line, ok := t.entry(n)
		if !ok {
			return
		}
		if line != r.shown && strings.HasPrefix(line, r.prefix) {
			t.show(n, line)
			return
		}
	}
}

// newer is the way back.
func (t *typing) newer() {
	r := &t.recall
	if r.at == 0 || t.buf.String() != r.shown {
		return
	}
	for n := r.at - 1; n > 0; n-- {
		if line, ok := t.entry(n); ok && line != r.shown && strings.HasPrefix(line, r.prefix) {
			t.show(n, line)
			return
		}
	}
	t.buf = r.typed
	*r = recall{}
}

func (t *typing) show(n int, line string) {
	t.recall.at, t.recall.shown = n, line
	t.buf.set(line)
}

// entry is a line of the history; a secret is asked for without any.
func (t *typing) entry(n int) (string, bool) {
	if t.prompt.History == nil || t.prompt.Mask {
		return "", false
	}
	line, ok := t.prompt.History.Entry(n)
	return strings.ToValidUTF8(strings.ReplaceAll(line, string(ownKey), ""), "\ufffd"), ok
}

// A wordRecall is what Alt-. has inserted.
type wordRecall struct {
	at         int // the line of the history
	start, end int
}

// lastWord inserts the last word of the line before; again, that of the line
// before that.
func (t *typing) lastWord() {
	w := t.word
	if w.at > 0 && t.buf.pos == w.end {
		t.buf.pos = w.end
	} else {
		w = wordRecall{start: t.buf.pos}
	}
	for n := w.at + 1; ; n++ {
		line, ok := t.entry(n)
		if !ok {
			return
		}
		if last := lastField(line); last != "" {
			t.buf.replace(w.start, last)
			t.word = wordRecall{n, w.start, t.buf.pos}
			return
		}
	}
}

// lastField is the last word of a line; what is quoted is one.
func lastField(line string) string {
	line = strings.TrimSpace(line)
	quote, start := rune(0), 0
	for i, r := range line {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == ' ' || r == '\t' || r == '\n':
			start = i + 1
		}
	}
	return line[start:]
}
