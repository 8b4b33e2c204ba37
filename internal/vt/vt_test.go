package vt_test

import (
	"strings"
	"testing"

	"sosh/internal/vt"
)

func TestScreen(t *testing.T) {
	for _, c := range []struct {
		name, in string
		rows     string
		row, col int
	}{
		{"late wrap", "abcde", "abcde", 0, 4},
		{"wrapped", "abcdef", "abcde|f", 1, 1},
		{"wide at the edge", "abcd\u754c", "abcd|\u754c", 1, 2},
		{"mark", "e\u0301x", "e\u0301x", 0, 2},
		{"erase", "abc\r\nxyz\x1b[A\r\x1b[J", "|", 0, 0},
		{"half of a wide one", "\u754cx\r\x1b[Cy", " yx", 0, 2},
		{"scroll", "1\r\n2\r\n3\r\n4", "2|3|4", 2, 1},
		{"up stops", "1\r\n2\r\n3\r\n4\x1b[9A\rx", "x|3|4", 0, 1},
		{"colour", "\x1b[31mred\x1b[m", "red", 0, 3},
		{"clear", "abc\x1b[H\x1b[2J", "", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := vt.New(5, 3)
			for i := range len(c.in) { // in whatever pieces
				x.Write([]byte(c.in[i : i+1]))
			}
			rows, row, col := x.Screen()
			if got := strings.Join(rows, "|"); got != c.rows || row != c.row || col != c.col || x.Strange() != nil {
				t.Errorf("%q at %d,%d, want %q at %d,%d; %q", got, row, col, c.rows, c.row, c.col, x.Strange())
			}
		})
	}
}

func TestResize(t *testing.T) {
	x := vt.New(10, 5)
	x.Write([]byte("abcdefghijkl\r\nxy"))
	for _, c := range []struct {
		width    int
		rows     string
		row, col int
	}{{4, "abcd|efgh|ijkl|xy", 3, 2}, {20, "abcdefghijkl|xy", 1, 2}, {10, "abcdefghij|kl|xy", 2, 2}} {
		x.Resize(c.width, 5)
		rows, row, col := x.Screen()
		if got := strings.Join(rows, "|"); got != c.rows || row != c.row || col != c.col {
			t.Errorf("width %d: %q at %d,%d", c.width, got, row, col)
		}
	}
	if got := x.Text(); got != "abcdefghijkl\nxy\n" {
		t.Errorf("text %q", got)
	}
}
