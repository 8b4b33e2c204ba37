package ipaddr

import (
	"fmt"
	"math/big"
	"net/netip"
	"strings"
)

// Integer is the address as one number: 32 bits of IPv4, 128 of IPv6.
func Integer(a netip.Addr) *big.Int { return new(big.Int).SetBytes(a.AsSlice()) }

// Hex is that number with 8 or 32 hexadecimal digits: 0x7f000001.
func Hex(a netip.Addr) string { return fmt.Sprintf("%#x", a.AsSlice()) }

// Binary is that number bit by bit: octets between dots for IPv4, groups of 16
// bits between colons for IPv6.
func Binary(a netip.Addr) string {
	var b strings.Builder
	for i, octet := range a.AsSlice() {
		switch {
		case i > 0 && a.Is4():
			b.WriteByte('.')
		case i > 0 && i%2 == 0:
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%08b", octet)
	}
	return b.String()
}

// fromInteger is the address of a number; ok is false for one of more bits than
// an address has.
func fromInteger(n *big.Int, bits int) (a netip.Addr, ok bool) {
	if n.Sign() < 0 || n.BitLen() > bits {
		return netip.Addr{}, false
	}
	return netip.AddrFromSlice(n.FillBytes(make([]byte, bits/8)))
}

// Reverse is the name under which the DNS keeps the name of an address: the
// parts backwards below in-addr.arpa (RFC 1035) or ip6.arpa (RFC 3596).
func Reverse(a netip.Addr) string {
	octets := a.AsSlice()
	var b strings.Builder
	for i := len(octets) - 1; i >= 0; i-- {
		if a.Is4() {
			fmt.Fprintf(&b, "%d.", octets[i])
		} else {
			fmt.Fprintf(&b, "%x.%x.", octets[i]&15, octets[i]>>4)
		}
	}
	if a.Is4() {
		return b.String() + "in-addr.arpa"
	}
	return b.String() + "ip6.arpa"
}

// count is a number that may be too large for a machine word: an int64 where it
// fits, else its digits.
func count(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return n.String()
}

// power is 2 to the n.
func power(n int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(n)) }
