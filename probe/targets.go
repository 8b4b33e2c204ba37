package probe

import (
	"context"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"go4.org/netipx"

	"sosh/primitive"
	"sosh/sock"
)

// Most bytes of a file of targets.
const maxTargetFile = 64 << 20

// Targets says which hosts are meant, as text: names, addresses, networks
// (10.0.0.0/24), ranges (10.0.0.1-10.0.0.9, 10.0.0.1-9) and @FILE, separated by
// commas, blanks or lines; # begins a comment.
type Targets struct {
	Text    string
	Exclude string      // the same, taken away
	Family  sock.Family // that names are resolved to; "" is any
}

// Resolve gives the set of addresses. A name is its first address. Usage errors,
// NotFound, and what resolving names gives.
func (t Targets) Resolve(ctx context.Context) (Hosts, error) {
	in := gatherer{family: t.Family, names: map[netip.Addr]string{}}
	if err := in.list(ctx, t.Text, 0); err != nil {
		return Hosts{}, err
	}
	out := gatherer{family: t.Family, names: map[netip.Addr]string{}}
	if err := out.list(ctx, t.Exclude, 0); err != nil {
		return Hosts{}, err
	}
	without, err := out.set.IPSet()
	if err != nil {
		return Hosts{}, primitive.AsError(err)
	}
	in.set.RemoveSet(without)
	set, err := in.set.IPSet()
	if err != nil {
		return Hosts{}, primitive.AsError(err)
	}
	h, ok := newHosts(set, in.zoned, in.names)
	switch {
	case !ok:
		return h, primitive.Usagef("more than %d addresses", uint64(maxHosts)).WithHint("scan a part of that network: 2001:db8::/112 has 65536")
	case h.Len() == 0:
		return h, primitive.Usagef("no target is left to scan").WithHint("targets are like 127.0.0.1, example.org, 10.0.0.0/24, 10.0.0.1-9, @hosts.txt")
	}
	return h, nil
}

// A gatherer collects the addresses of a list.
type gatherer struct {
	set    netipx.IPSetBuilder
	zoned  []netip.Addr
	names  map[netip.Addr]string
	family sock.Family
}

// Lists name files, which name files, so deep.
const maxFileDepth = 8

func (g *gatherer) list(ctx context.Context, text string, depth int) error {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		for word := range strings.FieldsFuncSeq(line, isSeparator) {
			if err := g.word(ctx, word, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

func isSeparator(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' || r == '\r' }

func (g *gatherer) word(ctx context.Context, word string, depth int) error {
	if name, ok := strings.CutPrefix(word, "@"); ok {
		return g.file(ctx, name, depth)
	}
	r, ok, err := parseRange(word)
	switch {
	case err != nil:
		return err
	case ok:
		g.set.AddRange(r)
		return nil
	}
	if ip, err := netip.ParseAddr(strings.Trim(word, "[]")); err == nil {
		g.addr(ip)
		return nil
	}
	return g.name(ctx, word)
}

func (g *gatherer) addr(ip netip.Addr) {
	if ip.Zone() != "" {
		g.zoned = append(g.zoned, ip)
		return
	}
	g.set.Add(ip.Unmap())
}

func (g *gatherer) name(ctx context.Context, word string) error {
	if !isName(word) {
		return badTarget(word)
	}
	ips, err := sock.Resolve(ctx, word, g.family)
	if err != nil {
		return err
	}
	if g.names[ips[0]] == "" {
		g.names[ips[0]] = word
	}
	g.addr(ips[0])
	return nil
}

// isName is whether a word may be a host's name: not one that looks like an
// address gone wrong, which no resolver needs to be asked for.
func isName(word string) bool {
	last := word[strings.LastIndexByte(strings.TrimSuffix(word, "."), '.')+1:]
	return strings.Trim(last, "0123456789-") != "" && !strings.ContainsFunc(word, func(r rune) bool {
		return r != '.' && r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

func (g *gatherer) file(ctx context.Context, name string, depth int) error {
	if depth == maxFileDepth {
		return primitive.Usagef("files of targets name each other more than %d deep", maxFileDepth)
	}
	info, err := os.Stat(name)
	if err == nil && info.Size() > maxTargetFile {
		return primitive.Newf(primitive.Oversized, "more than %d bytes of targets", maxTargetFile).On(name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return primitive.AsError(err).On(name)
	}
	return g.list(ctx, string(text), depth+1)
}

// parseRange reads a network or a range; ok is false for anything else.
func parseRange(word string) (r netipx.IPRange, ok bool, err error) {
	if strings.Contains(word, "/") {
		p, err := netip.ParsePrefix(word)
		if err != nil {
			return r, false, badTarget(word)
		}
		return netipx.RangeOfPrefix(p), true, nil
	}
	first, last, found := strings.Cut(word, "-")
	from, err := netip.ParseAddr(first)
	if !found || err != nil {
		return r, false, nil // a name may have a hyphen too
	}
	to, ok := lastOf(from, last)
	if r = netipx.IPRangeFrom(from, to); !ok || !r.IsValid() {
		return r, false, badTarget(word)
	}
	return r, true, nil
}

// lastOf is the end of a range: an address, or the last octet of one.
func lastOf(from netip.Addr, text string) (netip.Addr, bool) {
	if to, err := netip.ParseAddr(text); err == nil {
		return to, true
	}
	n, err := strconv.ParseUint(text, 10, 8)
	if err != nil || !from.Is4() {
		return netip.Addr{}, false
	}
	b := from.As4()
	b[3] = byte(n)
	return netip.AddrFrom4(b), true
}

func badTarget(word string) error {
	if a, err := primitive.ParseAddr(word, false); err == nil && a.Host != "" {
		return primitive.Usagef("%s has a port, and targets have none", primitive.Quote(word)).WithHint("the ports are the next word: scan %s %d", a.Host, a.Port)
	}
	return primitive.Usagef("%s is no target", primitive.Quote(word)).
		WithHint("targets are like 127.0.0.1, example.org, 10.0.0.0/24, 10.0.0.1-9, 10.0.0.1-10.0.1.20, ::1, @hosts.txt")
}
