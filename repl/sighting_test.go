package repl

import (
	"slices"
	"testing"
	"time"

	"sosh/session"
	"sosh/sock"
)

// What is told of a handle as time goes by.
func TestSighting(t *testing.T) {
	stream := func(taken, count int64) sock.Pending {
		return sock.Pending{Unit: sock.Bytes, Taken: taken, Count: count}
	}
	datagrams := func(count, dropped int64) sock.Pending {
		return sock.Pending{Unit: sock.Datagrams, Count: count, Dropped: dropped}
	}
	ended := func(p sock.Pending) sock.Pending { p.Ended = true; return p }
	type moment struct {
		at   time.Duration
		p    sock.Pending
		want []string
	}
	for name, moments := range map[string][]moment{
		"once, and again after some was taken": {
			{0, stream(0, 0), nil},
			{0, stream(0, 12), []string{"12 bytes waiting"}},
			{5 * time.Second, stream(0, 12), nil},
			{6 * time.Second, stream(4, 8), []string{"8 bytes waiting"}},
			{7 * time.Second, stream(12, 0), nil},
			{8 * time.Second, stream(12, 1), []string{"1 byte waiting"}},
		},
		"what nobody takes, ever less often": {
			{0, stream(0, 10), []string{"10 bytes waiting"}},
			{500 * time.Millisecond, stream(0, 20), nil},
			{time.Second, stream(0, 1_234_567), []string{"1.2 more MB in 1s, 1.2 MB waiting"}},
			{2 * time.Second, stream(0, 2_000_000), nil},
			{3 * time.Second, stream(0, 2_000_000), []string{"765 more kB in 2s, 2.0 MB waiting"}},
		},
		"nothing is dropped silently": {
			{0, datagrams(1, 0), []string{"1 datagram waiting"}},
			{time.Second, datagrams(278, 2032), []string{"2,309 more datagrams in 1s, 278 datagrams waiting, 2,032 dropped: the queue is full"}},
			{3 * time.Second, datagrams(278, 2033), []string{"1 more datagram in 2s, 278 datagrams waiting, 1 dropped: the queue is full"}},
		},
		"the end once, after what waits": {
			{0, ended(stream(0, 3)), []string{"3 bytes waiting", "closed by the peer"}},
			{time.Minute, ended(stream(3, 0)), nil},
		},
		"reset": {
			{0, sock.Pending{Unit: sock.Bytes, Reset: true}, []string{"reset by the peer"}},
			{1, sock.Pending{Unit: sock.Bytes, Over: true}, nil},
		},
		"clients": {
			{0, sock.Pending{Unit: sock.Connections, Count: 1}, []string{"connection waiting"}},
			{time.Second, sock.Pending{Unit: sock.Connections, Count: 3}, []string{"2 more connections in 1s, 3 connections waiting"}},
		},
		"a refusal": {
			{0, sock.Pending{Unit: sock.Datagrams, Fault: true}, []string{"an error waits: what was sent was refused"}},
			{time.Second, sock.Pending{Unit: sock.Datagrams, Fault: true}, nil},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s sighting
			begin := time.Now()
			for i, m := range moments {
				var got []string
				for _, n := range s.see(m.p, begin.Add(m.at)) {
					got = append(got, n.Text)
				}
				if !slices.Equal(got, m.want) {
					t.Errorf("moment %d: %q, want %q", i, got, m.want)
				}
			}
		})
	}
}

func TestSummary(t *testing.T) {
	n := newNotices(nil)
	for i := range 1204 {
		what := []string{"accepted", "closed"}[i%2]
		n.keep(session.Note{What: what, Handle: []string{"c1", "c2", "c3", "c4"}[i/2%4]})
	}
	want := "1,204 more in 1s: 602 accepted (c1, c2, c3 …), 602 closed (c1, c2, c3 …)"
	if got := summary(n.rest, true); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A name keeps its colour, and neighbours differ.
func TestColours(t *testing.T) {
	for _, pair := range [][2]string{{"c1", "c2"}, {"c1", "l1"}, {"c2", "c3"}, {"t1", "u1"}} {
		if colourOf(pair[0]) == colourOf(pair[1]) {
			t.Errorf("%v are %s and %s", pair, colourOf(pair[0]), colourOf(pair[1]))
		}
	}
	for _, name := range []string{"", "x", "web", "c99999999999999999999", "c-5"} {
		if colourOf(name) == "" {
			t.Errorf("%q has no colour", name)
		}
	}
}
