package ipaddr

import (
	"net/netip"
	"strconv"
	"strings"

	"sosh/primitive"
)

// Parse reads an IPv4 or IPv6 address, the latter with a zone if it has one. The
// error of a bad one says what is bad about it.
func Parse(text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err == nil {
		return a, nil
	}
	cause, hint := reason(text)
	return netip.Addr{}, wrong(text, cause, hint)
}

// wrong is the error of a text that is not what it should be.
func wrong(text, cause, hint string) error {
	e := primitive.Usagef("%s", cause).On(primitive.Escape(shortened(text), false))
	if hint == "" {
		return e
	}
	return e.WithHint("%s", hint)
}

// shortened keeps an error in a line or two, whatever was typed.
func shortened(text string) string {
	const most = 100
	if len(text) <= most {
		return text
	}
	return text[:most] + "…"
}

// ParsePrefix reads a network as ADDRESS/LENGTH, or ADDRESS/MASK for IPv4. The
// address may be any of the network's.
func ParsePrefix(text string) (netip.Prefix, error) {
	host, length, ok := strings.Cut(text, "/")
	a, err := Parse(host)
	switch {
	case err != nil:
		return netip.Prefix{}, err
	case !ok:
		return netip.Prefix{}, wrong(text, "the prefix length is missing", "write "+text+"/"+usual(a)+", or another length")
	case a.Zone() != "":
		return netip.Prefix{}, wrong(text, "a network has no zone", "leave out %"+primitive.Escape(a.Zone(), false))
	}
	bits, err := prefixLength(text, length, a.BitLen())
	return netip.PrefixFrom(a, bits), err
}

// usual is a length that many networks have.
func usual(a netip.Addr) string {
	if a.Is4() {
		return "24"
	}
	return "64"
}

// prefixLength reads 24, or 255.255.255.0 where addresses have 32 bits.
func prefixLength(text, length string, most int) (int, error) {
	if mask, err := netip.ParseAddr(length); err == nil && mask.Is4() && most == 32 {
		return maskLength(text, mask)
	}
	n, err := strconv.Atoi(length)
	if err != nil || strings.Trim(length, "0123456789") != "" {
		return 0, wrong(text, "the prefix length "+primitive.Quote(shortened(length))+" is no number", "lengths are 0 to "+strconv.Itoa(most))
	}
	if n > most {
		return 0, wrong(text, "the prefix length is "+shortened(length)+", at most "+strconv.Itoa(most), "the length counts the bits that all addresses of the network share")
	}
	return n, nil
}

// maskLength is how many ones a mask begins with.
func maskLength(text string, mask netip.Addr) (int, error) {
	bits := Binary(mask)
	ones := strings.Count(bits, "1")
	if strings.Contains(strings.ReplaceAll(bits, ".", ""), "01") {
		return 0, wrong(text, "the mask "+mask.String()+" has a 0 before a 1: "+bits, "a mask is ones, then zeros: 255.255.255.0")
	}
	return ones, nil
}

// mask is so many ones, then zeros, in the form of an address.
func mask(bits, of int) netip.Addr {
	b := make([]byte, of/8)
	for i := range bits {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b) // it is 4 or 16 bytes
	return a
}
