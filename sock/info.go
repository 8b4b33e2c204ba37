package sock

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"sosh/primitive"
)

// Info is what `info` shows of a handle, and the fields scripts read.
type Info struct {
	ID       string        `help:"the name of the handle" volatile:""`
	Type     string        `help:"socket, stream, listener or datagram"`
	State    string        `help:"open, bound, listening, connected, read shut, write shut, shut down, peer ended, closed"`
	Family   string        `help:"inet, inet6, unix, vsock or bluetooth"`
	Laddr    string        `help:"local address in one word" volatile:""`
	Raddr    string        `help:"the peer's address in one word" volatile:""`
	Lhost    string        `help:"local host, or path"`
	Lport    int           `help:"local port" volatile:""`
	Rhost    string        `help:"the peer's host, or path"`
	Rport    int           `help:"the peer's port" volatile:""`
	Peer     string        `help:"process, user and group at the other end of a Unix stream, on Linux" volatile:""`
	Received int64         `help:"bytes received"`
	Sent     int64         `help:"bytes the system took for sending"`
	Buffered int           `help:"bytes received and not yet taken"`
	Backlog  int           `help:"how many connections may wait to be accepted"`
	Waiting  int           `help:"connections waiting to be accepted, where the system tells"`
	Accepted int64         `help:"connections accepted so far"`
	Age      time.Duration `help:"time since it was opened" volatile:""`
}

// setAddrs fills in both addresses.
func (i *Info) setAddrs(local, remote primitive.Addr) {
	i.Laddr, i.Lhost, i.Lport = text(local), hostOf(local), local.Port
	i.Raddr, i.Rhost, i.Rport = text(remote), hostOf(remote), remote.Port
}

// text is an address in one word, or "" for none.
func text(a primitive.Addr) string {
	if a == (primitive.Addr{}) {
		return ""
	}
	return a.String()
}

func hostOf(a primitive.Addr) string {
	if a.Path != "" {
		return a.Path
	}
	return a.Host
}

// base is what all handles of this package share.
type base struct {
	label  *primitive.Label // a role shares the label of the socket it was made from
	closed atomic.Bool
	gone   atomic.Pointer[chan struct{}] // see whenClosed
	woken  atomic.Bool                   // gone is closed
	born   time.Time
}

func newBase() base { return base{label: new(primitive.Label), born: time.Now()} }

// Name is the session's name for the handle, "" until adopted.
func (b *base) Name() string { return b.label.Name() }

// SetName gives the name; the first one stays.
func (b *base) SetName(name string) { b.label.SetName(name) }

// Closed is true once Close was called.
func (b *base) Closed() bool { return b.closed.Load() }

// target is what errors are about: the handle's name, or its address while it
// has none.
func (b *base) target(a primitive.Addr) string {
	if n := b.Name(); n != "" {
		return n
	}
	return text(a)
}

// ended is the error of a call that failed. On a handle that was closed
// meanwhile that is the reason, in whatever words the failure came.
func (b *base) ended(ctx context.Context, err error, a primitive.Addr) *primitive.Error {
	if b.Closed() {
		err = net.ErrClosed
	}
	return ended(ctx, err, b.target(a))
}

// addrOf is the address of the net package as ours; nil and unnamed Unix
// sockets give the zero Addr.
func addrOf(a net.Addr) primitive.Addr {
	switch a := a.(type) {
	case *net.TCPAddr:
		return portAddr(a.AddrPort())
	case *net.UDPAddr:
		return portAddr(a.AddrPort())
	case *net.UnixAddr:
		if a == nil || a.Name == "@" {
			return primitive.Addr{}
		}
		return primitive.Addr{Path: a.Name}
	case wordAddr:
		return primitive.Addr(a)
	}
	return primitive.Addr{}
}

func portAddr(a netip.AddrPort) primitive.Addr {
	if !a.IsValid() {
		return primitive.Addr{}
	}
	return primitive.Addr{Host: a.Addr().Unmap().String(), Port: int(a.Port())}
}

// familyOf tells the family from an address; "" for none.
func familyOf(a primitive.Addr) Family {
	if a.Path != "" {
		return Unix
	}
	ip, err := netip.ParseAddr(a.Host)
	switch {
	case err != nil:
		return ""
	case ip.Is4():
		return Inet
	}
	return Inet6
}

// A wordAddr is an address of a family that the net package does not know.
type wordAddr primitive.Addr

func (a wordAddr) Network() string { return "socket" }
func (a wordAddr) String() string  { return primitive.Addr(a).String() }

func familyIn(conn net.Conn) Family {
	if f, ok := conn.(interface{ family() Family }); ok {
		return f.family()
	}
	if _, ok := conn.LocalAddr().(*net.UnixAddr); ok {
		return Unix
	}
	return familyOf(addrOf(conn.LocalAddr()))
}
