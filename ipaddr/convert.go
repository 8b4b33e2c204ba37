package ipaddr

import (
	"math/big"
	"net/netip"
	"strings"

	"sosh/primitive"
)

// Forms are the ways to write one address.
type Forms struct {
	Address string `help:"as it is usually written"`
	Integer string `help:"as one number, decimal"`
	Hex     string `help:"as one number, hexadecimal"`
	Binary  string `help:"bit by bit, in octets or groups of 16"`
	Full    string `help:"with nothing left out"`
	Mapped  string `help:"as an IPv6 address, where it is IPv4"`
}

// FormsOf writes an address in every way.
func FormsOf(a netip.Addr) Forms {
	f := Forms{Address: a.String(), Integer: Integer(a).String(), Hex: Hex(a), Binary: Binary(a), Full: a.StringExpanded()}
	if a.Is4() {
		f.Mapped = netip.AddrFrom16(a.As16()).String()
	}
	return f
}

// Read takes an address in any of its forms: dotted or with colons, an integer,
// hexadecimal (0x7f000001, 7f000001, 7f:00:00:01) or binary (0b…, 32 or 128
// digits, or octets between dots). What fits in 32 bits is IPv4 unless six.
func Read(text string, six bool) (netip.Addr, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return widened(a, six), nil
	}
	number, base, most := numberIn(text)
	if number == "" {
		return Parse(text) // which says why not
	}
	n, ok := new(big.Int).SetString(number, base)
	if !ok {
		return netip.Addr{}, wrong(text, "no number", "0x stands before hexadecimal digits, 0b before binary ones")
	}
	bits := 32
	if six || n.BitLen() > 32 || most > 32 {
		bits = 128
	}
	a, ok := fromInteger(n, bits)
	if !ok {
		return netip.Addr{}, wrong(text, "the number has more than 128 bits", "IPv4 addresses go up to 4294967295, IPv6 ones up to 2^128-1")
	}
	return a, nil
}

// widened is an IPv4 address as an IPv6 one, where that is asked for.
func widened(a netip.Addr, six bool) netip.Addr {
	if six && a.Is4() {
		return netip.AddrFrom16(a.As16())
	}
	return a
}

// numberIn finds the digits of a number, its base, and how many bits it was
// written with where that shows. No digits: the text is no number.
func numberIn(text string) (number string, base, bits int) {
	lower := strings.ToLower(strings.ReplaceAll(text, "_", ""))
	if rest, ok := strings.CutPrefix(lower, "0x"); ok {
		return orNone(rest, hexDigits), 16, 4 * len(rest)
	}
	if rest, ok := strings.CutPrefix(lower, "0b"); ok {
		rest = strings.NewReplacer(".", "", ":", "").Replace(rest)
		return orNone(rest, "01"), 2, len(rest)
	}
	plain := strings.NewReplacer(".", "", ":", "").Replace(lower)
	switch {
	case strings.Trim(plain, "01") == "" && (len(plain) == 32 || len(plain) == 128):
		return plain, 2, len(plain)
	case lower != "" && strings.Trim(lower, digits) == "":
		return lower, 10, 0
	case strings.Trim(lower, hexDigits) == "" && (len(lower) == 8 || len(lower) == 32):
		return lower, 16, 4 * len(lower)
	}
	return "", 0, 0
}

// orNone is the text, or nothing when it has other characters or too many.
func orNone(text, allowed string) string {
	if text == "" || len(text) > 128 || strings.Trim(text, allowed) != "" {
		return "x" // no number in any base: the caller says so
	}
	return text
}

// To writes an address in one form: address, integer, hex, binary, full, mapped
// or reverse.
func To(a netip.Addr, form string) (string, error) {
	f := FormsOf(a)
	switch form {
	case "address":
		return f.Address, nil
	case "integer":
		return f.Integer, nil
	case "hex":
		return f.Hex, nil
	case "binary":
		return f.Binary, nil
	case "full":
		return f.Full, nil
	case "reverse":
		return Reverse(a), nil
	case "mapped":
		if f.Mapped != "" {
			return f.Mapped, nil
		}
		return "", wrong(a.String(), "only an IPv4 address has a mapped form", "leave out --to mapped")
	}
	return "", primitive.Usagef("no form %s", primitive.Quote(form))
}
