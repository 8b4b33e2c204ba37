package ipaddr

import (
	"cmp"
	_ "embed"
	"encoding/csv"
	"net/netip"
	"slices"
	"strings"

	"sosh/internal/lazy"
)

// A Block is a range of addresses with a meaning of its own. The fields from
// Source to Reserved are those of RFC 6890, section 2.2.1: "yes", "no", or empty
// where the registry does not say.
type Block struct {
	Prefix      netip.Prefix
	Text        string // the prefix as the registry writes it
	Table       string // special: IANA's Special-Purpose Address Registries; multicast; other
	Name        string
	RFC         string // "RFC 1918"; several are parted by commas
	Allocated   string // year and month, where known
	Terminated  string // when it was given up; mostly empty
	Source      string // whether a packet may come from there
	Destination string // whether a packet may go there
	Forwardable string // whether a router may pass such a packet on
	Global      string // whether it is reachable from everywhere
	Reserved    string // whether every IP stack must know it
	Scope       string // how far it is meant to reach: host, link, private, global, none
	Meaning     string // what it is for, in a few words
}

//go:embed special.csv
var specialText string

// Blocks are all blocks: IPv4 before IPv6 in each table, as the registries have
// them. Among them are 0.0.0.0/0 and ::/0, so that every address has a block.
func Blocks() []Block { return blocks.Get() }

var blocks = lazy.Value[[]Block]{New: func() []Block {
	r := csv.NewReader(strings.NewReader(specialText))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		panic(err) // it is built in, and a test reads it
	}
	var list []Block
	for _, f := range rows[1:] {
		list = append(list, Block{
			Table: f[0], Prefix: netip.MustParsePrefix(f[1]), Text: f[1], Name: f[2], RFC: f[3], Allocated: f[4], Terminated: f[5],
			Source: f[6], Destination: f[7], Forwardable: f[8], Global: f[9], Reserved: f[10], Scope: f[11], Meaning: f[12],
		})
	}
	return list
}}

// BlocksOf are the blocks that an address is in, the most specific last.
func BlocksOf(a netip.Addr) []Block {
	a = a.WithZone("")
	var list []Block
	for _, b := range Blocks() {
		if b.Prefix.Contains(a) {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, func(x, y Block) int { return cmp.Compare(x.Prefix.Bits(), y.Prefix.Bits()) })
	return list
}

// BlockOf is the most specific block that an address is in.
func BlockOf(a netip.Addr) Block {
	list := BlocksOf(a)
	return list[len(list)-1] // there is always 0.0.0.0/0 or ::/0
}

// Plain is whether the block is no block at all: the rest of the address space.
func (b Block) Plain() bool { return b.Prefix.Bits() == 0 }
