//go:build unix

package sock

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// OpenDatagram opens a datagram socket without address or peer; it gets its
// port at the first send (udp(7)). Unsupported.
func OpenDatagram(family Family) (*Datagram, error) {
	s, err := Open(family, DgramType)
	if err != nil {
		return nil, err
	}
	return s.AsDatagram()
}

// recvFrom receives one datagram with recvmsg(2).
func (u *Datagram) recvFrom(max int) (p Packet, err error) {
	raw, err := u.conn.(syscallConn).SyscallConn()
	if err != nil {
		return p, err
	}
	rerr := raw.Read(func(fd uintptr) bool {
		err = recvStep(int(fd), max, &p)
		return !errors.Is(err, unix.EAGAIN)
	})
	if rerr != nil {
		return p, rerr
	}
	return p, os.NewSyscallError("recvmsg", err)
}

// recvStep is one recvmsg(2). The scratch buffer is held for this call only.
func recvStep(fd, max int, p *Packet) error {
	buf := scratch.Get().(*[chunk]byte)
	defer scratch.Put(buf)
	var flags int
	var from unix.Sockaddr
	n, err := retry(func() (n int, err error) {
		n, _, flags, from, err = unix.Recvmsg(fd, buf[:max], nil, wantLength)
		return n, err
	})
	if err != nil {
		return err
	}
	sender := fromSockaddr(from)
	p.Data = append(primitive.Bytes{}, buf[:min(n, max)]...)
	p.Host, p.Port = hostOf(sender), sender.Port
	p.Length, p.Truncated = n, flags&unix.MSG_TRUNC != 0
	return nil
}

func (u *Datagram) sendTo(to net.Addr, data []byte) error {
	sa, err := u.sockaddr(to)
	if err != nil {
		return err
	}
	return u.sendStep(func(fd int) error { return unix.Sendto(fd, data, 0, sa) })
}

func (u *Datagram) sockaddr(to net.Addr) (unix.Sockaddr, error) {
	if a, ok := to.(*net.UDPAddr); ok {
		return ipSockaddr(u.kind, a.AddrPort())
	}
	return &unix.SockaddrUnix{Name: to.String()}, nil
}

func (u *Datagram) send(data []byte) error {
	return u.sendStep(func(fd int) error { return unix.Send(fd, data, 0) })
}

// sendStep waits until the system takes the datagram or refuses it.
func (u *Datagram) sendStep(send func(fd int) error) error {
	raw, err := u.conn.(syscallConn).SyscallConn()
	if err != nil {
		return err
	}
	rerr := raw.Write(func(fd uintptr) bool {
		_, err = retry(func() (int, error) { return 0, send(int(fd)) })
		return !errors.Is(err, unix.EAGAIN)
	})
	if rerr != nil {
		return rerr
	}
	return os.NewSyscallError("sendto", err)
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
	err := u.control(func(fd uintptr) error { return unix.Connect(int(fd), sa) })
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
