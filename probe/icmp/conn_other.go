//go:build !linux

package icmp

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"

	"sosh/primitive"
)

// allowing says how a user gets an ICMP socket.
func allowing() string {
	if runtime.GOOS == "windows" {
		return "run this program as administrator; without any right: ping HOST --tcp 443"
	}
	return "run this program as root; without any right: ping HOST --tcp 443"
}

// A conn is a socket of systems other than Linux.
type conn struct {
	pc  *icmp.PacketConn
	v6  bool
	raw bool
	id  uint16
	buf []byte

	mu  sync.Mutex // the hops are set for the socket, not the packet
	ttl int
}

// unseen says whose calls these are.
const unseen = "golang.org/x/net/icmp makes the calls here, where they are not seen one by one (they are on Linux)"

func open(t *primitive.Trace, v6, raw bool) (Conn, error) {
	t.Say(unseen)
	network, address := "udp4", "0.0.0.0"
	switch {
	case v6 && raw:
		network, address = "ip6:ipv6-icmp", "::"
	case v6:
		network, address = "udp6", "::"
	case raw:
		network = "ip4:icmp"
	}
	pc, err := icmp.ListenPacket(network, address)
	if err != nil {
		return nil, err
	}
	c := &conn{pc: pc, v6: v6, raw: raw, id: uint16(rand.Uint32()), buf: make([]byte, maxPacket)}
	if v6 {
		_ = pc.IPv6PacketConn().SetControlMessage(ipv6.FlagHopLimit, true) // then the hops left are unknown
	} else {
		_ = pc.IPv4PacketConn().SetControlMessage(ipv4.FlagTTL, true) // the same
	}
	return c, nil
}

func (c *conn) Raw() bool    { return c.raw }
func (c *conn) Close() error { return c.pc.Close() }

func (c *conn) Send(to netip.Addr, ttl int, seq uint16, payload []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.setTTL(ttl); err != nil {
		return err
	}
	var dst net.Addr = &net.UDPAddr{IP: to.AsSlice(), Zone: to.Zone()}
	if c.raw {
		dst = &net.IPAddr{IP: to.AsSlice(), Zone: to.Zone()}
	}
	_, err := c.pc.WriteTo(Echo(c.v6, c.id, seq, payload), dst)
	return err
}

func (c *conn) setTTL(ttl int) error {
	if ttl == c.ttl {
		return nil
	}
	c.ttl = ttl
	if ttl == 0 {
		ttl = 64
	}
	if c.v6 {
		return c.pc.IPv6PacketConn().SetHopLimit(ttl)
	}
	return c.pc.IPv4PacketConn().SetTTL(ttl)
}

func (c *conn) Receive() (Packet, error) {
	for {
		p, id, ok, err := c.next()
		if err != nil {
			return Packet{}, err
		}
		if p.At = time.Now(); ok && id == c.id && p.Port == 0 {
			return p, nil
		}
	}
}

// next reads a message. Some systems leave the IP header before it.
func (c *conn) next() (p Packet, id uint16, ok bool, err error) {
	n, ttl, src, err := c.read()
	if err != nil {
		return p, 0, false, err
	}
	b := c.buf[:n]
	switch {
	case c.v6:
		p, id, ok = parse6(b)
	case len(b) > 0 && b[0]>>4 == 4:
		p, id, ok = parseIPv4(b)
		ttl = p.TTL
	default:
		p, id, ok = parse4(b)
	}
	p.From, p.TTL = addrOf(src), ttl
	return p, id, ok, nil
}

func (c *conn) read() (n, ttl int, src net.Addr, err error) {
	if c.v6 {
		n, cm, src, err := c.pc.IPv6PacketConn().ReadFrom(c.buf)
		if cm != nil {
			ttl = cm.HopLimit
		}
		return n, ttl, src, err
	}
	n, cm, src, err := c.pc.IPv4PacketConn().ReadFrom(c.buf)
	if cm != nil {
		ttl = cm.TTL
	}
	return n, ttl, src, err
}

func addrOf(a net.Addr) netip.Addr {
	var ip netip.Addr
	switch a := a.(type) {
	case *net.UDPAddr:
		ip, _ = netip.AddrFromSlice(a.IP)
		return ip.Unmap().WithZone(a.Zone)
	case *net.IPAddr:
		ip, _ = netip.AddrFromSlice(a.IP)
		return ip.Unmap().WithZone(a.Zone)
	}
	return ip
}
