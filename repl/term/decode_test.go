package term

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// decoded gives the keys of some bytes, cut as cuts says, without what they were
// made of.
func decoded(text string, cuts ...int) []Key {
	var d decoder
	var keys []Key
	last := 0
	for _, cut := range append(cuts, len(text)) {
		keys = append(keys, d.feed([]byte(text[last:cut]))...)
		last = cut
	}
	keys = append(keys, d.flush()...)
	for i := range keys {
		keys[i].raw = nil
	}
	return keys
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []Key
	}{
		{"aé日", []Key{{Code: 'a'}, {Code: 'é'}, {Code: '日'}}},
		{"\r\x03\x7f\t", []Key{{Code: '\r'}, {Code: 3}, {Code: 0x7f}, {Code: '\t'}}},
		{"\x1b[A\x1bOB\x1b[1;5C\x1b[1;3D", []Key{{Code: KeyUp}, {Code: KeyDown}, {Code: KeyRight, Ctrl: true}, {Code: KeyLeft, Alt: true}}},
		{"\x1b[H\x1b[4~\x1b[3~\x1b[3;5~\x1b[Z", []Key{{Code: KeyHome}, {Code: KeyEnd}, {Code: KeyDelete}, {Code: KeyDelete, Ctrl: true}, {Code: KeyBackTab}}},
		{"\x1bb\x1b\x7f\x1b\r\x1b日", []Key{{Code: 'b', Alt: true}, {Code: 0x7f, Alt: true}, {Code: '\r', Alt: true}, {Code: '日', Alt: true}}},
		{"\x1b", []Key{{Code: KeyEscape}}},
		{"\x1b[", []Key{{Code: '[', Alt: true}}},
		{"\x1b\x1b[A", []Key{{Code: KeyEscape}, {Code: KeyUp}}},
		{"\x1b[27u\x1b[99;5u\x1b[27;5;105~\x1b[97;3u", []Key{{Code: KeyEscape}, {Code: 3}, {Code: '\t'}, {Code: 'a', Alt: true}}},
		{"\x1b[15~\x1b[[Aa\x1b[?1;2c\x1b[5;5R\x1b[I", []Key{{Code: 'a'}}},
		{"\x1b]11;rgb:0/0/0\x1b\\a\x1bP1$r\x1b\\b", []Key{{Code: 'a'}, {Code: 'b'}}},
		{"\x1b[1\x1b[A", []Key{{Code: KeyUp}}},
		{"\x1b[9999999999999u\x1b[1114115ua", []Key{{Code: 0x10ffff}, {Code: 0x10ffff}, {Code: 'a'}}},
		{"a\xffb\x00\u0085c", []Key{{Code: 'a'}, {Code: utf8.RuneError}, {Code: 'b'}, {Code: 'c'}}},
		{"\xe6\x97", []Key{{Code: utf8.RuneError}}},
		{"\x1b[200~a\r\nb\rc\x1b[31m\x00\t\n\x1b[201~d", []Key{{Code: KeyPaste, Text: "a\nb\nc[31m\t"}, {Code: 'd'}}},
		{"\x1b[200~a\x1b[20", []Key{{Code: KeyPaste, Text: "a[20"}}},
		{"\x1b[201~a", []Key{{Code: 'a'}}},
	} {
		if got := decoded(c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %+v, want %+v", c.in, got, c.want)
		}
	}
}

// A paste has a bound, and ends all the same.
func TestDecodeLongPaste(t *testing.T) {
	keys := decoded("\x1b[200~" + strings.Repeat("x", 2*maxPaste) + "\x1b[201~y")
	if len(keys) != 2 || len(keys[0].Text) != maxPaste || keys[1].Code != 'y' {
		t.Errorf("%d keys", len(keys))
	}
}

// However the bytes are cut into reads, the keys are the same, and none could
// drive a terminal.
func FuzzDecode(f *testing.F) {
	f.Add("a\x1b[A日\x1b[200~x\r\ny\x1b[201~\x1b]0;t\x07\x1bOP", 3, 7)
	f.Add("\x1b\x1b[1;5C\x1b[27;5;105~\xff\x1b", 1, 2)
	f.Fuzz(func(t *testing.T, text string, i, j int) {
		i, j = max(0, min(i, len(text))), max(0, min(j, len(text)))
		whole := decoded(text)
		if cut := decoded(text, min(i, j), max(i, j)); !reflect.DeepEqual(cut, whole) {
			t.Errorf("%q cut at %d and %d: %+v, whole %+v", text, i, j, cut, whole)
		}
		for _, k := range whole {
			if k.Code == 0 || k.Code >= 0x80 && k.Code < 0xa0 || strings.ContainsAny(k.Text, "\x1b\x00\r\u009b") {
				t.Errorf("%q: %+v", text, k)
			}
		}
	})
}
