package complete

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain is whether a text is a word of a command as it stands.
func plain(text string) bool {
	if text == "" || strings.ContainsAny(text, " \t\r\n;'\"$") || strings.IndexFunc(text, control) >= 0 {
		return false
	}
	return text[0] != '#' && !isOperator(text)
}

// control is whether a character is written as an escape: one that drives a
// terminal or does not show, or no UTF-8.
func control(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }

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
	for len(text) > 0 {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case r == '\\' || r == '"' || r == '$':
			b.WriteString(`\` + text[:n])
		case r < 0x20 || r == 0x7f || r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case control(r):
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteString(text[:n])
		}
		text = text[n:]
	}
	return b.String(), true
}
