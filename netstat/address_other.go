//go:build !linux

package netstat

import (
	"net"
	"net/netip"
)

// addressesOf are the addresses alone: how they were assigned is not told.
func addressesOf(links []net.Interface) (map[int][]Address, error) {
	list := map[int][]Address{}
	for _, l := range links {
		all, err := l.Addrs()
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			n, ok := a.(*net.IPNet)
			if !ok {
				continue
			}
			ip, _ := netip.AddrFromSlice(n.IP) // it is one
			bits, _ := n.Mask.Size()
			list[l.Index] = append(list[l.Index], Address{Prefix: netip.PrefixFrom(ip.Unmap(), bits)})
		}
	}
	return list, nil
}
