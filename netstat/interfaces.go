package netstat

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"sosh/primitive"
)

// An Interface is a network interface and its addresses.
type Interface struct {
	Name      string
	Index     int
	State     string // up, no carrier (up, but nothing is plugged in), down
	MAC       string // hardware address; empty where there is none
	MTU       int    // most bytes of one packet
	Flags     []string
	Addresses []Address
}

// An Address is one address of an interface.
type Address struct {
	Prefix   netip.Prefix  // with the zone left out
	Assigned string        // static, dynamic (it has a lifetime: DHCP or router advertisement), temporary (dynamic and random, RFC 8981), automatic (link-local, made by the system itself); empty where the system does not say
	Lifetime time.Duration // how long it stays valid; 0 is for ever, or unknown
	Notes    []string      // tentative, deprecated, duplicate
}

// Interfaces lists them all, in the system's order.
func Interfaces(ctx context.Context) ([]Interface, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	links, err := net.Interfaces()
	if err != nil {
		return nil, fault(err, "")
	}
	addresses, err := addressesOf(links)
	if err != nil {
		return nil, fault(err, "")
	}
	var list []Interface
	for _, l := range links {
		list = append(list, Interface{
			Name: l.Name, Index: l.Index, State: state(l.Flags), MAC: l.HardwareAddr.String(), MTU: l.MTU,
			Flags: strings.Split(l.Flags.String(), "|"), Addresses: addresses[l.Index],
		})
	}
	return list, nil
}

func state(f net.Flags) string {
	switch {
	case f&net.FlagUp == 0:
		return "down"
	case f&net.FlagRunning == 0:
		return "no carrier"
	}
	return "up"
}

// Find is the interface of that name, or the one that has that address.
// NotFound, with the names that there are.
func Find(list []Interface, what string) (Interface, error) {
	ip, _ := netip.ParseAddr(what) // an invalid one is nobody's
	var names []string
	for _, i := range list {
		has := func(a Address) bool { return a.Prefix.Addr() == ip.WithZone("") }
		if i.Name == what || ip.IsValid() && slices.ContainsFunc(i.Addresses, has) {
			return i, nil
		}
		names = append(names, i.Name)
	}
	e := primitive.Newf(primitive.NotFound, "no interface has that name or address").On(primitive.Escape(what, false))
	return Interface{}, e.WithHint("there is %s", primitive.Escape(strings.Join(names, ", "), false))
}
