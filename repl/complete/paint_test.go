package complete_test

import (
	"fmt"
	"strings"
	"testing"

	"sosh/primitive"
	"sosh/repl/complete"
)

// Letters of the styles in these tests.
var letters = map[complete.Style]byte{
	complete.StyleCommand: 'c', complete.StyleUnknown: '?', complete.StyleFlag: 'f', complete.StyleString: 's',
	complete.StyleVariable: 'v', complete.StyleHandle: 'h', complete.StyleDead: 'x', complete.StyleNumber: 'n',
	complete.StyleOperator: 'o', complete.StyleComment: '#', complete.StyleKeyword: 'k',
}

// painted is a letter for each byte of a line.
func painted(t testing.TB, line string, spans []complete.Span) string {
	t.Helper()
	b := []byte(strings.Repeat(".", len(line)))
	end := 0
	for _, s := range spans {
		if s.Start < end || s.End <= s.Start || s.End > len(line) || letters[s.Style] == 0 {
			t.Fatalf("%q: wrong span %+v behind %d", line, s, end)
		}
		end = s.End
		for i := s.Start; i < s.End; i++ {
			b[i] = letters[s.Style]
		}
	}
	return string(b)
}

func TestPaint(t *testing.T) {
	w := newWorld(t)
	w.does(t, "listen 0", "srv = tcp connect ${l1.laddr}", "accept", "close c2", "counter = 1")
	for _, c := range []struct{ line, want string }{
		{"", ""},
		{"tcp connect h 80", "ccc.ccccccc...nn"},
		{"tcp conect h 80", "ccc.??????...nn"},
		{"tpc connect h", "???.........."},
		{"lisen 8", "?????.n"},
		{"listen 80; accept l1", "cccccc.nno.cccccc.hh"},
		{"send c1 'a b' x", "cccc.hh.sssss.."},
		{"send c2 x", "cccc.xx.."},
		{"send c9 x", "cccc.xx.."},
		{"send srv 80", "cccc.hhh..."}, // data is no number
		{"recv c1 5 --timeout 2s", "cccc.hh.n.fffffffff.nn"},
		{"recv c1 --tmeout 2s", "cccc.hh.????????.nn"},
		{"x = listen 0 # why", "v.o.cccccc.n.#####"},
		{"try listen 0", "ccc.cccccc.n"},
		{"!ls -l", "occ..."},
		{`send c1 "a $counter b" > f &`, "cccc.hh.sssvvvvvvvvsss.o...o"},
		{"send c1 ${t.x}y", "cccc.hh.vvvvvv."},
		{"send c1 'open", "cccc.hh.sssss"},
		{"help tcp", "cccc...."},
		{"attach c1", "cccccc.hh"},
		{"history --save x.lua", "ccccccc.ffffff......"},
		{"x = 1 + counter -- c", ".." + "o.n.o.........####"},
		{"counter", "......."},
		{"if x then print('a') end", "kk...kkkk......ossso.kkk"},
		{"tcp.connect('h', 80)", "ccco.......ossso.nno"},
		{"c1:send(c2)", "hho....oxxo"},
		{"lua tcp = 3", "ccc.....o.n"},
		{"x = [[a\nb]]\nlisten 0", "..o.sssssss.cccccc.n"},
		{"function f()\n  return 1\nend\nsend c1 x", "kkkkkkkk..oo...kkkkkk.n.kkk.cccc.hh.."},
	} {
		got := painted(t, c.line, w.Paint(c.line))
		if got != c.want {
			t.Errorf("%s\n%s\n%s wanted", c.line, got, c.want)
		}
	}
}

func TestSecrets(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ line, want string }{
		{"login me hunter2", "login me ***"},
		{"login me 'hunter2 x' --pin hunter2 --depth 2", "login me *** --pin *** --depth 2"},
		{"x = login me hunter2; login you --pin=hunter2 hunter2 > f", "x = login me ***; login you --pin=*** *** > f"},
		{"login me $pw --pin @pin.txt", "login me $pw --pin @pin.txt"},
		{"login me", "login me"}, {"send c1 x", "send c1 x"},
	} {
		got := c.line
		spans := w.Secrets(c.line)
		for i := len(spans) - 1; i >= 0; i-- {
			got = got[:spans[i].Start] + "***" + got[spans[i].End:]
		}
		if got != c.want {
			t.Errorf("%s: %s", c.line, got)
		}
	}
}

// Lines that are long in every way there is; painting one must not be felt.
func longLines() map[string]string {
	fill := func(s string) string { return strings.Repeat(s, 10_000/len(s)) }
	return map[string]string{
		"commands": fill("tcp connect h 80 --timeout 2s; "), "word": "send c1 " + fill("x"), "escapes": `send c1 "` + fill(`\x41`),
		"values": "send c1 " + fill("$counter "), "lua": fill("local x = c1:send('y') + 1 "), "lines": fill("x = 1\n"),
		"block": "function f()\n" + fill("  if x then y() end\n") + "end", "open": "function f()\n" + fill("  x()\n"),
		"brackets": fill("("), "string": "x = [[" + fill("a\n"), "quotes": fill("'\""), "semicolons": fill(";"),
	}
}

func BenchmarkPaint(b *testing.B) {
	w := newWorld(b)
	for name, line := range longLines() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				w.Paint(line)
			}
		})
	}
}

func BenchmarkComplete(b *testing.B) {
	w := newWorld(b)
	var lines []string
	for i := range 10_000 {
		lines = append(lines, fmt.Sprintf("tcp connect h%d %d --timeout 2s", i%50, i))
	}
	c := w.WithHistory(lines)
	for _, line := range []string{"tcp con", "tcp connect ", "print(st"} {
		b.Run(line, func(b *testing.B) {
			for b.Loop() {
				c.Complete(b.Context(), line, len(line))
			}
		})
	}
}

// No line makes completion, hints or colours panic; what they say fits the line.
func FuzzLine(f *testing.F) {
	for _, line := range []string{"tcp connect h 80 --timeout=2", "x = ${a.b}'c\"", "function f() return [[", "send \"a\\x\" > f | b &",
		"t[1].x:y(", "!ls; try lua #", "login a b --pin=", "\xff\x00ä語\n..", "run 'x", "${}", "send ${}", "a = tcp ", "--[==[", "every 1s tcp connect "} {
		f.Add(line, 5)
		f.Add(line, len(line))
	}
	w := newWorld(f)
	w.does(f, "listen 0", "t = {a = {b = 1}}")
	f.Fuzz(func(t *testing.T, line string, pos int) {
		start, list := w.Complete(t.Context(), line, pos)
		at := min(max(pos, 0), len(line))
		if start < 0 || start > at {
			t.Fatalf("%q: start %d of %d", line, start, at)
		}
		for _, k := range list {
			if k.Text != primitive.Escape(k.Text, false) && !strings.Contains(k.Text, `\`) && strings.ContainsAny(k.Text, "\x00\x1b\n") {
				t.Errorf("%q: %q", line, k.Text)
			}
		}
		w.Hint(line, pos)
		painted(t, line, w.Paint(line))
		w.Continue(line)
		w.Secrets(line)
	})
}
