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
	sh := New(Options{Table: rows.Table(), Session: s, Lessons: func() []Lesson { return []Lesson{{Name: "first", Title: "The first"}} }})
	for name, text := range map[string]string{"web": "tcp connect 127.0.0.1 80", "hexdump": "hexdump x"} {
		if err := sh.aliases.set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	for line, want := range map[string]string{
		"we": "web", "web --tim": "--timeout", "hexdump --q": "--quiet", "set col": "color", "set color a": "always",
		"unalias w": "web", "help sockets": "sockets", "help err": "errors", "try web --tim": "--timeout",
		"lesson ": "show", "lesson sh": "show", "lesson show f": "first", "lesson run f": "first", "lesson run first --ch": "--check",
		"grade ": "first", "grade first --po": "--port", "set notify ": "summary", "notify s": "summary", "history --s": "--save",
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
