package trace

import (
	"context"
	"time"

	"sosh/primitive"
)

// A probe is one that was sent.
type probe struct {
	n    uint16
	ttl  int
	sent time.Time
	over bool
}

// Probes are numbered anew after so many, which a UDP port tells apart.
const numbers = 16384

// A tracer sends the probes and takes what comes. All of it belongs to the
// goroutine that draws the hops.
type tracer struct {
	Options
	answers chan answer
	names   *names
	probes  map[uint16]*probe
	due     []*probe // in the order of their timeouts
	open    int      // probes under way
	n       uint16   // of the next probe
	hops    []*hop   // from 1 on, at index 0
	last    int      // hop that ends the way, as far as it is known
	reach   int      // furthest hop that something is known of
	given   int      // hops that were yielded
	round   int      // from 0
	turn    int      // probes of this round that were sent
	next    time.Time
	shown   time.Time
	yield   func(Hop) bool
	stopped bool // nobody wants more
}

func newTracer(ctx context.Context, o Options, yield func(Hop) bool) *tracer {
	t := &tracer{
		Options: o, yield: yield, answers: make(chan answer, 256), probes: map[uint16]*probe{}, last: o.MaxHops,
		names: newNames(ctx, o.Names),
	}
	for ttl := range o.MaxHops {
		t.hops = append(t.hops, &hop{ttl: ttl + 1})
	}
	return t
}

// Progress is told so often.
const progressEvery = 200 * time.Millisecond

func (t *tracer) run(ctx context.Context, w way) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	t.shown = time.Now()
	for !t.stopped && ctx.Err() == nil {
		t.drain()
		t.expire(time.Now())
		t.report()
		if t.stopped || t.asked() && t.open == 0 {
			return nil
		}
		if t.ready(time.Now()) {
			t.ask(ctx, w)
			continue
		}
		timer.Reset(t.pause(time.Now()))
		select {
		case a := <-t.answers:
			t.take(&a)
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	t.drain()
	return nil
}

// drain takes what has come already.
func (t *tracer) drain() {
	for {
		select {
		case a := <-t.answers:
			t.take(&a)
		default:
			return
		}
	}
}

// asked is whether all probes of all rounds were sent.
func (t *tracer) asked() bool { return t.Rounds > 0 && t.round >= t.Rounds }

// Probes go so many hops beyond the furthest one that something is known of: a
// router that ends the way answers only a few of them.
const ahead = 5

// ready is whether the next probe may be sent. The first round waits for itself:
// it finds out how far the way is.
func (t *tracer) ready(now time.Time) bool {
	if t.asked() || t.open >= t.Parallel || now.Before(t.next) {
		return false
	}
	if ttl := t.turn/t.Queries + 1; ttl > t.reach+ahead && ttl <= t.last {
		return false
	}
	return t.round != 1 || t.turn > 0 || t.open == 0
}

func (t *tracer) pause(now time.Time) time.Duration {
	until := now.Add(progressEvery)
	if !t.asked() && t.next.After(now) && t.next.Before(until) {
		until = t.next
	}
	if len(t.due) > 0 {
		if end := t.due[0].sent.Add(t.Timeout); end.Before(until) {
			until = end
		}
	}
	return max(until.Sub(now), 0)
}

// ask sends the next probe: hop by hop, each as often as it is asked in a round.
func (t *tracer) ask(ctx context.Context, w way) {
	ttl := t.turn/t.Queries + 1
	if ttl > t.last {
		t.round, t.turn = t.round+1, 0
		t.next = t.next.Add(t.Interval)
		return
	}
	if t.turn == 0 {
		t.next = time.Now() // the rounds are counted from here
	}
	t.turn++
	p := &probe{n: t.n, ttl: ttl, sent: time.Now()}
	t.n = (t.n + 1) % numbers
	t.probes[p.n] = p
	t.due, t.open = append(t.due, p), t.open+1
	t.hops[ttl-1].sent++
	if err := w.send(ctx, p.n, ttl); err != nil && ctx.Err() == nil {
		t.take(&answer{n: p.n, at: p.sent, failed: true, words: primitive.AsError(err).Cause})
	}
}

// take is what became of a probe.
func (t *tracer) take(a *answer) {
	p := t.probes[a.n]
	if p == nil || p.over || p.ttl > t.last {
		return
	}
	t.finish(p)
	t.names.ask(a.from)
	h := t.hops[p.ttl-1]
	h.add(a, a.at.Sub(p.sent))
	if a.reached || a.failed || a.code != nil && !a.code.Exceeded() {
		t.end(p.ttl)
	}
}

func (t *tracer) finish(p *probe) {
	p.over, t.reach = true, max(t.reach, p.ttl)
	t.open--
}

// end is that the way ends at a hop: what went further tells nothing more.
func (t *tracer) end(ttl int) {
	t.last = ttl
	for _, p := range t.due {
		if p.ttl > ttl && !p.over {
			t.finish(p)
		}
	}
}

// expire ends what waited too long.
func (t *tracer) expire(now time.Time) {
	for len(t.due) > 0 && (t.due[0].over || now.Sub(t.due[0].sent) >= t.Timeout) {
		p := t.due[0]
		if t.due = t.due[1:]; !p.over {
			t.finish(p)
			t.hops[p.ttl-1].miss()
		}
		if t.probes[p.n] == p {
			delete(t.probes, p.n)
		}
	}
}

// report yields the hops that are known to the end, in order; of several rounds
// how far it is.
func (t *tracer) report() {
	if t.Rounds != 1 {
		t.progress()
		return
	}
	for !t.stopped && t.given < t.last {
		h := t.hops[t.given]
		if h.over() < t.Queries {
			return
		}
		t.give(h)
	}
}

func (t *tracer) give(h *hop) {
	t.given++
	t.stopped = t.stopped || !t.yield(t.item(h))
}

func (t *tracer) progress() {
	if now := time.Now(); now.Sub(t.shown) >= progressEvery && !t.stopped {
		t.shown = now
		t.stopped = !t.yield(Hop{words: primitive.Words{Role: primitive.Underway, Line: t.far(), Draw: t.picture()}})
	}
}

// conclude yields what was not yielded yet. The error is that the host was not
// reached.
func (t *tracer) conclude() error {
	for !t.stopped && t.given < t.last && t.hops[t.given].over() > 0 {
		t.give(t.hops[t.given])
	}
	h := t.hops[t.last-1]
	e := primitive.Newf(primitive.Timeout, "not reached with %d hops", t.MaxHops)
	switch h.state() {
	case Reached:
		return nil
	case Unreachable, Trouble:
		e.Kind, e.Cause = primitive.Unreachable, h.reason()
	}
	e.Told = true
	return e
}
