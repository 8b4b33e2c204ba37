package netstat

import (
	"context"
	"net/netip"
)

// A Route is a way that packets take.
type Route struct {
	Destination netip.Prefix // the addresses that take it; invalid for what is not known
	Kind        string       // unicast, local, broadcast, multicast, blackhole, unreachable, prohibit; empty where the system does not say
	Gateway     netip.Addr   // the router they are given to; invalid when the destination is on the link itself
	Interface   string       // they leave here
	Source      netip.Addr   // the address they come from, where the socket has none; invalid when that is open
	Metric      int          // of several the lowest is taken
	Protocol    string       // who set it: kernel, boot, static, dhcp, ra …
	Scope       string       // global, link, host
}

// RouteTo is the way that packets to an address take now. Nothing is sent. On
// systems other than Linux the gateway is not told. Unreachable, Denied (a route
// prohibits it), Unsupported.
func RouteTo(ctx context.Context, to netip.Addr) (Route, error) {
	if err := ctx.Err(); err != nil {
		return Route{}, err
	}
	r, err := routeTo(ctx, to)
	return r, fault(err, to.String())
}

// Routes is the main routing table, of IPv4 first. Unsupported anywhere but on
// Linux.
func Routes(ctx context.Context) ([]Route, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	list, err := routes()
	return list, fault(err, "")
}
