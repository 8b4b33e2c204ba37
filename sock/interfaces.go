package sock

import (
	"net"
	"net/netip"
)

// A LocalAddr is an address of this machine.
type LocalAddr struct {
	Addr      netip.Addr // with its zone where it needs one (RFC 4007)
	Interface string
}

// LocalAddrs lists the addresses of the network interfaces; what the system does
// not tell is left out.
func LocalAddrs() (list []LocalAddr) {
	interfaces, _ := net.Interfaces() // none is as good as an error
	for _, i := range interfaces {
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			prefix, err := netip.ParsePrefix(a.String())
			if err != nil {
				continue
			}
			addr := prefix.Addr()
			if addr.IsLinkLocalUnicast() && addr.Is6() {
				addr = addr.WithZone(i.Name)
			}
			list = append(list, LocalAddr{addr, i.Name})
		}
	}
	return list
}
