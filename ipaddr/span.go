package ipaddr

import (
	"math/big"
	"math/bits"
	"net/netip"
)

// A Span is the addresses from one to another.
type Span struct {
	First     string   `help:"first address"`
	Last      string   `help:"last address"`
	Addresses any      `help:"how many addresses there are"`
	Cidrs     []string `help:"the fewest networks that hold just these"`
}

// SpanOf describes the addresses from one to another, both included.
func SpanOf(from, to netip.Addr) (Span, error) {
	switch {
	case from.BitLen() != to.BitLen():
		return Span{}, wrong(from.String()+" to "+to.String(), "one is IPv4 and the other IPv6", "a range is of one kind")
	case from.Zone() != "" || to.Zone() != "":
		return Span{}, wrong(from.String()+" to "+to.String(), "a range has no zone", "leave out the % and what follows")
	case to.Less(from):
		return Span{}, wrong(from.String()+" to "+to.String(), "the second address is before the first", "turn them round: ip range "+to.String()+" "+from.String())
	}
	n := new(big.Int).Sub(Integer(to), Integer(from))
	s := Span{First: from.String(), Last: to.String(), Addresses: count(n.Add(n, big.NewInt(1)))}
	for _, p := range Cidrs(from, to) {
		s.Cidrs = append(s.Cidrs, p.String())
	}
	return s, nil
}

// Cidrs are the fewest networks that hold the addresses from one to another and
// no others: at most 62 of IPv4, 254 of IPv6.
func Cidrs(from, to netip.Addr) []netip.Prefix {
	var list []netip.Prefix
	for from.IsValid() && !to.Less(from) {
		p := netip.PrefixFrom(from, from.BitLen()-trailingZeros(from))
		for to.Less(Last(p)) {
			p = netip.PrefixFrom(from, p.Bits()+1)
		}
		list = append(list, p)
		from = Last(p).Next() // not valid behind the last address of all
	}
	return list
}

// trailingZeros is how many zero bits an address ends with.
func trailingZeros(a netip.Addr) int {
	b, n := a.AsSlice(), 0
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != 0 {
			return n + bits.TrailingZeros8(b[i])
		}
		n += 8
	}
	return n
}

// Contains is whether a network holds an address. An IPv4-mapped address is the
// IPv4 address that it carries.
func Contains(p netip.Prefix, a netip.Addr) bool {
	return p.Masked().Contains(a.Unmap().WithZone("")) || p.Masked().Contains(a.WithZone(""))
}
