//go:build unix

package sock

import (
	"net"
	"net/netip"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

var options = []option{
	{OptionInfo{"nodelay", "send small pieces at once instead of collecting them (TCP_NODELAY)", unitSwitch}, unix.IPPROTO_TCP, unix.TCP_NODELAY, 0, 0},
	{OptionInfo{"reuseaddr", "bind while old connections of the port linger (SO_REUSEADDR)", unitSwitch}, unix.SOL_SOCKET, unix.SO_REUSEADDR, 0, 0},
	{OptionInfo{"reuseport", "several sockets share one port (SO_REUSEPORT)", unitSwitch}, unix.SOL_SOCKET, unix.SO_REUSEPORT, 0, 0},
	{OptionInfo{"keepalive", "probe the peer of an idle connection (SO_KEEPALIVE)", unitSwitch}, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 0, 0},
	{OptionInfo{"sndbuf", "size of the send buffer; Linux doubles what is set (SO_SNDBUF)", unitBytes}, unix.SOL_SOCKET, unix.SO_SNDBUF, 0, 0},
	{OptionInfo{"rcvbuf", "size of the receive buffer; Linux doubles what is set (SO_RCVBUF)", unitBytes}, unix.SOL_SOCKET, unix.SO_RCVBUF, 0, 0},
	{OptionInfo{"linger", "how long close may still deliver; 0 resets the connection (SO_LINGER)", unitSeconds}, unix.SOL_SOCKET, unix.SO_LINGER, 0, 0},
	{OptionInfo{"ttl", "how many routers a packet may pass (IP_TTL, IPV6_UNICAST_HOPS)", unitHops}, unix.IPPROTO_IP, unix.IP_TTL, unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS},
	{OptionInfo{"tos", "type of service: DSCP and ECN (IP_TOS, IPV6_TCLASS)", unitNumber}, unix.IPPROTO_IP, unix.IP_TOS, unix.IPPROTO_IPV6, unix.IPV6_TCLASS},
	{OptionInfo{"broadcast", "allow sending to broadcast addresses (SO_BROADCAST)", unitSwitch}, unix.SOL_SOCKET, unix.SO_BROADCAST, 0, 0},
	{OptionInfo{"v6only", "an inet6 socket takes no IPv4 (IPV6_V6ONLY)", unitSwitch}, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0, 0},
	{OptionInfo{"join", "receive a multicast group (IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP)", unitGroup}, 0, 0, 0, 0},
	{OptionInfo{"leave", "stop receiving a multicast group (IP_DROP_MEMBERSHIP, IPV6_LEAVE_GROUP)", unitGroup}, 0, 0, 0, 0},
	{OptionInfo{"multicast-loop", "receive what this machine sends to a group (IP_MULTICAST_LOOP)", unitSwitch}, unix.IPPROTO_IP, unix.IP_MULTICAST_LOOP, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_LOOP},
	{OptionInfo{"multicast-ttl", "how many routers a multicast packet may pass (IP_MULTICAST_TTL)", unitHops}, unix.IPPROTO_IP, unix.IP_MULTICAST_TTL, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS},
}

func getInt(fd uintptr, level, num int) (int, error) {
	n, err := unix.GetsockoptInt(int(fd), level, num)
	return n, os.NewSyscallError("getsockopt", err)
}

func setInt(fd uintptr, level, num, value int) error {
	return os.NewSyscallError("setsockopt", unix.SetsockoptInt(int(fd), level, num, value))
}

func getLinger(fd uintptr) (any, error) {
	l, err := unix.GetsockoptLinger(int(fd), unix.SOL_SOCKET, unix.SO_LINGER)
	switch {
	case err != nil:
		return nil, os.NewSyscallError("getsockopt", err)
	case l.Onoff == 0:
		return "off", nil
	}
	return int(l.Linger), nil
}

func setLinger(fd uintptr, seconds int) error {
	l := unix.Linger{}
	if seconds >= 0 {
		l = unix.Linger{Onoff: 1, Linger: int32(seconds)}
	}
	return os.NewSyscallError("setsockopt", unix.SetsockoptLinger(int(fd), unix.SOL_SOCKET, unix.SO_LINGER, &l))
}

// setGroup joins or leaves a multicast group, written ADDRESS or
// ADDRESS%INTERFACE.
func setGroup(fd uintptr, join bool, value string) error {
	text, zone, _ := strings.Cut(value, "%")
	ip, err := netip.ParseAddr(text)
	if err != nil || !ip.IsMulticast() {
		return primitive.Usagef("%s is no multicast address", primitive.Quote(value)).WithHint("multicast is 224.0.0.0/4 and ff00::/8: opt join 224.0.0.251")
	}
	if ip.Is4() {
		return setGroup4(int(fd), join, ip, zone)
	}
	num := unix.IPV6_LEAVE_GROUP
	if join {
		num = unix.IPV6_JOIN_GROUP
	}
	m := unix.IPv6Mreq{Multiaddr: ip.As16(), Interface: zoneID(zone)}
	return os.NewSyscallError("setsockopt", unix.SetsockoptIPv6Mreq(int(fd), unix.IPPROTO_IPV6, num, &m))
}

func setGroup4(fd int, join bool, ip netip.Addr, zone string) error {
	num := unix.IP_DROP_MEMBERSHIP
	if join {
		num = unix.IP_ADD_MEMBERSHIP
	}
	m := unix.IPMreq{Multiaddr: ip.As4(), Interface: interface4(zone)}
	return os.NewSyscallError("setsockopt", unix.SetsockoptIPMreq(fd, unix.IPPROTO_IP, num, &m))
}

// interface4 is the first IPv4 address of an interface, which is how
// IP_ADD_MEMBERSHIP names it; zero lets the system choose.
func interface4(zone string) (out [4]byte) {
	i, err := net.InterfaceByName(zone)
	if err != nil {
		return out
	}
	addrs, _ := i.Addrs() // none: the system chooses
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil {
			return [4]byte(n.IP.To4())
		}
	}
	return out
}

func setReuseAddr(fd uintptr) error { return setInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1) }

// relisten is listen(2) on a socket that listens already: it changes the backlog.
func relisten(fd uintptr, backlog int) error {
	return os.NewSyscallError("listen", unix.Listen(int(fd), backlog))
}

// bareOptions are the options that the net package sets on every TCP
// connection, as they were before.
type bareOptions struct{ nodelay, keepalive int }

func streamOptions(x any) bareOptions {
	var b bareOptions
	_ = controlOf(x, func(fd uintptr) error { // a socket without them has nothing to restore
		b.nodelay, _ = getInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY)
		b.keepalive, _ = getInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
		return nil
	})
	return b
}

// apply restores them; other families than TCP were not changed.
func (b bareOptions) apply(conn net.Conn) {
	if _, ok := conn.(*net.TCPConn); !ok {
		return
	}
	_ = controlOf(conn, func(fd uintptr) error { // fails only when the connection is gone
		_ = setInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, b.keepalive)
		return setInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, b.nodelay)
	})
}

// inheritOptions gives an accepted connection the options of its listener, as
// the kernel does.
func inheritOptions(l *Listener, conn net.Conn) { streamOptions(l.ln).apply(conn) }
