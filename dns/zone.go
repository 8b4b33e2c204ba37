package dns

import (
	"fmt"
	"io"
	"strings"

	"github.com/miekg/dns"

	"sosh/primitive"
)

// Bounds of a zone.
const (
	mostZoneBytes   = 16 << 20
	mostZoneRecords = 100_000
	usualTTL        = 300 // seconds, of records that say nothing
)

// A Zone is what a server knows: the names of one zone and their records.
type Zone struct {
	Origin  string // the top of the zone, absolute
	Records int

	nodes map[string]*node // by lower case name; also those that only have names below
	soa   *dns.SOA
}

// A node is a name and its records by type; without any it has names below.
type node struct {
	sets map[uint16][]dns.RR
}

// A Source is where the records of a zone come from.
type Source struct {
	File   io.Reader // a master file (RFC 1035 section 5); may be nil
	Name   string    // of that file, for errors
	Lines  []string  // further records, each a line of such a file
	Origin string    // what names without a final dot are below; "" is test.
}

// ReadZone reads the records of a zone. Its top is the owner of its SOA; without
// one it is the origin, and an SOA is made up. $INCLUDE is refused: a zone of a
// stranger could show files of this machine. Usage for what is wrong, with the
// line.
func ReadZone(s Source) (*Zone, error) {
	origin := s.Origin
	if origin == "" {
		origin = "test."
	}
	top, err := ParseName(origin)
	if err != nil {
		return nil, err
	}
	var rrs []dns.RR
	if s.File != nil {
		if rrs, err = readRecords(io.LimitReader(s.File, mostZoneBytes+1), top, s.Name, nil); err != nil {
			return nil, err
		}
	}
	for _, line := range s.Lines {
		if rrs, err = readRecords(strings.NewReader(line+"\n"), top, "", rrs); err != nil {
			return nil, badRecord(err, line)
		}
	}
	return newZone(top, rrs)
}

// readRecords appends the records of a master file.
func readRecords(r io.Reader, origin, file string, rrs []dns.RR) ([]dns.RR, error) {
	counted := &counter{r: r}
	p := dns.NewZoneParser(counted, origin, file)
	p.SetDefaultTTL(usualTTL)
	for rr, ok := p.Next(); ok; rr, ok = p.Next() {
		if rrs = append(rrs, rr); len(rrs) > mostZoneRecords {
			return nil, primitive.Newf(primitive.Oversized, "more than %d records", mostZoneRecords).On(safe(file)).WithHint("serve a part of it")
		}
	}
	if counted.n > mostZoneBytes {
		return nil, primitive.Newf(primitive.Oversized, "the zone has more than %d MiB", mostZoneBytes>>20).On(safe(file)).WithHint("serve a part of it")
	}
	if err := p.Err(); err != nil {
		return nil, badZone(err, file)
	}
	return rrs, nil
}

type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func badZone(err error, file string) error {
	text := strings.TrimPrefix(err.Error(), file+": ")
	e := primitive.Usagef("%s", safe(strings.TrimPrefix(text, "dns: "))).On(safe(file))
	if strings.Contains(text, "$INCLUDE") {
		return e.WithHint("put the records into one file")
	}
	return e.WithHint("a line is NAME [TTL] [IN] TYPE DATA; a line that begins with a blank goes on with the name before; comments begin with ;")
}

func badRecord(err error, line string) error {
	return primitive.AsError(err).On(primitive.Quote(line)).WithHint("a record is NAME [TTL] TYPE DATA, as www A 127.0.0.1")
}

// newZone puts records into their places.
func newZone(top string, rrs []dns.RR) (*Zone, error) {
	z := &Zone{Origin: top, nodes: map[string]*node{}}
	for _, rr := range rrs {
		soa, ok := rr.(*dns.SOA)
		switch {
		case !ok:
		case z.soa != nil:
			return nil, primitive.Usagef("two SOA records, of %s and %s", printed(z.soa.Hdr.Name), printed(soa.Hdr.Name)).WithHint("one file is one zone; serve the other beside it, on another port or address")
		default:
			z.soa, z.Origin = soa, soa.Hdr.Name
		}
	}
	if z.soa == nil {
		z.soa = z.madeUp()
		z.put(z.soa)
	}
	for _, rr := range rrs {
		if err := z.add(rr); err != nil {
			return nil, err
		}
	}
	return z, nil
}

// madeUp is the SOA of a zone that has none.
func (z *Zone) madeUp() *dns.SOA {
	under := func(label string) string {
		if z.Origin == "." {
			return label + "."
		}
		return label + "." + z.Origin
	}
	return &dns.SOA{
		Hdr: dns.RR_Header{Name: z.Origin, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: usualTTL},
		Ns:  under("ns"), Mbox: under("hostmaster"), Serial: 1, Refresh: 3600, Retry: 600, Expire: 86400, Minttl: usualTTL,
	}
}

// add takes a record if it fits to the others.
func (z *Zone) add(rr dns.RR) error {
	h := rr.Header()
	switch {
	case !dns.IsSubDomain(z.Origin, h.Name):
		return primitive.Usagef("%s is not in the zone %s", printed(h.Name), printed(z.Origin)).WithHint("a name without a dot at its end is below the origin: --origin, $ORIGIN")
	case h.Class != dns.ClassINET:
		return primitive.Usagef("%s has class %s, only IN is served", printed(h.Name), dns.Class(h.Class).String()).WithHint("leave the class out")
	}
	z.put(rr)
	sets := z.nodes[key(h.Name)].sets
	if cnames := len(sets[dns.TypeCNAME]); cnames > 1 || cnames == 1 && len(sets) > 1 && !onlyProofs(sets) {
		return primitive.Usagef("%s has a CNAME and other records", printed(h.Name)).WithHint("a name that stands for another has nothing else (RFC 1034 section 3.6.2)")
	}
	return nil
}

// onlyProofs is whether what stands beside a CNAME may do so (RFC 4035).
func onlyProofs(sets map[uint16][]dns.RR) bool {
	for t := range sets {
		if t != dns.TypeCNAME && t != dns.TypeRRSIG && t != dns.TypeNSEC {
			return false
		}
	}
	return true
}

// put makes the name of a record, and those between it and the top, exist.
func (z *Zone) put(rr dns.RR) {
	name := key(rr.Header().Name)
	for at := name; ; at = parent(at) {
		if z.nodes[at] == nil {
			z.nodes[at] = &node{sets: map[uint16][]dns.RR{}}
		}
		if at == key(z.Origin) || at == "." {
			break
		}
	}
	t := rr.Header().Rrtype
	z.nodes[name].sets[t] = append(z.nodes[name].sets[t], rr)
	z.Records++
}

// key is a name as nodes are found: case does not count (RFC 4343).
func key(name string) string { return dns.CanonicalName(name) }

// parent is a name without its first label; the root's is itself.
func parent(name string) string {
	next, end := dns.NextLabel(name, 0)
	if end {
		return "."
	}
	return name[next:]
}

// String is the zone for a log: its top, and how much it has.
func (z *Zone) String() string {
	return fmt.Sprintf("%s with %d records", printed(z.Origin), z.Records)
}
