package complete

import (
	"fmt"
	"slices"
	"strings"
)

// plain is whether a text is a word of a command as it stands.
func plain(text string) bool {
	if text == "" || strings.ContainsAny(text, " \t\r\n;'\"$") || strings.IndexFunc(text, control) >= 0 {
		return false
	}
	return text[0] != '#' && !isOperator(text)
}

func control(r rune) bool { return r < 0x20 || r == 0x7f }

// quoteFor is the quote that fits all candidates.
func quoteFor(list []Candidate) byte {
	if slices.ContainsFunc(list, func(k Candidate) bool { return !single(k.Text) }) {
		return '"'
	}
	return '\''
}

func single(text string) bool {
	return !strings.ContainsRune(text, '\'') && strings.IndexFunc(text, control) < 0
}

// quote writes a text after an opening quote; the closing one is left to what
// follows.
func quote(text string, style byte) (quoted string, ok bool) {
	if style == '\'' {
		return "'" + text, single(text)
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\\' || c == '"' || c == '$':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}
