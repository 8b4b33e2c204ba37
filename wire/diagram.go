package wire

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sosh/primitive"
)

// A Diagram is who spoke with whom, and what passed, in order.
type Diagram struct {
	Lanes []Lane
	Rows  []Row
	Lost  int // events before the first one that were not kept
}

// A Lane is one side: a client's socket, a server with all that it accepted, a
// datagram socket, or a peer outside of this program.
type Lane struct {
	Title string // "client c1"
	Addr  string // in one word
	right bool   // servers stand on the right
	key   string
}

// A Row is one thing that happened. An arrow goes between two lanes; else To is
// the lane itself.
type Row struct {
	At       time.Time
	From, To int
	Label    string
	Lost     bool // the arrow does not arrive
	entry    Entry
}

// A drawer makes a diagram of entries.
type drawer struct {
	Diagram
	lanes   map[string]int // by key
	handles map[string]int // lanes of handles, by identity
	owners  map[string]int // lanes by the address that they have in this program
	pairs   pairing
	shut    map[string]bool // streams whose sending is ended already
}

// Draw makes the diagram of what a journal kept; of is a handle that it is to be
// about, with its peers, or nil.
func Draw(entries []Entry, lost int, of primitive.Handle) Diagram {
	d := &drawer{lanes: map[string]int{}, handles: map[string]int{}, owners: map[string]int{}, shut: map[string]bool{}}
	d.Lost = lost
	entries = asked(entries)
	d.pairs = pairUp(entries)
	for _, e := range entries {
		d.place(e)
	}
	for i, e := range entries {
		d.row(i, e)
	}
	d.arrange()
	if of != nil {
		d.only(of)
	}
	return d.Diagram
}

// asked gives each lookup of a name the handle that was made next, for which it
// was.
func asked(entries []Entry) []Entry {
	list := slices.Clone(entries)
	for i, e := range list {
		if e.What != primitive.Resolved {
			continue
		}
		next := slices.IndexFunc(list[i:], func(next Entry) bool { return next.Task == e.Task && next.What == primitive.Connected })
		if next > 0 {
			list[i].Handle, list[i].Type = list[i+next].Handle, list[i+next].Type
		}
	}
	return list
}

// identity tells handles apart; a socket and its role are one.
func identity(h primitive.Handle) string {
	if h == nil {
		return ""
	}
	if name := h.Name(); name != "" {
		return name
	}
	return fmt.Sprintf("%p", h)
}

func (e Entry) id() string { return identity(e.Handle) }

// place finds out which side an entry belongs to, and where that is.
func (d *drawer) place(e Entry) {
	id := e.id()
	if id == "" {
		d.lane("nobody", "client", "", false)
		return
	}
	i, known := d.handles[id]
	switch {
	case e.What == primitive.Listening && e.Err == nil:
		if !known {
			i = d.lane("at "+word(e.Laddr), "server "+id, word(e.Laddr), true)
		}
		d.Lanes[i].Title, d.Lanes[i].Addr, d.Lanes[i].right = "server "+id, word(e.Laddr), true
	case e.What == primitive.Accepted:
		i = d.serverOf(e)
	case known && d.Lanes[i].Addr == "":
		d.Lanes[i].Addr = word(e.Laddr)
	case !known:
		bound := e.What == primitive.Bound && e.Type == "datagram"
		i = d.lane("handle "+id, titleOf(e, id), word(e.Laddr), bound)
	}
	if e.Type == "socket" && e.What == primitive.Connected && e.Err == nil {
		d.Lanes[i].Title = titleOf(Entry{Event: primitive.Event{Type: "stream"}}, id)
	}
	d.handles[id] = i
	if at := word(e.Laddr); at != "" && e.What != primitive.Accepted {
		d.owners[at] = i
	}
}

func titleOf(e Entry, id string) string {
	if e.Handle != nil && e.Handle.Name() == "" { // it belongs to a command
		id = ""
	}
	if e.Type == "stream" {
		return strings.TrimSpace("client " + id)
	}
	return id
}

// serverOf is the lane of the listener that accepted a client.
func (d *drawer) serverOf(e Entry) int {
	if i, ok := d.find(e.Laddr); ok {
		return i
	}
	return d.lane("at "+word(e.Laddr), "server", word(e.Laddr), true)
}

// find is the lane that has an address in this program; one that is bound to all
// addresses has every one.
func (d *drawer) find(a primitive.Addr) (int, bool) {
	if i, ok := d.owners[word(a)]; ok && word(a) != "" {
		return i, true
	}
	for _, any := range []string{"0.0.0.0", "::"} {
		if i, ok := d.owners[primitive.Addr{Host: any, Port: a.Port}.String()]; ok && a.Port != 0 && a.Path == "" {
			return i, true
		}
	}
	return 0, false
}

func (d *drawer) lane(key, title, addr string, right bool) int {
	if i, ok := d.lanes[key]; ok {
		return i
	}
	d.Lanes = append(d.Lanes, Lane{Title: title, Addr: addr, right: right, key: key})
	d.lanes[key] = len(d.Lanes) - 1
	return len(d.Lanes) - 1
}

// peer is the lane at the other end; one outside stands across.
func (d *drawer) peer(from int, e Entry) int {
	if i, ok := d.find(e.Raddr); ok && i != from {
		return i
	}
	if i, ok := d.find(e.Raddr); ok && e.Type == "datagram" { // to itself
		return i
	}
	title := "peer"
	if word(e.Raddr) == "" {
		title = "peer without a name"
	}
	return d.lane("peer "+word(e.Raddr), title, word(e.Raddr), !d.Lanes[from].right)
}

// arrange puts clients on the left and servers on the right, each in the order of
// their appearance, and leaves out sides that nothing happened to.
func (d *drawer) arrange() {
	var order []int
	for i := range d.Lanes {
		if slices.ContainsFunc(d.Rows, func(r Row) bool { return r.From == i || r.To == i }) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return map[bool]int{true: 1}[d.Lanes[a].right] - map[bool]int{true: 1}[d.Lanes[b].right]
	})
	d.renumber(order)
}

// renumber keeps the lanes of a list, in its order, and the rows between them.
func (d *Diagram) renumber(order []int) {
	var lanes []Lane
	for _, i := range order {
		lanes = append(lanes, d.Lanes[i])
	}
	var rows []Row
	for _, r := range d.Rows {
		r.From, r.To = slices.Index(order, r.From), slices.Index(order, r.To)
		if r.From >= 0 && r.To >= 0 {
			rows = append(rows, r)
		}
	}
	d.Lanes, d.Rows = lanes, rows
}

// only keeps what happened on a handle's side or with it.
func (d *drawer) only(h primitive.Handle) {
	id := identity(h)
	var rows []Row
	for _, r := range d.Rows {
		if r.entry.id() == id || d.pairs.ends[r.entry.key()] == id {
			rows = append(rows, r)
		}
	}
	d.Rows = rows
	d.arrange()
}
