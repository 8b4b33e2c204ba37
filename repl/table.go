package repl

import (
	"strings"
	"time"

	"sosh/primitive"
	"sosh/repl/style"
	"sosh/session"
)

// showList writes records as a table, other values as lines.
func showList(f frame, list []any) error { return f.write(listText(f, list)) }

func listText(f frame, list []any) string {
	var b strings.Builder
	var t style.Table
	for _, item := range list {
		rec, ok := item.(primitive.Record)
		if !ok {
			b.WriteString(cellOf("", item, f.look).String() + "\n")
			continue
		}
		if t.Header == nil {
			t.Header = headerOf(rec, f.look)
		}
		t.Rows = append(t.Rows, rowOf(rec, f.look))
	}
	if t.Rows == nil {
		return b.String()
	}
	return b.String() + t.Text(f.columns)
}

func headerOf(rec primitive.Record, look style.Style) []style.Cell {
	cells := make([]style.Cell, len(rec))
	for i, field := range rec {
		cells[i] = style.Cell{Text: field.Name, Paint: look.Header}
	}
	return cells
}

func rowOf(rec primitive.Record, look style.Style) []style.Cell {
	cells := make([]style.Cell, len(rec))
	for i, field := range rec {
		cells[i] = cellOf(field.Name, field.Value, look)
	}
	return cells
}

// recordText is fields below each other.
func recordText(f frame, rec primitive.Record) string {
	widest := 0
	for _, field := range rec {
		widest = max(widest, style.Width(field.Name))
	}
	var b strings.Builder
	for _, field := range rec {
		name := style.Pad(field.Name+":", widest+2)
		value := cellOf(field.Name, field.Value, f.look)
		b.WriteString(strings.TrimRight(f.look.Header(name)+value.String(), " ") + "\n")
	}
	return b.String()
}

// Width of a column of a stream of records, whose cells are not known before;
// and the least, however many columns there are.
const (
	columnWidth  = 16
	narrowColumn = 4
)

// itemLine writes one record of a stream, or its names. Where the width is
// known the columns share it, and the last one takes what is left.
func itemLine(f frame, rec primitive.Record, names bool) string {
	cells := rowOf(rec, f.look)
	if names {
		cells = headerOf(rec, f.look)
	}
	width := columnWidth
	if f.columns > 0 {
		width = min(width, max(narrowColumn, f.columns/len(cells)-1))
	}
	var b strings.Builder
	column := 0
	for i, c := range cells {
		last := i == len(cells)-1
		if f.columns > 0 && last {
			c.Text = style.Cut(c.Text, f.columns-column)
		} else if f.columns > 0 {
			c.Text = style.Cut(c.Text, min(width, f.columns-column))
		}
		text := c.String()
		if !last {
			text = style.Pad(text, width) + " "
		}
		column += style.Width(text)
		b.WriteString(text)
	}
	return strings.TrimRight(b.String(), " ") + "\n"
}

// cellOf is a value as a cell, coloured by its kind. The field's name tells the
// names of handles from other text.
func cellOf(field string, v any, look style.Style) style.Cell {
	c := style.Cell{Text: cell(v)}
	switch v := v.(type) {
	case string:
		if c.Paint = look.Escapes; field == "id" {
			c.Paint = func(text string) string { return look.Handle(v, text) }
		}
	case primitive.Bytes:
		c.Paint = look.Escapes
	case bool:
		c.Paint = look.Word
	case int64, float64, time.Duration:
		c.Paint = look.Number
	case primitive.Handle:
		c.Paint = func(text string) string { return look.Handle(v.Name(), text) }
	}
	return c
}

// An announcer is a handle that says in its own words what it is.
type announcer interface{ Announce() string }

// handleLine tells a handle in one line: "c1 stream 127.0.0.1:40000 ->
// 127.0.0.1:7".
func handleLine(h primitive.Handle) string {
	if a, ok := h.(announcer); ok {
		if text := a.Announce(); text != "" {
			return text
		}
	}
	rec, _ := primitive.Plain(h.Info()).(primitive.Record)
	field := func(name string) string {
		v, _ := rec.Get(name)
		return cell(v)
	}
	text := h.Name() + " " + h.Type()
	if t, ok := h.(*session.Task); ok {
		return t.Name() + " " + primitive.Visible(t.What) + " " + field("state")
	}
	if state := field("state"); state != "" && state != "connected" {
		text += " " + state
	}
	if laddr := field("laddr"); laddr != "" {
		text += " " + laddr
	}
	if raddr := field("raddr"); raddr != "" {
		text += " -> " + raddr
	}
	return text
}

// sayHandle tells a handle in one line, its name in its colour; of a client that
// was accepted also which handle of ours it is, if it is.
func (sh *Shell) sayHandle(row *primitive.Row, h primitive.Handle) {
	text := primitive.Visible(handleLine(h))
	if rest, ok := strings.CutPrefix(text, h.Name()); ok {
		text = sh.look(sh.err.isTTY()).Handle(h.Name(), h.Name()) + rest
	}
	if other := sh.otherEnd(h); other != nil && row != nil && waitingFor(row) == "client" {
		text += " (the other end is " + other.Name() + ")"
	}
	sh.sayLine(text)
}
