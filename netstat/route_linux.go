package netstat

import (
	"context"
	"net"
	"net/netip"
	"strconv"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

func routeTo(_ context.Context, to netip.Addr) (Route, error) {
	if to.Zone() != "" {
		if _, err := net.InterfaceByName(to.Zone()); err != nil {
			return Route{}, unix.ENODEV
		}
	}
	o := &netlink.RouteGetOptions{Oif: to.Zone()}
	list, err := netlink.RouteGetWithOptions(to.AsSlice(), o)
	if err != nil {
		return Route{}, err
	}
	if len(list) == 0 {
		return Route{}, unix.ENETUNREACH
	}
	r := routeOf(list[0], namesOf())
	r.Destination = netip.PrefixFrom(to.WithZone(""), to.BitLen())
	return r, nil
}

func routes() ([]Route, error) {
	n := namesOf()
	var all []Route
	for _, family := range []int{netlink.FAMILY_V4, netlink.FAMILY_V6} {
		list, err := dump(func() ([]netlink.Route, error) { return netlink.RouteList(nil, family) })
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if r.Dst == nil {
				r.Dst = everywhere(family)
			}
			all = append(all, ways(r, n)...)
		}
	}
	return all, nil
}

func everywhere(family int) *net.IPNet {
	size := net.IPv4len
	if family == netlink.FAMILY_V6 {
		size = net.IPv6len
	}
	return &net.IPNet{IP: make(net.IP, size), Mask: make(net.IPMask, size)}
}

// ways is a route, once for each of its gateways.
func ways(r netlink.Route, n names) []Route {
	if len(r.MultiPath) == 0 {
		return []Route{routeOf(r, n)}
	}
	var list []Route
	for _, hop := range r.MultiPath {
		one := r
		one.Gw, one.Via, one.LinkIndex = hop.Gw, hop.Via, hop.LinkIndex
		list = append(list, routeOf(one, n))
	}
	return list
}

func routeOf(r netlink.Route, n names) Route {
	out := Route{
		Kind: kindOf(r.Type), Gateway: addrOf(r.Gw), Interface: n.name(r.LinkIndex), Source: addrOf(r.Src),
		Metric: r.Priority, Protocol: r.Protocol.String(), Scope: scopeOf(r.Scope),
	}
	if via, ok := r.Via.(*netlink.Via); ok { // a gateway of the other family
		out.Gateway = addrOf(via.Addr)
	}
	if r.Dst != nil {
		bits, _ := r.Dst.Mask.Size()
		out.Destination = netip.PrefixFrom(addrOf(r.Dst.IP), bits)
	}
	return out
}

// kinds are the types of route of rtnetlink(7).
var kinds = [...]string{
	unix.RTN_UNICAST: "unicast", unix.RTN_LOCAL: "local", unix.RTN_BROADCAST: "broadcast", unix.RTN_ANYCAST: "anycast", unix.RTN_MULTICAST: "multicast",
	unix.RTN_BLACKHOLE: "blackhole", unix.RTN_UNREACHABLE: "unreachable", unix.RTN_PROHIBIT: "prohibit", unix.RTN_THROW: "throw", unix.RTN_NAT: "nat",
}

func kindOf(typ int) string {
	if typ < 0 || typ >= len(kinds) {
		return ""
	}
	return kinds[typ]
}

func scopeOf(s netlink.Scope) string {
	if s == netlink.SCOPE_UNIVERSE {
		return "global"
	}
	return s.String()
}

func addrOf(ip net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip) // not valid for none
	return a.Unmap()
}

// A names knows the names of interfaces by their numbers.
type names map[int]string

func namesOf() names {
	all := names{}
	links, _ := net.Interfaces() // without them the numbers have to do
	for _, l := range links {
		all[l.Index] = l.Name
	}
	return all
}

// name is the number itself when the interface is gone.
func (n names) name(index int) string {
	if name := n[index]; name != "" || index == 0 {
		return name
	}
	return strconv.Itoa(index)
}
