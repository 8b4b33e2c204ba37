package repl_test

import (
	"encoding/hex"
	"testing"
)

// FuzzValue holds that a value reaches a command byte for byte, however it is
// written, and is never taken for a flag, a handle, a file or an operator.
func FuzzValue(f *testing.F) {
	for _, s := range []string{"", "a b", "--json", "c1", "@x", "$y ${z}", "> x | y &", "\x00\xff'\"\\", "?", "#", ";"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w := newWorld(t, nil)
		w.lua.Set("x", text)
		for line, want := range map[string]string{
			"hexdump $x":       text,
			`hexdump "$x"`:     text,
			`hexdump "a${x}b"`: "a" + text + "b",
			"hexdump a$x":      "a" + text,
			"hexdump -- $x b":  text + " b",
		} {
			got, err := w.sh.Line(t.Context(), line)
			if err != nil || got != hex.Dump([]byte(want)) {
				t.Errorf("%s with %q: %v, %v", line, text, got, err)
			}
		}
	})
}
