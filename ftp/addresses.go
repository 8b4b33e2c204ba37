package ftp

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// parsePASV reads the address in a reply to PASV: six numbers, wherever in the
// text they begin (RFC 1123 section 4.1.2.6), or in the argument of PORT.
func parsePASV(text string) (netip.AddrPort, bool) {
	if i := strings.IndexByte(text, '('); i >= 0 {
		text = text[i+1:]
	}
	start := strings.IndexAny(text, "0123456789")
	if start < 0 {
		return netip.AddrPort{}, false
	}
	text = text[start:]
	if end := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != ',' }); end >= 0 {
		text = text[:end]
	}
	parts := strings.Split(text, ",")
	if len(parts) != 6 {
		return netip.AddrPort{}, false
	}
	var b [6]byte
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return netip.AddrPort{}, false
		}
		b[i] = byte(n)
	}
	a := netip.AddrPortFrom(netip.AddrFrom4([4]byte(b[:4])), uint16(b[4])<<8|uint16(b[5]))
	return a, a.Port() != 0
}

// formatPORT is an IPv4 address as six numbers.
func formatPORT(a netip.AddrPort) string {
	return fmt.Sprintf("%s,%d,%d", strings.ReplaceAll(a.Addr().Unmap().String(), ".", ","), a.Port()>>8, a.Port()&0xff)
}

// parseEPSV reads the port in a reply to EPSV: "… (|||6446|)".
func parseEPSV(text string) (port int, ok bool) {
	_, rest, ok := strings.Cut(text, "(")
	if !ok || len(rest) < 6 || rest[0] < 33 || rest[0] > 126 {
		return 0, false
	}
	bar := rest[0]
	if rest[1] != bar || rest[2] != bar {
		return 0, false
	}
	end := strings.IndexByte(rest[3:], bar)
	if end < 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(rest[3:3+end], 10, 16)
	return int(n), err == nil && n > 0
}

// parseEPRT reads the argument of EPRT: "|1|132.235.1.2|6275|" or
// "|2|1080::8|5282|". An unknown family is known false.
func parseEPRT(text string) (a netip.AddrPort, known, ok bool) {
	if len(text) < 5 {
		return a, true, false
	}
	parts := strings.Split(text, text[:1])
	if len(parts) != 5 || parts[0] != "" || parts[4] != "" {
		return a, true, false
	}
	ip, err := netip.ParseAddr(parts[2])
	port, perr := strconv.ParseUint(parts[3], 10, 16)
	switch {
	case parts[1] != "1" && parts[1] != "2":
		return a, false, false
	case err != nil, perr != nil, port == 0, ip.Zone() != "", ip.Is4() != (parts[1] == "1"):
		return a, true, false
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(port)), true, true
}

// formatEPRT is the argument of EPRT for an address.
func formatEPRT(a netip.AddrPort) string {
	ip := a.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return fmt.Sprintf("|1|%s|%d|", ip, a.Port())
	}
	return fmt.Sprintf("|2|%s|%d|", ip, a.Port())
}
