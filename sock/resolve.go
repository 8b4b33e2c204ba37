package sock

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"

	"sosh/primitive"
)

// Resolve gives the addresses of a host in the order to try them (RFC 6724). A
// literal is itself; an empty host is this machine (127.0.0.1, or ::1 for
// inet6). Family "" is both. A name under .invalid never exists and is answered
// without asking (RFC 6761). Kind NotFound with EAI_NONAME when there is no such
// name, with EAI_AGAIN when the name servers cannot say; Timeout, Canceled.
func Resolve(ctx context.Context, host string, family Family) ([]netip.Addr, error) {
	if host == "" {
		return []netip.Addr{loopback(family)}, nil
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return literal(ip, family)
	}
	if neverExists(host) {
		return nil, noName(host)
	}
	ips, err := Resolver(ctx).LookupNetIP(ctx, "ip", host)
	if err != nil {
		err = lookupError(ctx, err, host)
		TellResolved(ctx, host, nil, err)
		return nil, err
	}
	TellResolved(ctx, host, addressWords(ips), nil)
	return ofFamily(ips, host, family)
}

func loopback(family Family) netip.Addr {
	if family == Inet6 {
		return netip.IPv6Loopback()
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1})
}

func literal(ip netip.Addr, family Family) ([]netip.Addr, error) {
	if !ip.Is4In6() {
		return ofFamily([]netip.Addr{ip}, ip.String(), family)
	}
	if family == Inet6 {
		return []netip.Addr{ip}, nil
	}
	return []netip.Addr{ip.Unmap()}, nil
}

// ofFamily keeps the addresses of the family, in their order.
func ofFamily(ips []netip.Addr, host string, family Family) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, ip := range ips {
		ip = ip.Unmap()
		if fits := family == "" || ip.Is4() == (family == Inet); fits && !slices.Contains(out, ip) {
			out = append(out, ip)
		}
	}
	if out == nil {
		e := primitive.Newf(primitive.NotFound, "no address of the family %s for this host", family).On(host)
		e.Errno = "EAI_ADDRFAMILY"
		return nil, e.WithHint("its addresses are of another family; leave the family out")
	}
	return out, nil
}

func neverExists(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	return name == "invalid" || strings.HasSuffix(name, ".invalid")
}

func noName(host string) error {
	return &primitive.Error{
		Target: host, Kind: primitive.NotFound, Errno: "EAI_NONAME", Cause: "name or service not known",
		Hint: "check the spelling, or use an address such as 127.0.0.1",
	}
}

func lookupError(ctx context.Context, err error, host string) error {
	var dns *net.DNSError
	if ctx.Err() != nil {
		return fault(ctx.Err(), host)
	}
	if !errors.As(err, &dns) || dns.IsNotFound {
		return noName(host)
	}
	e := &primitive.Error{
		Target: host, Kind: primitive.NotFound, Errno: "EAI_AGAIN", Cause: "temporary failure in name resolution",
		Hint: "the name servers do not answer; use an address such as 127.0.0.1", Err: err,
	}
	if dns.IsTimeout {
		e.Kind, e.Cause = primitive.Timeout, "timed out asking the name servers"
	}
	return e
}

// resolveOne gives the address to use where a socket can have only one: the
// first of IPv4 when a name has both and the family is open.
func resolveOne(ctx context.Context, addr primitive.Addr, family Family) (netip.AddrPort, error) {
	if addr.Path != "" {
		return netip.AddrPort{}, wrongFamily(addr, family)
	}
	if addr.Port < 0 || addr.Port > 65535 {
		return netip.AddrPort{}, primitive.Usagef("port %d is out of range", addr.Port).WithHint("ports are 1 to 65535")
	}
	if ip, err := netip.ParseAddr(addr.Host); err == nil && familyOfIP(ip) == family {
		return netip.AddrPortFrom(ip, uint16(addr.Port)), nil // the common case, without a list
	}
	ips, err := Resolve(ctx, addr.Host, family)
	if err != nil {
		return netip.AddrPort{}, err
	}
	i := max(0, slices.IndexFunc(ips, netip.Addr.Is4))
	return netip.AddrPortFrom(ips[i], uint16(addr.Port)), nil
}

// familyOfIP is the family of an address as it is written.
func familyOfIP(ip netip.Addr) Family {
	if ip.Is4() {
		return Inet
	}
	return Inet6
}

// wrongFamily is the error of an address that a socket of the family cannot have.
func wrongFamily(addr primitive.Addr, family Family) error {
	e := fromName("EAFNOSUPPORT", nil).On(addr.String())
	e.Cause = "not an address of the family " + string(family)
	if addr.Path != "" {
		return e.WithHint("for a Unix socket: socket open unix stream")
	}
	return e.WithHint("for an IPv4 address: socket open inet stream; for IPv6: socket open inet6 stream")
}
