//go:build unix

package sock

import (
	"context"
	"net/netip"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// OpenDatagram opens a datagram socket without address or peer; it gets its
// port at the first send (udp(7)). Unsupported.
func OpenDatagram(family Family) (*Datagram, error) {
	return OpenDatagramContext(context.Background(), family)
}

// OpenDatagramContext is OpenDatagram for whoever looks on under the context.
func OpenDatagramContext(ctx context.Context, family Family) (*Datagram, error) {
	s, err := openSocket(ctx, family, DgramType, true)
	if err != nil {
		return nil, err
	}
	u, err := s.AsDatagram()
	if err != nil {
		return nil, err
	}
	return u.begun(ctx), nil
}

// localAddr asks getsockname(2): an unbound socket has an address only later.
func (u *Datagram) localAddr() primitive.Addr {
	var a primitive.Addr
	err := u.control(func(fd uintptr) error {
		sa, err := unix.Getsockname(int(fd))
		a = fromSockaddr(sa)
		return err
	})
	if err != nil {
		return addrOf(u.conn.LocalAddr())
	}
	return a
}

// connect is the raw step; it may be repeated with another peer (connect(2)).
func (u *Datagram) connect(ctx context.Context, sa unix.Sockaddr) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := u.control(func(fd uintptr) error {
		return traced0(trace(ctx, u.Tap()), "connect", func() string { return list(fd, sockaddrText(sa)) }, func() error { return unix.Connect(int(fd), sa) })
	})
	if err == nil {
		peer := fromSockaddr(sa)
		u.peer.Store(&peer)
		u.laddr.Store(nil) // connecting fills in the local host
	}
	return err
}

// ipSockaddr is an internet address for a socket of the family.
func ipSockaddr(family Family, a netip.AddrPort) (unix.Sockaddr, error) {
	if family == Inet {
		if !a.Addr().Unmap().Is4() {
			return nil, unix.EAFNOSUPPORT
		}
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().Unmap().As4()}, nil
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16(), ZoneId: zoneID(a.Addr().Zone())}, nil
}
