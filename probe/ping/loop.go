package ping

import (
	"context"
	"net/netip"
	"time"

	"sosh/primitive"
)

// A host is one of those asked.
type host struct {
	addr netip.Addr
	name string // that it was given by; empty where it was an address
	tally
	open int // requests under way
	told bool
}

func (h *host) shown() string {
	if h.name != "" {
		return primitive.Escape(h.name, false)
	}
	return h.addr.String()
}

// A key is a request as an answer names it: an echo has 16 bits for its number.
type key struct {
	host int
	seq  uint16
}

// A flight is a request that was sent.
type flight struct {
	key
	number int // from 1
	sent   time.Time
	over   bool  // it was answered, or its time is over
	became State // then
}

// After its timeout a request is remembered so long, to know late answers and
// duplicates; and not more of them than this.
const (
	remembered     = 10 * time.Second
	mostRemembered = 1 << 14
)

// A pinger asks. All of it belongs to the goroutine that draws the replies; only
// the ways have goroutines of their own.
type pinger struct {
	Options
	hosts   []host
	answers chan answer
	failed  chan error
	flights map[key]*flight
	due     []*flight // in the order of their timeouts
	past    []*flight // whose time is over, in order
	open    int       // requests under way
	round   int       // times that every host was asked
	turn    int       // the host that is next
	next    time.Time // when it is
	began   time.Time // of the round
	shown   time.Time // when it was last told how far it is
	wide    int       // column of the hosts
	yield   func(Reply) bool
	stopped bool // nobody wants more
}

func newPinger(o Options, yield func(Reply) bool) *pinger {
	p := &pinger{
		Options: o, yield: yield, answers: make(chan answer, queued), failed: make(chan error, 2),
		flights: map[key]*flight{}, hosts: make([]host, o.Hosts.Len()), wide: 4,
	}
	for i := range p.hosts {
		ip := o.Hosts.At(uint64(i))
		p.hosts[i] = host{addr: target(ip), name: o.Hosts.Name(ip)}
		p.wide = max(p.wide, len(p.hosts[i].shown()))
	}
	p.wide = min(p.wide, 40)
	return p
}

// run asks until all is asked and answered, or the context ends. The error is of
// the socket.
func (p *pinger) run(ctx context.Context, w way) error {
	p.next, p.began = time.Now(), time.Now()
	p.shown = p.next
	timer := time.NewTimer(0)
	defer timer.Stop()
	for !p.stopped && ctx.Err() == nil {
		p.drain()
		now := time.Now()
		p.expire(now)
		p.progress(now)
		if p.asked() && p.open == 0 || p.stopped {
			return nil
		}
		if !p.asked() && !now.Before(p.next) {
			p.ask(ctx, w)
			continue
		}
		timer.Reset(p.pause(now))
		select {
		case a := <-p.answers:
			p.take(&a)
		case err := <-p.failed:
			return err
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	p.drain()
	return nil
}

// drain takes what has come already: who draws slowly loses nothing by it.
func (p *pinger) drain() {
	for !p.stopped {
		select {
		case a := <-p.answers:
			p.take(&a)
		default:
			return
		}
	}
}

// asked is whether every host was asked as often as it is to be.
func (p *pinger) asked() bool { return p.Count > 0 && p.round >= p.Count }

// pause is how long nothing is to be done.
func (p *pinger) pause(now time.Time) time.Duration {
	until := now.Add(progressEvery)
	if !p.asked() && p.next.Before(until) {
		until = p.next
	}
	if len(p.due) > 0 {
		if end := p.due[0].sent.Add(p.Timeout); end.Before(until) {
			until = end
		}
	}
	return max(until.Sub(now), 0)
}

// Two requests are so far apart at most and, off the loopback, at least. A flood
// without answers goes on after the longer one.
const (
	widestGap   = 10 * time.Millisecond
	closestGap  = time.Millisecond
	crowdedWait = 5 * time.Millisecond
)

func (p *pinger) gap() time.Duration {
	g := min(p.Interval/time.Duration(len(p.hosts)), widestGap)
	if !p.Hosts.Local() {
		g = max(g, closestGap)
	}
	return g
}

// ask sends the next request.
func (p *pinger) ask(ctx context.Context, w way) {
	if _, calls := w.(*calls); calls && p.open >= mostCalls {
		p.next = time.Now().Add(crowdedWait)
		return
	}
	h := &p.hosts[p.turn]
	f := &flight{key: key{p.turn, uint16(p.round + 1)}, number: p.round + 1}
	p.advance()
	h.sent, h.open, p.open = h.sent+1, h.open+1, p.open+1
	f.sent = time.Now()
	p.flights[f.key] = f
	p.due = append(p.due, f)
	if err := w.send(ctx, f.host, f.seq); err != nil && ctx.Err() == nil {
		e := primitive.AsError(err)
		a := answer{host: f.host, seq: f.seq, state: Trouble, reason: e.Cause, at: f.sent}
		if e.Kind == primitive.Unreachable {
			a.state = Unreachable
		}
		p.take(&a)
	}
}

// advance decides who is next, and when.
func (p *pinger) advance() {
	now := time.Now()
	p.next = now.Add(p.gap())
	if p.turn++; p.turn < len(p.hosts) {
		return
	}
	p.turn, p.round = 0, p.round+1
	p.began = p.began.Add(p.Interval)
	if p.Flood {
		p.began = now.Add(widestGap)
	} else if p.began.Before(now) {
		p.began = now // who draws slowly is not made up for
	}
	p.next = p.began
}

// take is what becomes of a request by an answer.
func (p *pinger) take(a *answer) {
	f := p.flights[key{a.host, a.seq}]
	if f == nil {
		return // of nothing that is remembered
	}
	h := &p.hosts[a.host]
	if a.state == Lost { // the way's own timer was first
		a.reason = p.silent()
	}
	if a.rtt == 0 && (a.state == Answered || a.state == Corrupt) {
		a.rtt = max(a.at.Sub(f.sent), 1)
	}
	late := a.at.Sub(f.sent) > p.Timeout && a.state == Answered
	switch {
	case f.over && f.became == Lost && a.state == Answered:
		a.state, f.became = Late, Late
		h.late++
	case f.over && (a.state == Answered || a.state == Corrupt):
		a.state = Duplicate
		h.duplicates++
	case f.over && (f.became != Lost || a.state == Lost):
		return // what else is said of it
	case f.over:
		f.became = a.state
	case late:
		a.state = Late
		h.late++
		p.finish(f, Late)
		h.miss()
	default:
		p.finish(f, a.state)
		h.count(a)
	}
	if p.Flood && f.over {
		p.next = time.Now()
	}
	p.tell(h, p.reply(h, f.number, a))
}

func (p *pinger) silent() string { return "no answer within " + p.Timeout.String() }

// count counts the first answer to a request.
func (h *host) count(a *answer) {
	switch a.state {
	case Answered:
		h.add(a.rtt)
		return
	case Corrupt:
		h.corrupt++
	case Lost:
	default:
		h.failed++
	}
	h.miss()
}

func (p *pinger) finish(f *flight, became State) {
	f.over, f.became = true, became
	p.open--
	p.hosts[f.host].open--
}

// expire ends what waited too long, and forgets what is long over.
func (p *pinger) expire(now time.Time) {
	for len(p.due) > 0 && !p.stopped && (p.due[0].over || now.Sub(p.due[0].sent) >= p.Timeout) {
		f := p.due[0]
		p.due, p.past = p.due[1:], append(p.past, f)
		if f.over {
			continue
		}
		h := &p.hosts[f.host]
		p.finish(f, Lost)
		h.miss()
		p.tell(h, p.reply(h, f.number, &answer{state: Lost, reason: p.silent()}))
	}
	for len(p.past) > 0 && (len(p.past) > mostRemembered || now.Sub(p.past[0].sent) >= p.Timeout+remembered) {
		if f := p.past[0]; p.flights[f.key] == f {
			delete(p.flights, f.key)
		}
		p.past = p.past[1:]
	}
}

// tell shows a reply.
func (p *pinger) tell(h *host, r Reply) {
	switch {
	case p.Plain && (r.State != string(Answered) || h.told):
		return
	case p.Show == Summaries || p.Flood && p.Show == Replies:
		return
	}
	h.told = true
	p.stopped = p.stopped || !p.yield(r)
}
