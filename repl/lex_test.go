package repl

import (
	"errors"
	"strings"
	"testing"

	"sosh/primitive"
)

// show writes words so that a table can hold them: quoted ones between «»,
// expressions between {}.
func show(words []word) string {
	var texts []string
	for _, w := range words {
		var b strings.Builder
		for _, p := range w.parts {
			if p.expr != "" {
				b.WriteString("{" + p.expr + "}")
			} else {
				b.WriteString(p.text)
			}
		}
		text := b.String()
		if w.quoted || w.data {
			text = "«" + text + "»"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "|")
}

func TestLex(t *testing.T) {
	for _, c := range []struct{ in, want, rest string }{
		{"send c1 hello", "send|c1|hello", ""},
		{"a; b", "a", " b"},
		{"a;b", "a", "b"},
		{"a\nb", "a", "b"},
		{"a 'b;c' d", "a|«b;c»|d", ""},
		{`a "x\r\n\t\0\\\"\x41\u{e9}\$n"`, "a|«x\r\n\t\x00\\\"Aé$n»", ""},
		{`a 'x\n$n'`, `a|«x\n$n»`, ""},
		{`a b\n`, `a|b\n`, ""},
		{"a # comment; b\nc", "a", "c"},
		{"a b#c", "a|b#c", ""},
		{"GET http://h/?a=1&b=2", "GET|http://h/?a=1&b=2", ""},
		{"a $n ${t.x} x$n", "a|{n}|{t.x}|x{n}", ""},
		{`a "$n!" $ $1 "$"`, "a|«{n}!»|$|$1|«$»", ""},
		{`a ${f("}") .. [[}]] .. {1}[1]} b`, `a|{f("}") .. [[}]] .. {1}[1]}|b`, ""},
		{"a --x=y 'b'c d'e f'", "a|--x=y|«bc»|de f", ""},
		{"a -- --b 'c' d", "a|--|«--b»|«c»|«d»", ""},
		{"a ''", "a|«»", ""},
		{`a ""`, "a|«»", ""},
		{"a \x00\xff", "a|\x00\xff", ""},
		{"a 'multi\nline' b", "a|«multi\nline»|b", ""},
		{"a > f & ", "a|>|f|&", ""},
	} {
		l := &lexer{src: c.in}
		words, err := l.command()
		if got := show(words); err != nil || got != c.want || c.in[l.pos:] != c.rest {
			t.Errorf("%q: got %q, rest %q, %v; want %q, rest %q", c.in, got, c.in[l.pos:], err, c.want, c.rest)
		}
	}
}

func TestLexMistakes(t *testing.T) {
	for _, c := range []struct {
		in         string
		unfinished bool
	}{
		{"a 'b", true}, {`a "b`, true}, {`a "b\`, true}, {"a ${b", true}, {`a "x${b}`, true}, {`a ${"}`, true},
		{`a "\q"`, false}, {`a "\x4"`, false}, {`a "\u{110000}"`, false}, {`a "\u{d800}"`, false}, {"a ${}", false},
	} {
		_, err := (&lexer{src: c.in}).command()
		var u unfinished
		if errors.As(err, &u) != c.unfinished || primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%q: %v, unfinished should be %v", c.in, err, c.unfinished)
		}
	}
}

func TestOperators(t *testing.T) {
	for _, c := range []struct {
		in, words, file string
		programs        int
		background, bad bool
	}{
		{in: "a b > f", words: "a|b", file: "f"},
		{in: "a >> f &", words: "a", file: "f", background: true},
		{in: "a | b c | d > f", words: "a", programs: 2, file: "f"},
		{in: `a ">" '|' "&"`, words: "a|«>»|«|»|«&»"},
		{in: "a -- > | &", words: "a|--|«>»|«|»|«&»"},
		{in: "a>b c|d e&f", words: "a>b|c|d|e&f"},
		{in: "a >", bad: true}, {in: "a > b c", bad: true}, {in: "a |", bad: true}, {in: "a | | b", bad: true},
		{in: "a & b", bad: true}, {in: "a > b > c", bad: true}, {in: "a > b | c", bad: true},
	} {
		words, err := (&lexer{src: c.in}).command()
		if err != nil {
			t.Fatal(err)
		}
		p, err := cutOperators(words)
		if (err != nil) != c.bad {
			t.Errorf("%q: %v", c.in, err)
		}
		if c.bad {
			continue
		}
		file := ""
		if p.file != nil {
			file, _ = p.file.plain()
		}
		if show(p.words) != strings.ReplaceAll(c.words, "c|d", "c|d") || file != c.file || len(p.programs) != c.programs || p.background != c.background {
			t.Errorf("%q: got %q %q %d %v", c.in, show(p.words), file, len(p.programs), p.background)
		}
	}
}

// FuzzLine holds that no line makes the lexer panic or stand still, and that
// words written down again read back as the same bytes.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{
		"send c1 hello; recv", `a '$n ${x} \ " > | & ; @f -- --x #' "" "\x80\t\r"`, `send "a\x00\u{e9}" 'b' $n ${t["}"]}`, "a | b > c &", "x = tcp connect h 1 # no",
		"a 'unfinished", "\xff\x00;\n\r\t", `"\`, "!ls", "try try lua x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for l := (&lexer{src: line}); l.pos < len(line); {
			at := l.pos
			words, err := l.command()
			if err != nil {
				return
			}
			if l.pos <= at {
				t.Fatalf("the lexer stands still at %d of %q", at, line)
			}
			roundTrip(t, words)
		}
	})
}

func roundTrip(t *testing.T, words []word) {
	var texts []string
	for _, w := range words {
		if text, ok := w.plain(); ok {
			texts = append(texts, text)
		}
	}
	line := quoteWords(texts...)
	again, err := (&lexer{src: line}).command()
	if err != nil || len(again) != len(texts) {
		t.Fatalf("%q reads back as %d words, not %d: %v", line, len(again), len(texts), err)
	}
	for i, w := range again {
		if text, ok := w.plain(); !ok || text != texts[i] {
			t.Fatalf("%q: word %d reads back as %q, not %q", line, i, text, texts[i])
		}
	}
}
