// Package vt is a small model of a terminal, for tests: what stands on the screen
// and in the lines above it after some bytes, and where the cursor is. It knows
// what the shell sends, wraps late as terminals do, wraps anew when its width
// changes, and reports what it does not know.
package vt

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A cell is one character with its marks; of a wide one, the second is empty.
type cell struct {
	text string
	wide bool // takes the next cell too
}

// A line is a row of cells; one that goes on in the next row was not ended.
type line struct {
	cells []cell
	wraps bool
}

// A Terminal is written to by one goroutine and looked at by others.
type Terminal struct {
	mu            sync.Mutex
	width, height int
	lines         []line // all there ever were, the screen last
	row, col      int    // of the cursor; row counts from the first line
	top           int    // the first line of the screen
	pending       bool   // the next character begins a row
	rest          []byte // of a sequence
	strange       []string
	changed       chan struct{}
}

// New is an empty terminal.
func New(width, height int) *Terminal {
	return &Terminal{width: width, height: height, lines: make([]line, 1), changed: make(chan struct{})}
}

// Write takes what a program sends.
func (t *Terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	data := append(t.rest, p...)
	for len(data) > 0 {
		n := t.step(data)
		if n == 0 {
			break
		}
		data = data[n:]
	}
	t.rest = append([]byte(nil), data...)
	close(t.changed)
	t.changed = make(chan struct{})
	return len(p), nil
}

// step obeys one character or sequence and gives its length; 0 if it is not whole.
func (t *Terminal) step(p []byte) int {
	switch c := p[0]; {
	case c == 0x1b:
		return t.escape(p)
	case c == '\r':
		t.col, t.pending = 0, false
		return 1
	case c == '\n':
		t.down()
		return 1
	case c == '\t':
		for t.put(" "); t.col%8 != 0 && t.col < t.width-1; {
			t.put(" ")
		}
		return 1
	case c < 0x20 || c == 0x7f:
		t.odd("control %#x", c)
		return 1
	case !utf8.FullRune(p):
		return 0
	}
	r, n := utf8.DecodeRune(p)
	if r == utf8.RuneError && n == 1 {
		t.odd("byte %#x", p[0])
	}
	t.put(string(p[:n]))
	return n
}

func (t *Terminal) odd(format string, args ...any) {
	t.strange = append(t.strange, fmt.Sprintf(format, args...))
}

// down is a line feed.
func (t *Terminal) down() {
	t.row, t.pending = t.row+1, false
	for t.row >= len(t.lines) {
		t.lines = append(t.lines, line{})
	}
	t.top = max(t.top, t.row-t.height+1)
}

// Cells is how many cells a character takes: two for what is wide in East Asia,
// none for marks.
func Cells(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me) || r == 0x200d:
		return 0
	case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf && r != 0x303f, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff01 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6,
		r >= 0x1f300 && r <= 0x1f64f, r >= 0x1f900 && r <= 0x1f9ff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

func (t *Terminal) put(text string) {
	r, _ := utf8.DecodeRuneInString(text)
	w := Cells(r)
	if w == 0 {
		t.mark(text)
		return
	}
	if t.pending || t.col+w > t.width {
		t.lines[t.row].wraps = true
		t.down()
		t.col = 0
	}
	l := &t.lines[t.row]
	for len(l.cells) < t.col+w {
		l.cells = append(l.cells, cell{text: " "})
	}
	l.clear(t.col)
	l.cells[t.col] = cell{text: text, wide: w == 2}
	if w == 2 {
		l.clear(t.col + 1)
		l.cells[t.col+1] = cell{}
	}
	l.wraps = l.wraps && t.col+w < len(l.cells)
	if t.col += w; t.col >= t.width {
		t.col, t.pending = t.width-1, true
	}
}

// clear takes away both halves of a wide character that one is overwritten of.
func (l *line) clear(i int) {
	if l.cells[i].text == "" && i > 0 {
		l.cells[i-1] = cell{text: " "}
	}
	if l.cells[i].wide && i+1 < len(l.cells) {
		l.cells[i+1] = cell{text: " "}
	}
	l.cells[i] = cell{text: " "}
}

// mark puts a mark on the character before the cursor.
func (t *Terminal) mark(text string) {
	i := t.col - 1
	if t.pending {
		i = t.col
	}
	if l := &t.lines[t.row]; i >= 0 && i < len(l.cells) {
		if l.cells[i].text == "" {
			i--
		}
		l.cells[i].text += text
	}
}

// escape obeys a CSI sequence.
func (t *Terminal) escape(p []byte) int {
	if len(p) < 2 {
		return 0
	}
	if p[1] != '[' {
		t.odd("ESC %q", p[1])
		return 2
	}
	for i := 2; i < len(p); i++ {
		if p[i] >= 0x40 {
			t.csi(string(p[2:i]), p[i])
			return i + 1
		}
	}
	return 0
}

func (t *Terminal) csi(params string, final byte) {
	n, err := strconv.Atoi(params)
	count := max(1, n)
	switch {
	case final == 'm', params == "?2004" && (final == 'h' || final == 'l'), params == "?25" && final == 'h':
		return
	case err != nil && params != "":
		t.odd("CSI %s %c", params, final)
	case final == 'A':
		t.row, t.pending = max(t.top, t.row-count), false
	case final == 'B':
		t.row, t.pending = min(t.top+t.height-1, t.row+count), false
		for t.row >= len(t.lines) {
			t.lines = append(t.lines, line{})
		}
	case final == 'C':
		t.col, t.pending = min(t.width-1, t.col+count), false
	case final == 'H' && params == "":
		t.row, t.col, t.pending = t.top, 0, false
	case final == 'K' && n == 0:
		t.lines[t.row].cut(t.col)
	case final == 'J' && (n == 0 || n == 2):
		t.erase(n)
	default:
		t.odd("CSI %s %c", params, final)
	}
}

func (l *line) cut(col int) {
	if col < len(l.cells) {
		l.cells = l.cells[:col]
	}
	l.wraps = false
}

// erase clears from the cursor to the end of the screen, or all of the screen.
func (t *Terminal) erase(what int) {
	if what == 2 {
		for i := t.top; i < len(t.lines); i++ {
			t.lines[i] = line{}
		}
		return
	}
	t.lines[t.row].cut(t.col)
	for i := t.row + 1; i < len(t.lines); i++ {
		t.lines[i] = line{}
	}
}

// Resize changes the window. Lines are wrapped anew, and the cursor stays on its
// character.
func (t *Terminal) Resize(width, height int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if width != t.width {
		t.rewrap(width)
	}
	t.width, t.height, t.pending = width, height, false
	t.top = max(0, t.row-height+1, min(t.top, len(t.lines)-height))
}

func (t *Terminal) rewrap(width int) {
	var lines []line
	row, col := 0, 0
	for i := 0; i < len(t.lines); {
		var whole []cell
		at := -1 // of the cursor in it
		for more := true; more; i++ {
			if i == t.row {
				at = len(whole) + t.col
			}
			whole = append(whole, t.lines[i].cells...)
			more = t.lines[i].wraps && i+1 < len(t.lines)
		}
		if at >= 0 {
			row, col = len(lines)+at/width, at%width
		}
		lines = append(lines, wrap(whole, width)...)
	}
	for row >= len(lines) {
		lines = append(lines, line{})
	}
	t.lines, t.row, t.col = lines, row, col
}

func wrap(cells []cell, width int) []line {
	lines := []line{{}}
	for _, c := range cells {
		last := &lines[len(lines)-1]
		if len(last.cells) == width || c.wide && len(last.cells) == width-1 {
			last.wraps = true
			lines = append(lines, line{})
			last = &lines[len(lines)-1]
		}
		last.cells = append(last.cells, c)
	}
	return lines
}

// Screen is what stands in the window, without blanks at the ends of the rows,
// and the cursor's place in it.
func (t *Terminal) Screen() (rows []string, row, col int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := t.top; i < len(t.lines) && i < t.top+t.height; i++ {
		rows = append(rows, t.lines[i].text())
	}
	return rows, t.row - t.top, t.col
}

// Row is the row of the screen that the cursor is in, and its place there.
func (t *Terminal) Row() (row string, col int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.lines[t.row].text(), t.col
}

// Text is all that was ever shown and not erased, lines that were wrapped joined.
func (t *Terminal) Text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	for _, l := range t.lines {
		if l.wraps {
			for _, c := range l.cells {
				b.WriteString(c.text)
			}
			continue
		}
		b.WriteString(l.text() + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// Forget drops the lines above the screen.
func (t *Terminal) Forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = append([]line(nil), t.lines[t.top:]...)
	t.row, t.top = t.row-t.top, 0
}

func (l *line) text() string {
	var b strings.Builder
	for _, c := range l.cells {
		b.WriteString(c.text)
	}
	return strings.TrimRight(b.String(), " ")
}

// Strange lists what was sent that the model does not know.
func (t *Terminal) Strange() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.strange...)
}

// Changed is closed when something more was written.
func (t *Terminal) Changed() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changed
}
