package netstat

import (
	"net"
	"net/netip"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// forever is the lifetime of an address that has no end (rtnetlink(7)).
const forever = 1<<32 - 1

// addressesOf asks for all addresses, by the number of their interface. A list
// that changed while it was read is read again, a few times.
func addressesOf([]net.Interface) (map[int][]Address, error) {
	all, err := dump(func() ([]netlink.Addr, error) { return netlink.AddrList(nil, netlink.FAMILY_ALL) })
	if err != nil {
		return nil, err
	}
	list := map[int][]Address{}
	for _, a := range all {
		ip, ok := netip.AddrFromSlice(a.IP)
		if !ok {
			continue
		}
		bits, _ := a.Mask.Size()
		list[a.LinkIndex] = append(list[a.LinkIndex], address(netip.PrefixFrom(ip.Unmap(), bits), a.Flags, a.ValidLft))
	}
	return list, nil
}

// address reads the flags of rtnetlink(7).
func address(p netip.Prefix, flags, valid int) Address {
	a := Address{Prefix: p, Assigned: "dynamic"}
	six := p.Addr().Is6()
	switch {
	case flags&unix.IFA_F_PERMANENT != 0 && six && p.Addr().IsLinkLocalUnicast():
		a.Assigned = "automatic"
	case flags&unix.IFA_F_PERMANENT != 0:
		a.Assigned = "static"
	case flags&unix.IFA_F_TEMPORARY != 0 && six: // the same bit means "secondary" in IPv4
		a.Assigned = "temporary"
	}
	if valid > 0 && valid < forever {
		a.Lifetime = time.Duration(valid) * time.Second
	}
	for _, note := range []struct {
		bit  int
		name string
	}{{unix.IFA_F_TENTATIVE, "tentative"}, {unix.IFA_F_DEPRECATED, "deprecated"}, {unix.IFA_F_DADFAILED, "duplicate"}} {
		if flags&note.bit != 0 {
			a.Notes = append(a.Notes, note.name)
		}
	}
	return a
}
