package sock

import (
	"context"
	"io"
	"net"
	"net/netip"
	"strconv"
	"time"

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

// DialSeen connects and gives a connection whose system calls are recorded by the
// explanation under way; seen is false, and nothing was done, where there is none.
func DialSeen(ctx context.Context, to netip.AddrPort, timeout time.Duration) (conn net.Conn, seen bool, err error) {
	t := primitive.TraceFrom(ctx)
	if t == nil || !ownSteps {
		return nil, false, nil
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	c, err := dialSteps(ctx, t, plan{family: familyOfIP(to.Addr()), typ: StreamType}, portAddr(to))
	if err != nil {
		return nil, true, err
	}
	c.SetTap(primitive.TapFrom(ctx))
	return &seenConn{Conn: c.conn, ctx: context.WithoutCancel(ctx), handle: c, read: c.Read, write: c.Send}, true, nil
}

// DialPacketSeen is DialSeen for a datagram socket with one peer.
func DialPacketSeen(ctx context.Context, to netip.AddrPort) (conn net.Conn, seen bool, err error) {
	t := primitive.TraceFrom(ctx)
	if t == nil || !ownSteps {
		return nil, false, nil
	}
	packet, err := packetSteps(ctx, t, plan{family: familyOfIP(to.Addr()), typ: DgramType}, portAddr(to))
	if err != nil {
		return nil, true, err
	}
	u := newConnected(packet.(packetConn))
	u.SetTap(primitive.TapFrom(ctx))
	read := func(ctx context.Context, p []byte) (int, error) {
		data, err := u.Recv(ctx, len(p))
		return copy(p, data), err
	}
	c := &seenConn{Conn: u.conn, ctx: context.WithoutCancel(ctx), handle: u, read: read, write: u.Send}
	c.peer = net.UDPAddrFromAddrPort(to) // the net package took the socket before it had one, and does not know
	return seenPackets{c}, true, nil
}

// Seen is a connection whose reads, writes and close are recorded by the
// explanation under way, for who talks over a net.Conn; without one it is the
// connection itself.
func (c *Stream) Seen(ctx context.Context) net.Conn {
	if primitive.TraceFrom(ctx) == nil || !ownSteps {
		return c.conn
	}
	return &seenConn{Conn: c.conn, ctx: context.WithoutCancel(ctx), handle: c, read: c.Read, write: c.Send}
}

// A seenConn makes its calls the way a handle does.
type seenConn struct {
	net.Conn
	ctx    context.Context
	handle primitive.Handle
	read   func(context.Context, []byte) (int, error)
	write  func(context.Context, []byte) (int, error)
	peer   net.Addr // or nil: the connection knows it
}

// RemoteAddr is that of net.Conn.
func (c *seenConn) RemoteAddr() net.Addr {
	if c.peer != nil {
		return c.peer
	}
	return c.Conn.RemoteAddr()
}

// LocalAddr is that of net.Conn.
func (c *seenConn) LocalAddr() net.Addr {
	if u, ok := c.handle.(*Datagram); ok {
		if ip, err := netip.ParseAddr(u.Addr().Host); err == nil {
			return net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, uint16(u.Addr().Port)))
		}
	}
	return c.Conn.LocalAddr()
}

// SetLinger is that of net.TCPConn.
func (c *seenConn) SetLinger(sec int) error {
	return SetOption(c.handle, "linger", strconv.Itoa(sec))
}

// Read is that of net.Conn.
func (c *seenConn) Read(p []byte) (int, error) {
	n, err := c.read(c.ctx, p)
	if primitive.KindOf(err) == primitive.EOF {
		return n, io.EOF
	}
	return n, err
}

// Write is that of net.Conn.
func (c *seenConn) Write(p []byte) (int, error) { return c.write(c.ctx, p) }

// Close is that of net.Conn.
func (c *seenConn) Close() error { return c.handle.Close() }
