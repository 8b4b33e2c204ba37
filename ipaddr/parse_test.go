package ipaddr

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"sosh/primitive"
)

func TestReasons(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "there is no address",
		"256.1.1.1":                 "octet 1 is 256, at most 255",
		"1.1.1.999":                 "octet 4 is 999, at most 255",
		"1.2.3":                     "three octets, an IPv4 address has four",
		"1.2":                       "two octets, an IPv4 address has four",
		"1.2.3.4.5":                 "five octets, an IPv4 address has four",
		"010.1.1.1":                 "octet 1 begins with a zero: 010",
		"1.2.03.4":                  "octet 3 begins with a zero: 03",
		"1..2.3":                    "octet 2 is empty",
		"1.2.3.4.":                  "octet 5 is empty",
		"1.2.3.-4":                  "octet 4 is negative",
		"0x7f.0.0.1":                "octet 1 is hexadecimal",
		"1.2.3.4x":                  `octet 4 is "4x", not a number`,
		"2130706433":                "a number, not an address",
		"localhost":                 "a name, not an address",
		"www.example.org":           "a name, not an address",
		"10.0.0.0/8":                "this is a network, not an address",
		"1.2.3.4:80":                "an address with a port",
		"[::1]":                     "brackets stand around an address that has a port",
		"[::1]:80":                  "brackets stand around an address that has a port",
		"1.2.3.4%eth0":              "only an IPv6 address has a zone (%eth0)",
		"fe80::1%":                  "the zone behind the % is missing",
		"1.2. 3.4":                  "there is a blank in it",
		"2001::db8::1":              "more than one ::",
		":::1":                      "three colons in a row",
		":1:2:3:4:5:6:7:8":          "it begins with a single colon",
		"1:2:3:4:5:6:7:":            "it ends with a single colon",
		"2001:db8":                  "two groups, an IPv6 address has eight",
		"1:2:3:4:5:6:7:8:9":         "nine groups, an IPv6 address has eight",
		"1:2:3:4:5:6:7:8::":         "eight groups and a ::, which stands for at least one",
		"2001:db8::12345":           "group 4 is 12345, at most four digits",
		"2001:xyz::1":               `group 2 is "xyz", not a hexadecimal number`,
		"::ffff:1.2.3.256":          "in the IPv4 address at its end octet 4 is 256, at most 255",
		"::ffff:1.2.3":              "in the IPv4 address at its end three octets, an IPv4 address has four",
		"::1.2.3.4:1":               "an IPv4 address can only be the end of an IPv6 one",
		"1.2.3." + string(rune(27)): `octet 4 is "\x1b", not a number`,
	} {
		_, err := Parse(text)
		var e *primitive.Error
		if !errors.As(err, &e) || e.Kind != primitive.Usage || e.Cause != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestParsePrefix(t *testing.T) {
	for text, want := range map[string]string{
		"10.1.2.3/8": "10.1.2.3/8", "10.0.0.0/255.255.255.0": "10.0.0.0/24", "::/0": "::/0", "1.2.3.4/0.0.0.0": "1.2.3.4/0",
	} {
		if p, err := ParsePrefix(text); err != nil || p.String() != want {
			t.Errorf("%s: %v, %v", text, p, err)
		}
	}
	for text, want := range map[string]string{
		"10.0.0.0":             "the prefix length is missing",
		"10.0.0.0/33":          "the prefix length is 33, at most 32",
		"::/129":               "the prefix length is 129, at most 128",
		"10.0.0.0/":            `the prefix length "" is no number`,
		"10.0.0.0/-1":          `the prefix length "-1" is no number`,
		"10.0.0.0/255.0.255.0": "the mask 255.0.255.0 has a 0 before a 1: 11111111.00000000.11111111.00000000",
		"fe80::1%eth0/64":      "a network has no zone",
		"300.0.0.0/8":          "octet 1 is 300, at most 255",
	} {
		_, err := ParsePrefix(text)
		var e *primitive.Error
		if !errors.As(err, &e) || e.Kind != primitive.Usage || e.Cause != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestRead(t *testing.T) {
	for text, want := range map[string]string{
		"10.1.2.3": "10.1.2.3", "167838211": "10.1.2.3", "0x0a010203": "10.1.2.3", "0xa010203": "10.1.2.3", "0a010203": "10.1.2.3",
		"00001010.00000001.00000010.00000011": "10.1.2.3", "00001010000000010000001000000011": "10.1.2.3", "0b1": "0.0.0.1",
		"0": "0.0.0.0", "4294967295": "255.255.255.255", "4294967296": "::1:0:0", "0x00000000000000000000000000000001": "::1",
		"340282366920938463463374607431768211455": "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::1%eth0": "fe80::1%eth0",
	} {
		if a, err := Read(text, false); err != nil || a.String() != want {
			t.Errorf("%s: %v, %v, want %s", text, a, err, want)
		}
	}
	if a, err := Read("1", true); err != nil || a.String() != "::1" {
		t.Errorf("1 as IPv6: %v, %v", a, err)
	}
	for _, text := range []string{"340282366920938463463374607431768211456", "0x", "0xg", "0b2", "-1", "1.2.3", strings.Repeat("9", 1000), "0x" + strings.Repeat("f", 33)} {
		if _, err := Read(text, false); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}

// FuzzParse holds that every bad address has a reason, in one line and safe for
// a terminal, and that every form of a good one is read back.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"256.1.1.1", "1.2.3", "::1", "fe80::1%eth0", "0x7f", "1:::2", "::1.2.3.4:", "10.0.0.0/8", "\x1b[2J"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err != nil {
			if text := err.Error(); text == "" || primitive.KindOf(err) != primitive.Usage {
				t.Errorf("%q: no reason", text)
			}
			Read(text, false)
			ParsePrefix(text)
			return
		}
		forms := FormsOf(a.WithZone(""))
		for _, form := range []string{forms.Integer, forms.Hex, forms.Binary, forms.Full} {
			if back, err := Read(form, a.Is6()); err != nil || back != a.WithZone("") {
				t.Errorf("%s as %s: %v, %v", a, form, back, err)
			}
		}
	})
}

func TestReverse(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1":   "1.2.0.192.in-addr.arpa",
		"2001:db8::1": "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	} {
		if got := Reverse(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
