package wire

import (
	"bytes"

	"sosh/primitive"
)

// A fate is what became of what was sent, or where what was received came from.
type fate uint8

const (
	open       fate = iota // nothing is known, or it came from outside
	arrived                // the other end is ours, and took it
	missed                 // the other end is ours, and did not take it
	refused                // a refusal came back
	unanswered             // sent outside, and nothing ever came back from there
	implied                // received as it was sent: the arrow says it
	apart                  // received in other pieces than it was sent
)

// A pairing knows which entries are two ends of one thing.
type pairing struct {
	ends   map[string]string // key of a stream: the handle at its other end, where that is ours
	fate   map[int]fate      // by the index of an entry
	unread map[int]int       // bytes of a send that the other end did not take
	torn   map[string]bool   // key of a stream: it was reset
}

// key is a connection as its own side sees it.
func (e Entry) key() string { return e.Type + " " + word(e.Laddr) + ">" + word(e.Raddr) }

// other is the key of the other side.
func (e Entry) other() string { return e.Type + " " + word(e.Raddr) + ">" + word(e.Laddr) }

func pairUp(entries []Entry) pairing {
	p := pairing{ends: map[string]string{}, fate: map[int]fate{}, unread: map[int]int{}, torn: map[string]bool{}}
	sides := map[string]string{}
	for _, e := range entries {
		if e.Type == "stream" && e.Handle != nil && e.Err == nil {
			sides[e.key()] = e.id()
		}
		if e.What == primitive.Broken {
			p.torn[e.key()] = true
		}
	}
	for _, e := range entries {
		if id := sides[e.other()]; id != "" && e.Type == "stream" && word(e.Laddr) != "" {
			p.ends[e.key()] = id
		}
	}
	p.streams(entries)
	p.datagrams(entries)
	return p
}

// A span is a piece of a stream of bytes, by the entry that sent or took it.
type span struct{ entry, from, to int }

// streams compares, for each direction of each connection with both ends here,
// the pieces that were sent with those that were taken.
func (p *pairing) streams(entries []Entry) {
	sent, taken := map[string][]span{}, map[string][]span{}
	add := func(m map[string][]span, key string, i, n int) {
		at := 0
		if list := m[key]; len(list) > 0 {
			at = list[len(list)-1].to
		}
		m[key] = append(m[key], span{i, at, at + n})
	}
	for i, e := range entries {
		switch {
		case e.Type != "stream" || p.ends[e.key()] == "":
		case e.What == primitive.Sent:
			add(sent, e.key(), i, e.N)
		case e.What == primitive.Received:
			add(taken, e.other(), i, e.N)
		}
	}
	for key, list := range sent {
		p.compare(list, taken[key])
	}
	for _, list := range taken {
		for _, s := range list {
			if p.fate[s.entry] == open {
				p.fate[s.entry] = apart
			}
		}
	}
}

func (p *pairing) compare(sent, taken []span) {
	whole := map[[2]int]bool{}
	for _, s := range sent {
		whole[[2]int{s.from, s.to}] = true
	}
	end := 0
	for _, t := range taken {
		if end = t.to; whole[[2]int{t.from, t.to}] {
			p.fate[t.entry] = implied
		}
	}
	for _, s := range sent {
		if s.to > end {
			p.unread[s.entry] = s.to - max(end, s.from)
		}
	}
}

// datagrams finds the send of each datagram that was taken, and what became of
// the others.
func (p *pairing) datagrams(entries []Entry) {
	here, answered := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		if e.Type == "datagram" {
			here[word(e.Laddr)] = true
			if e.What == primitive.Received {
				answered[word(e.Laddr)+"<"+word(e.Raddr)] = true
			}
		}
	}
	for i, e := range entries {
		if e.Type == "datagram" && e.What == primitive.Received && (here[word(e.Raddr)] || hereEverywhere(here, e.Raddr)) {
			p.fate[i] = apart
			if s := p.sender(entries, e); s >= 0 {
				p.fate[i], p.fate[s] = implied, arrived
			}
		}
	}
	for i, e := range entries {
		switch {
		case e.Type != "datagram" || e.What != primitive.Sent || p.fate[i] != open:
		case refusedAfter(entries[i+1:], e):
			p.fate[i] = refused
		case here[word(e.Raddr)] || hereEverywhere(here, e.Raddr):
			p.fate[i] = missed
		case !answered[word(e.Laddr)+"<"+word(e.Raddr)]:
			p.fate[i] = unanswered
		}
	}
}

func hereEverywhere(here map[string]bool, a primitive.Addr) bool {
	return here[primitive.Addr{Host: "0.0.0.0", Port: a.Port}.String()] || here[primitive.Addr{Host: "::", Port: a.Port}.String()]
}

// sender is the first send that nobody has taken yet of what came.
func (p *pairing) sender(entries []Entry, got Entry) int {
	for i, e := range entries {
		same := e.Type == "datagram" && e.What == primitive.Sent && p.fate[i] == open && sameSocket(e.Laddr, got.Raddr) && sameSocket(got.Laddr, e.Raddr)
		if same && (e.N == got.N || got.Note != "" && e.N > got.N) && bytes.HasPrefix(e.Data, got.Data[:min(len(got.Data), len(e.Data))]) {
			return i
		}
	}
	return -1
}

// sameSocket is whether a socket with the first address is at the second one.
func sameSocket(local, at primitive.Addr) bool {
	return local == at || local.Path == "" && local.Port == at.Port && (local.Host == "0.0.0.0" || local.Host == "::")
}

// refusedAfter is whether a refusal came back to a send, before the next one.
func refusedAfter(entries []Entry, sent Entry) bool {
	for _, e := range entries {
		if e.Type != "datagram" || e.id() != sent.id() {
			continue
		}
		if e.What == primitive.Broken && primitive.KindOf(e.Err) == primitive.Refused {
			return true
		}
		if e.What == primitive.Sent {
			return false
		}
	}
	return false
}
