package repl

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"sosh/primitive"
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
		return sh.showWords(v.Words, f)
	case primitive.Handle:
		if f.netcat != nil && row != nil && opens(row) && f.netcat.takes(v) {
			return sh.netcat(ctx, v, f)
		}
		if !f.quiet {
			sh.sayHandle(row, v)
		}
		return nil
	case primitive.Bytes:
		return f.bytes(v)
	case string:
		return sh.page(ctx, f, f.safe(v))
	case primitive.Record:
		return sh.showRecord(ctx, row, v, f)
	case []any:
		return sh.page(ctx, f, listText(f, v))
	}
	if row != nil && row.Says != "" { // how much was done; the data is elsewhere
		if !f.quiet {
			sh.say(row.Says, cell(result))
		}
		return nil
	}
	return f.write(cellOf("", result, f.look).String())
}

func writeJSON(w io.Writer, v any) error {
	data, err := primitive.JSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// opens is whether a row opens what it gives, as others only name it.
func opens(row *primitive.Row) bool { return takesAddress(row) || row.Verb() == "connect" }

// showWords writes what a result says of itself: its line, or its body with the
// line beside it.
func (sh *Shell) showWords(w primitive.Words, f frame) error {
	if w.Body == nil {
		return f.text(w.Line)
	}
	if !f.quiet && w.Line != "" {
		sh.say("%s", w.Line)
	}
	switch {
	case f.tty && w.Binary != "":
		return f.write(f.safe(w.Binary))
	case len(w.Body) == 0:
		return nil
	}
	return f.bytes(w.Body)
}

// bytes writes data as it is, or escaped and with a final line feed for a
// terminal.
func (f frame) bytes(data []byte) error {
	if !f.tty {
		_, err := f.out.Write(data)
		return err
	}
	return f.write(f.look.Escapes(primitive.Escape(string(data), true)))
}

// text writes text with a final line feed.
func (f frame) text(text string) error { return f.write(f.safe(text)) }

// safe is a text that drives no terminal.
func (f frame) safe(text string) string {
	if f.tty {
		return primitive.Visible(text)
	}
	return text
}

// write writes text that is safe already, with a final line feed.
func (f frame) write(text string) error {
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	_, err := io.WriteString(f.out, text)
	return err
}

// showStream writes items as they come.
func (sh *Shell) showStream(row *primitive.Row, stream primitive.Stream, f frame) error {
	header := false
	b := besides{sh: sh, row: row, f: f}
	defer b.end()
	for item, err := range stream {
		if b.takes(item) {
			continue
		}
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

// A besides takes what a stream tells beside its data: a summary at once, and how
// far it is in the line that says so.
type besides struct {
	sh  *Shell
	row *primitive.Row
	f   frame
	far *running
}

// takes shows an item that is no data, and says whether it was one.
func (b *besides) takes(item any) bool {
	s, ok := item.(primitive.Shown)
	switch {
	case !ok || s.Role == primitive.Told:
		return false
	case s.Role == primitive.Underway:
		b.progress(s.Line)
	case !b.f.quiet:
		b.sh.say("%s", s.Line)
	}
	return true
}

func (b *besides) progress(text string) {
	if b.far == nil && b.row != nil && b.sh.watched(b.row, b.f) {
		b.far = b.sh.run(b.row.Name)
	}
	if b.far != nil {
		b.far.text.Store(&text)
	}
}

func (b *besides) end() {
	if b.far != nil {
		b.far.end()
	}
}

func (sh *Shell) showItem(item any, header *bool, f frame) error {
	if f.json {
		return writeJSON(f.out, item)
	}
	switch v := item.(type) {
	case primitive.Shown:
		text := f.safe(v.Line)
		if !*header && v.Heading != "" {
			text = f.look.Header(f.safe(v.Heading)) + "\n" + text
		}
		*header = true
		return f.write(text)
	case primitive.Bytes:
		return f.itemBytes(v)
	case primitive.Record:
		text := ""
		if !*header {
			text, *header = itemLine(f, v, true), true
		}
		return f.write(text + itemLine(f, v, false))
	}
	return f.write(cellOf("", item, f.look).String())
}

// itemBytes writes one of many pieces of data, each on its line.
func (f frame) itemBytes(data []byte) error {
	if !f.tty {
		return f.write(string(data))
	}
	return f.write(f.look.Escapes(primitive.Escape(string(data), true)))
}

// showRecord writes fields below each other. A record that carries received data
// is that data, and the rest is told beside it.
func (sh *Shell) showRecord(ctx context.Context, row *primitive.Row, rec primitive.Record, f frame) error {
	if row != nil && row.Result.Multi && len(rec) > 0 {
		if data, ok := rec[0].Value.(primitive.Bytes); ok {
			if !f.quiet {
				sh.say("%s", beside(rec[1:]))
			}
			return f.bytes(data)
		}
	}
	return sh.page(ctx, f, recordText(f, rec))
}

// beside tells the fields of a record in one line.
func beside(rec primitive.Record) string {
	texts := make([]string, len(rec))
	for i, field := range rec {
		texts[i] = field.Name + " " + cell(field.Value)
	}
	return strings.Join(texts, ", ")
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
