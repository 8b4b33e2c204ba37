package ipaddr

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"sosh/primitive"
)

func TestSubnet(t *testing.T) {
	for _, c := range []struct{ cidr, want string }{
		{"192.168.1.77/24", "192.168.1.0/24 mask 255.255.255.0 0.0.0.255 hosts 192.168.1.1 to 192.168.1.254 (254 of 256) broadcast 192.168.1.255"},
		{"10.0.0.0/8", "10.0.0.0/8 mask 255.0.0.0 0.255.255.255 hosts 10.0.0.1 to 10.255.255.254 (16777214 of 16777216) broadcast 10.255.255.255"},
		{"192.0.2.4/30", "192.0.2.4/30 mask 255.255.255.252 0.0.0.3 hosts 192.0.2.5 to 192.0.2.6 (2 of 4) broadcast 192.0.2.7"},
		{"192.0.2.5/31", "192.0.2.4/31 mask 255.255.255.254 0.0.0.1 hosts 192.0.2.4 to 192.0.2.5 (2 of 2) broadcast "},
		{"192.0.2.5/32", "192.0.2.5/32 mask 255.255.255.255 0.0.0.0 hosts 192.0.2.5 to 192.0.2.5 (1 of 1) broadcast "},
		{"1.2.3.4/0", "0.0.0.0/0 mask 0.0.0.0 255.255.255.255 hosts 0.0.0.1 to 255.255.255.254 (4294967294 of 4294967296) broadcast 255.255.255.255"},
		{"2001:db8::5/64", "2001:db8::/64 mask ffff:ffff:ffff:ffff:: ::ffff:ffff:ffff:ffff hosts 2001:db8::1 to 2001:db8::ffff:ffff:ffff:ffff (18446744073709551615 of 18446744073709551616) broadcast "},
		{"2001:db8::/126", "2001:db8::/126 mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffc ::3 hosts 2001:db8::1 to 2001:db8::3 (3 of 4) broadcast "},
		{"2001:db8::1/127", "2001:db8::/127 mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe ::1 hosts 2001:db8:: to 2001:db8::1 (2 of 2) broadcast "},
		{"::1/128", "::1/128 mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff :: hosts ::1 to ::1 (1 of 1) broadcast "},
	} {
		s := SubnetOf(netip.MustParsePrefix(c.cidr))
		got := fmt.Sprintf("%s mask %s %s hosts %s to %s (%v of %v) broadcast %s", s.Network, s.Netmask, s.Wildcard, s.First, s.Last, s.Hosts, s.Addresses, s.Broadcast)
		if got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.cidr, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		cidr string
		bits int
		want string
	}{
		{"192.168.1.77/24", 26, "[192.168.1.0/26 192.168.1.64/26 192.168.1.128/26 192.168.1.192/26]"},
		{"255.255.255.254/31", 32, "[255.255.255.254/32 255.255.255.255/32]"},
		{"2001:db8::/62", 64, "[2001:db8::/64 2001:db8:0:1::/64 2001:db8:0:2::/64 2001:db8:0:3::/64]"},
		{"10.0.0.0/8", 8, "[10.0.0.0/8]"},
	} {
		if list, err := Split(netip.MustParsePrefix(c.cidr), c.bits); err != nil || fmt.Sprint(list) != c.want {
			t.Errorf("%s into /%d: %v, %v", c.cidr, c.bits, list, err)
		}
	}
	if list, err := Split(netip.MustParsePrefix("10.0.0.0/8"), 24); len(list) != MostParts || err != nil {
		t.Errorf("%d parts, %v", len(list), err)
	}
	for cidr, bits := range map[string]int{"10.0.0.0/8": 25, "10.0.0.0/24": 16, "10.0.0.0/16": 33, "::/0": 128} {
		if _, err := Split(netip.MustParsePrefix(cidr), bits); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s into /%d: %v", cidr, bits, err)
		}
	}
}

func TestBitsFor(t *testing.T) {
	for hosts, want := range map[int]int{1: 32, 2: 31, 3: 29, 6: 29, 7: 28, 14: 28, 62: 26, 63: 25, 254: 24, 255: 23} {
		if got := BitsFor(hosts, 32); got != want {
			t.Errorf("%d hosts: /%d, want /%d", hosts, got, want)
		}
	}
	if got := BitsFor(3, 128); got != 126 {
		t.Errorf("3 hosts of IPv6: /%d", got)
	}
}

func TestFit(t *testing.T) {
	list, err := Fit(netip.MustParsePrefix("192.168.1.0/24"), []int{20, 100, 2, 50})
	if want := "[192.168.1.192/27 192.168.1.0/25 192.168.1.224/31 192.168.1.128/26]"; err != nil || fmt.Sprint(list) != want {
		t.Errorf("%v, %v, want %s", list, err, want)
	}
	for cidr, hosts := range map[string][]int{"192.168.1.0/24": {200, 100}, "10.0.0.0/30": {3}, "255.255.255.254/31": {1, 1, 1}, "255.255.255.255/32": {1, 1}} {
		if list, err := Fit(netip.MustParsePrefix(cidr), hosts); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s for %v: %v, %v", cidr, hosts, list, err)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"10.0.0.5", "10.0.0.9", "{10.0.0.5 10.0.0.9 5 [10.0.0.5/32 10.0.0.6/31 10.0.0.8/31]}"},
		{"0.0.0.0", "255.255.255.255", "{0.0.0.0 255.255.255.255 4294967296 [0.0.0.0/0]}"},
		{"10.0.0.0", "10.0.0.255", "{10.0.0.0 10.0.0.255 256 [10.0.0.0/24]}"},
		{"255.255.255.255", "255.255.255.255", "{255.255.255.255 255.255.255.255 1 [255.255.255.255/32]}"},
		{"::1", "::2", "{::1 ::2 2 [::1/128 ::2/128]}"},
	} {
		s, err := SpanOf(netip.MustParseAddr(c.from), netip.MustParseAddr(c.to))
		if fmt.Sprint(s) != c.want || err != nil {
			t.Errorf("%s to %s: %v, %v", c.from, c.to, s, err)
		}
	}
	for from, to := range map[string]string{"10.0.0.2": "10.0.0.1", "10.0.0.1": "::1", "fe80::1%a": "fe80::2%a"} {
		if _, err := SpanOf(netip.MustParseAddr(from), netip.MustParseAddr(to)); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s to %s: %v", from, to, err)
		}
	}
}

// TestCidrsCover holds that the networks of a range follow each other without a
// gap, from its first to its last address, and that there are never too many.
func TestCidrsCover(t *testing.T) {
	for range 2000 {
		a, b := random4(), random4()
		if b.Less(a) {
			a, b = b, a
		}
		list := Cidrs(a, b)
		if len(list) > 62 {
			t.Fatalf("%d networks for %s to %s", len(list), a, b)
		}
		next := a
		for _, p := range list {
			if p.Addr() != next || p != p.Masked() {
				t.Fatalf("%s to %s: %s after %s", a, b, p, next.Prev())
			}
			next = Last(p).Next()
		}
		if next.Prev() != b && b != netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
			t.Fatalf("%s to %s: ends before %s", a, b, next)
		}
	}
	all := Cidrs(netip.MustParseAddr("::1"), netip.MustParseAddr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"))
	if len(all) != 254 {
		t.Errorf("%d networks of IPv6, want 254", len(all))
	}
}

func random4() netip.Addr {
	n := rand.Uint32() >> rand.IntN(32)
	return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		cidr, addr string
		want       bool
	}{
		{"10.0.0.0/8", "10.255.255.255", true}, {"10.0.0.0/8", "11.0.0.0", false}, {"10.0.0.0/8", "::ffff:10.1.2.3", true},
		{"fe80::/10", "fe80::1%eth0", true}, {"::/0", "1.2.3.4", false}, {"::ffff:0:0/96", "::ffff:1.2.3.4", true}, {"10.9.9.9/8", "10.0.0.1", true},
	} {
		if got := Contains(netip.MustParsePrefix(c.cidr), netip.MustParseAddr(c.addr)); got != c.want {
			t.Errorf("%s contains %s: %v", c.cidr, c.addr, got)
		}
	}
}
