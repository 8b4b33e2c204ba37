package dns

import (
	"strings"

	"github.com/miekg/dns"
)

// A Record is one record of a message, as text. Bytes that could not stand in a
// master file are written as \DDD.
type Record struct {
	Name  string `help:"whom it is about"`
	TTL   int    `name:"ttl" help:"seconds that it may be kept"`
	Class string `help:"IN, the internet"`
	Type  string `help:"A, MX …"`
	Data  string `help:"what it says, as a master file has it"`
}

// records are those of a section, without what belongs to the message itself.
func records(section []dns.RR) []Record {
	var list []Record
	for _, rr := range section {
		if rr != nil && rr.Header().Rrtype != dns.TypeOPT {
			list = append(list, recordOf(rr))
		}
	}
	return list
}

func recordOf(rr dns.RR) Record {
	h := rr.Header()
	return Record{Name: printed(h.Name), TTL: int(h.Ttl), Class: dns.Class(h.Class).String(), Type: typeName(h.Rrtype), Data: dataOf(rr)}
}

// dataOf is the data of a record as text: what its line has behind the header.
func dataOf(rr dns.RR) string {
	line := rr.String()
	for range 4 {
		if _, rest, ok := strings.Cut(line, "\t"); ok {
			line = rest
		}
	}
	return safe(line)
}

// printed is a name of a message as text, with its escapes.
func printed(name string) string { return safe(name) }
