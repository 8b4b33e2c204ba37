package dns

import (
	"slices"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"sosh/primitive"
)

// A RecordType is a type of record that is asked for often.
type RecordType struct{ Name, Help string }

// RecordTypes lists the types that completion offers. Others can be asked for by
// their names too, or as TYPE65280 (RFC 3597).
func RecordTypes() []RecordType {
	return []RecordType{
		{"A", "IPv4 addresses"}, {"AAAA", "IPv6 addresses"}, {"CNAME", "the name that this one stands for"},
		{"MX", "the hosts that take mail"}, {"NS", "the name servers of a zone"}, {"TXT", "text: ownership, SPF, DKIM"},
		{"SOA", "who is responsible for a zone, and its times"}, {"PTR", "the name of an address"}, {"SRV", "host and port of a service"},
		{"CAA", "who may issue certificates"}, {"HTTPS", "how to reach a web server"}, {"DS", "the hash of the key of a zone below"},
		{"DNSKEY", "the keys of a zone"}, {"ANY", "whatever the server likes to tell"},
	}
}

// ParseType reads the type of a question. Kind usage for what is none, or needs
// more than a question and an answer.
func ParseType(text string) (uint16, error) {
	name := strings.ToUpper(text)
	t, ok := dns.StringToType[name]
	if digits, found := strings.CutPrefix(name, "TYPE"); found && !ok {
		n, err := strconv.ParseUint(digits, 10, 16)
		t, ok = uint16(n), err == nil && n > 0
	}
	switch {
	case !ok || name == "NONE" || name == "RESERVED":
		return 0, unknownType(text, name)
	case t == dns.TypeAXFR || t == dns.TypeIXFR:
		return 0, primitive.Usagef("%s copies a whole zone, which is not done here", name).WithHint("ask for single names: dns query NAME A")
	case t == dns.TypeOPT || t == dns.TypeTSIG || t == dns.TypeTKEY || t == dns.TypeMAILA || t == dns.TypeMAILB:
		return 0, primitive.Usagef("%s cannot be asked for", name).WithHint("it belongs to the message itself; EDNS is --edns SIZE")
	}
	return t, nil
}

func unknownType(text, name string) error {
	e := primitive.Usagef("no type of record %s", primitive.Quote(text))
	var names []string
	for _, t := range RecordTypes() {
		names = append(names, t.Name)
	}
	if n, err := strconv.ParseUint(text, 10, 16); err == nil {
		if known := dns.TypeToString[uint16(n)]; known != "" {
			return e.WithHint("number %d is %s", n, known)
		}
		return e.WithHint("a type without a name is written TYPE%d", n)
	}
	if hint := primitive.DidYouMean(name, names); hint != "" {
		return e.WithHint("%s", hint)
	}
	return e.WithHint("types are %s", strings.Join(names, ", "))
}

// typeName is a type in words: "A", "TYPE65280".
func typeName(t uint16) string { return dns.Type(t).String() }

// flagsOf are the bits of a header that are set, as they are usually called.
func flagsOf(h dns.MsgHdr) []string {
	var flags []string
	for _, f := range []struct {
		set  bool
		name string
	}{
		{h.Response, "qr"}, {h.Authoritative, "aa"}, {h.Truncated, "tc"}, {h.RecursionDesired, "rd"},
		{h.RecursionAvailable, "ra"}, {h.Zero, "z"}, {h.AuthenticatedData, "ad"}, {h.CheckingDisabled, "cd"},
	} {
		if f.set {
			flags = append(flags, f.name)
		}
	}
	return flags
}

// flagWords are the flags of an answer as one would say them.
func flagWords(flags []string) string {
	var words []string
	for _, f := range []struct{ name, is, not string }{
		{"aa", "from the zone's own server (aa)", "not from the zone's own server"},
		{"tc", "cut off (tc)", ""},
		{"ra", "recursion is offered (ra)", "no recursion is offered"},
		{"ad", "verified by DNSSEC (ad)", ""},
	} {
		switch set := slices.Contains(flags, f.name); {
		case set:
			words = append(words, f.is)
		case f.not != "":
			words = append(words, f.not)
		}
	}
	return strings.Join(words, ", ")
}

// rcodeName is a response code in the words of the protocol: "NXDOMAIN".
func rcodeName(code int) string {
	if code == dns.RcodeBadVers { // the number is BADSIG's too, which is of TSIG
		return "BADVERS"
	}
	if name := dns.RcodeToString[code]; name != "" {
		return name
	}
	return "RCODE" + strconv.Itoa(code)
}

// ParseCode reads a response code by its name, "SERVFAIL".
func ParseCode(name string) (int, error) {
	code, ok := dns.StringToRcode[strings.ToUpper(name)]
	if !ok || code == dns.RcodeSuccess || code > 15 {
		return 0, primitive.Usagef("no response code %s", primitive.Quote(name)).WithHint("codes are FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED")
	}
	return code, nil
}

// Port is where name servers are (RFC 1035 section 4.2).
const Port = 53
