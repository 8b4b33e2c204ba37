package icmp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/sys/unix"

	"sosh/primitive"
	"sosh/sock"
)

// How the calls of this package are written while they are explained: as
// strace(1) does, and with names where it has numbers only.

// Socket is socket(2), non-blocking and closed on exec.
func Socket(t *primitive.Trace, v6 bool, kind, proto int) (int, error) {
	domain := unix.AF_INET
	if v6 {
		domain = unix.AF_INET6
	}
	args := func() string {
		return sock.List(familyText(v6), typeText(kind)+"|SOCK_CLOEXEC|SOCK_NONBLOCK", protoText(proto))
	}
	return sock.Traced(t, "socket", args, func() (int, error) { return unix.Socket(domain, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, proto) })
}

func familyText(v6 bool) string {
	if v6 {
		return "AF_INET6"
	}
	return "AF_INET"
}

func typeText(kind int) string {
	return map[int]string{unix.SOCK_STREAM: "SOCK_STREAM", unix.SOCK_DGRAM: "SOCK_DGRAM", unix.SOCK_RAW: "SOCK_RAW"}[kind]
}

func protoText(proto int) string {
	return map[int]string{0: "IPPROTO_IP", unix.IPPROTO_ICMP: "IPPROTO_ICMP", unix.IPPROTO_ICMPV6: "IPPROTO_ICMPV6"}[proto]
}

// An option is one of IPv4 and its like of IPv6, with its name in C.
type option struct {
	four, six         int
	fourName, sixName string
}

// The options that are set here.
var (
	recvErr = option{unix.IP_RECVERR, unix.IPV6_RECVERR, "IP_RECVERR", "IPV6_RECVERR"}
	recvTTL = option{unix.IP_RECVTTL, unix.IPV6_RECVHOPLIMIT, "IP_RECVTTL", "IPV6_RECVHOPLIMIT"}
	hops    = option{unix.IP_TTL, unix.IPV6_UNICAST_HOPS, "IP_TTL", "IPV6_UNICAST_HOPS"}
)

// set is setsockopt(2) of an option.
func (o option) set(t *primitive.Trace, fd int, v6 bool, value int) error {
	level, number, name := unix.IPPROTO_IP, o.four, "SOL_IP, "+o.fourName
	if v6 {
		level, number, name = unix.IPPROTO_IPV6, o.six, "SOL_IPV6, "+o.sixName
	}
	return sock.Traced0(t, "setsockopt", func() string { return sock.List(fd, name, fmt.Sprintf("[%d], 4", value)) },
		func() error { return unix.SetsockoptInt(fd, level, number, value) })
}

// SetHops says how many hops the packets of a socket may make.
func SetHops(t *primitive.Trace, fd int, v6 bool, n int) error { return hops.set(t, fd, v6, n) }

// sent writes the arguments of sendmsg(2).
func sent(fd uintptr, packet, oob []byte, to unix.Sockaddr) string {
	return fmt.Sprintf("%d, {%s, msg_iov=[{iov_base=%s, iov_len=%d}], msg_iovlen=1, %smsg_flags=0}, 0",
		fd, named(sock.SockaddrText(to), ""), sock.List(packet), len(packet), controlText(oob))
}

// named is the address of a message. Its length stands behind it.
func named(address, room string) string {
	at := strings.LastIndex(address, ", ")
	return "msg_name=" + address[:at] + ", msg_namelen=" + room + address[at+2:]
}

// nameRoom is how long an address may be that a message brings.
const nameRoom = unix.SizeofSockaddrAny

// got writes the arguments of recvmsg(2): what the call filled in.
func got(fd int, m *read) string {
	flags := "MSG_DONTWAIT"
	if m.asked&unix.MSG_ERRQUEUE != 0 {
		flags += "|MSG_ERRQUEUE"
	}
	if m.err != nil {
		return fmt.Sprintf("%d, {msg_namelen=%d}, %s", fd, nameRoom, flags)
	}
	name := fmt.Sprintf("msg_namelen=%d => 0", nameRoom)
	if m.from != nil {
		name = named(sock.SockaddrText(m.from), fmt.Sprintf("%d => ", nameRoom))
	}
	return fmt.Sprintf("%d, {%s, msg_iov=[{iov_base=%s, iov_len=%d}], msg_iovlen=1, %smsg_flags=%s}, %s",
		fd, name, sock.List(m.buf[:m.n]), len(m.buf), controlText(m.oob[:m.oobn]), flagsText(m.flags), flags)
}

func flagsText(flags int) string {
	var list []string
	for _, f := range []struct {
		bit  int
		name string
	}{{unix.MSG_CTRUNC, "MSG_CTRUNC"}, {unix.MSG_TRUNC, "MSG_TRUNC"}, {unix.MSG_ERRQUEUE, "MSG_ERRQUEUE"}} {
		if flags&f.bit != 0 {
			list = append(list, f.name)
		}
	}
	if list == nil {
		return "0"
	}
	return strings.Join(list, "|")
}

// controlText writes control messages.
func controlText(oob []byte) string {
	list, err := unix.ParseSocketControlMessage(oob)
	if err != nil || len(list) == 0 {
		return fmt.Sprintf("msg_controllen=%d, ", len(oob))
	}
	texts := make([]string, len(list))
	for i, c := range list {
		texts[i] = fmt.Sprintf("{cmsg_len=%d, %s}", c.Header.Len, messageText(c))
	}
	return fmt.Sprintf("msg_control=[%s], msg_controllen=%d, ", strings.Join(texts, ", "), len(oob))
}

func messageText(c unix.SocketControlMessage) string {
	level, types := "SOL_IP", map[int32]string{unix.IP_RECVERR: "IP_RECVERR", unix.IP_TTL: "IP_TTL"}
	if c.Header.Level == unix.IPPROTO_IPV6 {
		level, types = "SOL_IPV6", map[int32]string{unix.IPV6_RECVERR: "IPV6_RECVERR", unix.IPV6_HOPLIMIT: "IPV6_HOPLIMIT"}
	}
	text := "cmsg_level=" + level + ", cmsg_type=" + types[c.Header.Type] + ", cmsg_data="
	switch {
	case strings.HasSuffix(types[c.Header.Type], "_RECVERR"):
		return text + extendedText(c.Data)
	case len(c.Data) >= 4:
		return text + fmt.Sprintf("[%d]", binary.NativeEndian.Uint32(c.Data))
	}
	return text + sock.List(c.Data)
}

// extendedText writes a struct sock_extended_err and the address behind it.
func extendedText(b []byte) string {
	e := extended(b)
	if e == nil {
		return sock.List(b)
	}
	text := fmt.Sprintf("{ee_errno=%d, ee_origin=%d, ee_type=%d, ee_code=%d, ee_info=%d, ee_data=%d",
		int(e.Errno), e.Origin, e.Type, e.Code, e.Info, binary.NativeEndian.Uint32(b[12:]))
	if e.From.IsValid() {
		address := sock.SockaddrText(Sockaddr(netip.AddrPortFrom(e.From, 0)))
		text += ", offender=" + address[:strings.LastIndex(address, ", ")]
	}
	return text + "}"
}
