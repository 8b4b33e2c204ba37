package term

import (
	"fmt"
	"strings"
)

// A painter writes clusters into rows; it alone decides where a row ends.
type painter struct {
	width  int
	color  bool
	rows   []string
	widths []int

	cur   strings.Builder // the row being written
	col   int             // its cells
	style Style           // on in the row

	row, cursor int // where the cursor is, once marked
}

func (p *painter) newRow() {
	if p.style != Plain {
		p.cur.WriteString(endStyle)
	}
	p.rows, p.widths = append(p.rows, p.cur.String()), append(p.widths, p.col)
	p.cur.Reset()
	p.col = 0
	if style := p.style; style != Plain {
		p.style = Plain
		p.begin(style)
	}
}

// begin changes the style of what follows.
func (p *painter) begin(style Style) {
	if !p.color || style == p.style {
		return
	}
	if p.style != Plain {
		p.cur.WriteString(endStyle)
	}
	p.style = style
	p.cur.WriteString(style.sgr())
}

// room makes sure that w more cells fit into the row.
func (p *painter) room(w int) {
	if p.col+w > p.width && p.col > 0 {
		p.newRow()
	}
}

func (p *painter) put(c cluster) {
	if c.width > p.width {
		c.shown, c.width = "?", 1
	}
	p.room(c.width)
	p.cur.WriteString(c.shown)
	p.col += c.width
}

// mark says that the cursor stands where the next cells of width w will.
func (p *painter) mark(w int) {
	p.room(max(1, w))
	p.row, p.cursor = len(p.rows), p.col
}

// styled writes text that holds SGR sequences.
func (p *painter) styled(text string) {
	for text != "" {
		plain, rest, _ := strings.Cut(text, "\x1b")
		clusters(plain, func(c cluster) bool {
			if c.text == "\t" {
				p.tab()
			} else {
				p.put(c)
			}
			return true
		})
		if rest == "" {
			break
		}
		n := strings.IndexByte(rest, 'm') + 1
		if rest[0] != '[' || n == 0 {
			text = rest
			continue
		}
		if p.color {
			p.cur.WriteString("\x1b" + rest[:n])
		}
		text = rest[n:]
	}
}

func (p *painter) tab() {
	blank := cluster{" ", " ", 1}
	p.put(blank)
	for p.col%8 != 0 && p.col < p.width {
		p.put(blank)
	}
}

// text writes the prompt and the line with its styles.
func (p *painter) text(b *Block) {
	p.styled(b.Prompt)
	spans, at := clean(b.Spans, len(b.Text)), 0
	clusters(b.Text, func(c cluster) bool {
		for len(spans) > 0 && spans[0].End <= at {
			spans = spans[1:]
		}
		style := Plain
		if len(spans) > 0 && spans[0].Start <= at {
			style = spans[0].Style
		}
		p.begin(style)
		p.cluster(c, b, at)
		at += len(c.text)
		return true
	})
	p.begin(Plain)
	if b.Pos >= at {
		p.mark(1)
	}
	p.newRow()
}

func (p *painter) cluster(c cluster, b *Block, at int) {
	here := b.Pos >= at && b.Pos < at+len(c.text)
	switch {
	case c.text == "\n":
		if here {
			p.mark(1)
		}
		p.begin(Plain)
		p.newRow()
		p.styled(b.More)
	case c.text == "\t":
		if here {
			p.mark(1)
		}
		p.tab()
	default:
		if b.Mask {
			c.shown, c.width = "*", 1
		}
		if here {
			p.mark(min(c.width, p.width))
		}
		p.put(c)
	}
}

func (p *painter) picture() picture {
	return picture{p.rows, p.widths, p.row, p.cursor}
}

// extras writes what stands under the line: the menu and the hint.
func (p *painter) extras(b *Block) {
	first := max(0, min(b.Chosen-menuRows/2, len(b.Menu)-menuRows))
	shown := b.Menu[first:min(len(b.Menu), first+menuRows)]
	names := 0
	for _, m := range shown {
		names = max(names, Width(m.Text))
	}
	names = min(names, p.width*2/3-2)
	for i, m := range shown {
		p.menuRow(m, names, first+i == b.Chosen)
	}
	if n := len(b.Menu); n > len(shown) {
		p.dim(fmt.Sprintf("  %d of %d", max(b.Chosen, 0)+1, n))
	}
	if b.Hint != "" {
		p.dim(b.Hint)
	}
}

func (p *painter) menuRow(m MenuRow, names int, chosen bool) {
	mark, style := "  ", Plain
	if chosen {
		mark, style = "> ", Selected
	}
	name, used := clip(m.Text, names)
	p.begin(style)
	p.add(mark+name+strings.Repeat(" ", names-used), names+2)
	if help, used := clip(m.Help, p.width-names-4); used > 0 {
		if !chosen {
			p.begin(Dim)
		}
		p.add("  "+help, used+2)
	}
	p.begin(Plain)
	p.newRow()
}

func (p *painter) dim(text string) {
	text, used := clip(text, p.width-1)
	p.begin(Dim)
	p.add(text, used)
	p.begin(Plain)
	p.newRow()
}

// add writes a text that fits.
func (p *painter) add(text string, cells int) {
	p.cur.WriteString(text)
	p.col += cells
}
