package dns

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/miekg/dns"

	"sosh/primitive"
)

// Bounds of a trace. A hostile zone can make the way endless: each ends it with an
// error.
const (
	mostSteps     = 100 // questions, all in all
	mostAliases   = 10  // CNAMEs on the way
	mostDepth     = 4   // names of name servers that have to be found out for those of others
	mostPerZone   = 6   // servers of one zone that are tried
	mostAddresses = 8   // of one server
)

// A Trace finds the answer as a resolver does: it asks a server that knows who
// knows more, until one knows.
type Trace struct {
	Name    string // absolute, of ParseName
	Type    uint16
	Start   primitive.Addr // the first server; zero is the root's. Its port is that of all
	IPv6    bool           // name servers may be asked over IPv6 too
	EDNS    int
	Timeout time.Duration // of one try
	Tries   int
}

// A Step is one question on the way, and what it brought.
type Step struct {
	Step   int           `help:"number of the question"`
	Zone   string        `help:"zone whose server is asked; empty for the one of --server"`
	Host   string        `help:"name of the server; empty for the first"`
	Server string        `help:"address that was asked" volatile:""`
	Name   string        `help:"name that was asked for"`
	Type   string        `help:"type that was asked for"`
	Result string        `help:"referral, answer, alias, nodata, or the code: NXDOMAIN …; timeout, refused, lame"`
	Next   string        `help:"zone that is asked next, or the name that this one stands for"`
	Data   []Record      `help:"the answer, or the name servers of the next zone"`
	Why    string        `help:"what went wrong, or who needs it"`
	Time   time.Duration `help:"from the question to the answer" volatile:""`
}

// Words are the step in a line, and below it what was found.
func (s Step) Words() primitive.Words {
	server := s.Server
	if s.Host != "" {
		server += " (" + s.Host + ")"
	}
	if s.Zone != "" {
		server += " for " + s.Zone
	}
	line := fmt.Sprintf("%2d  %s %s?  asked %s, %s", s.Step, s.Name, s.Type, server, inMillis(s.Time))
	line += "\n    " + s.Result
	if s.Next != "" {
		line += ": " + s.Next
	}
	if s.Why != "" {
		line += " (" + s.Why + ")"
	}
	if s.Result != "referral" {
		for _, r := range s.Data {
			line += fmt.Sprintf("\n    %s %d %s %s %s", r.Name, r.TTL, r.Class, r.Type, r.Data)
		}
	}
	return primitive.Words{Line: line}
}

// Steps asks, a question whenever the next step is drawn. The error at the end is
// why there is no answer: NotFound, Timeout, Failed, Denied, Canceled …
func (t Trace) Steps(ctx context.Context) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		w := &walk{Trace: t, ctx: ctx, yield: yield}
		if _, err := w.resolve(t.Name, t.Type, 0); err != nil && !w.stopped {
			yield(Step{}, err)
		}
	}
}

// A walk is a trace under way.
type walk struct {
	Trace
	ctx     context.Context
	yield   func(Step, error) bool
	steps   int
	stopped bool // nobody draws further steps
}

var errStopped = &primitive.Error{Kind: primitive.Canceled, Cause: "nobody wants the rest"}

// resolve follows the way to a name, and aliases from there; it gives the records
// of the last answer.
func (w *walk) resolve(name string, rrtype uint16, depth int) ([]dns.RR, error) {
	for range mostAliases {
		m, err := w.descend(name, rrtype, depth)
		if err != nil {
			return nil, err
		}
		target, ok := aliasOf(m, name, rrtype)
		if !ok {
			return m.Answer, nil
		}
		name = target
	}
	return nil, primitive.Newf(primitive.Failed, "more than %d names that only stand for another", mostAliases).On(printed(name)).
		WithHint("the chain of CNAMEs is endless, or as good as: its owner has to mend it")
}

// descend asks from the start down until a server has the answer.
func (w *walk) descend(name string, rrtype uint16, depth int) (*dns.Msg, error) {
	zone, servers := ".", w.start()
	for {
		m, err := w.askZone(zone, servers, name, rrtype, depth)
		if err != nil {
			return nil, err
		}
		below, next := referral(m, zone, name)
		if next == nil {
			return m, nil
		}
		zone, servers = below, next
	}
}

// start are the servers that are asked first.
func (w *walk) start() []nameServer {
	if w.Start == (primitive.Addr{}) {
		return rootHints()
	}
	return []nameServer{{}}
}

// askZone asks the servers of a zone one after another until one helps. What only
// one server says, that it fails or refuses, is not believed before all have.
func (w *walk) askZone(zone string, servers []nameServer, name string, rrtype uint16, depth int) (*dns.Msg, error) {
	var last error
	for i, server := range servers {
		if i == mostPerZone {
			break
		}
		for _, at := range w.reach(server, depth, &last) {
			m, err := w.ask(zone, server.name, at, name, rrtype, depth)
			if err == nil {
				return m, nil
			}
			if last = err; w.final(err) {
				return nil, err
			}
		}
	}
	if last == nil {
		last = primitive.Newf(primitive.NotFound, "no name server of %s has an address", printed(zone)).On(printed(name)).
			WithHint("with IPv6: --ipv6; otherwise its owner has to mend it")
	}
	return nil, last
}

// final is whether no other server can help: the answer is no, or the walk ends.
func (w *walk) final(err error) bool {
	return w.stopped || w.ctx.Err() != nil || w.steps >= mostSteps || primitive.KindOf(err) == primitive.NotFound
}

// reach gives the addresses of a server, which it may have to find out.
func (w *walk) reach(server nameServer, depth int, last *error) []primitive.Addr {
	if server.name == "" {
		return []primitive.Addr{w.Start}
	}
	ips := server.addresses
	if len(ips) == 0 && depth < mostDepth && !w.stopped {
		rrs, err := w.resolve(server.name, dns.TypeA, depth+1)
		if err != nil {
			*last = err
		}
		ips = addressesIn(rrs, "")
	}
	port := 53
	if w.Start.Port != 0 {
		port = w.Start.Port
	}
	var list []primitive.Addr
	for _, ip := range ips {
		if (ip.Is4() || w.IPv6) && len(list) < mostAddresses {
			list = append(list, primitive.Addr{Host: ip.String(), Port: port})
		}
	}
	return list
}

// ask asks one server and tells the step. A server that does not help is an error.
func (w *walk) ask(zone, host string, at primitive.Addr, name string, rrtype uint16, depth int) (*dns.Msg, error) {
	if w.steps++; w.steps > mostSteps {
		return nil, primitive.Newf(primitive.Failed, "%d questions, and no answer", mostSteps).On(printed(name)).WithHint("the zones refer to each other endlessly: their owners have to mend that")
	}
	s := Step{Step: w.steps, Zone: printed(zone), Host: printed(host), Server: at.String(), Name: printed(name), Type: typeName(rrtype)}
	if host == "" {
		s.Zone = ""
	}
	start := time.Now()
	reply, err := Query{Name: name, Type: rrtype, Server: at, EDNS: w.EDNS, Timeout: w.Timeout, Tries: w.Tries}.Ask(w.ctx)
	s.Time = time.Since(start)
	if reply != nil {
		s.Time = reply.Time
		err = s.judge(reply.msg, zone, name, rrtype)
	} else {
		s.Result, s.Why = string(primitive.KindOf(err)), primitive.AsError(err).Cause
	}
	if depth > 0 && s.Why == "" {
		s.Why = "the address of a name server is needed"
	}
	if !w.tell(s) {
		return nil, errStopped
	}
	if err != nil {
		return nil, err
	}
	return reply.msg, nil
}

// tell gives a step to whoever draws them; false when they want no more.
func (w *walk) tell(s Step) bool {
	if !w.stopped && !w.yield(s, nil) {
		w.stopped = true
	}
	return !w.stopped
}

// judge fills in what a message brought. The error is for one that does not help.
func (s *Step) judge(m *dns.Msg, zone, name string, rrtype uint16) error {
	if m.Rcode != dns.RcodeSuccess {
		s.Result = rcodeName(m.Rcode)
		s.Data = records(m.Ns)
		return codeError(m.Rcode).On(s.Name)
	}
	s.Data = records(m.Answer)
	if target, ok := aliasOf(m, name, rrtype); ok {
		s.Result, s.Next = "alias", printed(target)
		return nil
	}
	if below, next := referral(m, zone, name); next != nil {
		s.Result, s.Next, s.Data = "referral", printed(below), records(m.Ns)
		return nil
	}
	switch {
	case len(m.Answer) > 0:
		s.Result = "answer"
	case isReferral(m):
		s.Result, s.Why = "lame", "it refers to "+strings.Join(ownersOf(m.Ns), ", ")+", which is no way down"
		return primitive.Newf(primitive.Failed, "the server %s does not know the zone that it is asked for", s.Server).On(s.Name).
			WithHint("a lame delegation: the zone above names a server that does not serve it; its owner has to mend it")
	default:
		s.Result, s.Data = "nodata", records(m.Ns)
	}
	return nil
}
