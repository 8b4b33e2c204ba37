package trace

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sosh/primitive"
	"sosh/probe/icmp"
)

var (
	exceeded   = &icmp.Code{Type: 11}
	noPort     = &icmp.Code{Type: 3, Code: 3}
	prohibited = &icmp.Code{Type: 3, Code: 13}
)

func router(n int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(n), 1}) }

// A network is what comes back to probe n with so many hops; nil is silence. The
// delay is in at.
type network struct {
	t      *tracer
	answer func(n uint16, ttl int) *answer
	sent   []int // hops of each probe
	most   int   // that were under way at once
}

func (w *network) close() {}

func (w *network) send(_ context.Context, n uint16, ttl int) error {
	w.sent, w.most = append(w.sent, ttl), max(w.most, w.t.open)
	a := w.answer(n, ttl)
	if a == nil {
		return nil
	}
	if a.failed {
		return primitive.Newf(primitive.Unreachable, "no way from here")
	}
	delay := a.at.Sub(time.Unix(0, 0))
	time.AfterFunc(delay, func() {
		b := *a
		b.n, b.at = n, time.Now()
		w.t.answers <- b
	})
	return nil
}

func in(ms int) time.Time { return time.Unix(0, 0).Add(time.Duration(ms) * time.Millisecond) }

// walked traces a scripted network in no time.
func walked(t *testing.T, o Options, answers func(n uint16, ttl int) *answer) (hops []Hop, w *network, err error) {
	t.Helper()
	o.Addr, o.Method = router(9), UDP
	if o.MaxHops == 0 {
		o.MaxHops = 30
	}
	if o.Rounds == 0 {
		o.Rounds = 1
	}
	o.Queries, o.Parallel = max(o.Queries, 1), max(o.Parallel, 16)
	o.Timeout, o.Interval = 2*time.Second, time.Second
	synctest.Test(t, func(t *testing.T) {
		tr := newTracer(t.Context(), o, func(h Hop) bool {
			if h.Words().Role == primitive.Told {
				hops = append(hops, h)
			}
			return true
		})
		w = &network{t: tr, answer: answers}
		if err = tr.run(t.Context(), w); err == nil {
			err = tr.conclude()
		}
		time.Sleep(time.Minute)
	})
	return hops, w, err
}

func told(hops []Hop) (list []string) {
	for _, h := range hops {
		list = append(list, strings.TrimSpace(fmt.Sprint(h.Hop, " ", h.Host, " ", h.State, " ", h.Mark)))
	}
	return list
}

// The way ends where the host answers; what went further is left out, and a hop
// that is silent stands between those that are not.
func TestWay(t *testing.T) {
	hops, w, err := walked(t, Options{Queries: 3}, func(n uint16, ttl int) *answer {
		switch {
		case ttl == 2:
			return nil
		case ttl < 4:
			return &answer{from: router(ttl), code: exceeded, at: in(ttl)}
		}
		return &answer{from: router(9), code: noPort, reached: true, at: in(ttl)}
	})
	want := []string{"1 10.0.1.1 hop", "2  timeout", "3 10.0.3.1 hop", "4 10.0.9.1 reached"}
	if got := told(hops); err != nil || !slices.Equal(got, want) {
		t.Fatalf("%q, %v", got, err)
	}
	if h := hops[3]; h.Received != 3 || h.Sent != 3 || len(h.RTTs) != 3 || *h.Min != 4 || h.Loss != 0 || h.Reason != "port unreachable" {
		t.Errorf("%+v", h)
	}
	if h := hops[1]; h.Loss != 100 || h.Min != nil || h.Reason != "no answer" || h.Words().Line != " 2  * * *" {
		t.Errorf("%+v", h)
	}
	if w.most > 16 || slices.Max(w.sent) > 4+ahead {
		t.Errorf("%d under way, as far as %d", w.most, slices.Max(w.sent))
	}
}

func TestEnds(t *testing.T) {
	for name, c := range map[string]struct {
		last  *answer
		state string
		kind  primitive.Kind
	}{
		"prohibited": {&answer{from: router(2), code: prohibited, at: in(1)}, "2 10.0.2.1 unreachable !X", primitive.Unreachable},
		"no way":     {&answer{failed: true}, "2  error", primitive.Unreachable},
		"silence":    {nil, "2  timeout", primitive.Timeout},
	} {
		hops, _, err := walked(t, Options{MaxHops: 2}, func(_ uint16, ttl int) *answer {
			if ttl == 1 {
				return &answer{from: router(1), code: exceeded, at: in(1)}
			}
			return c.last
		})
		e := primitive.AsError(err)
		if err == nil || e.Kind != c.kind || !e.Told || len(hops) != 2 || told(hops)[1] != c.state {
			t.Errorf("%s: %q, %v", name, told(hops), err)
		}
	}
}

// Several rounds count what is lost; the ends of the way that one round did not
// see are seen by another.
func TestRounds(t *testing.T) {
	hops, w, err := walked(t, Options{Rounds: 10}, func(n uint16, ttl int) *answer {
		switch {
		case ttl == 1:
			return &answer{from: router(1), code: exceeded, at: in(1)}
		case ttl == 2 && n%4 < 2:
			return nil
		case ttl == 2:
			return &answer{from: router(2), code: exceeded, at: in(5)}
		}
		return &answer{from: router(9), code: noPort, reached: true, at: in(9)}
	})
	if got := told(hops); err != nil || !slices.Equal(got, []string{"1 10.0.1.1 hop", "2 10.0.2.1 hop", "3 10.0.9.1 reached"}) {
		t.Fatalf("%q, %v", got, err)
	}
	if hops[0].Sent != 10 || hops[0].Loss != 0 || hops[2].Received != 10 || *hops[2].Jitter != 0 {
		t.Errorf("%+v", hops)
	}
	if l := hops[1].Loss; l == 0 || l == 100 || hops[1].Sent != 10 {
		t.Errorf("%+v", hops[1])
	}
	if n := len(w.sent); n > 3*10+ahead {
		t.Errorf("%d probes", n)
	}
	if !strings.HasPrefix(hops[0].Words().Heading, "hop  host") || hops[0].Words().Role != primitive.Told {
		t.Errorf("%+v", hops[0].Words())
	}
}

// Answers to no probe, and second ones, change nothing.
func TestForged(t *testing.T) {
	hops, w, err := walked(t, Options{}, func(n uint16, ttl int) *answer {
		return &answer{from: router(9), code: noPort, reached: true, at: in(1)}
	})
	if err != nil || len(hops) != 1 {
		t.Fatalf("%q, %v", told(hops), err)
	}
	for n := range uint16(40) {
		w.t.take(&answer{n: n, from: router(1), code: exceeded, at: time.Now()})
	}
	if h := w.t.item(w.t.hops[0]); h.Received != 1 || h.State != "reached" || len(h.Hosts) != 1 {
		t.Errorf("%+v", h)
	}
}

func TestMatches(t *testing.T) {
	s := newSecret()
	mine, other := s.of(7), newSecret()
	for name, c := range map[string]struct {
		quoted []byte
		n      uint16
		want   bool
	}{
		"all": {mine, 7, true}, "a part": {mine[:5], 7, true}, "nothing": {nil, 7, true}, "more": {append(mine, 0, 0), 7, true},
		"another number": {mine, 8, false}, "another secret": {other.of(7), 7, false},
	} {
		if got := s.matches(c.quoted, c.n); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A way of several routers that take turns shows them all.
func TestSeveralRouters(t *testing.T) {
	hops, _, _ := walked(t, Options{MaxHops: 1, Queries: 3}, func(n uint16, _ int) *answer {
		return &answer{from: router(int(n) % 2), code: exceeded, at: in(int(n) + 1)}
	})
	if len(hops) != 1 || !slices.Equal(hops[0].Hosts, []string{"10.0.0.1", "10.0.1.1"}) || hops[0].Words().Line != " 1  10.0.0.1  1.00 ms 10.0.1.1  2.00 ms 10.0.0.1  3.00 ms" {
		t.Errorf("%+v %q", hops, hops[0].Words().Line)
	}
}
