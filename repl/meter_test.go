package repl

import (
	"fmt"
	"strings"
	"testing"

	"sosh/internal/vt"
	"sosh/primitive"
)

// A picture of several lines stands below what is written, grows and shrinks, and
// leaves nothing behind.
func TestPicture(t *testing.T) {
	screen := vt.New(40, 10)
	var m meter
	nothing := func() {}
	write := func(text string) {
		done := m.aside()
		fmt.Fprint(screen, text+"\r\n")
		done()
	}
	shows := func(want ...string) {
		t.Helper()
		rows, _, _ := screen.Screen()
		for i := range rows {
			rows[i] = strings.TrimRight(rows[i], " ")
		}
		got := strings.TrimRight(strings.Join(rows, "\n"), "\n")
		if got != strings.Join(want, "\n") {
			t.Errorf("the screen shows\n%s\nwant\n%s", got, strings.Join(want, "\n"))
		}
	}
	m.draw(screen, "a\nb\nc", nothing)
	shows("a", "b", "c")
	write("first")
	shows("first")
	m.draw(screen, "a\nlonger\nc", nothing)
	shows("first", "a", "longer", "c")
	m.draw(screen, "a\nb\nc\nd", nothing)
	shows("first", "a", "b", "c", "d")
	m.draw(screen, "one line", nothing)
	shows("first", "one line")
	for i := range 12 {
		write(fmt.Sprint("row ", i))
		m.draw(screen, "x\ny", nothing)
	}
	shows("row 4", "row 5", "row 6", "row 7", "row 8", "row 9", "row 10", "row 11", "x", "y")
	m.aside()()
	shows("row 4", "row 5", "row 6", "row 7", "row 8", "row 9", "row 10", "row 11")
}

// What is drawn fits the window, whatever comes, and drives no terminal.
func TestPictureFits(t *testing.T) {
	r := &running{what: "ping"}
	r.words.Store(&primitive.Words{Line: "far", Draw: func(columns, rows int) string {
		return strings.Repeat("日本語\x1b[2J\u202e", 30) + "\n" + strings.Repeat("line\n", 50) + "end"
	}})
	for _, columns := range []int{5, 20, 80} {
		for _, rows := range []int{0, 1, 5, 24} {
			text := r.picture(columns, rows)
			if n := strings.Count(text, "\n") + 1; n > max(rows, 1) || strings.ContainsAny(text, "\x1b\u202e") {
				t.Errorf("%d lines in %d rows: %q", n, rows, text)
			}
		}
	}
}
