package ping

import (
	"fmt"
	"strings"

	"sosh/primitive"
	"sosh/probe/icmp"
)

// A State is what became of a request.
type State string

// The states.
const (
	Answered    State = "reply"
	Lost        State = "timeout"
	Late        State = "late"         // the answer came after the timeout
	Duplicate   State = "duplicate"    // a further answer to the same request
	Corrupt     State = "corrupt"      // the answer is ours, and damaged
	Exceeded    State = "ttl-exceeded" // a router had no hop left for it
	TooBig      State = "too-big"      // a link on the way does not take it
	Unreachable State = "unreachable"
	Trouble     State = "error"   // this machine could not ask
	Summed      State = "summary" // no request: the summary of a host
)

// A Reply is what became of one request; or, where that is asked for, the summary
// of a host.
type Reply struct {
	Host    string      `help:"address that was asked"`
	Name    string      `help:"name that it was given by; empty where it was an address"`
	Seq     int         `help:"number of the request, from 1; 0 in a summary"`
	State   string      `help:"reply, timeout, late, duplicate, corrupt, ttl-exceeded, too-big, unreachable, error; or summary"`
	Reason  string      `help:"why, in words, where there is more to say"`
	RTT     *float64    `help:"milliseconds until the answer, where one came" volatile:""`
	TTL     *int        `help:"hops that the answer had left, where that is known" volatile:""`
	From    string      `help:"who answered: the host, or a router that says why not; empty where nobody did"`
	Summary *Statistics `help:"in a summary what all requests came to" volatile:""`

	words primitive.Words
}

// Words are the line for a person.
func (r Reply) Words() primitive.Words { return r.words }

// beside is what is told beside the replies.
func beside(role primitive.Role, line string) Reply {
	return Reply{words: primitive.Words{Role: role, Line: line}}
}

// reply makes data of an answer, and a line.
func (p *pinger) reply(h *host, seq int, a *answer) Reply {
	r := Reply{Host: h.addr.String(), Name: h.name, Seq: seq, State: string(a.state), Reason: a.reason}
	if a.from.IsValid() {
		r.From = a.from.String()
	}
	if a.rtt > 0 {
		ms := icmp.Millis(a.rtt)
		r.RTT = &ms
	}
	if a.ttl > 0 {
		r.TTL = &a.ttl
	}
	r.words = p.line(h, &r, a)
	return r
}

func (p *pinger) line(h *host, r *Reply, a *answer) primitive.Words {
	if p.Plain {
		return primitive.Words{Line: h.shown()}
	}
	cells := func(host, seq, state, rtt, ttl, rest string) string {
		text := fmt.Sprintf("%-*s  %6s  %-12s  %9s", p.wide, host, seq, state, rtt)
		if p.Method == ICMP {
			text += fmt.Sprintf("  %3s", ttl)
		}
		return strings.TrimRight(text+"  "+rest, " ")
	}
	ttl, rest := "", a.reason
	if r.TTL != nil {
		ttl = fmt.Sprint(*r.TTL)
	}
	if a.from.IsValid() && a.from.WithZone("") != h.addr.WithZone("") {
		rest += ", says " + a.from.String()
	}
	return primitive.Words{
		Heading: cells("host", "seq", "state", "rtt", "ttl", "reason"),
		Line:    cells(h.shown(), fmt.Sprint(r.Seq), r.State, icmp.RoundTrip(a.rtt), ttl, rest),
	}
}
