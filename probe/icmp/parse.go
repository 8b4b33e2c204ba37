package icmp

import (
	"encoding/binary"
	"net/netip"
)

// Echo writes an echo request. The checksum is that of ICMP for IPv4; for IPv6
// the system computes it.
func Echo(v6 bool, id, seq uint16, payload []byte) []byte {
	b := make([]byte, headerLen, headerLen+len(payload))
	b[0] = echoRequest4
	if v6 {
		b[0] = echoRequest6
	}
	binary.BigEndian.PutUint16(b[4:], id)
	binary.BigEndian.PutUint16(b[6:], seq)
	b = append(b, payload...)
	if !v6 {
		binary.BigEndian.PutUint16(b[2:], ^sum(b))
	}
	return b
}

// sum is the ones' complement sum of RFC 1071: all ones when a packet includes
// its right checksum.
func sum(b []byte) uint16 {
	var s uint32
	for ; len(b) > 1; b = b[2:] {
		s += uint32(b[0])<<8 | uint32(b[1])
		s = s&0xffff + s>>16
	}
	if len(b) == 1 {
		s += uint32(b[0]) << 8
		s = s&0xffff + s>>16
	}
	return uint16(s)
}

// parseIPv4 reads a packet with its IP header, as a raw socket gives it, and the
// id of the echo in it.
func parseIPv4(b []byte) (p Packet, id uint16, ok bool) {
	if len(b) < ipv4Header || b[0]>>4 != 4 {
		return p, 0, false
	}
	n := int(b[0]&15) * 4
	if n < ipv4Header || n > len(b) || b[9] != protoICMP4 {
		return p, 0, false
	}
	p, id, ok = parse4(b[n:])
	p.TTL, p.From = int(b[8]), netip.AddrFrom4([4]byte(b[12:16]))
	return p, id, ok
}

// parse4 reads an ICMP message (RFC 792).
func parse4(b []byte) (p Packet, id uint16, ok bool) {
	if len(b) < headerLen {
		return p, 0, false
	}
	p.Checksum = sum(b) == 0xffff
	switch b[0] {
	case echoReply4:
		return echoed(p, b)
	case unreachable4, exceeded4, problem4:
		p.Kind, p.Code = Failure, Code{Type: b[0], Code: b[1]}
		if b[0] == unreachable4 && b[1] == 4 {
			p.Code.MTU = int(binary.BigEndian.Uint16(b[6:]))
		}
		id, ok = p.quote4(original(b, int(b[5])*4))
	}
	return p, id, ok
}

// parse6 reads an ICMPv6 message (RFC 4443). The system has checked its sum.
func parse6(b []byte) (p Packet, id uint16, ok bool) {
	if len(b) < headerLen {
		return p, 0, false
	}
	p.Checksum = true
	switch b[0] {
	case echoReply6:
		return echoed(p, b)
	case unreachable6, tooBig6, exceeded6, problem6:
		p.Kind, p.Code = Failure, Code{V6: true, Type: b[0], Code: b[1]}
		length := 0
		if b[0] == unreachable6 || b[0] == exceeded6 {
			length = int(b[4]) * 8
		}
		if b[0] == tooBig6 {
			p.Code.MTU = int(min(binary.BigEndian.Uint32(b[4:]), 1<<30))
		}
		id, ok = p.quote6(original(b, length))
	}
	return p, id, ok
}

func echoed(p Packet, b []byte) (Packet, uint16, bool) {
	p.Kind, p.Seq, p.Payload = Answer, binary.BigEndian.Uint16(b[6:]), b[headerLen:]
	return p, binary.BigEndian.Uint16(b[4:]), true
}

// original is the packet that an error quotes. Where extensions follow it, the
// error says how long it is (RFC 4884).
func original(b []byte, length int) []byte {
	b = b[headerLen:]
	if length > 0 && length < len(b) {
		return b[:length]
	}
	return b
}

// quote4 reads the quoted IPv4 packet.
func (p *Packet) quote4(b []byte) (id uint16, ok bool) {
	if len(b) < ipv4Header || b[0]>>4 != 4 {
		return 0, false
	}
	n := int(b[0]&15) * 4
	total := int(binary.BigEndian.Uint16(b[2:]))
	if n < ipv4Header || n > len(b) || total < n {
		return 0, false
	}
	p.To = netip.AddrFrom4([4]byte(b[16:20]))
	return p.probe(b[9], b[n:min(total, len(b))]) // what stands behind its end is padding
}

// Extension headers that may stand before the probe, and the most of them.
const (
	hopByHop, routing, fragment, destination = 0, 43, 44, 60
	maxExtensions                            = 8
)

// quote6 reads the quoted IPv6 packet.
func (p *Packet) quote6(b []byte) (id uint16, ok bool) {
	if len(b) < ipv6Header || b[0]>>4 != 6 {
		return 0, false
	}
	p.To = netip.AddrFrom16([16]byte(b[24:40]))
	next := b[6]
	b = b[ipv6Header:min(len(b), ipv6Header+int(binary.BigEndian.Uint16(b[4:])))]
	for range maxExtensions {
		if next != hopByHop && next != routing && next != fragment && next != destination {
			return p.probe(next, b)
		}
		n := 8
		if len(b) < n {
			return 0, false
		}
		if next != fragment {
			n += int(b[1]) * 8
		}
		if n > len(b) {
			return 0, false
		}
		next, b = b[0], b[n:]
	}
	return 0, false
}

// probe reads the quoted header of what was sent; routers quote 8 bytes of it at
// least.
func (p *Packet) probe(proto byte, b []byte) (id uint16, ok bool) {
	if len(b) < headerLen {
		return 0, false
	}
	switch {
	case proto == protoICMP4 && b[0] == echoRequest4, proto == protoICMP6 && b[0] == echoRequest6:
		p.Seq, p.Payload = binary.BigEndian.Uint16(b[6:]), b[headerLen:]
		return binary.BigEndian.Uint16(b[4:]), true
	case proto == protoUDP, proto == protoTCP:
		p.Port = binary.BigEndian.Uint16(b[2:])
		if proto == protoUDP {
			p.Payload = b[headerLen:]
		}
		return binary.BigEndian.Uint16(b), true
	}
	return 0, false
}
