package repl

import (
	"slices"
	"testing"

	"sosh/session"
	rows "sosh/verbs"
)

// Completion knows what the shell alone knows: aliases, options and topics.
func TestCompletingOwn(t *testing.T) {
	s := session.New(session.Options{})
	defer s.Close()
	sh := New(Options{Table: rows.Table(), Session: s})
	for name, text := range map[string]string{"web": "tcp connect 127.0.0.1 80", "hexdump": "hexdump x"} {
		if err := sh.aliases.set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	for line, want := range map[string]string{
		"we": "web", "web --tim": "--timeout", "hexdump --q": "--quiet", "set col": "color", "set color a": "always",
		"unalias w": "web", "help sockets": "sockets", "help err": "errors", "try web --tim": "--timeout",
	} {
		_, list := sh.completer.Complete(t.Context(), line, len(line))
		var texts []string
		for _, c := range list {
			texts = append(texts, c.Text)
		}
		if !slices.Contains(texts, want) {
			t.Errorf("%q becomes %v, not %s", line, texts, want)
		}
	}
}
