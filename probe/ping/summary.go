package ping

import (
	"fmt"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/probe/icmp"
)

// Summaries of so many hosts are told beside the replies; of more, only how many
// there are.
const fewHosts = 32

// conclude tells what it all came to. The error is that nobody answered.
func (p *pinger) conclude() error {
	if p.Show != Replies {
		for i := range p.hosts {
			if !p.stopped {
				p.stopped = !p.yield(p.summary(&p.hosts[i]))
			}
		}
	} else if !p.Plain && len(p.hosts) <= fewHosts {
		p.table()
	} else if !p.stopped {
		p.stopped = !p.yield(beside(primitive.Summary, p.overall()))
	}
	return p.silence()
}

// summary is a host's as data.
func (p *pinger) summary(h *host) Reply {
	r := Reply{Host: h.addr.String(), Name: h.name, State: string(Summed), Summary: h.statistics(h.open)}
	line := p.columns(h)
	r.words = primitive.Words{Heading: p.heading(), Line: line, Draw: p.drawn(h, line)}
	if p.Plain {
		r.words = primitive.Words{Line: fmt.Sprintf("%s %d/%d", h.shown(), h.received, h.sent)}
	}
	return r
}

// table tells the summaries beside the replies.
func (p *pinger) table() {
	say := func(w primitive.Words) {
		w.Role = primitive.Summary
		p.stopped = p.stopped || !p.yield(Reply{words: w})
	}
	say(primitive.Words{Line: p.heading()})
	for i := range p.hosts {
		h := &p.hosts[i]
		line := p.columns(h)
		say(primitive.Words{Line: line, Draw: p.drawn(h, line)})
	}
}

// Columns of a summary.
const summaryLine = "%-*s %5s %5s %7s %6s %6s %6s %6s %6s %6s %6s"

func (p *pinger) heading() string {
	return fmt.Sprintf(summaryLine, p.wide, "host", "sent", "recv", "loss", "min", "median", "mean", "p95", "p99", "max", "jitter") + " ms"
}

func (p *pinger) columns(h *host) string {
	s := h.statistics(h.open)
	ms := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return icmp.Short(*v)
	}
	text := fmt.Sprintf(summaryLine, p.wide, h.shown(), fmt.Sprint(s.Sent), fmt.Sprint(s.Received), fmt.Sprintf("%.4g %%", s.Loss),
		ms(s.Min), ms(s.Median), ms(s.Mean), ms(s.P95), ms(s.P99), ms(s.Max), ms(s.Jitter))
	return text + h.oddities()
}

// oddities are told only where there were any.
func (h *host) oddities() string {
	var b strings.Builder
	for _, o := range []struct {
		n    int
		what string
	}{{h.duplicates, "double"}, {h.late, "late"}, {h.corrupt, "damaged"}, {h.failed, "answered by an error"}} {
		if o.n > 0 {
			fmt.Fprintf(&b, ", %d %s", o.n, o.what)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "  " + b.String()[2:]
}

// overall is one line for many hosts.
func (p *pinger) overall() string {
	there, sent, received := 0, 0, 0
	for i := range p.hosts {
		h := &p.hosts[i]
		sent, received = sent+h.sent, received+h.received
		if h.received > 0 {
			there++
		}
	}
	verb := "answer"
	if there == 1 {
		verb = "answers"
	}
	return fmt.Sprintf("%d of %s %s; %s, %d answered in time", there, plural(len(p.hosts), "host"), verb, plural(sent, "request"), received)
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprint(n, " ", what)
}

// silence is the error that nobody answered; what the replies have told.
func (p *pinger) silence() error {
	failed, late := 0, 0
	for i := range p.hosts {
		h := &p.hosts[i]
		if h.received > 0 {
			return nil
		}
		failed, late = failed+h.failed, late+h.late
	}
	kind, cause := primitive.Timeout, "no answer"
	if failed > 0 && late == 0 {
		kind, cause = primitive.Unreachable, "not reached"
	}
	e := primitive.Newf(kind, "%s", cause)
	e.Told = true
	return e
}

// Progress is told so often.
const progressEvery = 200 * time.Millisecond

// progress tells how it goes, for a terminal.
func (p *pinger) progress(now time.Time) {
	if p.stopped || p.Plain || now.Sub(p.shown) < progressEvery {
		return
	}
	p.shown = now
	p.stopped = !p.yield(Reply{words: primitive.Words{Role: primitive.Underway, Line: p.overall(), Draw: p.picture()}})
}
