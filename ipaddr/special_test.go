package ipaddr

import (
	"net/netip"
	"regexp"
	"testing"
)

// neighbours are all blocks, each with the names of the blocks that its first and
// last address and the addresses before and behind it are in. Names inside a
// block are those of a more specific one.
var neighbours = []struct{ block, first, last, before, behind string }{
	{"0.0.0.0/8", "This host on this network", "This network", "", "Unicast"},
	{"0.0.0.0/32", "This host on this network", "This host on this network", "", "This network"},
	{"10.0.0.0/8", "Private-Use", "Private-Use", "Unicast", "Unicast"},
	{"100.64.0.0/10", "Shared Address Space", "Shared Address Space", "Unicast", "Unicast"},
	{"127.0.0.0/8", "Loopback", "Loopback", "Unicast", "Unicast"},
	{"169.254.0.0/16", "Link Local", "Link Local", "Unicast", "Unicast"},
	{"172.16.0.0/12", "Private-Use", "Private-Use", "Unicast", "Unicast"},
	{"192.0.0.0/24", "IPv4 Service Continuity Prefix", "IETF Protocol Assignments", "Unicast", "Unicast"},
	{"192.0.0.0/29", "IPv4 Service Continuity Prefix", "IPv4 Service Continuity Prefix", "Unicast", "IPv4 dummy address"},
	{"192.0.0.8/32", "IPv4 dummy address", "IPv4 dummy address", "IPv4 Service Continuity Prefix", "Port Control Protocol Anycast"},
	{"192.0.0.9/32", "Port Control Protocol Anycast", "Port Control Protocol Anycast", "IPv4 dummy address", "Traversal Using Relays around NAT Anycast"},
	{"192.0.0.10/32", "Traversal Using Relays around NAT Anycast", "Traversal Using Relays around NAT Anycast", "Port Control Protocol Anycast", "IETF Protocol Assignments"},
	{"192.0.0.170/32", "NAT64/DNS64 Discovery", "NAT64/DNS64 Discovery", "IETF Protocol Assignments", "NAT64/DNS64 Discovery"},
	{"192.0.0.171/32", "NAT64/DNS64 Discovery", "NAT64/DNS64 Discovery", "NAT64/DNS64 Discovery", "IETF Protocol Assignments"},
	{"192.0.2.0/24", "Documentation (TEST-NET-1)", "Documentation (TEST-NET-1)", "Unicast", "Unicast"},
	{"192.31.196.0/24", "AS112-v4", "AS112-v4", "Unicast", "Unicast"},
	{"192.52.193.0/24", "AMT", "AMT", "Unicast", "Unicast"},
	{"192.88.99.0/24", "Deprecated (6to4 Relay Anycast)", "Deprecated (6to4 Relay Anycast)", "Unicast", "Unicast"},
	{"192.88.99.2/32", "6a44-relay anycast address", "6a44-relay anycast address", "Deprecated (6to4 Relay Anycast)", "Deprecated (6to4 Relay Anycast)"},
	{"192.168.0.0/16", "Private-Use", "Private-Use", "Unicast", "Unicast"},
	{"192.175.48.0/24", "Direct Delegation AS112 Service", "Direct Delegation AS112 Service", "Unicast", "Unicast"},
	{"198.18.0.0/15", "Benchmarking", "Benchmarking", "Unicast", "Unicast"},
	{"198.51.100.0/24", "Documentation (TEST-NET-2)", "Documentation (TEST-NET-2)", "Unicast", "Unicast"},
	{"203.0.113.0/24", "Documentation (TEST-NET-3)", "Documentation (TEST-NET-3)", "Unicast", "Unicast"},
	{"240.0.0.0/4", "Reserved", "Limited Broadcast", "Administratively Scoped", ""},
	{"255.255.255.255/32", "Limited Broadcast", "Limited Broadcast", "Reserved", ""},
	{"::1/128", "Loopback Address", "Loopback Address", "Unspecified Address", "Deprecated (IPv4-compatible)"},
	{"::/128", "Unspecified Address", "Unspecified Address", "", "Loopback Address"},
	{"::ffff:0:0/96", "IPv4-mapped Address", "IPv4-mapped Address", "Reserved by IETF", "Reserved by IETF"},
	{"64:ff9b::/96", "IPv4-IPv6 Translat.", "IPv4-IPv6 Translat.", "Reserved by IETF", "Reserved by IETF"},
	{"64:ff9b:1::/48", "IPv4-IPv6 Translat.", "IPv4-IPv6 Translat.", "Reserved by IETF", "Reserved by IETF"},
	{"100::/64", "Discard-Only Address Block", "Discard-Only Address Block", "Reserved by IETF", "Dummy IPv6 Prefix"},
	{"100:0:0:1::/64", "Dummy IPv6 Prefix", "Dummy IPv6 Prefix", "Discard-Only Address Block", "Reserved by IETF"},
	{"2001::/23", "TEREDO", "IETF Protocol Assignments", "Global Unicast", "Global Unicast"},
	{"2001::/32", "TEREDO", "TEREDO", "Global Unicast", "IETF Protocol Assignments"},
	{"2001:1::1/128", "Port Control Protocol Anycast", "Port Control Protocol Anycast", "IETF Protocol Assignments", "Traversal Using Relays around NAT Anycast"},
	{"2001:1::2/128", "Traversal Using Relays around NAT Anycast", "Traversal Using Relays around NAT Anycast", "Port Control Protocol Anycast", "DNS-SD Service Registration Protocol Anycast"},
	{"2001:1::3/128", "DNS-SD Service Registration Protocol Anycast", "DNS-SD Service Registration Protocol Anycast", "Traversal Using Relays around NAT Anycast", "IETF Protocol Assignments"},
	{"2001:2::/48", "Benchmarking", "Benchmarking", "IETF Protocol Assignments", "IETF Protocol Assignments"},
	{"2001:3::/32", "AMT", "AMT", "IETF Protocol Assignments", "IETF Protocol Assignments"},
	{"2001:4:112::/48", "AS112-v6", "AS112-v6", "IETF Protocol Assignments", "IETF Protocol Assignments"},
	{"2001:10::/28", "Deprecated (previously ORCHID)", "Deprecated (previously ORCHID)", "IETF Protocol Assignments", "ORCHIDv2"},
	{"2001:20::/28", "ORCHIDv2", "ORCHIDv2", "Deprecated (previously ORCHID)", "Drone Remote ID Protocol Entity Tags (DETs) Prefix"},
	{"2001:30::/28", "Drone Remote ID Protocol Entity Tags (DETs) Prefix", "Drone Remote ID Protocol Entity Tags (DETs) Prefix", "ORCHIDv2", "IETF Protocol Assignments"},
	{"2001:db8::/32", "Documentation", "Documentation", "Global Unicast", "Global Unicast"},
	{"2002::/16", "6to4", "6to4", "Global Unicast", "Global Unicast"},
	{"2620:4f:8000::/48", "Direct Delegation AS112 Service", "Direct Delegation AS112 Service", "Global Unicast", "Global Unicast"},
	{"3fff::/20", "Documentation", "Documentation", "Global Unicast", "Global Unicast"},
	{"5f00::/16", "Segment Routing (SRv6) SIDs", "Segment Routing (SRv6) SIDs", "Reserved by IETF", "Reserved by IETF"},
	{"fc00::/7", "Unique-Local", "Unique-Local", "Reserved by IETF", "Reserved by IETF"},
	{"fe80::/10", "Link-Local Unicast", "Link-Local Unicast", "Reserved by IETF", "Deprecated (Site-Local)"},
	{"224.0.0.0/4", "Local Network Control Block", "Administratively Scoped", "Unicast", "Reserved"},
	{"224.0.0.0/24", "Local Network Control Block", "Local Network Control Block", "Unicast", "Internetwork Control Block"},
	{"224.0.1.0/24", "Internetwork Control Block", "Internetwork Control Block", "Local Network Control Block", "Multicast"},
	{"232.0.0.0/8", "Source-Specific Multicast", "Source-Specific Multicast", "Multicast", "Multicast"},
	{"233.252.0.0/24", "MCAST-TEST-NET", "MCAST-TEST-NET", "Multicast", "Multicast"},
	{"239.0.0.0/8", "Administratively Scoped", "Administratively Scoped", "Multicast", "Reserved"},
	{"ff00::/8", "Multicast", "Multicast", "Deprecated (Site-Local)", ""},
	{"ff02::1/128", "All Nodes", "All Nodes", "Multicast", "All Routers"},
	{"ff02::2/128", "All Routers", "All Routers", "All Nodes", "Multicast"},
	{"ff02::1:ff00:0/104", "Solicited-Node", "Solicited-Node", "Multicast", "Multicast"},
	{"2000::/3", "Global Unicast", "Global Unicast", "Reserved by IETF", "Reserved by IETF"},
	{"::/96", "Unspecified Address", "Deprecated (IPv4-compatible)", "", "Reserved by IETF"},
	{"fec0::/10", "Deprecated (Site-Local)", "Deprecated (Site-Local)", "Link-Local Unicast", "Multicast"},
}

// TestNeighbours looks up both ends of every block, and one step further.
func TestNeighbours(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range neighbours {
		p := netip.MustParsePrefix(n.block)
		seen[n.block] = true
		is(t, n.block, p.Addr(), n.first)
		is(t, n.block, Last(p), n.last)
		is(t, n.block, p.Addr().Prev(), n.before)
		is(t, n.block, Last(p).Next(), n.behind)
	}
	for _, b := range Blocks() {
		if !seen[b.Text] && !b.Plain() {
			t.Errorf("%s is not tested", b.Text)
		}
	}
}

// is checks the name of an address's block; before the first and behind the last
// address of all there is none.
func is(t *testing.T, block string, a netip.Addr, want string) {
	t.Helper()
	if !a.IsValid() {
		if want != "" {
			t.Errorf("%s: there is no address, want one in %s", block, want)
		}
		return
	}
	if got := BlockOf(a).Name; got != want {
		t.Errorf("%s: %s is in %s, want %s", block, a, got, want)
	}
}

var (
	rfcs  = regexp.MustCompile(`^RFC \d+(, RFC \d+)*(, section [\d.]+)?$`)
	month = regexp.MustCompile(`^((19|20)\d\d-(0[1-9]|1[0-2]))?$`)
	flag  = regexp.MustCompile(`^(yes|no|)$`)
	scope = regexp.MustCompile(`^(host|link|private|global|none)$`)
)

// TestTable holds that the table is well formed, and as long as the registries:
// 26 blocks of IPv4 (two of them in one row there) and 25 of IPv6.
func TestTable(t *testing.T) {
	seen, special := map[string]bool{}, map[bool]int{}
	for _, b := range Blocks() {
		if seen[b.Text] {
			t.Errorf("%s stands there twice", b.Text)
		}
		seen[b.Text] = true
		if b.Prefix != b.Prefix.Masked() || b.Name == "" || b.Meaning == "" || !rfcs.MatchString(b.RFC) || !scope.MatchString(b.Scope) {
			t.Errorf("%+v", b)
		}
		for _, f := range []string{b.Source, b.Destination, b.Forwardable, b.Global, b.Reserved} {
			if !flag.MatchString(f) {
				t.Errorf("%s: %q", b.Text, f)
			}
		}
		if !month.MatchString(b.Allocated) || !month.MatchString(b.Terminated) {
			t.Errorf("%s: %q, %q", b.Text, b.Allocated, b.Terminated)
		}
		if b.Table == "special" {
			special[b.Prefix.Addr().Is4()]++
		}
	}
	if special[true] != 26 || special[false] != 25 {
		t.Errorf("%d blocks of IPv4 and %d of IPv6", special[true], special[false])
	}
}

func TestEmbedded(t *testing.T) {
	for _, c := range []struct{ addr, v4, how, global, scope string }{
		{"::ffff:10.1.2.3", "10.1.2.3", "IPv4-mapped", "no", "private"},
		{"::ffff:8.8.8.8", "8.8.8.8", "IPv4-mapped", "yes", "global"},
		{"64:ff9b::8.8.8.8", "8.8.8.8", "NAT64", "yes", "global"},
		{"64:ff9b::127.0.0.1", "127.0.0.1", "NAT64", "no", "host"},
		{"2002:0808:0808::1", "8.8.8.8", "6to4", "by a relay", "global"},
		{"2002:c0a8:0101::1", "192.168.1.1", "6to4", "no", "private"},
		{"2001:0:4136:e378:8000:63bf:3fff:fdd2", "192.0.2.45", "Teredo", "no", "none"},
		{"2001:0:4136:e378:8000:63bf:f7f7:f7f7", "8.8.8.8", "Teredo", "by a relay", "global"},
		{"64:ff9b:1::7f00:1", "", "", "no", "private"},
		{"8.8.8.8", "", "", "yes", "global"},
		{"::1", "", "", "no", "host"},
		{"fe80::1%eth0", "", "", "no", "link"},
		{"192.0.0.9", "", "", "yes", "global"},
		{"224.0.0.251", "", "", "no", "link"},
		{"239.1.2.3", "", "", "no", "private"},
		{"224.2.0.1", "", "", "yes", "global"},
		{"ff02::fb", "", "", "no", "link"},
		{"ff05::1", "", "", "no", "site"},
		{"ff0e::1", "", "", "yes", "global"},
		{"2a00::1", "", "", "yes", "global"},
		{"4000::1", "", "", "no", "none"},
	} {
		a := netip.MustParseAddr(c.addr)
		v4, how, ok := Embedded(a)
		if ok != (c.v4 != "") || ok && v4.String() != c.v4 || string(how) != c.how {
			t.Errorf("%s: %v %s", c.addr, v4, how)
		}
		if Reachable(a) != c.global || Scope(a) != c.scope {
			t.Errorf("%s: reachable %s, scope %s; want %s, %s", c.addr, Reachable(a), Scope(a), c.global, c.scope)
		}
	}
}

func TestClass(t *testing.T) {
	for text, want := range map[string]string{"127.255.255.255": "A", "128.0.0.0": "B", "191.255.0.1": "B", "192.0.0.0": "C", "224.0.0.0": "D", "239.255.255.255": "D", "240.0.0.0": "E", "::1": ""} {
		if got := Class(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
