package repl

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"sosh/primitive"
	"sosh/session"
)

// show writes a result: data to the frame's output, everything else to the error
// output. The row is nil for results of the shell's own.
func (sh *Shell) show(ctx context.Context, row *primitive.Row, result any, f frame) error {
	if stream, ok := result.(primitive.Stream); ok {
		return sh.showStream(row, stream, f)
	}
	if f.json {
		return writeJSON(f.out, result)
	}
	switch v := result.(type) {
	case primitive.Shown:
		return f.text(v.Line)
	case primitive.Handle:
		if f.netcat != nil && row != nil && takesAddress(row) && f.netcat.takes(v) {
			return sh.netcat(ctx, v, f)
		}
		if !f.quiet {
			sh.say("%s", handleLine(v))
		}
		return nil
	case primitive.Bytes:
		return f.bytes(v)
	case string:
		return f.text(v)
	case primitive.Record:
		return sh.showRecord(row, v, f)
	case []any:
		return showList(f.out, v)
	}
	if row != nil && row.Says != "" { // how much was done; the data is elsewhere
		if !f.quiet {
			sh.say(row.Says, cell(result))
		}
		return nil
	}
	return f.text(cell(result))
}

func writeJSON(w io.Writer, v any) error {
	data, err := primitive.JSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// bytes writes data as it is, or escaped and with a final line feed for a
// terminal.
func (f frame) bytes(data []byte) error {
	if !f.tty {
		_, err := f.out.Write(data)
		return err
	}
	return f.text(primitive.Escape(string(data), true))
}

// text writes text with a final line feed.
func (f frame) text(text string) error {
	if f.tty {
		text = primitive.Visible(text)
	}
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	_, err := io.WriteString(f.out, text)
	return err
}

// showStream writes items as they come.
func (sh *Shell) showStream(row *primitive.Row, stream primitive.Stream, f frame) error {
	header := false
	p := progress{sh: sh, on: sh.err.isTTY() && !f.task && !f.quiet}
	defer p.clear()
	for item, err := range stream {
		if p.takes(item, f) {
			continue
		}
		p.clear()
		if primitive.KindOf(err) == primitive.EOF {
			return nil // the end of a stream of items is its normal end
		}
		if err != nil {
			return ofRow(row, err)
		}
		if err := sh.showItem(item, &header, f); err != nil {
			return err
		}
	}
	return nil
}

// ofRow says which command an error of a stream belongs to, as the door does for
// other results.
func ofRow(row *primitive.Row, err error) error {
	e := *primitive.AsError(err)
	if e.Op == "" && row != nil {
		e.Op = row.Name
	}
	return &e
}

func (sh *Shell) showItem(item any, header *bool, f frame) error {
	if f.json {
		return writeJSON(f.out, item)
	}
	switch v := item.(type) {
	case primitive.Shown:
		text := v.Line + "\n"
		if !*header && v.Heading != "" {
			text = v.Heading + "\n" + text
		}
		*header = true
		return f.text(text)
	case primitive.Bytes:
		return f.text(dataText(v, f))
	case primitive.Record:
		text := ""
		if !*header {
			text, *header = columns(v, func(i int) string { return v[i].Name }), true
		}
		return f.text(text + columns(v, func(i int) string { return cell(v[i].Value) }))
	}
	return f.text(cell(item))
}

func dataText(data []byte, f frame) string {
	if f.tty {
		return primitive.Escape(string(data), true)
	}
	return string(data)
}

// Width of a column of a stream of records, whose cells are not known before.
const columnWidth = 16

func columns(rec primitive.Record, text func(int) string) string {
	var b strings.Builder
	for i := range rec {
		if i == len(rec)-1 {
			b.WriteString(text(i))
			break
		}
		fmt.Fprintf(&b, "%-*s ", columnWidth, text(i))
	}
	return b.String() + "\n"
}

// showRecord writes fields below each other. A record that carries received data
// is that data, and the rest is told beside it.
func (sh *Shell) showRecord(row *primitive.Row, rec primitive.Record, f frame) error {
	if row != nil && row.Result.Multi && len(rec) > 0 {
		if data, ok := rec[0].Value.(primitive.Bytes); ok {
			if !f.quiet {
				sh.say("%s", beside(rec[1:]))
			}
			return f.bytes(data)
		}
	}
	w := tabwriter.NewWriter(f.out, 0, 8, 1, ' ', 0)
	for _, field := range rec {
		fmt.Fprintf(w, "%s:\t%s\n", field.Name, cell(field.Value))
	}
	return w.Flush()
}

// beside tells the fields of a record in one line.
func beside(rec primitive.Record) string {
	texts := make([]string, len(rec))
	for i, field := range rec {
		texts[i] = field.Name + " " + cell(field.Value)
	}
	return strings.Join(texts, ", ")
}

// showList writes records as a table, other values as lines.
func showList(out io.Writer, list []any) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for i, item := range list {
		rec, ok := item.(primitive.Record)
		if !ok {
			fmt.Fprintln(w, cell(item))
			continue
		}
		if i == 0 {
			fmt.Fprintln(w, tabbed(rec, func(f primitive.Field) string { return f.Name }))
		}
		fmt.Fprintln(w, tabbed(rec, func(f primitive.Field) string { return cell(f.Value) }))
	}
	_ = w.Flush() // to memory
	var text strings.Builder
	for line := range strings.Lines(b.String()) { // an empty last cell leaves the padding of the one before
		text.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func tabbed(rec primitive.Record, text func(primitive.Field) string) string {
	cells := make([]string, len(rec))
	for i, f := range rec {
		cells[i] = text(f)
	}
	return strings.Join(cells, "\t")
}

// cell writes one value in one line, safe for a terminal.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return primitive.Escape(v, false)
	case primitive.Bytes:
		return primitive.Escape(string(v), false)
	case time.Duration:
		return v.String()
	case primitive.Handle:
		return v.Name()
	case primitive.Shown:
		return primitive.Visible(v.Line)
	case primitive.Record:
		return beside(v)
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = cell(item)
		}
		return strings.Join(texts, ", ")
	}
	if text, ok := scalarText(v); ok {
		return text
	}
	return primitive.Escape(fmt.Sprint(v), false)
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
