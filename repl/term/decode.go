package term

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A decoder makes keys of the bytes a terminal sends, in whatever pieces they
// come. Sequences it does not know are dropped.
type decoder struct {
	buf     []byte // the beginning of a key
	pasting bool
	paste   []byte
}

// Bounds of what is collected: an escape sequence, a paste.
const (
	maxSequence = 4 << 10
	maxPaste    = 1 << 20
)

var pasteEnd = []byte("\x1b[201~")

// feed adds bytes and gives the keys that are complete.
func (d *decoder) feed(p []byte) (keys []Key) {
	d.buf = append(d.buf, p...)
	for len(d.buf) > 0 {
		if d.pasting {
			k, done := d.pasted()
			if !done {
				break
			}
			keys = append(keys, k)
			continue
		}
		k, n := parse(d.buf)
		if n == 0 {
			break
		}
		keys = d.took(keys, k, n)
	}
	return keys
}

// took moves on behind a key. A key without a code stands for what is dropped.
func (d *decoder) took(keys []Key, k Key, n int) []Key {
	k.raw = bytes.Clone(d.buf[:n])
	d.buf = d.buf[n:]
	if k.Code == KeyPaste {
		d.pasting = true
		return keys
	}
	if k.Code == 0 {
		return keys
	}
	return append(keys, k)
}

// waiting is whether what comes next, or that nothing comes, decides a key.
func (d *decoder) waiting() bool { return len(d.buf) > 0 || d.pasting }

// flush decides what is incomplete when nothing has followed for a while: Esc
// alone, Alt with a key that could begin a sequence, the end of a paste whose end
// was lost.
func (d *decoder) flush() []Key {
	buf := d.buf
	switch {
	case d.pasting:
		d.collect(buf)
		d.buf = nil
		return []Key{d.endPaste()}
	case len(buf) == 0:
		return nil
	case len(buf) == 1 && buf[0] == KeyEscape:
		return d.took(nil, Key{Code: KeyEscape}, 1)
	case len(buf) == 2 && buf[0] == KeyEscape:
		return d.took(nil, Key{Code: rune(buf[1]), Alt: true}, 2)
	case buf[0] != KeyEscape: // the beginning of a character
		return d.took(nil, Key{Code: utf8.RuneError}, len(buf))
	}
	return d.took(nil, Key{}, len(buf))
}

// pasted collects a paste until its end has come.
func (d *decoder) pasted() (Key, bool) {
	if i := bytes.Index(d.buf, pasteEnd); i >= 0 {
		d.collect(d.buf[:i])
		d.buf = d.buf[i+len(pasteEnd):]
		return d.endPaste(), true
	}
	keep := 0 // the end may have begun
	for n := min(len(pasteEnd)-1, len(d.buf)); n > 0 && keep == 0; n-- {
		if bytes.HasSuffix(d.buf, pasteEnd[:n]) {
			keep = n
		}
	}
	d.collect(d.buf[:len(d.buf)-keep])
	d.buf = append(d.buf[:0], d.buf[len(d.buf)-keep:]...)
	return Key{}, false
}

func (d *decoder) collect(p []byte) {
	d.paste = append(d.paste, p[:min(len(p), maxPaste-len(d.paste))]...)
}

func (d *decoder) endPaste() Key {
	k := Key{Code: KeyPaste, Text: cleanPaste(d.paste), raw: d.paste}
	d.pasting, d.paste = false, nil
	return k
}

// cleanPaste makes pasted bytes what could have been typed: lines, tabs and
// characters. The last line feed is not a wish to run it.
func cleanPaste(p []byte) string {
	text := strings.ToValidUTF8(string(p), string(utf8.RuneError))
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	text = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (r < 0x20 || r >= 0x7f && r < 0xa0) {
			return -1
		}
		return r
	}, text)
	return strings.TrimSuffix(text, "\n")
}

// parse reads the key that p begins with and the bytes it takes; none when more
// must come first.
func parse(p []byte) (Key, int) {
	c := p[0]
	switch {
	case c == KeyEscape:
		return parseEscape(p)
	case c < 0x20 || c == 0x7f:
		return Key{Code: rune(c)}, 1 // NUL is dropped
	case !utf8.FullRune(p):
		return Key{}, 0
	}
	r, n := utf8.DecodeRune(p)
	if r >= 0x80 && r < 0xa0 {
		r = 0 // C1
	}
	return Key{Code: r}, n
}

func parseEscape(p []byte) (Key, int) {
	if len(p) < 2 {
		return Key{}, 0
	}
	switch p[1] {
	case KeyEscape:
		return Key{Code: KeyEscape}, 1
	case '[':
		return parseCSI(p)
	case 'O':
		if len(p) < 3 {
			return Key{}, 0
		}
		return Key{Code: finalKey(p[2])}, 3
	case ']', 'P', '_', '^', 'X':
		return parseString(p)
	}
	k, n := parse(p[1:])
	if n == 0 {
		return Key{}, 0
	}
	k.Alt = true
	return k, n + 1
}

// parseString drops a control string, which a terminal sends as an answer.
func parseString(p []byte) (Key, int) {
	for i := 2; i < len(p); i++ {
		switch {
		case p[i] == 0x07:
			return Key{}, i + 1
		case p[i] == '\\' && p[i-1] == KeyEscape:
			return Key{}, i + 1
		case i > maxSequence:
			return Key{}, i
		}
	}
	return Key{}, 0
}

// parseCSI reads ESC [ parameters final.
func parseCSI(p []byte) (Key, int) {
	i := 2
	if i < len(p) && p[i] == '[' { // function keys of the Linux console
		i++
	}
	for i < len(p) && p[i] >= 0x20 && p[i] < 0x40 && i < maxSequence {
		i++
	}
	if i >= len(p) {
		return Key{}, 0
	}
	if p[i] < 0x40 || p[i] > 0x7e {
		return Key{}, i // no sequence: what breaks it is read by itself
	}
	return csiKey(string(p[2:i]), p[i]), i + 1
}

func csiKey(params string, final byte) Key {
	if strings.HasPrefix(params, "[") {
		return Key{}
	}
	first, mods, third := numbers(params)
	k := Key{Code: finalKey(final)}
	switch final {
	case '~':
		if first == 200 {
			return Key{Code: KeyPaste}
		}
		k.Code = numberedKey(first)
		if first == 27 && third > 0 { // xterm's modifyOtherKeys
			k.Code = rune(min(third, unicode.MaxRune))
		}
	case 'u': // fixterms, kitty
		k.Code = rune(min(first, unicode.MaxRune))
	}
	return modified(k, mods)
}

// modified adds the modifiers as xterm numbers them. A control key of a letter is
// its control character.
func modified(k Key, mods int) Key {
	if mods--; mods > 0 {
		k.Shift, k.Alt, k.Ctrl = mods&1 != 0, mods&2 != 0, mods&4 != 0
	}
	if k.Code < 0x80 && k.Code >= '@' && k.Ctrl {
		k.Code, k.Ctrl = k.Code&0x1f, false
	}
	if k.Code < 0 || k.Code >= 0x80 && k.Code < 0xa0 {
		return Key{}
	}
	return k
}

// numbers reads the first three parameters; what is missing is 0.
func numbers(params string) (a, b, c int) {
	var list [3]int
	for i, text := range strings.SplitN(params, ";", 4) {
		if i < len(list) {
			text, _, _ = strings.Cut(text, ":")
			list[i], _ = strconv.Atoi(text) // 0 is what is missing
		}
	}
	return list[0], list[1], list[2]
}
