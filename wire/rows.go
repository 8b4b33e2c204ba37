package wire

import (
	"fmt"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"sosh/primitive"
)

// row adds what an entry is in the picture: an arrow, a word at its lane, or
// nothing, where the other end's arrow says it already.
func (d *drawer) row(i int, e Entry) {
	from, ok := d.handles[e.id()]
	if !ok {
		from = d.lanes["nobody"]
	}
	switch e.What {
	case primitive.Connected:
		d.connected(from, e)
	case primitive.Sent:
		d.sent(i, from, e)
	case primitive.Received:
		d.received(i, from, e)
	case primitive.End:
		if d.pairs.ends[e.key()] == "" {
			d.arrow(d.peer(from, e), from, e, "end (FIN)")
		}
	case primitive.Shutdown:
		d.shutdown(from, e)
	case primitive.Gone:
		d.closed(from, e)
	case primitive.Broken:
		d.broken(from, e)
	default:
		d.step(from, e)
	}
}

func (d *drawer) arrow(from, to int, e Entry, label string) {
	d.Rows = append(d.Rows, Row{At: e.At, From: from, To: to, Label: label, entry: e})
}

// note is a word at a lane.
func (d *drawer) note(lane int, e Entry, label string) { d.arrow(lane, lane, e, label) }

func (d *drawer) lost(from, to int, e Entry, label string) {
	d.arrow(from, to, e, label)
	d.Rows[len(d.Rows)-1].Lost = true
}

// step is what a side does by itself.
func (d *drawer) step(from int, e Entry) {
	label := string(e.What)
	switch {
	case e.What == primitive.Resolved:
		label += " " + primitive.Escape(e.Note, false)
		if e.Err != nil {
			label += ": " + cause(e.Err)
		}
	case e.Err != nil:
		label += ": " + cause(e.Err)
	case e.What == primitive.Accepted:
		label += " " + e.id() + " from " + word(e.Raddr)
	case e.What == primitive.Bound:
		label += " " + word(e.Laddr)
	case e.Note != "":
		label += " (" + primitive.Escape(e.Note, false) + ")"
	}
	d.note(from, e, label)
}

func (d *drawer) connected(from int, e Entry) {
	to := d.peer(from, e)
	switch kind := primitive.KindOf(e.Err); {
	case e.Err == nil && e.Type == "datagram":
		d.note(from, e, "connect "+word(e.Raddr)+": nothing is sent")
	case e.Err == nil:
		d.arrow(from, to, e, "connect")
	case kind == primitive.Refused:
		d.arrow(from, to, e, "connect")
		d.arrow(to, from, e, "refused (RST)")
	case kind == primitive.NotFound || kind == primitive.Usage || kind == primitive.Denied || kind == primitive.Unsupported:
		d.note(from, e, "connect "+word(e.Raddr)+": "+cause(e.Err))
	default:
		d.lost(from, to, e, "connect: "+cause(e.Err))
	}
}

func (d *drawer) sent(i, from int, e Entry) {
	to, label := d.peer(from, e), data(e)
	if e.Type != "datagram" {
		if n := d.pairs.unread[i]; n > 0 {
			label += fmt.Sprintf(" (%s not read)", number(n))
		}
		d.arrow(from, to, e, label)
		return
	}
	switch d.pairs.fate[i] {
	case refused:
		d.lost(from, to, e, label+" (refused)")
	case missed:
		d.lost(from, to, e, label+" (not received)")
	case unanswered:
		d.arrow(from, to, e, label+" (no answer)")
	default:
		d.arrow(from, to, e, label)
	}
}

func (d *drawer) received(i, from int, e Entry) {
	switch d.pairs.fate[i] {
	case implied:
		if e.Note != "" {
			d.note(from, e, "recv "+number(e.N)+", "+e.Note)
		}
	case apart:
		d.note(from, e, "recv "+data(e))
	default:
		d.arrow(d.peer(from, e), from, e, data(e))
	}
}

func (d *drawer) shutdown(from int, e Entry) {
	if e.Err != nil || e.Note == "read" {
		d.step(from, e)
		return
	}
	d.shut[e.key()] = true
	d.arrow(from, d.peer(from, e), e, "shutdown: end (FIN)")
}

func (d *drawer) closed(from int, e Entry) {
	if e.Type != "stream" || d.shut[e.key()] || d.pairs.torn[e.key()] {
		d.note(from, e, "close "+e.id())
		return
	}
	d.arrow(from, d.peer(from, e), e, "close: end (FIN)")
}

func (d *drawer) broken(from int, e Entry) {
	switch primitive.KindOf(e.Err) {
	case primitive.Reset:
		d.arrow(d.peer(from, e), from, e, "reset (RST)")
	case primitive.Refused:
		d.arrow(d.peer(from, e), from, e, "refused (ICMP: port unreachable)")
	default:
		d.note(from, e, cause(e.Err))
	}
}

// Columns that bytes take in a label, at most.
const dataWidth = 36

// data shows the bytes of an event.
func data(e Entry) string {
	text := primitive.Quote(string(e.Data))
	whole := len(e.Data) == e.N
	if displaywidth.String(text) > dataWidth || !whole {
		text = displaywidth.TruncateString(text, dataWidth, "") + "…"
		whole = false
	}
	if !whole {
		text += " " + number(e.N)
	}
	return text
}

func number(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

// cause is why something failed, short and safe.
func cause(err error) string {
	if err == nil {
		return "failed"
	}
	e := primitive.AsError(err)
	if e.Kind == primitive.NotFound || e.Kind == primitive.Failed || e.Kind == primitive.InUse {
		return primitive.Escape(e.Cause, false)
	}
	return string(e.Kind)
}

// word is an address in one word, safe to show; "" for none.
func word(a primitive.Addr) string {
	if a == (primitive.Addr{}) {
		return ""
	}
	return primitive.Escape(strings.TrimPrefix(a.String(), "unix:"), false)
}
