package repl

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"sosh/primitive"
	"sosh/repl/style"
)

// The lines of a stream of records fit the window, however narrow; where there is
// none nothing is cut.
func TestItemLine(t *testing.T) {
	rec := primitive.Record{
		{Name: "host", Value: "日本語日本語日本語"}, {Name: "port", Value: int64(65535)}, {Name: "state", Value: "open"},
		{Name: "banner", Value: primitive.Bytes("220 \x1b[2Jready\r\n")},
	}
	colours := style.For(style.Always, true, func(string) string { return "" })
	for _, columns := range []int{3, 20, 40, 80, 0} {
		for _, names := range []bool{true, false} {
			line := itemLine(frame{look: colours, columns: columns}, rec, names)
			if n := style.Width(strings.TrimSuffix(line, "\n")); columns > 0 && n > columns {
				t.Errorf("%d columns: %d wide: %q", columns, n, line)
			}
		}
	}
	line := itemLine(frame{}, rec, false)
	if want := `日本語日本語日本語 65535            open             220 \x1b[2Jready\r\n` + "\n"; line != want {
		t.Errorf("got %q, want %q", line, want)
	}
	if line := itemLine(frame{look: colours}, rec, false); !strings.Contains(line, "\x1b[2m\\x1b\x1b[0m") {
		t.Errorf("escapes are not dim: %q", line)
	}
}

// sgr is what colours are made of.
var sgr = regexp.MustCompile(`\x1b\[[0-9]{1,2}m`)

// Whatever a peer says, a terminal gets nothing but text and colours.
func FuzzShown(f *testing.F) {
	f.Add("\x1b]0;title\x07\x1b[2J\x9b31m\u202e\b\b\r\xff\x00")
	f.Add(`\x1b[0m`)
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		look := style.For(style.Always, true, func(string) string { return "" })
		rec := primitive.Record{{Name: "id", Value: text}, {Name: "data", Value: primitive.Bytes(text)}, {Name: "list", Value: []any{text}}}
		for _, columns := range []int{0, 10, 80} {
			fr := frame{out: &out, tty: true, look: look, columns: columns}
			if err := fr.bytes([]byte(text)); err != nil {
				t.Fatal(err)
			}
			out.WriteString(listText(fr, []any{rec, text}) + recordText(fr, rec) + itemLine(fr, rec, false))
		}
		shown := sgr.ReplaceAllString(out.String(), "")
		if safe := primitive.Visible(shown); safe != shown {
			t.Errorf("%q is shown as %q", text, shown)
		}
	})
}
