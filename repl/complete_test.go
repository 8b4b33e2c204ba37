package repl_test

import (
	"strings"
	"testing"

	"sosh/repl"
	"sosh/verbs"
)

func TestComplete(t *testing.T) {
	w := newWorld(t, nil)
	w.lua.Set("counter", 1.0)
	if code := w.run(t, "-c", "listen 0; srv = udp bind 0"); code != 0 {
		t.Fatal(w.err.String())
	}
	table := verbs.Table()
	extra := repl.Extra{Candidate: repl.Candidate{Text: "tcp-server"}, After: "run"}
	own := []repl.Extra{
		{Candidate: repl.Candidate{Text: "greet"}, Takes: true},
		{Candidate: repl.Candidate{Text: "color"}, After: "set"}, {Candidate: repl.Candidate{Text: "never"}, After: "set color"},
	}
	for _, c := range []struct{ line, has, hasNot string }{
		{"", "tcp listen help", "counter"},
		{"tc", "tcp", "udp"},
		{"tcp ", "connect listen", "bind"},
		{"tcp connect --ti", "--timeout", "--json"},
		{"tcp connect --", "--timeout --json --help", ""},
		{"accept ", "l1", "u1 srv"},
		{"recvfrom ", "u1 srv", "l1"},
		{"info ", "u1 srv l1", ""},
		{"socket open ", "inet inet6", "stream"},
		{"socket open inet ", "stream dgram", "inet"},
		{"tcp connect 127.0.0.1 ht", "http", "smtp"},
		{"x = tcp ", "connect", ""},
		{"try tcp ", "connect", ""},
		{"listen 5; acc", "accept", "listen"},
		{"help tcp ", "connect", ""},
		{"run tcp", "tcp-server", "tcp"},
		{"run complete_t", "complete_test.go", ""},
		{"send @complete_t", "@complete_test.go", ""},
		{"print(cou", "print(counter", ""},
		{"send 'x ", "", "l1"},
		{"greet ", "u1 srv l1", "send"},
		{"set ", "color", "never"},
		{"set color ", "never", "prompt"},
	} {
		var texts []string
		for _, k := range repl.Complete(table, w.s, w.lua, c.line, len(c.line), append(own, extra, repl.Extra{Candidate: repl.Candidate{Text: "help"}})...) {
			texts = append(texts, k.Text)
		}
		got := " " + strings.Join(texts, " ") + " "
		for _, text := range strings.Fields(c.has) {
			if !strings.Contains(got, " "+text+" ") {
				t.Errorf("%q: %s is missing in %s", c.line, text, got)
			}
		}
		for _, text := range strings.Fields(c.hasNot) {
			if strings.Contains(got, " "+text+" ") {
				t.Errorf("%q: %s should not be in %s", c.line, text, got)
			}
		}
	}
}
