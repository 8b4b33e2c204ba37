package icmp

import (
	"encoding/binary"
	"net/netip"
	"testing"
)

var (
	router4, host4 = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.9")
	host6          = netip.MustParseAddr("2001:db8::9")
)

// ip4 is an IPv4 packet, with options where the header is longer.
func ip4(from, to netip.Addr, proto byte, header int, body []byte) []byte {
	b := make([]byte, header)
	b[0], b[8], b[9] = 0x40|byte(header/4), 61, proto
	binary.BigEndian.PutUint16(b[2:], uint16(header+len(body)))
	copy(b[12:], from.AsSlice())
	copy(b[16:], to.AsSlice())
	return append(b, body...)
}

func ip6(to netip.Addr, next byte, body []byte) []byte {
	b := make([]byte, ipv6Header)
	b[0], b[6] = 0x60, next
	binary.BigEndian.PutUint16(b[4:], uint16(len(body)))
	copy(b[24:], to.AsSlice())
	return append(b, body...)
}

// failure4 is an ICMP error with its checksum.
func failure4(kind, code, length byte, mtu uint16, quoted []byte) []byte {
	b := append([]byte{kind, code, 0, 0, 0, length, byte(mtu >> 8), byte(mtu)}, quoted...)
	binary.BigEndian.PutUint16(b[2:], ^sum(b))
	return b
}

func failure6(kind, code, length byte, mtu uint16, quoted []byte) []byte {
	return append([]byte{kind, code, 0, 0, length, 0, byte(mtu >> 8), byte(mtu)}, quoted...)
}

// reply makes an echo request its reply.
func reply(b []byte, v6 bool) []byte {
	if v6 {
		b[0] = echoReply6
		return b
	}
	b[0], b[2], b[3] = echoReply4, 0, 0
	binary.BigEndian.PutUint16(b[2:], ^sum(b))
	return b
}

func TestEchoReply(t *testing.T) {
	p, id, ok := parseIPv4(ip4(host4, router4, protoICMP4, 24, reply(Echo(false, 7, 9, []byte("payload")), false)))
	if !ok || id != 7 || p.Kind != Answer || p.Seq != 9 || string(p.Payload) != "payload" || p.TTL != 61 || p.From != host4 || !p.Checksum {
		t.Errorf("%+v, %d, %v", p, id, ok)
	}
	p, id, ok = parse6(reply(Echo(true, 7, 9, []byte("odd")), true))
	if !ok || id != 7 || p.Kind != Answer || p.Seq != 9 || string(p.Payload) != "odd" {
		t.Errorf("%+v, %d, %v", p, id, ok)
	}
	damaged := reply(Echo(false, 7, 9, []byte("payload")), false)
	damaged[12] ^= 1
	if p, _, ok := parse4(damaged); !ok || p.Checksum {
		t.Errorf("damaged: %+v, %v", p, ok)
	}
}

// Errors quote what they are about, behind options and extension headers, and
// before extensions of their own.
func TestFailures(t *testing.T) {
	echo, echo6 := Echo(false, 7, 9, []byte("secret")), Echo(true, 7, 9, []byte("secret"))
	udp := append([]byte{0x12, 0x34, 0x82, 0x9a, 0, 14, 0, 0}, "secret"...)
	mpls := make([]byte, 128-ipv4Header-len(echo))
	fragmented := append([]byte{protoICMP6, 0, 0, 0, 0, 0, 0, 1}, echo6...)
	routed := append(append([]byte{fragment, 1}, make([]byte, 14)...), fragmented...)
	for name, c := range map[string]struct {
		packet  []byte
		v6      bool
		id      uint16
		seq     uint16
		port    uint16
		words   string
		mark    string
		payload string
	}{
		"ttl":            {failure4(11, 0, 0, 0, ip4(router4, host4, 1, 20, echo)), false, 7, 9, 0, "time to live exceeded", "", "secret"},
		"ip options":     {failure4(3, 1, 0, 0, ip4(router4, host4, 1, 32, echo)), false, 7, 9, 0, "host unreachable", "!H", "secret"},
		"only 8 bytes":   {failure4(3, 13, 0, 0, ip4(router4, host4, 1, 20, echo)[:28]), false, 7, 9, 0, "administratively prohibited by a filter", "!X", ""},
		"udp":            {failure4(3, 3, 0, 0, ip4(router4, host4, 17, 20, udp)), false, 0x1234, 0, 33434, "port unreachable", "", "secret"},
		"tcp":            {failure4(3, 0, 0, 0, ip4(router4, host4, 6, 20, udp[:8])), false, 0x1234, 0, 33434, "network unreachable", "!N", ""},
		"too big":        {failure4(3, 4, 0, 1400, ip4(router4, host4, 1, 20, echo)), false, 7, 9, 0, "too big, and not to be fragmented, the next link takes 1400 bytes", "!F", "secret"},
		"extension":      {failure4(11, 0, 32, 0, append(ip4(router4, host4, 1, 20, append(echo[:len(echo):len(echo)], mpls...)), 0x20, 0, 1, 2)), false, 7, 9, 0, "time to live exceeded", "", "secret" + string(mpls)},
		"padding":        {failure4(11, 0, 0, 0, append(ip4(router4, host4, 1, 20, echo), 0, 0, 0)), false, 7, 9, 0, "time to live exceeded", "", "secret"},
		"unknown code":   {failure4(3, 77, 0, 0, ip4(router4, host4, 1, 20, echo)), false, 7, 9, 0, "ICMP type 3, code 77", "!<3-77>", "secret"},
		"ttl 6":          {failure6(3, 0, 0, 0, ip6(host6, 58, echo6)), true, 7, 9, 0, "time to live exceeded", "", "secret"},
		"no route 6":     {failure6(1, 0, 0, 0, ip6(host6, 58, echo6)), true, 7, 9, 0, "no route to the destination", "!N", "secret"},
		"too big 6":      {failure6(2, 0, 0, 1280, ip6(host6, 58, echo6)), true, 7, 9, 0, "too big, the next link takes 1280 bytes", "!F", "secret"},
		"udp 6":          {failure6(1, 4, 0, 0, ip6(host6, 17, udp)), true, 0x1234, 0, 33434, "port unreachable", "", "secret"},
		"extensions 6":   {failure6(1, 1, 0, 0, ip6(host6, routing, routed)), true, 7, 9, 0, "administratively prohibited", "!X", "secret"},
		"next header 6":  {failure6(4, 1, 0, 0, ip6(host6, 58, echo6)), true, 7, 9, 0, "protocol unreachable", "!P", "secret"},
		"fragments lost": {failure4(11, 1, 0, 0, ip4(router4, host4, 1, 20, echo)), false, 7, 9, 0, "fragments did not all arrive", "", "secret"},
	} {
		parse, to := parse4, host4
		if c.v6 {
			parse, to = parse6, host6
		}
		p, id, ok := parse(c.packet)
		if !ok || p.Kind != Failure || p.To != to || !p.Checksum || id != c.id || p.Seq != c.seq || p.Port != c.port {
			t.Errorf("%s: %+v, %d, %v", name, p, id, ok)
		}
		if p.Code.String() != c.words || p.Code.Mark() != c.mark || string(p.Payload) != c.payload {
			t.Errorf("%s: %q, %q, %q", name, p.Code, p.Code.Mark(), p.Payload)
		}
	}
}

// What is cut off anywhere before the number of the request is about nothing.
func TestTruncated(t *testing.T) {
	whole := failure4(11, 0, 0, 0, ip4(router4, host4, 1, 20, Echo(false, 7, 9, nil)))
	for n := range whole {
		if p, _, ok := parse4(whole[:n]); ok {
			t.Errorf("%d bytes: %+v", n, p)
		}
	}
	whole = failure6(3, 0, 0, 0, ip6(host6, 58, Echo(true, 7, 9, nil)))
	for n := range whole {
		if p, _, ok := parse6(whole[:n]); ok {
			t.Errorf("%d bytes: %+v", n, p)
		}
	}
	for name, b := range map[string][]byte{
		"a request":         Echo(false, 1, 1, nil),
		"a router's advert": {9, 0, 0, 0, 0, 0, 0, 0, 0},
		"quotes IPv6":       failure4(3, 0, 0, 0, ip6(host6, 58, Echo(true, 1, 1, nil))),
		"quotes an answer":  failure4(3, 0, 0, 0, ip4(router4, host4, 1, 20, reply(Echo(false, 1, 1, nil), false))),
	} {
		if p, _, ok := parse4(b); ok {
			t.Errorf("%s: %+v", name, p)
		}
	}
	endless := make([]byte, 1000) // hop-by-hop headers without an end
	if p, _, ok := parse6(failure6(3, 0, 0, 0, ip6(host6, hopByHop, endless))); ok {
		t.Errorf("%+v", p)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(failure4(11, 0, 17, 0, ip4(router4, host4, 1, 24, Echo(false, 7, 9, []byte("x")))))
	f.Add(failure6(3, 0, 9, 0, ip6(host6, routing, append(make([]byte, 16), Echo(true, 7, 9, nil)...))))
	f.Add(ip4(host4, router4, 1, 20, reply(Echo(false, 7, 9, []byte("x")), false)))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, parse := range []func([]byte) (Packet, uint16, bool){parse4, parse6, parseIPv4} {
			p, _, ok := parse(b)
			if !ok {
				continue
			}
			if p.Kind != Answer && p.Kind != Failure || len(p.Payload) > len(b) {
				t.Errorf("%+v", p)
			}
			if p.Kind == Failure && (p.Code.String() == "" || !p.To.IsValid()) {
				t.Errorf("%+v", p)
			}
		}
	})
}
