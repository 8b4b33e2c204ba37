package wire

import (
	"fmt"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"
)

// Look says how a diagram is written.
type Look struct {
	Width int  // columns; 0 is 80
	ASCII bool // no other characters of ours
}

// Columns of the parts: the time, the least between two lanes, and what stays
// right of the last one for words.
const (
	timeColumn = 11
	leastSpan  = 17
	rightEdge  = 16
	leastWidth = timeColumn + leastSpan + rightEdge
)

// signs are the characters of the drawing.
type signs struct{ line, dash, right, left, tee, back, lost string }

func (l Look) signs() signs {
	if l.ASCII {
		return signs{"|", "-", ">", "<", "|", "|", "x"}
	}
	return signs{"│", "─", "▶", "◀", "├", "┤", "✗"}
}

// A canvas writes the lines of a diagram.
type canvas struct {
	Diagram
	signs
	ascii bool
	width int
	xs    []int // columns of the lanes
	b     strings.Builder
	last  time.Time
}

// Text is the diagram in lines of at most so many columns.
func (d Diagram) Text(look Look) string {
	if look.Width <= 0 {
		look.Width = 80
	}
	if len(d.Rows) == 0 {
		return "nothing has passed yet\n"
	}
	c := &canvas{Diagram: d, signs: look.signs(), ascii: look.ASCII, width: look.Width}
	c.leaveOut()
	if look.Width < leastWidth {
		c.list()
		return c.b.String()
	}
	c.spread()
	c.heads()
	for _, r := range c.Rows {
		c.row(r)
	}
	return c.b.String()
}

// leaveOut keeps as many lanes as fit, the first of them, and says what is not
// there.
func (c *canvas) leaveOut() {
	fit := max(2, 1+(c.width-timeColumn-rightEdge)/leastSpan)
	if c.Lost > 0 {
		c.wrapped(fmt.Sprintf("(%d earlier events were not kept)", c.Lost))
	}
	if len(c.Lanes) <= fit || c.width < leastWidth {
		return
	}
	keep := c.earliest(fit)
	rows, lanes := len(c.Rows), len(c.Lanes)
	c.renumber(keep)
	c.wrapped(fmt.Sprintf("(%d of %d sides are shown, %d of %d events; one of them: diagram --of HANDLE; or a wider window)", fit, lanes, len(c.Rows), rows))
}

// earliest are the lanes that something happened to first, in their order.
func (c *canvas) earliest(n int) (keep []int) {
	first := map[int]bool{}
	for _, r := range c.Rows {
		for _, lane := range []int{r.From, r.To} {
			if len(first) < n {
				first[lane] = true
			}
		}
	}
	for i := range c.Lanes {
		if first[i] {
			keep = append(keep, i)
		}
	}
	return keep
}

// spread gives each lane its column.
func (c *canvas) spread() {
	span := 0
	if n := len(c.Lanes) - 1; n > 0 {
		span = min((c.width-timeColumn-rightEdge)/n, 48)
	}
	for i := range c.Lanes {
		c.xs = append(c.xs, timeColumn+i*span)
	}
}

// room is how many columns stand right of a lane.
func (c *canvas) room(lane int) int {
	if lane+1 < len(c.xs) {
		return c.xs[lane+1] - c.xs[lane] - 2
	}
	return c.width - c.xs[lane] - 2
}

func (c *canvas) heads() {
	for _, of := range []func(Lane) string{func(l Lane) string { return l.Title }, func(l Lane) string { return l.Addr }} {
		line := ""
		for i, l := range c.Lanes {
			line = pad(line, c.xs[i]) + cut(of(l), c.room(i)+1, c.dots())
		}
		c.line(line)
	}
}

func (c *canvas) dots() string {
	if c.ascii {
		return "..."
	}
	return "…"
}

func (c *canvas) line(text string) { c.b.WriteString(strings.TrimRight(text, " ") + "\n") }

func (c *canvas) wrapped(text string) {
	for _, line := range wrap(c.plain(text), c.width) {
		c.line(line)
	}
}

// row draws one row: its words, over as many lines as they take, and the arrow.
func (c *canvas) row(r Row) {
	head := c.since(r.At)
	label := c.plain(r.Label)
	if r.From == r.To {
		for i, text := range wrap(label, c.room(r.From)) {
			sign := c.tee
			if i > 0 {
				sign = c.signs.line
			}
			c.line(c.lanes(head, r.From, sign+" "+text, r.From))
			head = ""
		}
		return
	}
	a, b := min(r.From, r.To), max(r.From, r.To)
	inside := c.xs[b] - c.xs[a] - 1
	parts := wrap(label, inside-6)
	for _, text := range parts[:len(parts)-1] {
		c.line(c.lanes("", a, c.signs.line+"   "+text, b-1))
	}
	c.line(c.lanes(head, a, c.arrow(r, parts[len(parts)-1], inside), b))
}

// arrow is an arrow between two lanes with words in it, the lanes' own signs
// included.
func (c *canvas) arrow(r Row, label string, inside int) string {
	body := c.dash + c.dash + " " + label + " "
	body += strings.Repeat(c.dash, max(0, inside-1-displaywidth.String(body)))
	switch {
	case r.From < r.To && r.Lost:
		return c.tee + strings.TrimSuffix(body, c.dash) + c.dash + c.signs.lost + c.signs.line
	case r.From < r.To:
		return c.tee + body + c.right + c.signs.line
	case r.Lost:
		return c.signs.line + c.signs.lost + body + c.back
	}
	return c.signs.line + c.left + body + c.back
}

// lanes is a line with the signs of all lanes, and text from the lane at on; the
// lanes up to the one named are covered by it.
func (c *canvas) lanes(head string, at int, text string, upTo int) string {
	line := head
	for i, x := range c.xs {
		switch {
		case i == at:
			line = pad(line, x) + text
		case i > at && i <= upTo:
		default:
			line = pad(line, x) + c.signs.line
		}
	}
	return line
}

// since is the time from the row before.
func (c *canvas) since(at time.Time) string {
	if c.last.IsZero() {
		c.last = at
	}
	d := max(at.Sub(c.last), 0)
	c.last = at
	text := fmt.Sprintf("+%.1f ms", float64(d)/float64(time.Millisecond))
	if d >= 10*time.Second {
		text = fmt.Sprintf("+%.1f s", d.Seconds())
	}
	return pad("", timeColumn-2-len(text)) + text
}

// list is for windows too narrow for lanes.
func (c *canvas) list() {
	for _, r := range c.Rows {
		sign := " " + c.dash + c.right + " "
		if r.Lost {
			sign = " " + c.dash + c.signs.lost + " "
		}
		text := c.Lanes[r.From].Title
		if r.From != r.To {
			text += sign + c.Lanes[r.To].Title
		}
		c.wrapped(c.since(r.At) + " " + text + ": " + r.Label)
	}
}

// plain is a text without characters of ours that ASCII lacks; those of a peer
// become what they would be in a string of C.
func (c *canvas) plain(text string) string {
	if !c.ascii {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '…':
			b.WriteString("...")
		case r < 0x80:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
	}
	return b.String()
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-displaywidth.String(text)))
}

func cut(text string, width int, dots string) string {
	if displaywidth.String(text) <= width {
		return text
	}
	return displaywidth.TruncateString(text, max(width, len(dots)), dots)
}

// wrap breaks a text into lines of so many columns, at blanks where there are any;
// at least one line.
func wrap(text string, width int) []string {
	width = max(width, 4)
	var lines []string
	line := ""
	for _, w := range strings.Fields(text) {
		for displaywidth.String(w) > width {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			head := displaywidth.TruncateString(w, width, "")
			if head == "" {
				break // one character wider than the room
			}
			lines, w = append(lines, head), w[len(head):]
		}
		switch {
		case line == "":
			line = w
		case displaywidth.String(line)+1+displaywidth.String(w) > width:
			lines, line = append(lines, line), w
		default:
			line += " " + w
		}
	}
	return append(lines, line)
}
