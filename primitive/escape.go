package primitive

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape makes bytes from a peer, a file or a certificate safe to show: control
// characters (C0, C1, DEL), bidirectional and other format characters, and
// whatever is no valid UTF-8 become visible escapes. A backslash is doubled, so
// that the text tells what the bytes were. With keepLines, line feeds and tabs
// stay as they are.
func Escape(s string, keepLines bool) string { return escaped(s, keepLines, `\\`) }

// Visible is Escape with lines kept, for text that is shown and never read back:
// a backslash stays single, so that what is safe already does not change.
func Visible(s string) string { return escaped(s, true, `\`) }

// escaped writes a backslash as the given text.
func escaped(s string, keepLines bool, backslash string) string {
	if plain(s, keepLines) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '\\' {
			b.WriteString(backslash)
		} else {
			writeEscaped(&b, r, s[i:i+n], keepLines)
		}
		i += n
	}
	return b.String()
}

func plain(s string, keepLines bool) bool {
	for i := range len(s) {
		c := s[i]
		if c >= 0x7f || c == '\\' || c < 0x20 && !(keepLines && (c == '\n' || c == '\t')) {
			return false
		}
	}
	return true
}

func writeEscaped(b *strings.Builder, r rune, raw string, keepLines bool) {
	switch {
	case keepLines && (r == '\n' || r == '\t'):
		b.WriteRune(r)
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == utf8.RuneError && len(raw) == 1, r < 0x20, r == 0x7f:
		fmt.Fprintf(b, `\x%02x`, raw[0])
	case r == ' ' || unicode.IsPrint(r):
		b.WriteString(raw)
	default:
		fmt.Fprintf(b, `\u{%x}`, r)
	}
}

// Quote is Escape between double quotes: how untrusted text stands in messages.
func Quote(s string) string {
	return `"` + strings.ReplaceAll(Escape(s, false), `"`, `\"`) + `"`
}
