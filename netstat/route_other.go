//go:build !linux

package netstat

import (
	"context"
	"net"
	"net/netip"

	"sosh/primitive"
)

// routeTo asks for the source by connecting a UDP socket, which sends nothing;
// the interface is the one that has this address.
func routeTo(ctx context.Context, to netip.Addr) (Route, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "udp", netip.AddrPortFrom(to, 9).String())
	if err != nil {
		return Route{}, err
	}
	defer conn.Close()
	from := conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
	r := Route{Destination: netip.PrefixFrom(to.WithZone(""), to.BitLen()), Source: from.WithZone("")}
	list, err := Interfaces(ctx)
	if err != nil {
		return r, err
	}
	if i, err := Find(list, from.String()); err == nil {
		r.Interface = i.Name
	}
	return r, nil
}

func routes() ([]Route, error) {
	return nil, primitive.Newf(primitive.Unsupported, "the routing table is read on Linux only").WithHint("!netstat -rn shows it here")
}
