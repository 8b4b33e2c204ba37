package style

import (
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"short\n", 10, "short\n"},
		{"any width at all", 0, "any width at all"},
		{"usage: tcp connect host port\n", 20, "usage: tcp connect\n    host port\n"},
		{"  --idle  5s  end it when it says nothing\n", 30, "  --idle  5s  end it when it\n              says nothing\n"},
		{"    a description that begins too far to the right  x y z\n", 24, "    a description that\n        begins too far\n        to the right  x\n        y z\n"},
		{"averyveryverylongword\n", 5, "averyveryverylongword\n"},
		{"日本語 日本語 日本語\n", 14, "日本語 日本語\n日本語\n"},
		{"", 10, ""},
	} {
		if got := Fold(c.text, c.width); got != c.want {
			t.Errorf("Fold(%q, %d) is\n%s, want\n%s", c.text, c.width, got, c.want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("  --idle  5s  end it when it says nothing\n", 30)
	f.Fuzz(func(t *testing.T, text string, width int) {
		folded := Fold(text, width%300)
		if strings.Join(strings.Fields(folded), "\x00") != strings.Join(strings.Fields(text), "\x00") {
			t.Errorf("the words of %q changed: %q", text, folded)
		}
	})
}
