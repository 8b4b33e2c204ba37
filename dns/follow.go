package dns

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// referral gives the zone below that a message refers to and its servers; nil if
// it is none. It has to lead down: from the zone that was asked, towards the name.
func referral(m *dns.Msg, zone, name string) (below string, servers []nameServer) {
	if !isReferral(m) {
		return "", nil
	}
	for _, rr := range m.Ns {
		ns, ok := rr.(*dns.NS)
		if !ok || !dns.IsSubDomain(ns.Hdr.Name, name) || !isBelow(ns.Hdr.Name, zone) {
			continue
		}
		if below == "" {
			below = ns.Hdr.Name
		}
		if strings.EqualFold(below, ns.Hdr.Name) {
			servers = append(servers, nameServer{ns.Ns, glue(m, ns.Ns, zone)})
		}
	}
	return below, glued(servers)
}

// isBelow is whether a name lies in a zone and is not its top.
func isBelow(name, zone string) bool {
	return dns.IsSubDomain(zone, name) && dns.CountLabel(name) > dns.CountLabel(zone)
}

// glue are the addresses of a name server that come with a referral. A server is
// believed only about names in its own zone: it could make up those of others.
func glue(m *dns.Msg, host, zone string) []netip.Addr {
	if !dns.IsSubDomain(zone, host) {
		return nil
	}
	return addressesIn(m.Extra, host)
}

// addressesIn are the addresses among records, of one owner or, if that is "", of
// any; IPv4 first.
func addressesIn(rrs []dns.RR, owner string) []netip.Addr {
	var v4, v6 []netip.Addr
	for _, rr := range rrs {
		if owner != "" && !strings.EqualFold(rr.Header().Name, owner) {
			continue
		}
		switch rr := rr.(type) {
		case *dns.A:
			if ip, ok := netip.AddrFromSlice(rr.A.To4()); ok {
				v4 = append(v4, ip)
			}
		case *dns.AAAA:
			if ip, ok := netip.AddrFromSlice(rr.AAAA); ok {
				v6 = append(v6, ip)
			}
		}
	}
	return append(v4, v6...)
}

// glued puts the servers whose addresses are known first.
func glued(servers []nameServer) []nameServer {
	var known, unknown []nameServer
	for _, s := range servers {
		if len(s.addresses) > 0 {
			known = append(known, s)
		} else {
			unknown = append(unknown, s)
		}
	}
	return append(known, unknown...)
}

// aliasOf is the name that a name stands for in the end, by the CNAMEs of a
// message, if the message does not have what was asked for.
func aliasOf(m *dns.Msg, name string, rrtype uint16) (string, bool) {
	if rrtype == dns.TypeCNAME || rrtype == dns.TypeANY {
		return "", false
	}
	at, moved := name, false
	for range m.Answer { // each CNAME leads on at most once
		target, ok := cnameOf(m.Answer, at)
		if !ok {
			break
		}
		at, moved = target, true
	}
	for _, rr := range m.Answer {
		if rr.Header().Rrtype == rrtype && strings.EqualFold(rr.Header().Name, at) {
			return "", false
		}
	}
	return at, moved
}

func cnameOf(rrs []dns.RR, name string) (string, bool) {
	for _, rr := range rrs {
		if c, ok := rr.(*dns.CNAME); ok && strings.EqualFold(c.Hdr.Name, name) {
			return c.Target, true
		}
	}
	return "", false
}

func ownersOf(rrs []dns.RR) []string {
	var list []string
	for _, rr := range rrs {
		if len(list) == 0 || list[len(list)-1] != printed(rr.Header().Name) {
			list = append(list, printed(rr.Header().Name))
		}
	}
	return list
}
