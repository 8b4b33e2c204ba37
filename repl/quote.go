package repl

import (
	"fmt"
	"strings"
)

// Characters that need no quotes anywhere in a word.
const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:%+,=?[]^~-"

// quoteWord writes text as one word of a command line that reads back as the
// same bytes.
func quoteWord(text string) string {
	if text != "" && strings.Trim(text, safe) == "" && text[0] != '-' {
		return text
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\\' || c == '"' || c == '$':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// quoteWords writes words as a line.
func quoteWords(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quoteWord(w)
	}
	return strings.Join(quoted, " ")
}

// decodeEscapes decodes the escapes of "…" in a word given as a program
// argument.
func decodeEscapes(text string) (string, error) {
	var b strings.Builder
	for text != "" {
		if text[0] != '\\' {
			n := strings.IndexByte(text, '\\')
			if n < 0 {
				n = len(text)
			}
			b.WriteString(text[:n])
			text = text[n:]
			continue
		}
		piece, n, err := decodeEscape(text)
		if err != nil {
			return "", err
		}
		b.WriteString(piece)
		text = text[n:]
	}
	return b.String(), nil
}
