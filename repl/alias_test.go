package repl

import (
	"strings"
	"testing"

	"sosh/session"
	rows "sosh/verbs"
)

// Aliases are written out once, where a command begins, in typed lines only.
func TestAliasParse(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	sh := New(Options{Table: rows.Table(), Session: s})
	for name, text := range map[string]string{"ll": "handles", "web": "tcp connect 127.0.0.1 80", "hexdump": "hexdump x", "ll2": "ll"} {
		if err := sh.aliases.set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	for line, want := range map[string]string{
		"ll":              "handles",
		"ll --json; ll":   "handles --json|handles",
		"web --timeout 2": "tcp connect 127.0.0.1 80 --timeout 2",
		"x = web":         "x = tcp connect 127.0.0.1 80",
		"try ll":          "handles",
		"hexdump ll":      "hexdump x ll",
		"send ll":         "send ll",
		"ll > f; sleep 1": "handles > f|sleep 1",
		"ll2":             "ll",
		"'ll'":            "'ll'",
		"print(ll)":       "print(ll)",
	} {
		list, err := sh.parseTyped(line)
		var got []string
		for _, st := range list {
			got = append(got, st.text)
		}
		if strings.Join(got, "|") != want || err != nil {
			t.Errorf("%q is %q, %v; want %q", line, got, err, want)
		}
	}
	if _, err := sh.parseTyped("ll 'open"); !lacksMore(err) {
		t.Errorf("an open quote behind an alias: %v", err)
	}
	if list, _ := sh.parse("ll"); len(list) != 1 || list[0].lua != "ll" {
		t.Error("an alias means something in a script")
	}
}

// No alias and no line makes the parser panic, or go round for ever.
func FuzzAlias(f *testing.F) {
	f.Add("a", "handles", "a; x = a 'b'")
	f.Add("0", "0", "try #0")
	f.Add("a", "a", "try a\n# a\na")
	f.Add("x", "!ls", "x = x | x & ")
	f.Fuzz(func(t *testing.T, name, text, line string) {
		s := session.New(session.Options{})
		defer s.Close()
		sh := New(Options{Table: rows.Table(), Session: s})
		if sh.checkAlias(name, text) == nil {
			_ = sh.aliases.set(name, text) // too long is refused
		}
		_, _ = sh.parseTyped(line)
		sh.completer.Complete(t.Context(), line, len(line))
		_, _ = fillPrompt(line, func(string) (string, bool) { return text, name != "" })
	})
}
