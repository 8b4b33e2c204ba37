package probe

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"slices"
	"sort"

	"go4.org/netipx"

	"sosh/internal/lazy"
)

// Most addresses of one scan: as many as IPv4 has.
const maxHosts = 1 << 32

// Hosts is a set of addresses in ascending order. A range of them takes no more
// room than a single one.
type Hosts struct {
	runs  []run
	total uint64
	names map[netip.Addr]string // of those that were given by name
}

// A run is n addresses from one on; start is how many stand before it.
type run struct {
	from     netip.Addr
	n, start uint64
}

// newHosts makes a set of ranges; zoned addresses, which are in no range, stand
// behind them.
func newHosts(set *netipx.IPSet, zoned []netip.Addr, names map[netip.Addr]string) (Hosts, bool) {
	h := Hosts{names: names}
	for _, r := range set.Ranges() {
		n, ok := width(r)
		if !ok || h.total+n > maxHosts {
			return h, false
		}
		h.add(r.From(), n)
	}
	slices.SortFunc(zoned, netip.Addr.Compare)
	for _, ip := range slices.Compact(zoned) {
		h.add(ip, 1)
	}
	return h, true
}

func (h *Hosts) add(from netip.Addr, n uint64) {
	h.runs = append(h.runs, run{from, n, h.total})
	h.total += n
}

// width is how many addresses a range has, if that is not too many.
func width(r netipx.IPRange) (uint64, bool) {
	high1, low1 := halves(r.From())
	high2, low2 := halves(r.To())
	n, borrow := bits.Sub64(low2, low1, 0)
	if high, _ := bits.Sub64(high2, high1, borrow); high != 0 || n >= maxHosts {
		return 0, false
	}
	return n + 1, true
}

func halves(ip netip.Addr) (high, low uint64) {
	b := ip.As16()
	return binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
}

// Len is how many addresses there are.
func (h Hosts) Len() uint64 { return h.total }

// At is an address by its place.
func (h Hosts) At(i uint64) netip.Addr {
	k := 0
	if len(h.runs) > 1 {
		k = sort.Search(len(h.runs), func(k int) bool { return h.runs[k].start > i }) - 1
	}
	return plus(h.runs[k].from, i-h.runs[k].start)
}

func plus(ip netip.Addr, n uint64) netip.Addr {
	if n == 0 {
		return ip
	}
	b := ip.As16()
	low, carry := bits.Add64(binary.BigEndian.Uint64(b[8:]), n, 0)
	binary.BigEndian.PutUint64(b[8:], low)
	binary.BigEndian.PutUint64(b[:8], binary.BigEndian.Uint64(b[:8])+carry)
	next := netip.AddrFrom16(b)
	if ip.Is4() {
		next = next.Unmap()
	}
	return next
}

// Index is the place of an address, and whether it is in the set.
func (h Hosts) Index(ip netip.Addr) (uint64, bool) {
	for lo, hi := 0, len(h.runs); lo < hi; {
		k := (lo + hi) / 2
		r := h.runs[k]
		switch last := plus(r.from, r.n-1); {
		case before(ip, r.from):
			hi = k
		case before(last, ip):
			lo = k + 1
		default:
			_, a := halves(r.from)
			_, b := halves(ip)
			return r.start + (b - a), true
		}
	}
	return 0, false
}

// before orders addresses as the runs are ordered: those with a zone last.
func before(a, b netip.Addr) bool {
	if az, bz := a.Zone() != "", b.Zone() != ""; az != bz {
		return bz
	}
	return a.Less(b)
}

// Name is the name that an address was given by; empty if it was not.
func (h Hosts) Name(ip netip.Addr) string { return h.names[ip] }

// Local is whether all addresses are this machine's loopback.
func (h Hosts) Local() bool {
	for _, r := range h.runs {
		if !r.from.IsLoopback() || !plus(r.from, r.n-1).IsLoopback() {
			return false
		}
	}
	return true
}

// Public is how many addresses are on the internet at large, in ranges.
func (h Hosts) Public() (n uint64) {
	for _, r := range h.runs {
		if isPublic(r.from) || isPublic(plus(r.from, r.n-1)) {
			n += r.n
		}
	}
	return n
}

// sharedSpace is what providers number their customers with (RFC 6598).
var sharedSpace = lazy.Value[netip.Prefix]{New: func() netip.Prefix { return netip.MustParsePrefix("100.64.0.0/10") }}

func isPublic(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !sharedSpace.Get().Contains(ip)
}
