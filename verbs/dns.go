package verbs

import (
	"context"
	"iter"
	"net/netip"
	"strings"
	"time"

	"sosh/dns"
	"sosh/ipaddr"
	"sosh/netstat"
	"sosh/primitive"
	"sosh/session"
)

func dnsRows() []*primitive.Row {
	offers := map[string]func() []primitive.Candidate{"type": offerTypes, "server": offerServers}
	asking := []primitive.Kind{primitive.Timeout, primitive.Refused, primitive.Unreachable, primitive.NotFound, primitive.Denied, primitive.Reset,
		primitive.Unsupported, primitive.Oversized, primitive.Failed} // what questions come to, and what answers say
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "dns lookup", Short: "Show what a name is to this system, and who says so",
			Doc: "Asks as programs do: the hosts file and the name servers of resolv.conf, in the order of nsswitch.conf, with its search domains. " +
				"Source says who answered. Names in .localhost and .invalid are answered here, as RFC 6761 says. " +
				"Other sources of nsswitch.conf (mDNS, LDAP) are not asked; !getent ahosts NAME does.",
			Example: "dns lookup www.localhost",
			Raises:  []primitive.Kind{primitive.NotFound, primitive.Timeout, primitive.Failed},
		}, dnsLookup),
		primitive.New(primitive.Spec{
			Name: "dns query", Short: "Ask a DNS server, and show all of its answer",
			Doc: "Over UDP; an answer that is too long for a datagram is asked for again over TCP. Without --server the first of net resolvers. " +
				"Datagrams with another number, question or sender are ignored and counted. NXDOMAIN, SERVFAIL and the like are answers too: " +
				"they are shown, and end with exit code 1; in Lua the result comes whatever the code is. " +
				"--show adds the messages as they were on the wire. Names are ASCII (IDNA is not translated); \\DDD is any byte.",
			Example: "serve 12345 dns --record 'www A 192.0.2.80,www AAAA 2001:db8::80' &; dns query www.test --server 127.0.0.1:12345; dns query www.test AAAA --server 127.0.0.1:12345 --tcp",
			Raises:  asking,
			Offers:  offers,
		}, dnsQuery),
		primitive.New(primitive.Spec{
			Name: "dns reverse", Short: "Show the names of an address, and who says so",
			Doc: "Asks as programs do, the hosts file too; with --server that server alone, for the PTR records of the reverse name " +
				"(4.3.2.1.in-addr.arpa of 1.2.3.4). What an address says of itself is a claim: whoever has the network writes it.",
			Example: "serve 12345 dns --origin 2.0.192.in-addr.arpa --record '80 PTR www.test.' &; dns reverse 192.0.2.80 --server 127.0.0.1:12345",
			Raises:  asking,
			Offers:  map[string]func() []primitive.Candidate{"server": offerServers},
		}, dnsReverse),
		primitive.New(primitive.Spec{
			Name: "dns trace", Short: "Find a name from the root down, step by step",
			Doc: "Asks as a resolver does: a root server, then who that refers to, until one answers; aliases (CNAME) are followed from the start. " +
				"Each question is an item. --server begins elsewhere, and its port is then the port of all. " +
				"A server that is silent or does not know its zone (lame) is shown, and the next one asked.",
			Example: "serve 12345 dns --record 'www CNAME web,web A 192.0.2.80' &; dns trace www.test --server 127.0.0.1:12345",
			Raises:  asking,
			Offers:  offers,
		}, dnsTrace),
	}
}

// offerTypes lists types of records for completion.
func offerTypes() (list []primitive.Candidate) {
	for _, t := range dns.RecordTypes() {
		list = append(list, primitive.Candidate{Text: t.Name, Help: t.Help, Suffix: " "})
	}
	return list
}

// offerServers lists the name servers of this system.
func offerServers() (list []primitive.Candidate) {
	for _, s := range nameServers() {
		list = append(list, primitive.Candidate{Text: s, Help: "name server of this system", Suffix: " "})
	}
	return list
}

func nameServers() (list []string) {
	settings, _ := netstat.Resolvers("", false) // none is none
	for _, s := range settings {
		if s.Name == "nameserver" {
			list = append(list, s.Value)
		}
	}
	return list
}

type dnsLookupArgs struct {
	Name    string        `arg:"" help:"name to look up"`
	Family  string        `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"family of the addresses wanted"`
	Timeout time.Duration `default:"10s" min:"0.001" help:"give up after this long"`
}

func dnsLookup(ctx context.Context, _ *session.Session, a dnsLookupArgs) (dns.Found, error) {
	return dns.System{Timeout: a.Timeout}.Lookup(ctx, a.Name, familyOf(a.Family))
}

type dnsQueryArgs struct {
	Name      string        `arg:"" help:"name to ask for"`
	Type      string        `arg:"" default:"A" help:"type of record: A, AAAA, MX, NS, TXT, SOA, PTR, SRV, ANY …"`
	Server    string        `help:"server, HOST or HOST:PORT; else the first of this system"`
	Tcp       bool          `help:"ask over TCP at once"`
	Norecurse bool          `help:"do not ask the server to ask others"`
	Edns      int           `default:"1232" min:"0" max:"65535" help:"largest datagram taken (EDNS); 0 is without EDNS"`
	Show      bool          `help:"show the messages as they were on the wire"`
	Timeout   time.Duration `default:"3s" min:"0.001" help:"one try waits so long for an answer"`
	Tries     int           `default:"2" min:"1" max:"20" help:"times to ask over UDP"`
}

func dnsQuery(ctx context.Context, _ *session.Session, a dnsQueryArgs) (dns.Reply, error) {
	name, err := dns.ParseName(a.Name)
	if err != nil {
		return dns.Reply{}, err
	}
	rrtype, err := dns.ParseType(a.Type)
	if err != nil {
		return dns.Reply{}, err
	}
	server, err := serverOrOwn(a.Server)
	if err != nil {
		return dns.Reply{}, err
	}
	r, err := dns.Query{
		Name: name, Type: rrtype, Server: server, TCP: a.Tcp, Recurse: !a.Norecurse, EDNS: a.Edns,
		Timeout: a.Timeout, Tries: a.Tries, Show: a.Show,
	}.Ask(ctx)
	if r == nil {
		return dns.Reply{}, err
	}
	return *r, err
}

// serverOrOwn is the server that a flag says, or the first of this system.
func serverOrOwn(text string) (primitive.Addr, error) {
	if text != "" {
		return parseServer(text)
	}
	own := nameServers()
	if len(own) == 0 {
		return primitive.Addr{}, primitive.Newf(primitive.NotFound, "this system names no name server").WithHint("say which one: --server HOST; what is set here: net resolvers")
	}
	return parseServer(own[0])
}

// parseServer reads HOST, HOST:PORT, an IPv6 address with or without brackets.
func parseServer(text string) (primitive.Addr, error) {
	text = strings.TrimPrefix(text, "@") // as dig has it
	bare := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if _, err := netip.ParseAddr(bare); err == nil || text != "" && !strings.Contains(text, ":") {
		return primitive.Addr{Host: bare, Port: dns.Port}, nil
	}
	at, err := primitive.ParseAddr(text, false)
	if err == nil && (at.Path != "" || at.Host == "") {
		err = primitive.Usagef("%s is no server", primitive.Quote(text)).WithHint("write --server 127.0.0.1:5353")
	}
	return at, err
}

type dnsReverseArgs struct {
	Addr    string        `arg:"" help:"IPv4 or IPv6 address"`
	Server  string        `help:"ask only this server, HOST or HOST:PORT"`
	Timeout time.Duration `default:"10s" min:"0.001" help:"give up after this long"`
}

func dnsReverse(ctx context.Context, _ *session.Session, a dnsReverseArgs) (dns.Named, error) {
	ip, err := ipaddr.Parse(a.Addr)
	if err != nil {
		return dns.Named{}, err
	}
	if a.Server == "" {
		return dns.System{Timeout: a.Timeout}.Reverse(ctx, ip)
	}
	server, err := parseServer(a.Server)
	if err != nil {
		return dns.Named{}, err
	}
	return dns.ReverseAt(ctx, ip, server, a.Timeout)
}

type dnsTraceArgs struct {
	Name    string        `arg:"" help:"name to find"`
	Type    string        `arg:"" default:"A" help:"type of record"`
	Server  string        `help:"begin at this server, HOST or HOST:PORT, not at the root"`
	Ipv6    bool          `help:"ask servers over IPv6 too"`
	Edns    int           `default:"1232" min:"0" max:"65535" help:"bytes of a datagram that we take (EDNS); 0 is without EDNS"`
	Timeout time.Duration `default:"2s" min:"0.001" help:"one try waits so long for an answer"`
	Tries   int           `default:"2" min:"1" max:"20" help:"times to ask a server"`
}

func dnsTrace(ctx context.Context, _ *session.Session, a dnsTraceArgs) (iter.Seq2[dns.Step, error], error) {
	name, err := dns.ParseName(a.Name)
	if err != nil {
		return nil, err
	}
	rrtype, err := dns.ParseType(a.Type)
	if err != nil {
		return nil, err
	}
	t := dns.Trace{Name: name, Type: rrtype, IPv6: a.Ipv6, EDNS: a.Edns, Timeout: a.Timeout, Tries: a.Tries}
	if a.Server != "" {
		if t.Start, err = parseServer(a.Server); err != nil {
			return nil, err
		}
	}
	return t.Steps(ctx), nil
}
