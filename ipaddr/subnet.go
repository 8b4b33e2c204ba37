package ipaddr

import (
	"cmp"
	"math/big"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"sosh/primitive"
)

// A Subnet is a network and what belongs to it.
type Subnet struct {
	Network   string `help:"first address and prefix length"`
	Address   string `help:"the address that was given"`
	Netmask   string `help:"ones where all addresses are the same"`
	Wildcard  string `help:"the mask the other way round"`
	First     string `help:"first address a host can have"`
	Last      string `help:"last address a host can have"`
	Broadcast string `help:"address of everybody there; IPv6 has none"`
	Hosts     any    `help:"how many hosts fit"`
	Addresses any    `help:"how many addresses there are"`
}

// SubnetOf describes the network of a prefix. The first address of an IPv4
// network names it and the last is the broadcast address, but for /31, which has
// two ends and nobody else (RFC 3021), and /32, which is one host. In IPv6 all
// addresses but the first, the routers' anycast address (RFC 4291), are for
// hosts; again /127 (RFC 6164) and /128 use all they have.
func SubnetOf(p netip.Prefix) Subnet {
	net, bits := p.Masked(), p.Addr().BitLen()
	first, last := net.Addr(), Last(net)
	total := power(bits - p.Bits())
	s := Subnet{
		Network: net.String(), Address: p.Addr().String(), Netmask: mask(p.Bits(), bits).String(),
		Wildcard: inverted(mask(p.Bits(), bits)).String(), Addresses: count(total),
	}
	if bits-p.Bits() > 1 {
		first, total = first.Next(), new(big.Int).Sub(total, big.NewInt(1))
		if net.Addr().Is4() {
			s.Broadcast = last.String()
			last, total = last.Prev(), new(big.Int).Sub(total, big.NewInt(1))
		}
	}
	s.First, s.Last, s.Hosts = first.String(), last.String(), count(total)
	return s
}

// Last is the last address of a network.
func Last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b) // it is 4 or 16 bytes
	return a
}

func inverted(a netip.Addr) netip.Addr {
	b := a.AsSlice()
	for i := range b {
		b[i] = ^b[i]
	}
	a, _ = netip.AddrFromSlice(b) // it is 4 or 16 bytes
	return a
}

// MostParts is how many networks one is split into at most.
const MostParts = 65536

// Split cuts a network into equal ones of a longer prefix.
func Split(p netip.Prefix, bits int) ([]netip.Prefix, error) {
	p = p.Masked()
	switch most := p.Addr().BitLen(); {
	case bits > most:
		return nil, wrong(p.String(), "there is no /"+strconv.Itoa(bits)+", at most /"+strconv.Itoa(most), "")
	case bits < p.Bits():
		return nil, wrong(p.String(), "a /"+strconv.Itoa(bits)+" is larger than the network itself", "split into parts with a longer prefix: --split /"+strconv.Itoa(min(p.Bits()+1, most)))
	case bits-p.Bits() > 16:
		return nil, wrong(p.String(), "that would be "+power(bits-p.Bits()).String()+" networks, at most "+strconv.Itoa(MostParts), "split a smaller network, or into larger parts: --split /"+strconv.Itoa(p.Bits()+16))
	}
	next, list := p.Addr(), []netip.Prefix(nil)
	for range 1 << (bits - p.Bits()) {
		part := netip.PrefixFrom(next, bits)
		list, next = append(list, part), Last(part).Next()
	}
	return list, nil
}

// BitsFor is the longest prefix whose network has room for so many hosts.
func BitsFor(hosts, of int) int {
	if hosts <= 2 {
		return of - max(hosts-1, 0)
	}
	extra := 1 // the router anycast address of IPv6
	if of == 32 {
		extra = 2 // the network and broadcast addresses
	}
	return of - big.NewInt(int64(hosts+extra-1)).BitLen()
}

// SplitFor cuts a network into the smallest equal parts that have room for so many
// hosts each.
func SplitFor(p netip.Prefix, hosts int) ([]netip.Prefix, error) {
	bits := BitsFor(hosts, p.Addr().BitLen())
	if bits < p.Bits() {
		return nil, wrong(p.Masked().String(), "there is no room for "+strconv.Itoa(hosts)+" hosts", "take a larger network, or fewer hosts")
	}
	return Split(p, bits)
}

// Fit cuts a network into parts for so many hosts each, the largest first so
// that all stand on their boundaries and nothing is wasted between them. The parts
// are in the order of the wishes.
func Fit(p netip.Prefix, hosts []int) ([]netip.Prefix, error) {
	p = p.Masked()
	order := make([]int, len(hosts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(hosts[b], hosts[a]) })
	list, next := make([]netip.Prefix, len(hosts)), p.Addr()
	for _, i := range order {
		part := netip.PrefixFrom(next, max(BitsFor(hosts[i], next.BitLen()), 0))
		if !next.IsValid() || part.Bits() < p.Bits() || !p.Contains(next) {
			return nil, wrong(p.String(), "there is no room for all of them", "take a larger network, or fewer hosts")
		}
		list[i], next = part, Last(part).Next()
	}
	return list, nil
}

// ParseHosts reads numbers of hosts with commas between them.
func ParseHosts(texts string) ([]int, error) {
	var list []int
	for text := range strings.SplitSeq(texts, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 1<<40 {
			return nil, primitive.Usagef("%s is no number of hosts", primitive.Quote(text)).WithHint("write --hosts 50, or --hosts 50,20,10 for parts of different sizes")
		}
		list = append(list, n)
	}
	return list, nil
}
