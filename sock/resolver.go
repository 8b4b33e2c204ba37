package sock

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"sosh/primitive"
)

// Resolver is the system's resolver. While a command is explained it is Go's own,
// which reads the same files, so that what it asks name servers is seen call by
// call.
func Resolver(ctx context.Context) *net.Resolver {
	if primitive.TraceFrom(ctx) == nil || !ownSteps {
		return new(net.Resolver)
	}
	return &net.Resolver{PreferGo: true, Dial: DialServer}
}

// DialServer connects to a name server; an explanation under way sees the calls.
func DialServer(ctx context.Context, network, at string) (net.Conn, error) {
	if to, err := netip.ParseAddrPort(at); err == nil {
		dial := DialPacketSeen
		if !strings.HasPrefix(network, "udp") {
			dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, bool, error) { return DialSeen(ctx, to, 0) }
		}
		if conn, seen, err := dial(ctx, to); seen {
			return conn, err
		}
	}
	return new(net.Dialer).DialContext(ctx, network, at)
}

// A seenPackets is a datagram socket with one peer. That it is a net.PacketConn
// tells the resolver how to speak on it.
type seenPackets struct{ *seenConn }

var _ net.PacketConn = seenPackets{}

// ReadFrom is Read: the socket has one peer.
func (c seenPackets) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := c.Read(p)
	return n, c.RemoteAddr(), err
}

// WriteTo is Write: the socket has one peer.
func (c seenPackets) WriteTo(p []byte, _ net.Addr) (int, error) { return c.Write(p) }
