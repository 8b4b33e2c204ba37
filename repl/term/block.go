package term

// A Block is what stands below everything else while a line is edited.
type Block struct {
	Prompt string // before the first line; may hold SGR sequences
	More   string // before each further line
	Text   string
	Pos    int // of the cursor, in bytes of Text
	Spans  []Span
	Mask   bool // the text is secret
	Hint   string
	Menu   []MenuRow
	Chosen int // the row of the menu that would be taken; -1 for none
}

// A MenuRow is a row of the menu.
type MenuRow struct{ Text, Help string }

// Windows narrower than this show neither menu nor hint; the menu shows so many
// rows around the one chosen.
const (
	minExtras = 10
	menuRows  = 8
)

// A picture is a Block laid out in rows.
type picture struct {
	rows     []string
	widths   []int // of the rows, in cells
	row, col int   // of the cursor
}

// layout draws a block in a window; tail is text before it whose line has no end
// yet. At most height-1 rows around the cursor are drawn.
func layout(b *Block, tail string, width, height int, color bool) picture {
	width, height = max(1, width), max(2, height)
	p := &painter{width: width, color: color}
	if tail != "" {
		p.styled(tail)
		p.newRow()
	}
	p.text(b)
	pic := p.picture()
	var extras painter
	if width >= minExtras {
		extras = painter{width: width, color: color}
		extras.extras(b)
	}
	room := height - 1
	more := min(len(extras.rows), room/2)
	if len(pic.rows)+len(extras.rows) <= room {
		more = len(extras.rows)
	}
	pic.crop(room - more)
	pic.rows = append(pic.rows, extras.rows[:more]...)
	pic.widths = append(pic.widths, extras.widths[:more]...)
	return pic
}

// crop keeps the rows around the cursor.
func (p *picture) crop(room int) {
	if len(p.rows) <= room {
		return
	}
	first := min(max(0, p.row-room+1+room/4), len(p.rows)-room)
	first = min(first, p.row)
	p.rows, p.widths = p.rows[first:first+room], p.widths[first:first+room]
	p.row -= first
}
