package style_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"sosh/repl/style"
)

func TestFor(t *testing.T) {
	for _, c := range []struct {
		name     string
		mode     style.Mode
		terminal bool
		env      string // NAME=VALUE …
		want     bool
	}{
		{"terminal", style.Auto, true, "", true},
		{"pipe", style.Auto, false, "", false},
		{"no colour", style.Auto, true, "NO_COLOR=1", false},
		{"dumb", style.Auto, true, "TERM=dumb", false},
		{"forced", style.Auto, false, "CLICOLOR_FORCE=1", true},
		{"not forced", style.Auto, false, "CLICOLOR_FORCE=0", false},
		{"both", style.Auto, true, "NO_COLOR=1 CLICOLOR_FORCE=1", false},
		{"asked for", style.Always, false, "NO_COLOR=1", true},
		{"refused", style.Never, true, "CLICOLOR_FORCE=1", false},
	} {
		env := map[string]string{}
		for _, pair := range strings.Fields(c.env) {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		got := style.For(c.mode, c.terminal, func(name string) string { return env[name] })
		if got.On() != c.want {
			t.Errorf("%s: colours %v, want %v", c.name, got.On(), c.want)
		}
	}
}

func TestColours(t *testing.T) {
	on := style.For(style.Always, false, func(string) string { return "" })
	if got := on.Escapes(`a\x1b[0m\\ \u{202e}`); got != "a\x1b[2m\\x1b\x1b[0m[0m\x1b[2m\\\\\x1b[0m \x1b[2m\\u{202e}\x1b[0m" {
		t.Errorf("escapes: %q", got)
	}
	if on.Handle("c1", "c1") == on.Handle("c2", "c2") || on.Handle("c1", "x") == on.Handle("l1", "x") {
		t.Error("neighbours have one colour")
	}
	if got := on.Handle("web", "x"); got == "x" || style.Width(got) != 1 {
		t.Errorf("a name of one's own: %q", got)
	}
	if got := (style.Style{}).Error("x") + (style.Style{}).Escapes(`\x1b`); got != `x\x1b` {
		t.Errorf("no colours: %q", got)
	}
}

func cells(texts ...string) (row []style.Cell) {
	for _, text := range texts {
		row = append(row, style.Cell{Text: text})
	}
	return row
}

func TestTable(t *testing.T) {
	table := style.Table{Header: cells("id", "type", "laddr", "state"), Rows: [][]style.Cell{
		cells("c1", "stream", "127.0.0.1:40000", "connected"),
		cells("日本", "listener", "", "listening"),
	}}
	for _, c := range []struct {
		width int
		want  string
	}{
		{0, `
id    type      laddr            state
c1    stream    127.0.0.1:40000  connected
日本  listener                   listening
`},
		{36, `
id    type      laddr      state
c1    stream    127.0.0.…  connected
日本  listener             listening
`},
		{20, `
id: c1
type: stream
laddr: 127.0.0.1:40…
state: connected

id: 日本
type: listener
state: listening
`},
	} {
		if got := "\n" + table.Text(c.width); got != c.want {
			t.Errorf("width %d:\n%s", c.width, got)
		}
	}
}

// Every line fits, whatever the texts.
func FuzzTable(f *testing.F) {
	f.Add("a", "日本語", "e\u0301", 7)
	f.Fuzz(func(t *testing.T, a, b, c string, width int) {
		for _, s := range []string{a, b, c} {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
				return // escaped before
			}
		}
		width = width&0xff + 3
		table := style.Table{Header: cells("x", "y"), Rows: [][]style.Cell{cells(a, b), cells(c, a), cells(b)}}
		for line := range strings.Lines(table.Text(width)) {
			if n := style.Width(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%q is %d wide, not %d", line, n, width)
			}
		}
	})
}
