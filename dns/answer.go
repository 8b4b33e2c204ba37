package dns

import (
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// Most CNAMEs that one answer follows, and records that it adds beside.
const (
	mostChained = 8
	mostBeside  = 20
)

// answer fills in what the zone says about a question, by the steps of RFC 1034
// section 4.3.2.
func (z *Zone) answer(m *dns.Msg, q dns.Question) {
	name := q.Name
	for range mostChained {
		target, again := z.step(m, name, q.Qtype)
		if !again {
			return
		}
		name = target
	}
	m.Rcode, m.Answer, m.Authoritative = dns.RcodeServerFailure, nil, false // an endless chain
}

// step answers for one name; again says that it stands for another one of this
// zone, which is to be answered too.
func (z *Zone) step(m *dns.Msg, name string, rrtype uint16) (target string, again bool) {
	if !dns.IsSubDomain(z.Origin, name) {
		if len(m.Answer) == 0 {
			m.Rcode = dns.RcodeRefused
		}
		return "", false // behind a CNAME: whoever asked goes on there
	}
	if cut := z.cut(name, rrtype); cut != nil {
		m.Authoritative = len(m.Answer) > 0
		m.Ns = append(m.Ns, cut.sets[dns.TypeNS]...)
		m.Extra = append(m.Extra, z.hosts(cut.sets[dns.TypeNS])...)
		return "", false
	}
	m.Authoritative = true
	n := z.find(name)
	if n == nil {
		m.Rcode = dns.RcodeNameError
		m.Ns = append(m.Ns, z.negative())
		return "", false
	}
	return z.fromNode(m, n, name, rrtype)
}

// fromNode answers with the records of a name.
func (z *Zone) fromNode(m *dns.Msg, n *node, name string, rrtype uint16) (target string, again bool) {
	if cname := n.sets[dns.TypeCNAME]; len(cname) > 0 && rrtype != dns.TypeCNAME && rrtype != dns.TypeANY {
		m.Answer = append(m.Answer, owned(cname, name)...)
		target = cname[0].(*dns.CNAME).Target
		return target, true
	}
	found := n.sets[rrtype]
	if rrtype == dns.TypeANY {
		found = n.all()
	}
	if len(found) == 0 {
		m.Ns = append(m.Ns, z.negative())
		return "", false
	}
	m.Answer = append(m.Answer, owned(found, name)...)
	m.Extra = append(m.Extra, z.hosts(found)...)
	return "", false
}

// cut is the node where a name leaves the zone for one below, by its NS records;
// nil if it does not. The DS of a zone below is kept above it.
func (z *Zone) cut(name string, rrtype uint16) *node {
	top := key(z.Origin)
	var cut *node
	for at := key(name); at != top && at != "."; at = parent(at) {
		if n := z.nodes[at]; n != nil && len(n.sets[dns.TypeNS]) > 0 && !(at == key(name) && rrtype == dns.TypeDS) {
			cut = n // the highest counts
		}
	}
	return cut
}

// find is the node of a name: its own, or the * of the closest name above that
// exists (RFC 4592). Nil: there is no such name.
func (z *Zone) find(name string) *node {
	name = key(name)
	if n := z.nodes[name]; n != nil {
		return n
	}
	for at := name; at != "."; {
		at = parent(at)
		if z.nodes[at] != nil {
			return z.nodes[strings.TrimSuffix("*."+at, ".")+"."]
		}
	}
	return nil
}

func (n *node) all() []dns.RR {
	var types []uint16
	for t := range n.sets {
		types = append(types, t)
	}
	slices.Sort(types)
	var all []dns.RR
	for _, t := range types {
		all = append(all, n.sets[t]...)
	}
	return all
}

// owned are records under the name that was asked for: that of a wildcard is not
// its own, and its case is the asker's.
func owned(rrs []dns.RR, name string) []dns.RR {
	list := make([]dns.RR, len(rrs))
	for i, rr := range rrs {
		list[i] = dns.Copy(rr)
		list[i].Header().Name = name
	}
	return list
}

// negative is the SOA that says for how long a no may be kept (RFC 2308).
func (z *Zone) negative() dns.RR {
	soa := dns.Copy(z.soa)
	soa.Header().Ttl = min(z.soa.Hdr.Ttl, z.soa.Minttl)
	return soa
}

// hosts are the addresses of the hosts that records name, as far as they stand in
// the zone: glue for a referral, and what would be asked next.
func (z *Zone) hosts(rrs []dns.RR) []dns.RR {
	var list []dns.RR
	seen := map[string]bool{}
	for _, rr := range rrs {
		host := key(hostOf(rr))
		n := z.nodes[host]
		if n == nil || seen[host] {
			continue
		}
		seen[host] = true
		list = append(append(list, n.sets[dns.TypeA]...), n.sets[dns.TypeAAAA]...)
	}
	return list[:min(len(list), mostBeside)]
}

// hostOf is the host that a record names; "" for none.
func hostOf(rr dns.RR) string {
	switch rr := rr.(type) {
	case *dns.NS:
		return rr.Ns
	case *dns.MX:
		return rr.Mx
	case *dns.SRV:
		return rr.Target
	}
	return ""
}
