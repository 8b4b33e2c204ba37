//go:build unix

package sock

import (
	"context"
	"net"
	"net/netip"
	"strconv"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// sockaddrOf resolves an address for a socket of the family.
func sockaddrOf(ctx context.Context, family Family, addr primitive.Addr) (unix.Sockaddr, error) {
	switch family {
	case Inet, Inet6:
		a, err := resolveOne(ctx, addr, family)
		if err != nil {
			return nil, err
		}
		return ipSockaddr(family, a)
	case Unix:
		if addr.Path == "" {
			return nil, wrongFamily(addr, family)
		}
		return &unix.SockaddrUnix{Name: addr.Path}, nil
	}
	if addr.Path != "" {
		return nil, wrongFamily(addr, family)
	}
	return otherSockaddr(family, addr)
}

// fromSockaddr is the inverse; an unnamed or missing one is the zero Addr.
func fromSockaddr(sa unix.Sockaddr) primitive.Addr {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return primitive.Addr{Host: netip.AddrFrom4(sa.Addr).String(), Port: sa.Port}
	case *unix.SockaddrInet6:
		ip := netip.AddrFrom16(sa.Addr).Unmap()
		if ip.Is6() && sa.ZoneId != 0 {
			ip = ip.WithZone(zoneName(sa.ZoneId))
		}
		return primitive.Addr{Host: ip.String(), Port: sa.Port}
	case *unix.SockaddrUnix:
		if sa.Name == "@" { // it has none
			return primitive.Addr{}
		}
		return primitive.Addr{Path: sa.Name}
	}
	return fromOther(sa)
}

// zoneName is the interface of a link-local address, or its number.
func zoneName(id uint32) string {
	if i, err := net.InterfaceByIndex(int(id)); err == nil {
		return i.Name
	}
	return strconv.Itoa(int(id))
}

func zoneID(zone string) uint32 {
	if i, err := net.InterfaceByName(zone); err == nil && zone != "" {
		return uint32(i.Index)
	}
	n, err := strconv.ParseUint(zone, 10, 32)
	if err != nil {
		return 0 // no such interface: the kernel says so
	}
	return uint32(n)
}
