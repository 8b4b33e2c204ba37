package sock

import (
	"net/netip"
	"slices"
)

// Guests are who may come: nobody of Deny, and only those of Allow unless that is
// empty.
type Guests struct{ Allow, Deny []netip.Prefix }

// any is whether everybody may.
func (g *Guests) any() bool { return len(g.Allow) == 0 && len(g.Deny) == 0 }

// admits is whether an address may. An IPv4 address is one also where it comes to a
// socket of IPv6.
func (g *Guests) admits(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	in := func(p netip.Prefix) bool { return p.Contains(ip) }
	return !slices.ContainsFunc(g.Deny, in) && (len(g.Allow) == 0 || slices.ContainsFunc(g.Allow, in))
}

// admitted takes the datagrams of others out of the queue, as if they had never
// come.
func (u *Datagram) admitted() {
	if u.guests.any() || u.kind == Unix {
		return
	}
	u.queue = slices.DeleteFunc(u.queue, func(p Packet) bool {
		ip, err := netip.ParseAddr(p.Host)
		return err != nil || !u.guests.admits(ip)
	})
}
