package sock

import (
	"context"
	"net"
	"net/netip"

	"sosh/primitive"
)

// The short forms of sockets that take no connection, seen call by call; seen is
// false where the net package makes them.

func listenSeen(ctx context.Context, t *primitive.Trace, at netip.AddrPort, o ListenOptions) (ln net.Listener, seen bool, err error) {
	if t == nil || !ownSteps {
		return nil, false, nil
	}
	p := plan{family: familyOfIP(at.Addr()), typ: StreamType, set: map[string]int{"reuseaddr": 1}, local: portAddr(at)}
	p.setDual(o.Dual)
	ln, err = listenSteps(ctx, t, p, o.Backlog)
	return ln, true, err
}

// setDual says whether an inet6 socket takes IPv4 too, as the net package does.
func (p plan) setDual(dual bool) {
	if p.family == Inet6 {
		p.set["v6only"] = map[bool]int{true: 0, false: 1}[dual]
	}
}

func bindSeen(ctx context.Context, t *primitive.Trace, at netip.AddrPort, dual bool) (conn net.PacketConn, seen bool, err error) {
	if t == nil || !ownSteps {
		return nil, false, nil
	}
	p := plan{family: familyOfIP(at.Addr()), typ: DgramType, set: map[string]int{"broadcast": 1}, local: portAddr(at)}
	p.setDual(dual)
	conn, err = packetSteps(ctx, t, p, primitive.Addr{})
	return conn, true, err
}

// dialPacketSeen connects a datagram socket; local is the path of its own, or
// nothing.
func dialPacketSeen(ctx context.Context, t *primitive.Trace, family Family, to, local primitive.Addr) (conn net.Conn, seen bool, err error) {
	if t == nil || !ownSteps {
		return nil, false, nil
	}
	p := plan{family: family, typ: DgramType, local: local}
	if family != Unix {
		p.set = map[string]int{"broadcast": 1}
	}
	packet, err := packetSteps(ctx, t, p, to)
	if err != nil {
		return nil, true, err
	}
	return packet.(packetConn), true, nil
}

// unixSeen binds a Unix socket to a path, for connections or datagrams.
func unixSeen(ctx context.Context, t *primitive.Trace, typ Type, path string, o UnixOptions) (ln net.Listener, conn net.PacketConn, seen bool, err error) {
	if t == nil || !ownSteps {
		return nil, nil, false, nil
	}
	p := plan{family: Unix, typ: typ, local: primitive.Addr{Path: path}, mode: o.Mode}
	if typ == DgramType {
		conn, err = packetSteps(ctx, t, p, primitive.Addr{})
	} else {
		ln, err = listenSteps(ctx, t, p, o.Backlog)
	}
	return ln, conn, true, err
}
