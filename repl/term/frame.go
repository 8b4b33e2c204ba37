package term

import (
	"bytes"
	"fmt"
	"strings"
)

// frame is the bytes that bring the terminal from what stands there to what
// should.
func (s *Screen) frame() []byte {
	var b bytes.Buffer
	width, height := s.size()
	resized := width != s.width || height != s.height
	if resized {
		s.drawn.rewrap(width, height)
		s.width, s.height = width, height
		s.newWidth, s.newHeight = width, height
	}
	if s.redraw || s.wipe || resized || len(s.before)+len(s.text) > 0 {
		s.drawn.erase(&b)
	}
	if s.wipe {
		b.WriteString("\x1b[H\x1b[2J")
		s.open, s.unknown = false, false
	}
	s.asItIs(&b)
	if s.block != nil {
		s.above(&b)
		pic := layout(s.block, s.tail, width, height, s.color)
		pic.draw(&b, s.drawn)
		s.drawn = pic
	}
	if s.leave {
		s.drawn.leave(&b)
	}
	s.urgent, s.redraw, s.wipe, s.leave = false, false, false, false
	return b.Bytes()
}

// asItIs writes what was shown while there was no block.
func (s *Screen) asItIs(b *bytes.Buffer) {
	if len(s.before) == 0 {
		return
	}
	b.Write(s.before)
	s.open = s.before[len(s.before)-1] != '\n'
	s.unknown = s.unknown && bytes.IndexByte(s.before, '\n') < 0
	s.before = nil
}

// above writes the lines that are shown above the block, from the beginning of a
// row.
func (s *Screen) above(b *bytes.Buffer) {
	switch { // what was written without a block may have left the cursor anywhere
	case s.unknown:
		b.WriteString(strings.Repeat(" ", s.width) + "\r\x1b[K")
	case s.open:
		b.WriteString("\r\n")
	}
	s.open, s.unknown = false, false
	b.WriteString(s.skippedLine())
	text := tidy(append([]byte(s.tail), s.text...), s.color)
	end := bytes.LastIndexByte(text, '\n') + 1
	if len(text)-end > maxTail {
		text = append(text, '\n')
		end = len(text)
	}
	b.Write(text[:end])
	s.tail, s.text = string(text[end:]), nil
}

// A line without an end that is longer than this is given one.
const maxTail = 4 << 10

// erase clears the rows that stand there; the cursor is then where the first was.
func (p *picture) erase(b *bytes.Buffer) {
	if len(p.rows) > 0 {
		up(b, p.row)
		b.WriteString("\r\x1b[J")
	}
	*p = picture{}
}

// leave puts the cursor below the rows that stand there, which stay.
func (p *picture) leave(b *bytes.Buffer) {
	if len(p.rows) > 0 {
		move(b, p.row, len(p.rows)-1)
		b.WriteString("\r\n")
	}
	*p = picture{}
}

// draw writes the rows that differ from those that stand there, and puts the
// cursor in its place.
func (p *picture) draw(b *bytes.Buffer, was picture) {
	at := was.row
	for i, row := range p.rows {
		if i < len(was.rows) && was.rows[i] == row {
			continue
		}
		if i < len(was.rows) || i == 0 {
			move(b, at, i)
			b.WriteString("\r\x1b[K")
		} else {
			move(b, at, i-1)
			b.WriteString("\r\n")
		}
		b.WriteString(row)
		at = i
	}
	if len(was.rows) > len(p.rows) {
		move(b, at, len(p.rows))
		b.WriteString("\r\x1b[J")
		at = len(p.rows)
	}
	move(b, at, p.row)
	b.WriteByte('\r')
	if p.col > 0 {
		fmt.Fprintf(b, "\x1b[%dC", p.col)
	}
}

func up(b *bytes.Buffer, rows int) { move(b, rows, 0) }

func move(b *bytes.Buffer, from, to int) {
	switch {
	case to < from:
		fmt.Fprintf(b, "\x1b[%dA", from-to)
	case to > from:
		fmt.Fprintf(b, "\x1b[%dB", to-from)
	}
}

// rewrap follows a terminal that wraps its rows anew when its width changes.
func (p *picture) rewrap(width, height int) {
	if width < 1 || len(p.rows) == 0 {
		return
	}
	row := p.col / width
	for _, w := range p.widths[:p.row] {
		row += max(1, (w+width-1)/width)
	}
	p.row = min(row, height-1)
}

// tidy leaves of a text what can stand above a block: characters, lines, tabs and
// SGR sequences, these only with color.
func tidy(text []byte, color bool) []byte {
	if bytes.IndexFunc(text, func(r rune) bool { return r < 0x20 && r != '\n' || r == 0x7f }) < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == 0x1b:
			n := csiLength(text[i:])
			if color && n > 0 && text[i+n-1] == 'm' {
				out = append(out, text[i:i+n]...)
			}
			i += max(n, 1) - 1
		case c == '\n' || c == '\t' || c >= 0x20 && c != 0x7f:
			out = append(out, c)
		}
	}
	return out
}

// csiLength is how long the CSI sequence is that p begins with; 0 for none.
func csiLength(p []byte) int {
	for i := 2; i < len(p) && p[1] == '['; i++ {
		if p[i] >= 0x40 && p[i] <= 0x7e {
			return i + 1
		}
		if p[i] < 0x20 || p[i] > 0x7e {
			break
		}
	}
	return 0
}
