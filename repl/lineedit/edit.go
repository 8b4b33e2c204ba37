package lineedit

import (
	"strings"
	"unicode"

	"sosh/repl/term"
)

// The line the cursor is in.
func (t *typing) lineStart() int {
	i := t.buf.pos
	for i > 0 && t.buf.text[i-1] != '\n' {
		i--
	}
	return i
}

func (t *typing) lineEnd() int {
	i := t.buf.pos
	for i < len(t.buf.text) && t.buf.text[i] != '\n' {
		i++
	}
	return i
}

// killEnd is how far Ctrl-K goes: to the end of the line, or over it.
func (t *typing) killEnd() int {
	end := t.lineEnd()
	if end == t.buf.pos && end < len(t.buf.text) {
		end++
	}
	return end
}

// leftLength and rightLength are how many runes the cluster beside the cursor has.
func (t *typing) leftLength() int {
	start := t.lineStart()
	if start == t.buf.pos {
		return min(1, start)
	}
	text := string(t.buf.text[start:t.buf.pos])
	lengths := term.ClusterLengths(text)
	return len([]rune(text[len(text)-lengths[len(lengths)-1]:]))
}

func (t *typing) rightLength() int {
	end := min(t.lineEnd(), t.buf.pos+longestCluster)
	if end == t.buf.pos {
		return min(1, len(t.buf.text)-end)
	}
	text := string(t.buf.text[t.buf.pos:end])
	return len([]rune(text[:term.ClusterLengths(text)[0]]))
}

// longestCluster is as far as is looked for the end of one.
const longestCluster = 64

func (t *typing) left()  { t.buf.pos -= t.leftLength() }
func (t *typing) right() { t.buf.pos += t.rightLength() }

func (t *typing) backspace() { t.buf.cut(t.buf.pos-t.leftLength(), t.buf.pos) }
func (t *typing) delete()    { t.buf.cut(t.buf.pos, t.buf.pos+t.rightLength()) }

func newline(_ *Editor, t *typing) {
	if !t.prompt.Mask {
		t.buf.insert("\n")
	}
}

// paste inserts what was pasted, as one change. A secret has one line.
func (t *typing) paste(text string) {
	if t.prompt.Mask {
		text, _, _ = strings.Cut(text, "\n")
	}
	t.menu, t.grouped = nil, 0
	t.buf.insert(strings.Map(func(r rune) rune {
		if r == ownKey {
			return unicode.ReplacementChar
		}
		return r
	}, text))
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// wordLeft and wordRight are where a word of letters and digits begins and ends.
func (t *typing) wordLeft() int {
	i := t.buf.pos
	for i > 0 && !inWord(t.buf.text[i-1]) {
		i--
	}
	for i > 0 && inWord(t.buf.text[i-1]) {
		i--
	}
	return i
}

func (t *typing) wordRight() int {
	i := t.buf.pos
	for i < len(t.buf.text) && !inWord(t.buf.text[i]) {
		i++
	}
	for i < len(t.buf.text) && inWord(t.buf.text[i]) {
		i++
	}
	return i
}

// wordEnd is vi's e.
func (t *typing) wordEnd() {
	t.buf.pos = min(t.buf.pos+1, len(t.buf.text))
	t.buf.pos = max(0, t.wordRight()-1)
}

// blankLeft is where the word between blanks begins that ends at the cursor.
func (t *typing) blankLeft() int {
	i := t.buf.pos
	for i > 0 && unicode.IsSpace(t.buf.text[i-1]) {
		i--
	}
	for i > 0 && !unicode.IsSpace(t.buf.text[i-1]) {
		i--
	}
	return i
}

// kill cuts out what Ctrl-Y brings back. What is cut out one after another is
// brought back together.
func (e *Editor) kill(t *typing, i, j int) {
	left := j == t.buf.pos && i < j
	out := t.buf.cut(i, j)
	if t.prompt.Mask || len(out) == 0 {
		return
	}
	switch {
	case !t.killed:
		e.killed = out
	case left:
		e.killed = append(out, e.killed...)
	default:
		e.killed = append(e.killed, out...)
	}
	t.killing = true
}

// interrupt is Ctrl-C.
func (e *Editor) interrupt(t *typing) { e.finish(t, interruptKey, ErrInterrupt) }

// deleteOrEnd is Ctrl-D: the end where there is nothing; what is there although
// more is expected, behind an empty line; else it deletes.
func (e *Editor) deleteOrEnd(t *typing) {
	n := len(t.buf.text)
	switch {
	case n == 0:
		e.finish(t, eofKey, nil)
	case t.buf.pos == n && t.buf.text[n-1] == '\n':
		e.finish(t, submitKey, nil)
	default:
		t.delete()
	}
}

// enter ends the line, unless more must follow.
func (e *Editor) enter(t *typing) {
	text := t.buf.String()
	more := t.prompt.Continues != nil && t.prompt.Continues(text)
	indents := t.prompt.Further != nil && t.buf.pos == len(t.buf.text)
	switch {
	case more && indents:
		t.buf.set(t.prompt.Further(text))
		return
	case more:
		t.buf.insert("\n")
		return
	case indents && strings.Contains(text, "\n"): // the line that ends a block moves out
		further := t.prompt.Further(text)
		t.buf.set(further[:strings.LastIndexByte(further, '\n')])
	}
	e.finish(t, submitKey, nil)
}

// up and down move within the lines of the block, then in the history.
func (t *typing) up(*Editor) {
	if t.lineStart() == 0 {
		t.older()
		return
	}
	column := t.column()
	t.buf.pos = t.lineStart() - 1
	t.buf.pos = t.lineStart()
	t.toColumn(column)
}

func (t *typing) down(*Editor) {
	if t.lineEnd() == len(t.buf.text) {
		t.newer()
		return
	}
	column := t.column()
	t.buf.pos = t.lineEnd() + 1
	t.toColumn(column)
}

// column is where the cursor is seen, in a window that is wide enough.
func (t *typing) column() int {
	start := t.lineStart()
	column := term.Width(string(t.buf.text[start:t.buf.pos]))
	if start == 0 {
		return column + term.PromptWidth(t.prompt.Text)
	}
	return column + term.PromptWidth(t.prompt.More)
}

// toColumn moves right in the line, by cells.
func (t *typing) toColumn(column int) {
	column -= t.column()
	for column > 0 && t.buf.pos < t.lineEnd() {
		n := t.rightLength()
		column -= max(1, term.Width(string(t.buf.text[t.buf.pos:t.buf.pos+n])))
		if column < 0 {
			return
		}
		t.buf.pos += n
	}
}
