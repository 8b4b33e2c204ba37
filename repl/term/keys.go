// Package term is the terminal of the shell: one reader that makes keys of what
// is typed, one writer that keeps the line being typed below everything else that
// is shown, and the terminal's own state, which is given back at every end.
package term

import "unicode"

// A Key is what a person typed: a character, a control key, a named key, or a
// paste.
type Key struct {
	Code  rune   // a character; a control character (0x01–0x1f, 0x7f); or one of the constants below
	Alt   bool   // with Alt, or after Esc
	Ctrl  bool   // of named keys only
	Shift bool   // of named keys only
	Text  string // what was pasted, lines ended by '\n', without control characters

	raw []byte // what the terminal sent
}

// Named keys; their codes are no characters.
const (
	KeyUp rune = unicode.MaxRune + 1 + iota
	KeyDown
	KeyRight
	KeyLeft
	KeyHome
	KeyEnd
	KeyInsert
	KeyDelete
	KeyPageUp
	KeyPageDown
	KeyBackTab
	KeyPaste
)

// Control keys that have a meaning of their own.
const (
	KeyInterrupt = 0x03 // Ctrl-C
	KeyEnter     = '\r'
	KeyEscape    = 0x1b
	KeySuspend   = 0x1a // Ctrl-Z
	KeyBackspace = 0x7f
)

// finalKeys are the keys that CSI and SS3 sequences name by their last byte.
func finalKey(final byte) rune {
	switch final {
	case 'A':
		return KeyUp
	case 'B':
		return KeyDown
	case 'C':
		return KeyRight
	case 'D':
		return KeyLeft
	case 'H':
		return KeyHome
	case 'F':
		return KeyEnd
	case 'Z':
		return KeyBackTab
	}
	return 0
}

// numberedKey are the keys of CSI number ~.
func numberedKey(n int) rune {
	switch n {
	case 1, 7:
		return KeyHome
	case 2:
		return KeyInsert
	case 3:
		return KeyDelete
	case 4, 8:
		return KeyEnd
	case 5:
		return KeyPageUp
	case 6:
		return KeyPageDown
	}
	return 0
}
