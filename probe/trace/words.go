package trace

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"sosh/primitive"
	"sosh/probe/icmp"
)

// line is a hop as traceroute writes it; of several rounds as mtr does.
func (t *tracer) line(h *hop) primitive.Words {
	if t.Rounds != 1 {
		return primitive.Words{Heading: heading(t.wide(t.names.of)), Line: t.columns(h, t.wide(t.names.of), t.names.of)}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%2d ", h.ttl)
	var from netip.Addr
	for _, o := range h.outcomes {
		switch {
		case !o.answered && o.mark != "":
			b.WriteString(" " + o.mark)
		case !o.answered:
			b.WriteString(" *")
		default:
			if o.from != from {
				from = o.from
				b.WriteString(" " + shown(from, t.names.of(from)) + " ")
			}
			b.WriteString(" " + icmp.RoundTrip(o.rtt))
			if o.mark != "" {
				b.WriteString(" " + o.mark)
			}
		}
	}
	if s := h.state(); s != Passed && s != Silent {
		b.WriteString("  " + h.reason())
	}
	return primitive.Words{Line: b.String()}
}

// Columns of a table of several rounds.
const tableLine = "%3s  %-*s %7s %5s %6s %6s %6s %6s %6s"

// Narrowest and widest column of the hosts.
const (
	narrowHost = 15
	wideHost   = 60
)

// wide is the column of the hosts.
func (t *tracer) wide(name func(netip.Addr) string) int {
	widest := narrowHost
	for _, h := range t.hops[:t.seen()] {
		if len(h.hosts) > 0 {
			widest = max(widest, utf8.RuneCountInString(shown(h.hosts[0], name(h.hosts[0]))))
		}
	}
	return min(widest, wideHost)
}

func heading(wide int) string {
	return fmt.Sprintf(tableLine, "hop", wide, "host", "loss", "sent", "last", "mean", "best", "worst", "jitter") + " ms"
}

func (t *tracer) columns(h *hop, wide int, name func(netip.Addr) string) string {
	host := "(no answer)"
	if len(h.hosts) > 0 {
		host = shown(h.hosts[0], name(h.hosts[0]))
	}
	ms := func(d time.Duration) string {
		if h.received == 0 {
			return "-"
		}
		return icmp.Short(icmp.Millis(d))
	}
	n := time.Duration(max(1, h.received))
	text := fmt.Sprintf(tableLine, fmt.Sprint(h.ttl), wide, host, fmt.Sprintf("%.4g %%", h.loss()), fmt.Sprint(h.sent),
		ms(h.last), ms(h.sum/n), ms(h.min), ms(h.max), ms(h.differences/max(1, n-1)))
	if s := h.state(); s == Unreachable || s == Trouble {
		text += "  " + strings.TrimSpace(h.mark()+" "+h.reason())
	}
	return text
}

// far is how far it is, in a line.
func (t *tracer) far() string {
	rounds := fmt.Sprintf("round %d", t.round+1)
	if t.Rounds > 0 {
		rounds = fmt.Sprintf("round %d of %d", min(t.round+1, t.Rounds), t.Rounds)
	}
	return fmt.Sprintf("%s, %d hops", rounds, t.seen())
}

// seen is how many hops there is something to tell about.
func (t *tracer) seen() int {
	n := 0
	for i, h := range t.hops[:t.last] {
		if h.over() > 0 {
			n = i + 1
		}
	}
	return n
}

// picture is the table as it stands.
func (t *tracer) picture() func(columns, rows int) string {
	wide := t.wide(t.names.seen)
	lines := []string{heading(wide)}
	for _, h := range t.hops[:t.seen()] {
		lines = append(lines, t.columns(h, wide, t.names.seen))
	}
	below := t.far()
	return func(_, rows int) string {
		return strings.Join(append(lines[:min(len(lines), max(1, rows-2)):min(len(lines), max(1, rows-2))], below), "\n")
	}
}
