package style

import "strings"

// A Cell is one field of a table: its text, and how it is coloured, which
// happens after it was cut to its column.
type Cell struct {
	Text  string
	Paint func(string) string // nil leaves it
}

func (c Cell) cut(width int) Cell {
	c.Text = Cut(c.Text, width)
	return c
}

func (c Cell) String() string {
	if c.Paint == nil {
		return c.Text
	}
	return c.Paint(c.Text)
}

// A Table is rows of cells under names.
type Table struct {
	Header []Cell
	Rows   [][]Cell
}

// Columns are this far apart, and a column is not cut below this.
const (
	gap       = 2
	minColumn = 8
)

// Text writes the table in lines that are at most width columns wide; 0 is no
// bound. The widest columns are shortened first. Where even that does not fit,
// each row becomes a block of lines, one for each field that holds something.
func (t Table) Text(width int) string {
	cols := t.natural()
	if width > 0 && !shrink(cols, width) {
		return t.blocks(width)
	}
	var b strings.Builder
	if t.Header != nil {
		writeRow(&b, t.Header, cols)
	}
	for _, row := range t.Rows {
		writeRow(&b, row, cols)
	}
	return b.String()
}

// natural is the width each column would like.
func (t Table) natural() []int {
	var cols []int
	for _, row := range append([][]Cell{t.Header}, t.Rows...) {
		for i, c := range row {
			if i == len(cols) {
				cols = append(cols, 0)
			}
			cols[i] = max(cols[i], Width(c.Text))
		}
	}
	return cols
}

// shrink takes from the widest column until the row fits, and says whether it
// does.
func shrink(cols []int, width int) bool {
	sum := gap * (len(cols) - 1)
	for _, w := range cols {
		sum += w
	}
	for sum > width {
		widest := 0
		for i, w := range cols {
			if w > cols[widest] {
				widest = i
			}
		}
		if len(cols) == 0 || cols[widest] <= minColumn {
			return false
		}
		cols[widest]--
		sum--
	}
	return true
}

// writeRow writes one line without blanks at its end.
func writeRow(b *strings.Builder, row []Cell, cols []int) {
	blanks := 0
	for i, c := range row {
		c = c.cut(cols[i])
		if c.Text != "" {
			b.WriteString(strings.Repeat(" ", blanks))
			b.WriteString(c.String())
			blanks = 0
		}
		blanks += cols[i] - Width(c.Text) + gap
	}
	b.WriteByte('\n')
}

// blocks writes each row as lines "name: value", with an empty line between;
// empty fields are left out.
func (t Table) blocks(width int) string {
	var b strings.Builder
	for i, row := range t.Rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		for j, c := range row {
			if c.Text == "" {
				continue
			}
			name := ""
			if j < len(t.Header) {
				h := t.Header[j]
				h.Text = Cut(h.Text+":", max(width/2, 1))
				name = h.String() + " "
			}
			if left := width - Width(name); left > 0 {
				name += c.cut(left).String()
			}
			b.WriteString(strings.TrimRight(name, " ") + "\n")
		}
	}
	return b.String()
}
