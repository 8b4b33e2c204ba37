package complete

import (
	"slices"
	"strings"
)

// A token is a piece of Lua source: bytes start to end.
type token struct {
	kind       tokenKind
	start, end int
	open       bool // a string or comment that lacks its end
}

type tokenKind uint8

const (
	luaName tokenKind = iota
	luaKeyword
	luaNumber
	luaString
	luaComment
	luaSymbol
)

func isKeyword(word string) bool {
	switch word {
	case "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
		"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while":
		return true
	}
	return false
}

// next reads the token at or behind pos; ok is false at the end. It never fails:
// what is no Lua is a symbol.
func next(src string, pos int) (t token, ok bool) {
	for pos < len(src) && strings.IndexByte(" \t\r\n\v\f", src[pos]) >= 0 {
		pos++
	}
	if pos >= len(src) {
		return token{}, false
	}
	t = token{start: pos}
	switch c := src[pos]; {
	case nameByte(c, false):
		t.end = pos + len(identifier(src[pos:]))
		if isKeyword(src[t.start:t.end]) {
			t.kind = luaKeyword
		}
	case c >= '0' && c <= '9', c == '.' && pos+1 < len(src) && src[pos+1] >= '0' && src[pos+1] <= '9':
		t.kind, t.end = luaNumber, numberEnd(src, pos)
	case strings.HasPrefix(src[pos:], "--"):
		t.kind = luaComment
		t.end, t.open = commentEnd(src, pos+2)
	case c == '"' || c == '\'':
		t.kind = luaString
		t.end, t.open = stringEnd(src, pos)
	case c == '[' && longLevel(src[pos:]) >= 0:
		t.kind = luaString
		t.end, t.open = longEnd(src, pos)
	default:
		t.kind, t.end = luaSymbol, pos+symbolLength(src[pos:])
	}
	return t, true
}

func numberEnd(src string, pos int) int {
	for pos++; pos < len(src); pos++ {
		c := src[pos]
		if c == '.' && pos+1 < len(src) && src[pos+1] == '.' {
			return pos // 1..x
		}
		exponent := (c == '+' || c == '-') && src[pos-1]|0x20 == 'e'
		if !nameByte(c, true) && c != '.' && !exponent {
			return pos
		}
	}
	return pos
}

func commentEnd(src string, pos int) (end int, open bool) {
	if pos < len(src) && longLevel(src[pos:]) >= 0 {
		return longEnd(src, pos)
	}
	if i := strings.IndexByte(src[pos:], '\n'); i >= 0 {
		return pos + i, false
	}
	return len(src), true
}

func stringEnd(src string, pos int) (end int, open bool) {
	for i := pos + 1; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case src[pos]:
			return i + 1, false
		case '\n':
			return i, false // wrong, and over
		}
	}
	return len(src), true
}

// longLevel is the number of '=' in the "[==[" that s begins with, or -1.
func longLevel(s string) int {
	if s[0] != '[' {
		return -1
	}
	level := len(s[1:]) - len(strings.TrimLeft(s[1:], "="))
	if strings.HasPrefix(s[1+level:], "[") {
		return level
	}
	return -1
}

func longEnd(src string, pos int) (end int, open bool) {
	level := longLevel(src[pos:])
	close := "]" + src[pos+1:pos+1+level] + "]"
	if i := strings.Index(src[pos+2+level:], close); i >= 0 {
		return pos + 2 + level + i + len(close), false
	}
	return len(src), true
}

// symbolLength is the length of the operator that s begins with.
func symbolLength(s string) int {
	for _, long := range []string{"...", "..", "==", "~=", "<=", ">="} {
		if strings.HasPrefix(s, long) {
			return len(long)
		}
	}
	return 1
}

// A block is something that Lua source has opened: "function", "for", "(" …
type block struct {
	what string
	line int
}

// A nesting follows what is open in Lua source that grows at its end.
type nesting struct {
	src   string // read so far
	line  int
	open  []block
	last  token // before which blanks and comments may follow
	tail  token // the very last, a comment too
	lines int   // position up to which lines were counted
	pos   int
}

// read goes on to the end of the source, which begins with what was read before,
// if any; else it begins anew. A token that may still grow is read again.
func (n *nesting) read(src string) {
	switch {
	case len(src) < len(n.src) || src[:len(n.src)] != n.src:
		*n = nesting{}
	case n.tail.open && n.stillOpen(src):
		n.src, n.tail.end, n.pos = src, len(src), len(src)
		return
	case n.tail.open:
		n.pos = n.tail.start
	}
	n.src = src
	for {
		t, ok := next(src, n.pos)
		if !ok {
			return
		}
		n.line += strings.Count(src[n.lines:t.start], "\n")
		n.lines, n.pos, n.tail = t.start, t.end, t
		if t.kind != luaComment {
			n.last = t
			n.token(src[t.start:t.end], t.kind)
		}
	}
}

// stillOpen is whether what was added to the source does not close the long
// string or comment that it ended in.
func (n *nesting) stillOpen(src string) bool {
	if !n.openLong() {
		return false
	}
	level := longLevel(strings.TrimPrefix(src[n.tail.start:], "--"))
	return !strings.Contains(src[max(n.tail.start, len(n.src)-level-2):], "]"+strings.Repeat("=", level)+"]")
}

func (n *nesting) token(text string, kind tokenKind) {
	if kind != luaKeyword && kind != luaSymbol {
		return
	}
	switch text {
	case "function", "if", "repeat", "for", "while", "(", "[", "{":
		n.open = append(n.open, block{text, n.line})
	case "do":
		if k := len(n.open); k > 0 && (n.open[k-1].what == "for" || n.open[k-1].what == "while") {
			n.open[k-1].what = "do"
			return
		}
		n.open = append(n.open, block{"do", n.line})
	case "end":
		n.close("function", "if", "do")
	case "until":
		n.close("repeat")
	case ")":
		n.close("(")
	case "]":
		n.close("[")
	case "}":
		n.close("{")
	}
}

// close ends the innermost block, if it is of that kind.
func (n *nesting) close(kinds ...string) {
	if k := len(n.open); k > 0 && slices.Contains(kinds, n.open[k-1].what) {
		n.open = n.open[:k-1]
	}
}

// dangling is whether the source ends with something that needs more.
func (n *nesting) dangling() bool {
	if n.last.end == 0 {
		return false
	}
	switch text := n.src[n.last.start:n.last.end]; n.last.kind {
	case luaKeyword:
		return slices.Contains([]string{"and", "or", "not", "local", "in", "goto"}, text)
	case luaSymbol:
		return !slices.Contains([]string{")", "]", "}", ";", "..."}, text)
	}
	return false
}

// openLong is whether the source ends inside of a long string or comment.
func (n *nesting) openLong() bool {
	if !n.tail.open {
		return false
	}
	text := strings.TrimPrefix(n.src[n.tail.start:n.tail.end], "--")
	return text != "" && longLevel(text) >= 0
}

// NewOpen gives a function that tells whether Lua source lacks its end, by its
// brackets and blocks alone. Asked about one source as it grows by lines, it
// reads each line once. It is for sources that are looked at, not run.
func NewOpen() func(source string) bool {
	n := &nesting{}
	return func(source string) bool {
		n.read(source)
		return len(n.open) > 0 || n.dangling() || n.openLong()
	}
}
