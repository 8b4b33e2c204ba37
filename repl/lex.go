package repl

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sosh/primitive"
)

// A word is one word of a command line, before its values are filled in.
type word struct {
	parts  []part
	pos    int               // byte offset in the source
	end    int               // byte offset of what follows
	quoted bool              // begins with a quote: never a flag, handle, @file or operator
	data   bool              // follows "--": the same
	arg    bool              // a program argument: may be a flag, and nothing else
	action *primitive.Action // the command that the line's row takes; see withAction
	open   byte              // the quote that is not closed; 0 for none
	marks  []mark
}

// A mark is a piece of a word that is quoted, or a value.
type mark struct {
	pos, end int
	value    bool
}

// A part of a word is text, or a Lua expression whose value takes its place.
type part struct {
	text string
	expr string // of $name and ${expr}
	pure bool   // expr is a plain name
}

// plain is the text of a word without expressions.
func (w word) plain() (string, bool) {
	var b strings.Builder
	for _, p := range w.parts {
		if p.expr != "" {
			return "", false
		}
		b.WriteString(p.text)
	}
	return b.String(), true
}

// bare is the text of a word that may be a command, flag, handle, @file or
// operator; "" for others.
func (w word) bare() string {
	if w.quoted || w.data {
		return ""
	}
	text, _ := w.plain()
	return text
}

// An unfinished error says that the source only lacks its end.
type unfinished struct{ err *primitive.Error }

func (e unfinished) Error() string { return e.err.Error() }
func (e unfinished) Unwrap() error { return e.err }

func lacks(what string, pos int) error {
	return unfinished{primitive.Usagef("%s is not closed (column %d)", what, pos+1)}
}

// A lexer cuts source into words.
type lexer struct {
	src     string
	pos     int
	aliases bool // the line is typed: aliases mean something
	loose   bool // a wrong escape stands for itself: the line is looked at, not run
}

// command reads the words of one command, up to an unquoted ';', the end of the
// line or of the source; pos is then behind it.
func (l *lexer) command() ([]word, error) {
	var words []word
	dashes := false
	for {
		l.blanks()
		if l.ended() {
			return words, nil
		}
		w, err := l.word()
		w.data = dashes
		if err != nil {
			return append(words, w), err
		}
		dashes = dashes || w.bare() == "--"
		words = append(words, w)
	}
}

// blanks skips blanks and a comment at a word's start.
func (l *lexer) blanks() {
	for l.pos < len(l.src) && isBlank(l.src[l.pos]) {
		l.pos++
	}
	if l.pos < len(l.src) && l.src[l.pos] == '#' {
		l.pos += len(firstLine(l.src[l.pos:]))
	}
}

// ended is whether the command is over; it steps over the ';' or line feed.
func (l *lexer) ended() bool {
	if l.pos >= len(l.src) {
		return true
	}
	if c := l.src[l.pos]; c == ';' || c == '\n' {
		l.pos++
		return true
	}
	return false
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

func firstLine(s string) string {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return s[:i]
	}
	return s
}

// word reads one word; the source has a character of it.
func (l *lexer) word() (w word, err error) {
	w.pos = l.pos
	w.quoted = l.src[l.pos] == '\'' || l.src[l.pos] == '"'
	for err == nil && l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case isBlank(c) || c == ';' || c == '\n':
			w.end = l.pos
			return w, nil
		case c == '\'':
			err = l.single(&w)
		case c == '"':
			err = l.double(&w)
		case c == '$':
			err = l.dollar(&w)
		default:
			n := l.run(" \t\r\n;'\"$")
			w.add(l.src[l.pos : l.pos+n])
			l.pos += n
		}
	}
	w.end = l.pos
	return w, err
}

// run is how much there is up to one of the characters, and at least one.
func (l *lexer) run(end string) int {
	if n := strings.IndexAny(l.src[l.pos+1:], end); n >= 0 {
		return 1 + n
	}
	return len(l.src) - l.pos
}

// add appends text to the word.
func (w *word) add(text string) {
	if n := len(w.parts); n > 0 && w.parts[n-1].expr == "" {
		w.parts[n-1].text += text
		return
	}
	w.parts = append(w.parts, part{text: text})
}

// single reads '…': everything stands for itself.
func (l *lexer) single(w *word) error {
	start := l.pos
	n := strings.IndexByte(l.src[start+1:], '\'')
	if n < 0 {
		w.add(l.src[start+1:])
		w.open, l.pos = '\'', len(l.src)
		w.marks = append(w.marks, mark{pos: start, end: l.pos})
		return lacks("the quote '", start)
	}
	w.add(l.src[start+1 : start+1+n])
	l.pos = start + n + 2
	w.marks = append(w.marks, mark{pos: start, end: l.pos})
	return nil
}

// double reads "…" with its escapes and values.
func (l *lexer) double(w *word) error {
	start, quoted := l.pos, l.pos
	var text []byte
	flush := func() {
		w.add(string(text))
		if text = text[:0]; l.pos > quoted {
			w.marks = append(w.marks, mark{pos: quoted, end: l.pos})
		}
	}
	for l.pos++; l.pos < len(l.src); {
		switch c := l.src[l.pos]; {
		case c == '"':
			l.pos++
			flush()
			return nil
		case c == '\\':
			piece, n, err := l.escape()
			if err != nil {
				w.open = '"'
				return err
			}
			text, l.pos = append(text, piece...), l.pos+n
		case c == '$' && startsValue(l.src[l.pos+1:]):
			flush()
			if err := l.dollar(w); err != nil {
				w.open = '"'
				return err
			}
			quoted = l.pos
		default:
			n := l.run("\"\\$")
			text, l.pos = append(text, l.src[l.pos:l.pos+n]...), l.pos+n
		}
	}
	w.open = '"'
	flush()
	return lacks(`the quote "`, start)
}

// startsValue is whether what stands behind a '$' is a name or a brace.
func startsValue(s string) bool { return strings.HasPrefix(s, "{") || identifier(s) != "" }

// escape reads one of \r \n \t \0 \\ \" \$ \xHH \u{…}, and says how long it is.
func (l *lexer) escape() (text string, n int, err error) {
	text, n, err = decodeEscape(l.src[l.pos:])
	if err != nil && l.loose {
		return l.src[l.pos : l.pos+1], 1, nil
	}
	return text, n, err
}

// simpleEscapes maps the letter behind a backslash to what it stands for.
const simpleEscapes = "r\rn\nt\t0\x00\\\\\"\"$$"

// decodeEscape reads the escape that s begins with and says how long it is.
func decodeEscape(s string) (text string, n int, err error) {
	if len(s) < 2 {
		return "", 0, lacks("an escape", 0)
	}
	for i := 0; i < len(simpleEscapes); i += 2 {
		if simpleEscapes[i] == s[1] {
			return simpleEscapes[i+1 : i+2], 2, nil
		}
	}
	switch s[1] {
	case 'x':
		if len(s) >= 4 {
			if b, err := strconv.ParseUint(s[2:4], 16, 8); err == nil {
				return string([]byte{byte(b)}), 4, nil
			}
		}
	case 'u':
		if end := strings.IndexByte(s, '}'); strings.HasPrefix(s, `\u{`) && end > 3 && end < 12 {
			r, err := strconv.ParseUint(s[3:end], 16, 32)
			if err == nil && utf8.ValidRune(rune(r)) {
				return string(rune(r)), end + 1, nil
			}
		}
	}
	return "", 0, primitive.Usagef("unknown escape %s", primitive.Escape(s[:min(len(s), 4)], false)).
		WithHint(`in "…" there are \r \n \t \0 \\ \" \$ \xHH \u{…}; between '…' everything stands for itself`)
}

// dollar reads $name or ${expr}; any other $ stands for itself.
func (l *lexer) dollar(w *word) error {
	rest := l.src[l.pos+1:]
	if strings.HasPrefix(rest, "{") {
		n, err := luaBraces(rest, l.pos+1)
		if err != nil {
			w.marks = append(w.marks, mark{pos: l.pos, end: len(l.src), value: true})
			l.pos = len(l.src)
			return err
		}
		w.parts = append(w.parts, part{expr: rest[1 : n-1]})
		w.marks = append(w.marks, mark{pos: l.pos, end: l.pos + 1 + n, value: true})
		l.pos += 1 + n
		return nil
	}
	name := identifier(rest)
	if name == "" {
		w.add("$")
		l.pos++
		return nil
	}
	w.parts = append(w.parts, part{expr: name, pure: true})
	w.marks = append(w.marks, mark{pos: l.pos, end: l.pos + 1 + len(name), value: true})
	l.pos += 1 + len(name)
	return nil
}

// identifier is the Lua name that s begins with, or "".
func identifier(s string) string {
	n := 0
	for n < len(s) && (s[n] == '_' || isLetter(s[n]) || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return s[:n]
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// luaBraces is the length of the balanced {…} that s begins with, Lua strings
// inside counted as one.
func luaBraces(s string, at int) (int, error) {
	depth := 0
	for i := 0; i < len(s); {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				if strings.TrimSpace(s[1:i]) == "" {
					return 0, primitive.Usagef("${} is empty")
				}
				return i + 1, nil
			}
		case '\'', '"', '[':
			i += luaString(s[i:])
			continue
		}
		i++
	}
	return 0, lacks("${", at-1)
}

// luaString is the length of the Lua string that s begins with, at least 1.
func luaString(s string) int {
	if s[0] == '[' {
		level := len(s[1:]) - len(strings.TrimLeft(s[1:], "="))
		if !strings.HasPrefix(s[1+level:], "[") {
			return 1
		}
		end := "]" + s[1:1+level] + "]"
		if n := strings.Index(s[2+level:], end); n >= 0 {
			return 2 + level + n + len(end)
		}
		return len(s)
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case s[0]:
			return i + 1
		}
	}
	return len(s)
}
