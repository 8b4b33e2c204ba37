package icmp

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sosh/primitive"
	"sosh/sock"
)

// allowing says how a user gets an ICMP socket.
func allowing() string {
	return `as root: sysctl -w net.ipv4.ping_group_range="0 2147483647", or setcap cap_net_raw+ep on this program; ` +
		"without any right: ping HOST --tcp 443"
}

// A conn is a socket of Linux. One without privilege has its own id, and gets
// errors by its error queue (ip(7), IP_RECVERR); a raw one gets all ICMP of the
// machine and leaves out what is not about it.
type conn struct {
	file  *os.File
	rc    syscall.RawConn
	v6    bool
	raw   bool
	id    uint16
	names zones
	buf   []byte
	oob   []byte
	trace *primitive.Trace // that its calls belong to; or nil
}

func open(t *primitive.Trace, v6, raw bool) (Conn, error) {
	proto, kind := unix.IPPROTO_ICMP, unix.SOCK_DGRAM
	if v6 {
		proto = unix.IPPROTO_ICMPV6
	}
	if raw {
		kind = unix.SOCK_RAW
	}
	fd, err := Socket(t, v6, kind, proto)
	if err != nil {
		return nil, wrong(err)
	}
	c := &conn{v6: v6, raw: raw, names: zones{}, buf: make([]byte, maxPacket), oob: make([]byte, 512), trace: t}
	if err := c.prepare(fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	c.file = os.NewFile(uintptr(fd), "icmp")
	if c.rc, err = c.file.SyscallConn(); err != nil {
		c.file.Close()
		return nil, err
	}
	return c, nil
}

// prepare sets what the socket has to tell, and learns or chooses its id.
func (c *conn) prepare(fd int) error {
	err := ReportTTL(c.trace, fd, c.v6)
	if c.raw {
		c.id = uint16(rand.Uint32())
		return errors.Join(err, c.filter(fd))
	}
	if err = errors.Join(err, ReportErrors(c.trace, fd, c.v6)); err != nil {
		return err
	}
	own := netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	if c.v6 {
		own = netip.AddrPortFrom(netip.IPv6Unspecified(), 0)
	}
	sa := Sockaddr(own)
	err = sock.Traced0(c.trace, "bind", func() string { return sock.List(fd, sock.SockaddrText(sa)) }, func() error { return unix.Bind(fd, sa) })
	if err != nil {
		return wrong(err)
	}
	return c.learn(fd)
}

// learn asks for the id that the system gave the socket: it stands where others
// have a port.
func (c *conn) learn(fd int) error {
	var name unix.Sockaddr
	err := sock.Traced0(c.trace, "getsockname", func() string {
		if name == nil {
			return sock.List(fd)
		}
		return sock.List(fd, sock.FilledText(name))
	}, func() (err error) { name, err = unix.Getsockname(fd); return err })
	c.id = addrPort(name).Port()
	return err
}

// filter lets a raw socket get answers and errors alone (raw(7), RFC 3542).
func (c *conn) filter(fd int) error {
	if !c.v6 {
		const solRaw, icmpFilter = 255, 1
		pass := uint32(1<<echoReply4 | 1<<unreachable4 | 1<<exceeded4 | 1<<problem4)
		const told = "SOL_RAW, ICMP_FILTER, ~[ICMP_ECHOREPLY ICMP_DEST_UNREACH ICMP_TIME_EXCEEDED ICMP_PARAMETERPROB], 4"
		return sock.Traced0(c.trace, "setsockopt", func() string { return sock.List(fd, told) },
			func() error { return unix.SetsockoptInt(fd, solRaw, icmpFilter, int(int32(^pass))) })
	}
	f := &unix.ICMPv6Filter{}
	for i := range f.Data {
		f.Data[i] = ^uint32(0)
	}
	for _, t := range []int{unreachable6, tooBig6, exceeded6, problem6, echoReply6} {
		f.Data[t/32] &^= 1 << (t % 32)
	}
	const told = "SOL_ICMPV6, ICMPV6_FILTER, ~[ICMP6_DST_UNREACH ICMP6_PACKET_TOO_BIG ICMP6_TIME_EXCEEDED ICMP6_PARAM_PROB ICMP6_ECHO_REPLY], 32"
	return sock.Traced0(c.trace, "setsockopt", func() string { return sock.List(fd, told) },
		func() error { return unix.SetsockoptICMPv6Filter(fd, unix.SOL_ICMPV6, unix.ICMPV6_FILTER, f) })
}

func (c *conn) Raw() bool { return c.raw }

func (c *conn) Close() error {
	closed := sock.Closing(c.trace, c.file)
	err := c.file.Close()
	closed(err)
	return err
}

func (c *conn) Send(to netip.Addr, ttl int, seq uint16, payload []byte) error {
	packet := Echo(c.v6, c.id, seq, payload)
	var oob []byte
	if ttl > 0 {
		oob = HopLimit(c.v6, ttl)
	}
	return SendTo(c.trace, c.rc, packet, oob, c.names.sockaddr(netip.AddrPortFrom(to, 0)))
}

// Tries of a send. A socket that reports errors also gives each of them to the
// next system call, which then has not sent.
const sendTries = 16

// SendTo sends one packet on a socket without connection; t sees its calls, or is
// nil.
func SendTo(t *primitive.Trace, rc syscall.RawConn, packet, oob []byte, to unix.Sockaddr) error {
	var err error
	for range sendTries {
		werr := rc.Write(func(fd uintptr) bool {
			_, err = sock.Traced(t, "sendmsg", func() string { return sent(fd, packet, oob, to) },
				func() (int, error) { return unix.SendmsgN(int(fd), packet, oob, to, 0) })
			return err != unix.EAGAIN
		})
		if werr != nil {
			return werr
		}
		if err == nil {
			return nil
		}
	}
	return wrong(err)
}

func (c *conn) Receive() (Packet, error) {
	for {
		m, err := Receive(c.trace, c.rc, c.buf, c.oob)
		if err != nil {
			return Packet{}, err
		}
		if p, ok := c.read(m); ok {
			return p, nil
		}
	}
}

// read makes a packet of what the system gave, if it is about one of ours.
func (c *conn) read(m Message) (p Packet, ok bool) {
	var id uint16
	switch {
	case m.Error != nil: // the id in it is ours: the system has looked
		if p, ok = m.Failure(c.v6); !ok || len(m.Data) < headerLen {
			return p, false
		}
		p.Seq, p.Payload = binary.BigEndian.Uint16(m.Data[6:]), m.Data[headerLen:]
		id = c.id
	case c.v6:
		p, id, ok = parse6(m.Data)
		p.From, p.TTL = m.From.Addr(), m.TTL
	case c.raw:
		p, id, ok = parseIPv4(m.Data)
	default:
		p, id, ok = parse4(m.Data)
		p.From, p.TTL = m.From.Addr(), m.TTL
		p.Checksum = true // the system has checked it
	}
	p.At = time.Now()
	return p, ok && id == c.id && p.Port == 0
}

// zones keep the numbers of interfaces that addresses name.
type zones map[string]uint32

func (z zones) sockaddr(to netip.AddrPort) unix.Sockaddr {
	if ip := to.Addr(); ip.Zone() != "" {
		n, known := z[ip.Zone()]
		if !known {
			n = interfaceNumber(ip.Zone())
			z[ip.Zone()] = n
		}
		return &unix.SockaddrInet6{Port: int(to.Port()), Addr: ip.As16(), ZoneId: n}
	}
	return Sockaddr(to)
}

func interfaceNumber(name string) uint32 {
	if i, err := net.InterfaceByName(name); err == nil {
		return uint32(i.Index)
	}
	n, _ := strconv.ParseUint(name, 10, 32) // 0 is no interface, and the system says so
	return uint32(n)
}

// Sockaddr is an address for a system call; a zone is looked up.
func Sockaddr(to netip.AddrPort) unix.Sockaddr {
	ip := to.Addr()
	switch {
	case ip.Is4():
		return &unix.SockaddrInet4{Port: int(to.Port()), Addr: ip.As4()}
	case ip.Zone() != "":
		return &unix.SockaddrInet6{Port: int(to.Port()), Addr: ip.As16(), ZoneId: interfaceNumber(ip.Zone())}
	}
	return &unix.SockaddrInet6{Port: int(to.Port()), Addr: ip.As16()}
}

// wrong is an error of the system in our words.
func wrong(err error) error {
	if no, ok := err.(syscall.Errno); ok {
		return sock.Words(no)
	}
	return err
}
