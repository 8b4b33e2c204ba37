package dns

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"sosh/ipaddr"
	"sosh/primitive"
	"sosh/sock"
)

// A System is the resolver of this system: the hosts file and the name servers of
// resolv.conf, in the order of nsswitch.conf. What else may be asked there (mDNS,
// LDAP …) is not.
type System struct {
	Timeout time.Duration
	Hosts   string                                                          // the hosts file; "" is the system's
	Dial    func(ctx context.Context, network, at string) (net.Conn, error) // reaches a name server; nil is the usual way
}

// A Found is what the system's resolver says about a name.
type Found struct {
	Name      string        `help:"the name that was asked for"`
	Addresses []string      `help:"in the order to try them"`
	Source    string        `help:"who answered: hosts file, name server, a rule (RFC 6761), or nobody, as it is an address"`
	File      string        `help:"file and line that says so, of the hosts file"`
	Server    string        `help:"name server that answered" volatile:""`
	Asked     []string      `help:"names that name servers were asked for: search domains are tried too" volatile:""`
	Time      time.Duration `help:"how long it took" volatile:""`
}

// A Named is what is known about an address.
type Named struct {
	Address string        `help:"the address that was asked for"`
	Reverse string        `help:"the name under which the DNS keeps its names"`
	Names   []string      `help:"its names"`
	Source  string        `help:"who answered: hosts file or name server"`
	File    string        `help:"file and line that says so, of the hosts file"`
	Server  string        `help:"name server that answered" volatile:""`
	Time    time.Duration `help:"how long it took" volatile:""`
}

// Words are the addresses, and whose word that is.
func (f Found) Words() primitive.Words {
	text := f.Name + ": " + strings.Join(f.Addresses, ", ") + "\nfrom " + origin(f.Source, f.File, f.Server, f.Time)
	for _, asked := range f.Asked {
		text += "\nasked for " + asked
	}
	return primitive.Words{Line: text}
}

// Words are the names, and whose word that is.
func (n Named) Words() primitive.Words {
	return primitive.Words{Line: n.Address + ": " + strings.Join(n.Names, ", ") + "\nfrom " + origin(n.Source, n.File, n.Server, n.Time) + "\nin the DNS it is " + n.Reverse}
}

// origin is where something comes from, in a line.
func origin(source, file, server string, took time.Duration) string {
	switch {
	case file != "":
		return source + ": " + safe(file)
	case server != "":
		return source + ": " + safe(server) + ", " + inMillis(took)
	}
	return source
}

// Lookup asks what a program gets that uses a name. NotFound, Timeout, Failed
// (EAI_AGAIN), Canceled; a name that cannot be one is kind Usage.
func (s System) Lookup(ctx context.Context, name string, family sock.Family) (Found, error) {
	if ip, err := netip.ParseAddr(name); err == nil {
		return Found{Name: name, Addresses: []string{ip.String()}, Source: "nobody: it is an address"}, nil
	}
	if _, err := ParseName(name); err != nil {
		return Found{}, err
	}
	if f, err, special := specialName(name, family); special {
		return f, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	heard := &hearing{dial: s.Dial}
	start := time.Now()
	ips, err := heard.resolver().LookupNetIP(ctx, networkOf(family), name)
	f := Found{Name: safe(name), Time: time.Since(start), Asked: heard.names()}
	if err != nil {
		err = heard.failure(ctx, err, name)
		sock.TellResolved(ctx, name, nil, err)
		return Found{}, err
	}
	for _, ip := range ips {
		if text := ip.Unmap().String(); !slices.Contains(f.Addresses, text) {
			f.Addresses = append(f.Addresses, text)
		}
	}
	sock.TellResolved(ctx, name, f.Addresses, nil)
	f.Source, f.Server = heard.source()
	if f.Server == "" {
		f.File = hostsLine(s.Hosts, func(words []string) bool { return slices.ContainsFunc(words[1:], sameName(name)) })
	}
	return f, nil
}

func networkOf(family sock.Family) string {
	switch family {
	case sock.Inet:
		return "ip4"
	case sock.Inet6:
		return "ip6"
	}
	return "ip"
}

func sameName(name string) func(string) bool {
	name = strings.TrimSuffix(name, ".")
	return func(other string) bool { return strings.EqualFold(name, strings.TrimSuffix(other, ".")) }
}

// specialName answers for the names that nobody may be asked for: .localhost is
// this machine, .invalid and .onion do not exist (RFC 6761, RFC 7686).
func specialName(name string, family sock.Family) (f Found, err error, special bool) {
	labels := strings.Split(strings.ToLower(strings.TrimSuffix(name, ".")), ".")
	f = Found{Name: safe(name), Source: "a rule: .localhost is this machine (RFC 6761)"}
	switch labels[len(labels)-1] {
	case "localhost":
		for _, ip := range []string{"127.0.0.1", "::1"} {
			if v4 := ip[0] != ':'; family == "" || v4 == (family == sock.Inet) {
				f.Addresses = append(f.Addresses, ip)
			}
		}
		return f, nil, true
	case "invalid":
		err = primitive.Newf(primitive.NotFound, "there is no such name, and nobody was asked: .invalid never exists (RFC 6761)")
	case "onion":
		err = primitive.Newf(primitive.NotFound, "nobody was asked: .onion is not of the DNS (RFC 7686)")
	default:
		return f, nil, false
	}
	return Found{}, primitive.AsError(err).On(safe(name)).WithHint("a name for tests that can exist ends with .test: serve 5353 dns --record 'www A 127.0.0.1'"), true
}

// Reverse asks for the names of an address.
func (s System) Reverse(ctx context.Context, ip netip.Addr) (Named, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	heard := &hearing{dial: s.Dial}
	start := time.Now()
	names, err := heard.resolver().LookupAddr(ctx, ip.String())
	n := Named{Address: ip.String(), Reverse: ipaddr.Reverse(ip.WithZone("")), Time: time.Since(start)}
	if err != nil {
		err = heard.failure(ctx, err, ip.String())
		sock.TellResolved(ctx, ip.String(), nil, err)
		return Named{}, err
	}
	for _, name := range names {
		n.Names = append(n.Names, safe(name))
	}
	sock.TellResolved(ctx, ip.String(), n.Names, nil)
	n.Source, n.Server = heard.source()
	if n.Server == "" {
		n.File = hostsLine(s.Hosts, func(words []string) bool { return sameAddress(words[0], ip) })
	}
	return n, nil
}

func sameAddress(text string, ip netip.Addr) bool {
	other, err := netip.ParseAddr(text)
	return err == nil && other.Unmap() == ip.Unmap()
}

// failure is why there is no answer.
func (h *hearing) failure(ctx context.Context, err error, name string) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	e := primitive.AsError(err).On(safe(name))
	var dns *net.DNSError
	switch {
	case e.Kind == primitive.Canceled:
		return e
	case e.Kind == primitive.Timeout, errors.As(err, &dns) && dns.IsTimeout:
		e.Kind, e.Cause = primitive.Timeout, "the name servers do not answer: "+h.servers()
		return e.WithHint("silence: they are down, or a filter drops it; who they are: net resolvers; ask another: %s --server HOST", askAlone(name))
	case errors.As(err, &dns) && dns.IsNotFound:
		e.Kind, e.Cause, e.Errno = primitive.NotFound, lacking(name)+": "+h.verdict(), "EAI_NONAME"
		return e.WithHint("%s", notFoundAdvice(name))
	}
	e.Kind, e.Cause, e.Errno = primitive.Failed, "the name servers cannot say: "+h.verdict(), "EAI_AGAIN"
	return e.WithHint("who is asked: net resolvers; what one says: %s --server HOST", askAlone(name))
}

// lacking is what a no means.
func lacking(name string) string {
	if _, err := netip.ParseAddr(name); err == nil {
		return "the address has no name"
	}
	return "there is no such name, or it has no address"
}

// askAlone is the command that asks one server for a name, or the names of an
// address.
func askAlone(name string) string {
	if _, err := netip.ParseAddr(name); err == nil {
		return "dns reverse " + name
	}
	return "dns query " + safe(name)
}

func notFoundAdvice(name string) string {
	if strings.HasSuffix(strings.ToLower(strings.TrimSuffix(name, ".")), ".local") {
		return "names in .local are of multicast DNS (RFC 6762), which is not asked here: !getent hosts " + safe(name)
	}
	return "check the spelling; what a server says: " + askAlone(name) + " --server HOST; whom the system asks: net resolvers"
}
