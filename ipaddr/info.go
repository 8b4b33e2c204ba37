package ipaddr

import "net/netip"

// An Embedding is a way to carry an IPv4 address inside an IPv6 one.
type Embedding string

// The ways that are looked through.
const (
	Mapped Embedding = "IPv4-mapped" // ::ffff:a.b.c.d (RFC 4291)
	NAT64  Embedding = "NAT64"       // 64:ff9b::a.b.c.d (RFC 6052)
	SixTo4 Embedding = "6to4"        // 2002:aabb:ccdd::/48 (RFC 3056)
	Teredo Embedding = "Teredo"      // the client in the last 32 bits, inverted (RFC 4380)
)

// Embedded is the IPv4 address inside an IPv6 one, and how it stands there; ok is
// false when there is none.
func Embedded(a netip.Addr) (v4 netip.Addr, how Embedding, ok bool) {
	b := a.As16()
	switch {
	case a.Is4():
		return netip.Addr{}, "", false
	case a.Is4In6():
		return a.Unmap(), Mapped, true
	}
	switch BlockOf(a).Text {
	case "64:ff9b::/96":
		return netip.AddrFrom4([4]byte(b[12:])), NAT64, true
	case "2002::/16":
		return netip.AddrFrom4([4]byte(b[2:6])), SixTo4, true
	case "2001::/32":
		return netip.AddrFrom4([4]byte{^b[12], ^b[13], ^b[14], ^b[15]}), Teredo, true
	}
	return netip.Addr{}, "", false
}

// Reachable is whether the address can be reached from everywhere: yes, no, or
// "by a relay" where that depends on somebody who carries IPv6 over IPv4. An
// IPv4 address inside is what counts, since that is where the packets go.
func Reachable(a netip.Addr) string {
	v4, how, ok := Embedded(a)
	switch {
	case !ok && a.IsMulticast() && a.Is6():
		return yesNo(a.As16()[1]&15 == 14)
	case !ok:
		return yesNo(BlockOf(a).Global == "yes")
	case Reachable(v4) == "no":
		return "no"
	case how == SixTo4 || how == Teredo:
		return "by a relay"
	}
	return "yes"
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// Scope is how far an address is meant to reach: host, link, private, global or
// none; multicast of IPv6 says it in four bits (RFC 7346).
func Scope(a netip.Addr) string {
	if v4, _, ok := Embedded(a); ok {
		return Scope(v4)
	}
	if a.Is6() && a.IsMulticast() {
		if name := multicastScopes[a.As16()[1]&15]; name != "" {
			return name
		}
		return "unassigned"
	}
	return BlockOf(a).Scope
}

var multicastScopes = [16]string{1: "host", 2: "link", 3: "realm", 4: "admin", 5: "site", 8: "organization", 14: "global", 0: "reserved", 15: "reserved"}

// Class is the historic class of an IPv4 address (RFC 791): A to E by its first
// bits. Networks have had prefix lengths instead since 1993. Empty for IPv6.
func Class(a netip.Addr) string {
	if !a.Is4() {
		return ""
	}
	switch first := a.As4()[0]; {
	case first < 128:
		return "A"
	case first < 192:
		return "B"
	case first < 224:
		return "C"
	case first < 240:
		return "D"
	}
	return "E"
}
