package probe

import (
	"net"
	"net/netip"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sysCalls holds what connect(2) reads, so that a probe allocates nothing.
type sysCalls struct {
	four  unix.RawSockaddrInet4
	six   unix.RawSockaddrInet6
	zone  string // of index
	index uint32
}

// connect starts a connection. The raw call is for speed: it never blocks, and
// telling the scheduler about it costs as much as a good part of it.
func (c *sysCalls) connect(fd int, addr netip.Addr, port uint16) syscall.Errno {
	var at unsafe.Pointer
	var size uintptr
	if addr.Is4() {
		c.four = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: swap(port), Addr: addr.As4()}
		at, size = unsafe.Pointer(&c.four), unsafe.Sizeof(c.four)
	} else {
		c.six = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: swap(port), Addr: addr.As16(), Scope_id: c.scope(addr.Zone())}
		at, size = unsafe.Pointer(&c.six), unsafe.Sizeof(c.six)
	}
	_, _, no := unix.RawSyscall(unix.SYS_CONNECT, uintptr(fd), uintptr(at), size)
	return no
}

// swap makes a port of network order, on either kind of machine.
func swap(port uint16) (n uint16) {
	b := (*[2]byte)(unsafe.Pointer(&n))
	b[0], b[1] = byte(port>>8), byte(port)
	return n
}

// scope is the number of an interface; the last one asked for is remembered.
func (c *sysCalls) scope(zone string) uint32 {
	if zone == c.zone {
		return c.index
	}
	c.zone, c.index = zone, 0
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		c.index = uint32(n)
	} else if i, err := net.InterfaceByName(zone); err == nil {
		c.index = uint32(i.Index)
	}
	return c.index
}

func localName(fd int) (netip.Addr, int) { return nameOf(unix.Getsockname(fd)) }
func peerName(fd int) (netip.Addr, int)  { return nameOf(unix.Getpeername(fd)) }

func nameOf(sa unix.Sockaddr, err error) (netip.Addr, int) {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrFrom4(sa.Addr), sa.Port
	case *unix.SockaddrInet6:
		return netip.AddrFrom16(sa.Addr), sa.Port
	}
	return netip.Addr{}, 0
}
