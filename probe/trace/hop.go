package trace

import (
	"net/netip"
	"slices"
	"time"

	"sosh/primitive"
	"sosh/probe/icmp"
)

// A State is what a hop is.
type State string

// The states.
const (
	Passed      State = "hop"         // a router: the probe ran out of hops there
	Reached     State = "reached"     // the host itself
	Unreachable State = "unreachable" // a router, or the host, says that it goes no further
	Silent      State = "timeout"
	Trouble     State = "error" // this machine could not ask
)

// A Hop is one step of the way. Times are milliseconds.
type Hop struct {
	Hop      int       `help:"how far it is, from 1"`
	Host     string    `help:"address that answered, the first of several; empty where nobody did"`
	Name     string    `help:"its name, with --names"`
	State    string    `help:"hop, reached, unreachable, timeout, error"`
	Reason   string    `help:"what it said, in words"`
	Mark     string    `help:"the mark of traceroute: !H, !N, !X …; empty where there is none"`
	Hosts    []string  `help:"all addresses that answered"`
	RTTs     []float64 `name:"rtts" help:"milliseconds until each answer, the last ones of many" volatile:""`
	Sent     int       `help:"probes"`
	Received int       `help:"answers"`
	Loss     float64   `help:"percent without an answer"`
	Min      *float64  `help:"shortest round trip" volatile:""`
	Mean     *float64  `help:"mean round trip" volatile:""`
	Max      *float64  `help:"longest round trip" volatile:""`
	Jitter   *float64  `help:"mean difference between one round trip and the next" volatile:""`

	words primitive.Words
}

// Words are the line for a person.
func (h Hop) Words() primitive.Words { return h.words }

// Most round trips that a hop remembers, and most addresses.
const (
	mostTrips     = 100
	mostAddresses = 16
)

// An outcome is what became of one probe.
type outcome struct {
	answered bool
	from     netip.Addr
	rtt      time.Duration
	mark     string
}

// A hop collects what came from one step.
type hop struct {
	ttl                    int
	sent, received, silent int
	failed                 int
	hosts                  []netip.Addr
	outcomes               []outcome // the last ones
	code                   *icmp.Code
	said                   string // by the host, or by this machine
	reached                bool
	sum, min, max, last    time.Duration
	differences            time.Duration
}

// over is how many probes have an outcome.
func (h *hop) over() int { return h.received + h.silent + h.failed }

func (h *hop) add(a *answer, rtt time.Duration) {
	if a.failed {
		h.failed++
		h.said = a.words
		h.keep(outcome{mark: "!"})
		return
	}
	rtt = max(rtt, 1)
	if h.received++; h.received == 1 {
		h.min = rtt
	} else {
		h.differences += (rtt - h.last).Abs()
	}
	h.sum, h.last, h.min, h.max = h.sum+rtt, rtt, min(h.min, rtt), max(h.max, rtt)
	if !slices.Contains(h.hosts, a.from) && len(h.hosts) < mostAddresses {
		h.hosts = append(h.hosts, a.from)
	}
	o := outcome{answered: true, from: a.from, rtt: rtt}
	if a.code != nil && !a.code.Exceeded() {
		o.mark = a.code.Mark()
	}
	h.keep(o)
	h.reached = h.reached || a.reached
	if a.code != nil && (h.code == nil || !a.code.Exceeded()) {
		h.code = a.code
	}
	if a.words != "" {
		h.said = a.words
	}
}

func (h *hop) miss() {
	h.silent++
	h.keep(outcome{})
}

func (h *hop) keep(o outcome) {
	if len(h.outcomes) == mostTrips {
		h.outcomes = append(h.outcomes[:0], h.outcomes[1:]...)
	}
	h.outcomes = append(h.outcomes, o)
}

func (h *hop) state() State {
	switch {
	case h.reached:
		return Reached
	case h.code != nil && !h.code.Exceeded():
		return Unreachable
	case h.code != nil:
		return Passed
	case h.failed > 0:
		return Trouble
	}
	return Silent
}

func (h *hop) reason() string {
	switch {
	case h.said != "":
		return primitive.Escape(h.said, false)
	case h.code != nil:
		return h.code.String()
	}
	return "no answer"
}

func (h *hop) mark() string {
	if h.state() == Unreachable {
		return h.code.Mark()
	}
	return ""
}

// loss is in percent; what is under way is not lost.
func (h *hop) loss() float64 {
	if h.over() == 0 {
		return 0
	}
	return float64(1000*(h.over()-h.received)/h.over()) / 10
}

// item makes data of a hop.
func (t *tracer) item(h *hop) Hop {
	i := Hop{
		Hop: h.ttl, State: string(h.state()), Reason: h.reason(), Mark: h.mark(), Sent: h.sent, Received: h.received, Loss: h.loss(),
		Hosts: []string{}, RTTs: []float64{},
	}
	for _, ip := range h.hosts {
		i.Hosts = append(i.Hosts, ip.String())
	}
	for _, o := range h.outcomes {
		if o.answered {
			i.RTTs = append(i.RTTs, icmp.Millis(o.rtt))
		}
	}
	if len(h.hosts) > 0 {
		i.Host, i.Name = i.Hosts[0], t.names.of(h.hosts[0])
	}
	if h.received > 0 {
		at := func(d time.Duration) *float64 { ms := icmp.Millis(d); return &ms }
		i.Min, i.Mean, i.Max = at(h.min), at(h.sum/time.Duration(h.received)), at(h.max)
		i.Jitter = at(h.differences / time.Duration(max(1, h.received-1)))
	}
	i.words = t.line(h)
	return i
}
