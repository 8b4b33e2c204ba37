package luabind

import (
	"slices"
	"strings"
	"testing"

	"sosh/primitive"
)

func TestFields(t *testing.T) {
	f := newFixture(t, Options{})
	f.eval(t, "t = {field = {deep = 1}, ['no name'] = 2, f = function(a, b, ...) end, list = {{x = 'a\\27b'}}}")
	f.eval(t, "class = {method = function(self, n) end}; object = setmetatable({own = true}, {__index = class})")
	f.eval(t, "lazy = setmetatable({}, {__index = function() error('runs') end})")
	f.eval(t, "c = line.open('127.0.0.1:7')")
	f.eval(t, "q = task.queue(2); text = string.rep('x', 1000)")
	for _, c := range []struct {
		path    string
		methods bool
		want    string // names, and what some of them mean
		not     string
	}{
		{"", false, "print string t c line", "_G deep"},
		{"t", false, "field f list", "no name"},
		{"t.field", false, "deep", "field"},
		{"t.list.1", false, "x", "deep"},
		{"t.list.2", false, "", "x"},
		{"object", false, "own method", ""}, {"object", true, "method", "own"},
		{"lazy", false, "", "runs"}, {"lazy.x", false, "", "runs"},
		{"string", false, "format rep", ""}, {"text", true, "format rep", ""}, {"text", false, "", "format"},
		{"c", true, "recv close", "laddr"}, {"c", false, "laddr raddr", "recv"}, {"c1", true, "recv", ""},
		{"q", true, "put get", ""}, {"nothing", false, "", "t"}, {"t.nothing.x", false, "", "t"}, {"..", false, "", "t"},
	} {
		var names []string
		for _, k := range f.Fields(c.path, c.methods) {
			names = append(names, k.Text)
		}
		for _, want := range strings.Fields(c.want) {
			if !slices.Contains(names, want) {
				t.Errorf("%q: %s is missing in %q", c.path, want, names)
			}
		}
		for _, not := range strings.Fields(c.not) {
			if slices.Contains(names, not) {
				t.Errorf("%q: %s in %q", c.path, not, names)
			}
		}
	}
	for _, c := range []struct{ path, name, help, suffix string }{
		{"t", "f", "function(a, b, ...)", "("}, {"t", "list", "list of 1", ""}, {"t.list.1", "x", `"a\x1bb"`, ""},
		{"", "text", "…", ""}, {"", "line", "table", ""}, {"line", "open", "Do line open", "("}, {"", "c", "line c1", ""},
	} {
		list := f.Fields(c.path, false)
		i := slices.IndexFunc(list, func(k primitive.Candidate) bool { return k.Text == c.name })
		if i < 0 || !strings.Contains(list[i].Help, c.help) || list[i].Suffix != c.suffix || len(list[i].Help) > 200 {
			t.Errorf("%s.%s: %v, want %s", c.path, c.name, list, c.help)
		}
	}
	f.take() // a script that runs
	defer f.give()
	if len(f.Fields("", false)) == 0 || f.Fields("t", false) != nil {
		t.Error("while a script runs, the globals of before are known and nothing else")
	}
}

// Mistakes show their line, with the place marked.
func TestExcerpts(t *testing.T) {
	f := newFixture(t, Options{Strict: true})
	long := "x = '" + strings.Repeat("a", 500) + "' = 3 -- " + strings.Repeat("b", 500)
	for _, c := range []struct{ source, want string }{
		{"x = = 3", "  1 | x = = 3\n    |     ^"},
		{"x = 1\n\ty = }", "  2 |  y = }\n    |      ^"},
		{"print x", "  1 | print x\n    |       ^"},
		{"x = 'abc", "  1 | x = 'abc\n    |      ^^^"},
		{"if a != b then end", "  1 | if a != b then end\n    |      ^"},
		{"for i in range(3):\n  x", "  2 |   x\n    |    ^"},
		{"local a = 1\n  b.c = a", "  2 |   b.c = a\n    |   ^"},
		{"local s = 'a' .. nothing", "  1 | local s = 'a' .. nothing\n    |                  ^^^^^^^"},
		{"error('boom')", "  1 | error('boom')\n    |        ^^^^"},
		{"  local ok = nil + 1", "  1 |   local ok = nil + 1\n    |              ^^^"},
		{"x = 'a\\27[2J' = 1", "^"},
		{"break", "  1 | break\n    | ^^^^^"},
		{long, "  1 | …aaaaaaaaaa"},
	} {
		_, err := f.Run(t.Context(), c.source, "prompt")
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "traceback") {
			t.Errorf("%.60s\n%v\n%s wanted", c.source, err, c.want)
		}
		if text := err.Error(); strings.Contains(text, "\x1b") || len(text) > 700 {
			t.Errorf("not fit to be shown: %q", text)
		}
	}
	// A function of an earlier part of the source knows its line.
	f.eval(t, "function early()\n  undefinedname()\nend")
	f.eval(t, "\n\n\n\n\nlater = 1")
	f.fails(t, "\n\n\n\n\n\nearly()", primitive.Usage, "prompt:2:")
	if _, err := f.Run(t.Context(), "\n\n\n\n\n\n\nearly()", "prompt"); !strings.Contains(err.Error(), "  2 |   undefinedname()\n    |   ^^^^^^^^^^^^^") {
		t.Errorf("%v", err)
	}
}

func FuzzExcerpt(f *testing.F) {
	f.Add("x = = 3\n", 1, 5, "=")
	f.Add("\xff\xff語\t\x1b", 1, 2, "\xff")
	f.Fuzz(func(t *testing.T, source string, line, column int, token string) {
		text := markSyntax(source, line, column, token)
		if strings.Count(text, "\n") > 1 || strings.ContainsAny(text, "\x1b\r") {
			t.Errorf("%q", text)
		}
	})
}
