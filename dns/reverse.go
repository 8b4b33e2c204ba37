package dns

import (
	"context"
	"net/netip"
	"time"

	"github.com/miekg/dns"

	"sosh/ipaddr"
	"sosh/primitive"
)

// ReverseAt asks one server for the names of an address. NotFound, and what a
// Query may raise.
func ReverseAt(ctx context.Context, ip netip.Addr, server primitive.Addr, timeout time.Duration) (Named, error) {
	n := Named{Address: ip.String(), Reverse: ipaddr.Reverse(ip.WithZone("")), Source: "name server", Server: server.String()}
	const tries = 2
	r, err := Query{
		Name: n.Reverse + ".", Type: dns.TypePTR, Server: server, Recurse: true, EDNS: usualEDNS, Timeout: timeout / tries, Tries: tries,
	}.Ask(ctx)
	if err != nil {
		e := *primitive.AsError(err)
		e.Told = false
		return Named{}, &e
	}
	n.Time = r.Time
	for _, rec := range r.Answer {
		if rec.Type == "PTR" {
			n.Names = append(n.Names, rec.Data)
		}
	}
	if n.Names == nil {
		return Named{}, primitive.Newf(primitive.NotFound, "the address has no name").On(n.Address).WithHint("all of the answer: dns query %s PTR --server %s", n.Reverse, n.Server)
	}
	return n, nil
}
