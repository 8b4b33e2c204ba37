package complete_test

import (
	"strings"
	"testing"
)

func TestHint(t *testing.T) {
	w := newWorld(t)
	w.does(t, "listen 0", "tcp connect ${l1.laddr}", "add = function(a, b) return a + b end")
	for _, c := range []struct{ line, want string }{
		{"", ""}, {"tc", ""},
		{"tcp", "connect"},
		{"tcp connect", "Open a TCP connection"},
		{"tcp connect ", "‹host› port  (host and port to connect to)  [--timeout DURATION]"},
		{"tcp connect exa", "‹host› port  (host and port to connect to)  [--timeout DURATION]"},
		{"tcp connect example.org ", "‹port›  (host and port to connect to)  [--timeout DURATION]"},
		{"tcp connect example.org 8", "‹port›  (host and port to connect to)  [--timeout DURATION]"},
		{"tcp connect example.org:80 ", "[--timeout DURATION]"},
		{"tcp connect h 80 --timeout ", "‹--timeout DURATION›"},
		{"tcp connect h 80 --timeout 2", "‹--timeout DURATION›"},
		{"tcp connect h 80 --timeout=2", "‹--timeout DURATION›"},
		{"x = tcp connect ", "‹host› port"},
		{"try tcp connect ", "‹host› port"},
		{"listen 5; tcp connect ", "‹host› port"},
		{"listen ", "‹[host:]port›"}, {"serve 0 ", "‹handler…›"},
		{"serve 0 reply ", "‹text…›  (what each client gets)"}, {"serve 0 chat ", "[--queue NUMBER]"}, {"serve 0 chat --queue ", "‹--queue NUMBER›"},
		{"serve(0, 'reply', ", "‹text›, {"}, {`serve(0, "chat", {`, "‹{queue = …, patience = …, line = …, iterative = …"},
		{"login ", "‹user› password"},
		{"login me ", "‹password›  (what only the user knows)  [--pin TEXT]"},
		{"send c1 ", "‹data…›"},
		{"send c1 a b ", "‹data…›"},
		{"recv c1 ", "[‹max›]"},
		{"listen 80 > ", ""},
		{"run ", "[lesson|file] [args…]"},
		{"!ls ", ""}, {"nothing ", ""},
		{"print('x'", "function"},
		{"tcp.connect(", "‹host›, port, {"},
		{"tcp.connect('h', ", "host, ‹port›, {"},
		{"tcp.connect('h', 80, {", "host, port, ‹{"},
		{"c1:send(", "‹data›"},
		{"x = f(tcp.connect('h', g(1, 2), ", "host, port, ‹{"},
		{"add(1, ", "function(a, b)"},
		{"x = 'add(1, ", ""},
	} {
		got := w.Hint(c.line, len(c.line))
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%q: %q, want %q", c.line, got, c.want)
		}
	}
	if got := w.Hint("tcp connect h 80", 13); !strings.HasPrefix(got, "‹host›") || !strings.Contains(got, "(host and port to connect to)") {
		t.Errorf("inside of the line: %q", got)
	}
}

func TestIndent(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ text, want string }{
		{"x = 1", ""}, {"", ""},
		{"function f()", "  "},
		{"function f()\n  if x then", "    "},
		{"function f()\n  if x then\n    y()\n  end", "  "},
		{"for i = 1, 3 do", "  "}, {"while x do", "  "}, {"repeat", "  "}, {"repeat\nuntil x", ""},
		{"serve(8080, function(c)", "  "}, // one line opens one step
		{"t = {", "  "}, {"t = {\n  a = {", "    "}, {"t = {\n  a = {\n  },", "  "},
		{"x = 1 +", "  "}, {"local x =", "  "},
		{"x = [[", ""}, {"--[[", ""},
		{"if x then -- function(", "  "}, {"x = 'function('", ""},
		{"listen 5\nfunction f()", "  "},
		{"send 'function (", ""},
		{"if x then\n  y()\nelse", "  "},
		{"end end end )", ""},
	} {
		if got := w.Indent(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestContinue(t *testing.T) {
	w := newWorld(t)
	text := ""
	for _, line := range []string{"function f(a)", "if a then", "g{", "1,", "}", "else", "repeat", "x()", "until y", "end", "end"} {
		text += line
		text = w.Continue(text)
	}
	want := "function f(a)\n  if a then\n    g{\n      1,\n    }\n  else\n    repeat\n      x()\n    until y\n  end\nend\n"
	if text != want {
		t.Errorf("%s\n%s wanted", text, want)
	}
	for _, c := range [][2]string{{"x = [[\n  end", "x = [[\n  end\n"}, {"send 'a\n  end", "send 'a\n  end\n"}, {"", "\n"}, {"end", "end\n"}, {"if x then\n\t\tend", "if x then\nend\n"}} {
		if got := w.Continue(c[0]); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
}
