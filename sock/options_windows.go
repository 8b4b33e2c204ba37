package sock

import (
	"encoding/binary"
	"net"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"

	"sosh/primitive"
)

// missing is an option that Windows does not have.
const missing = -1

var options = []option{
	{OptionInfo{"nodelay", "send small pieces at once instead of collecting them (TCP_NODELAY)", unitSwitch}, windows.IPPROTO_TCP, windows.TCP_NODELAY, 0, 0},
	{OptionInfo{"reuseaddr", "bind a port that another socket holds (SO_REUSEADDR)", unitSwitch}, windows.SOL_SOCKET, windows.SO_REUSEADDR, 0, 0},
	{OptionInfo{"reuseport", "several sockets share one port (SO_REUSEPORT)", unitSwitch}, 0, missing, 0, 0},
	{OptionInfo{"keepalive", "probe the peer of an idle connection (SO_KEEPALIVE)", unitSwitch}, windows.SOL_SOCKET, windows.SO_KEEPALIVE, 0, 0},
	{OptionInfo{"sndbuf", "size of the send buffer (SO_SNDBUF)", unitBytes}, windows.SOL_SOCKET, windows.SO_SNDBUF, 0, 0},
	{OptionInfo{"rcvbuf", "size of the receive buffer (SO_RCVBUF)", unitBytes}, windows.SOL_SOCKET, windows.SO_RCVBUF, 0, 0},
	{OptionInfo{"linger", "how long close may still deliver; 0 resets the connection (SO_LINGER)", unitSeconds}, windows.SOL_SOCKET, windows.SO_LINGER, 0, 0},
	{OptionInfo{"ttl", "how many routers a packet may pass (IP_TTL, IPV6_UNICAST_HOPS)", unitHops}, windows.IPPROTO_IP, windows.IP_TTL, windows.IPPROTO_IPV6, windows.IPV6_UNICAST_HOPS},
	{OptionInfo{"tos", "type of service: DSCP and ECN (IP_TOS)", unitNumber}, windows.IPPROTO_IP, windows.IP_TOS, 0, 0},
	{OptionInfo{"broadcast", "allow sending to broadcast addresses (SO_BROADCAST)", unitSwitch}, windows.SOL_SOCKET, windows.SO_BROADCAST, 0, 0},
	{OptionInfo{"v6only", "an inet6 socket takes no IPv4 (IPV6_V6ONLY)", unitSwitch}, windows.IPPROTO_IPV6, windows.IPV6_V6ONLY, 0, 0},
	{OptionInfo{"join", "receive a multicast group", unitGroup}, 0, missing, 0, 0},
	{OptionInfo{"leave", "stop receiving a multicast group", unitGroup}, 0, missing, 0, 0},
	{OptionInfo{"multicast-loop", "receive what this machine sends to a group (IP_MULTICAST_LOOP)", unitSwitch}, windows.IPPROTO_IP, windows.IP_MULTICAST_LOOP, windows.IPPROTO_IPV6, windows.IPV6_MULTICAST_LOOP},
	{OptionInfo{"multicast-ttl", "how many routers a multicast packet may pass (IP_MULTICAST_TTL)", unitHops}, windows.IPPROTO_IP, windows.IP_MULTICAST_TTL, windows.IPPROTO_IPV6, windows.IPV6_MULTICAST_HOPS},
}

func getInt(fd uintptr, level, num int) (int, error) {
	n, err := windows.GetsockoptInt(windows.Handle(fd), level, num)
	return n, os.NewSyscallError("getsockopt", err)
}

func setInt(fd uintptr, level, num, value int) error {
	return os.NewSyscallError("setsockopt", windows.SetsockoptInt(windows.Handle(fd), level, num, value))
}

// getLinger reads struct linger: two 16-bit words, on and seconds.
func getLinger(fd uintptr) (any, error) {
	var raw [4]byte
	size := int32(unsafe.Sizeof(raw))
	err := windows.Getsockopt(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_LINGER, &raw[0], &size)
	switch {
	case err != nil:
		return nil, os.NewSyscallError("getsockopt", err)
	case binary.LittleEndian.Uint16(raw[:2]) == 0:
		return "off", nil
	}
	return int(binary.LittleEndian.Uint16(raw[2:])), nil
}

func setLinger(fd uintptr, seconds int) error {
	l := windows.Linger{}
	if seconds >= 0 {
		l = windows.Linger{Onoff: 1, Linger: int32(seconds)}
	}
	return os.NewSyscallError("setsockopt", windows.SetsockoptLinger(windows.Handle(fd), windows.SOL_SOCKET, windows.SO_LINGER, &l))
}

func setGroup(uintptr, bool, string) error {
	return primitive.Newf(primitive.Unsupported, "multicast groups are not supported on Windows")
}

// setReuseAddr does nothing: on Windows the option would steal the port.
func setReuseAddr(uintptr) error { return nil }

// relisten leaves the backlog at the system's maximum.
func relisten(uintptr, int) error { return nil }

func inheritOptions(*Listener, net.Conn) {}

func queueOf(uintptr, *Info) {}
