package probe

import (
	"math/bits"

	"sosh/primitive"
)

// An Order says in which order the probes of a scan go out.
type Order string

// The orders. ByPort asks each host in turn for one port, then for the next: no
// host gets a burst. Random is a permutation that the seed decides.
const (
	ByPort Order = "port"
	ByHost Order = "host"
	Random Order = "random"
)

// A Plan is which addresses and ports a scan probes, and in which order. It takes
// room for its hosts' ranges and its ports, not for their product. Plans of the
// same hosts, ports, order and seed are the same everywhere, which is what makes
// shards fit together.
type Plan struct {
	Hosts Hosts
	Ports []uint16
	UDP   bool
	Order Order
	Seed  uint64
	Shard Shard
}

// Most probes of one scan.
const maxProbes = 1 << 48

// Check finds what is wrong with a plan: nothing to probe, or too much.
func (p *Plan) Check() error {
	high, n := bits.Mul64(p.Hosts.Len(), uint64(len(p.Ports)))
	if high != 0 || n > maxProbes {
		return primitive.Usagef("more than %d probes", uint64(maxProbes))
	}
	if n == 0 {
		return primitive.Usagef("there is nothing to probe")
	}
	return nil
}

// total is how many probes all shards have together.
func (p *Plan) total() uint64 { return p.Hosts.Len() * uint64(len(p.Ports)) }

// Len is how many probes this shard has.
func (p *Plan) Len() uint64 {
	first, count := p.Shard.stride()
	if n := p.total(); n > first {
		return (n - first + count - 1) / count
	}
	return 0
}

// At is the i-th probe of this shard: the places of its host and its port.
func (p *Plan) At(i uint64) (host, port uint64) {
	first, count := p.Shard.stride()
	k := first + i*count
	ports := uint64(len(p.Ports))
	switch p.Order {
	case ByHost:
		return k / ports, k % ports
	case Random:
		k = permute(k, p.total(), p.Seed)
		return k / ports, k % ports
	}
	return k % p.Hosts.Len(), k / p.Hosts.Len()
}

// id numbers the probes of all shards, whatever their order.
func (p *Plan) id(host, port uint64) uint64 { return host*uint64(len(p.Ports)) + port }

// Rounds of the permutation; four are enough for it to look random.
const feistelRounds = 4

// permute is a permutation of the numbers below n: a Feistel network over the
// next even number of bits, taken again until the result is below n (cycle
// walking), which is less than four times on average.
func permute(k, n, seed uint64) uint64 {
	half := uint(bits.Len64(n-1)+1) / 2
	mask := uint64(1)<<half - 1
	for {
		left, right := k>>half, k&mask
		for r := range uint64(feistelRounds) {
			left, right = right, left^(mix(right^mix(seed+r))&mask)
		}
		if k = left<<half | right; k < n {
			return k
		}
	}
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// A doneSet is a set of probes by their id, in pages.
type doneSet map[uint64]*[pageWords]uint64

const pageWords = 64 // a page is 4096 probes

func (d doneSet) add(id uint64) (isNew bool) {
	page, word, bit := place(id)
	p := d[page]
	if p == nil {
		p = new([pageWords]uint64)
		d[page] = p
	}
	isNew = p[word]&bit == 0
	p[word] |= bit
	return isNew
}

func (d doneSet) has(id uint64) bool {
	page, word, bit := place(id)
	p := d[page]
	return p != nil && p[word]&bit != 0
}

func place(id uint64) (page, word, bit uint64) {
	return id / (64 * pageWords), id / 64 % pageWords, 1 << (id % 64)
}

// covers is whether a probe is one of this shard's.
func (p *Plan) covers(host, port uint64) bool {
	k := p.id(host, port)
	switch p.Order {
	case ByHost:
	case Random:
		k = unpermute(k, p.total(), p.Seed)
	default:
		k = port*p.Hosts.Len() + host
	}
	first, count := p.Shard.stride()
	return k%count == first
}

// unpermute undoes permute.
func unpermute(k, n, seed uint64) uint64 {
	half := uint(bits.Len64(n-1)+1) / 2
	mask := uint64(1)<<half - 1
	for {
		left, right := k>>half, k&mask
		for r := uint64(feistelRounds); r > 0; r-- {
			left, right = right^(mix(left^mix(seed+r-1))&mask), left
		}
		if k = left<<half | right; k < n {
			return k
		}
	}
}
