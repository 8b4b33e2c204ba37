package verbs

import (
	"context"
	"net/netip"
	"strconv"
	"strings"

	"sosh/ipaddr"
	"sosh/primitive"
	"sosh/session"
)

func ipRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "ip info", Short: "Show what an IP address is",
			Doc: "Its forms, and the block it is in by IANA's special-purpose registries: private, loopback, documentation … with the RFC. " +
				"Of several blocks the most specific counts. An IPv4 address inside an IPv6 one (IPv4-mapped, NAT64, 6to4, Teredo) is looked through: " +
				"it decides scope and global. Of a bad address the error says what is bad. Nothing is asked of any network.",
			Example: "ip info 10.1.2.3",
		}, ipInfo),
		primitive.New(primitive.Spec{
			Name: "ip convert", Short: "Write an IP address in another form",
			Doc: "Reads dotted and colon forms, an integer, hexadecimal (0x7f000001) and binary (0b…, or 32 or 128 digits with or without dots). " +
				"Without --to: all forms. What fits in 32 bits is IPv4 unless --ipv6.",
			Example: "ip convert 10.1.2.3; ip convert 167838211 --to address",
		}, ipConvert),
		primitive.New(primitive.Spec{
			Name: "ip subnet", Short: "Show a network, or split it",
			Doc: "The network that an address with a prefix length or a mask belongs to. --split cuts it into equal parts of a longer prefix, " +
				"--hosts 50 into the smallest equal parts for so many hosts, --hosts 50,20,10 into one part for each number.",
			Example: "ip subnet 192.168.1.77/24; ip subnet 192.168.1.0/24 --split /26; ip subnet 192.168.1.0/24 --hosts 100,50,20",
		}, ipSubnet),
		primitive.New(primitive.Spec{
			Name: "ip range", Short: "Show a range of addresses as networks",
			Doc:     "From one address to another: the fewest networks that hold just these. Or of one network: its first and last address.",
			Example: "ip range 10.0.0.5 10.0.0.9; ip range 172.16.0.0/12",
		}, ipRange),
		primitive.New(primitive.Spec{
			Name: "ip contains", Short: "Tell whether a network holds an address",
			Doc:     "True or false; the address may be a network too. An IPv4-mapped address is the IPv4 address that it carries.",
			Example: "ip contains 172.16.0.0/12 172.31.255.255",
		}, ipContains),
		primitive.New(primitive.Spec{
			Name: "ip special", Short: "List the blocks of addresses with a meaning",
			Doc: "The tables of ip info: IANA's IPv4 and IPv6 Special-Purpose Address Registries as they stood on 2026-07-18, multicast, " +
				"and a few others. With an address: the blocks that it is in, the most specific last.",
			Example: "ip special 192.0.0.9",
		}, ipSpecial),
	}
}

type ipInfoArgs struct {
	Addr string `arg:"" help:"IPv4 or IPv6 address"`
}

// An ipFacts is what `ip info` shows.
type ipFacts struct {
	Address    string `help:"the address as it is usually written"`
	Version    int    `help:"4 or 6"`
	Integer    string `help:"the address as one number"`
	Hex        string `help:"that number in hexadecimal"`
	Binary     string `help:"that number bit by bit"`
	Class      string `help:"historic class of IPv4, A to E"`
	Block      string `help:"the most specific block it is in; empty for none"`
	Name       string `help:"what the registry calls the block"`
	RFC        string `name:"rfc" help:"the document that says so"`
	Meaning    string `help:"what such addresses are for"`
	Scope      string `help:"how far it reaches: host, link, private, global, none …"`
	Global     string `help:"reachable from everywhere: yes, no, by a relay"`
	Zone       string `help:"the interface of a link-local address"`
	Inside     string `help:"the IPv4 address inside, if there is one"`
	InsideName string `help:"what block that one is in"`
	Embedded   string `help:"how it stands there: IPv4-mapped, NAT64, 6to4, Teredo"`
	Reverse    string `help:"the name under which the DNS keeps its name"`
}

func ipInfo(_ context.Context, _ *session.Session, a ipInfoArgs) (ipFacts, error) {
	ip, err := ipaddr.Parse(a.Addr)
	if err != nil {
		return ipFacts{}, err
	}
	block, bare := ipaddr.BlockOf(ip), ip.WithZone("")
	f := ipFacts{
		Address: ip.String(), Version: version(ip), Integer: ipaddr.Integer(bare).String(), Hex: ipaddr.Hex(bare), Binary: ipaddr.Binary(bare),
		Class: ipaddr.Class(ip), Name: block.Name, RFC: block.RFC, Meaning: block.Meaning,
		Scope: ipaddr.Scope(ip), Global: ipaddr.Reachable(ip), Zone: ip.Zone(), Reverse: ipaddr.Reverse(bare),
	}
	if !block.Plain() {
		f.Block = block.Text
	}
	if v4, how, ok := ipaddr.Embedded(ip); ok {
		f.Inside, f.InsideName, f.Embedded = v4.String(), ipaddr.BlockOf(v4).Name, string(how)
	}
	return f, nil
}

func version(ip netip.Addr) int {
	if ip.Is4() {
		return 4
	}
	return 6
}

type ipConvertArgs struct {
	Value primitive.Setting `arg:"" help:"address, integer, hexadecimal or binary"`
	To    string            `enum:"address,integer,hex,binary,full,mapped,reverse" alias:"dotted=address,decimal=integer,int=integer,bin=binary,expanded=full" help:"the form to write; without it all"`
	IPv6  bool              `name:"ipv6" help:"a number is an IPv6 address however small"`
}

func ipConvert(_ context.Context, _ *session.Session, a ipConvertArgs) (any, error) {
	ip, err := ipaddr.Read(string(a.Value), a.IPv6)
	if err != nil {
		return nil, err
	}
	if a.To != "" {
		return ipaddr.To(ip, a.To)
	}
	return ipaddr.FormsOf(ip), nil
}

type ipSubnetArgs struct {
	Cidr  string            `arg:"" help:"network as ADDRESS/LENGTH or ADDRESS/MASK"`
	Split primitive.Setting `help:"prefix length of the parts, as /26"`
	Hosts primitive.Setting `help:"hosts a part has room for, or a list: 50,20,10"`
}

// A subnetRow is one part of a network that was split.
type subnetRow struct {
	Network   string `help:"first address and prefix length"`
	First     string `help:"first address a host can have"`
	Last      string `help:"last address a host can have"`
	Broadcast string `help:"address of everybody there; IPv6 has none"`
	Hosts     any    `help:"how many hosts fit"`
}

func ipSubnet(_ context.Context, _ *session.Session, a ipSubnetArgs) (any, error) {
	p, err := ipaddr.ParsePrefix(a.Cidr)
	if err != nil {
		return nil, err
	}
	if a.Split == "" && a.Hosts == "" {
		return ipaddr.SubnetOf(p), nil
	}
	parts, err := partsOf(p, a)
	if err != nil {
		return nil, err
	}
	rows := make([]subnetRow, len(parts))
	for i, part := range parts {
		s := ipaddr.SubnetOf(part)
		rows[i] = subnetRow{s.Network, s.First, s.Last, s.Broadcast, s.Hosts}
	}
	return rows, nil
}

// partsOf cuts the network as the flags ask.
func partsOf(p netip.Prefix, a ipSubnetArgs) ([]netip.Prefix, error) {
	if a.Split != "" && a.Hosts != "" {
		return nil, primitive.Usagef("--split and --hosts exclude each other").WithHint("--hosts finds the prefix length by itself")
	}
	if a.Split != "" {
		bits, err := strconv.Atoi(strings.TrimPrefix(string(a.Split), "/"))
		if err != nil || bits < 0 {
			return nil, primitive.Usagef("%s is no prefix length", primitive.Quote(string(a.Split))).WithHint("write --split /%d", min(p.Bits()+2, p.Addr().BitLen()))
		}
		return ipaddr.Split(p, bits)
	}
	hosts, err := ipaddr.ParseHosts(string(a.Hosts))
	if err != nil {
		return nil, err
	}
	if len(hosts) == 1 {
		return ipaddr.SplitFor(p, hosts[0])
	}
	return ipaddr.Fit(p, hosts)
}

type ipRangeArgs struct {
	From string `arg:"" help:"first address, or a network"`
	To   string `arg:"" optional:"" help:"last address"`
}

func ipRange(_ context.Context, _ *session.Session, a ipRangeArgs) (ipaddr.Span, error) {
	if from, to, ok := strings.Cut(a.From, "-"); ok && a.To == "" {
		a.From, a.To = from, to
	}
	if a.To == "" {
		p, err := ipaddr.ParsePrefix(a.From)
		if err != nil {
			return ipaddr.Span{}, primitive.AsError(err).WithHint("write two addresses, or a network: ip range 10.0.0.0/24")
		}
		return ipaddr.SpanOf(p.Masked().Addr(), ipaddr.Last(p))
	}
	from, err := ipaddr.Parse(a.From)
	if err != nil {
		return ipaddr.Span{}, err
	}
	to, err := ipaddr.Parse(a.To)
	if err != nil {
		return ipaddr.Span{}, err
	}
	return ipaddr.SpanOf(from, to)
}

type ipContainsArgs struct {
	Cidr string `arg:"" help:"network as ADDRESS/LENGTH"`
	Addr string `arg:"" help:"address or network to look for"`
}

func ipContains(_ context.Context, _ *session.Session, a ipContainsArgs) (bool, error) {
	p, err := ipaddr.ParsePrefix(a.Cidr)
	if err != nil {
		return false, err
	}
	if strings.Contains(a.Addr, "/") {
		q, err := ipaddr.ParsePrefix(a.Addr)
		return err == nil && p.Bits() <= q.Bits() && ipaddr.Contains(p, q.Addr()), err
	}
	ip, err := ipaddr.Parse(a.Addr)
	return err == nil && ipaddr.Contains(p, ip), err
}

type ipSpecialArgs struct {
	Addr   string `arg:"" optional:"" help:"only the blocks that this address is in"`
	Family string `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to list"`
}

// A blockRow is one line of `ip special`. What the registry does not say is
// empty.
type blockRow struct {
	Block       string `help:"first address and prefix length"`
	Name        string `help:"what the registry calls it"`
	RFC         string `name:"rfc" help:"the document that says so"`
	Source      string `help:"a packet may come from there"`
	Destination string `help:"a packet may go there"`
	Forwardable string `help:"a router may pass it on"`
	Global      string `help:"reachable from everywhere"`
	Reserved    string `help:"every IP stack must know it"`
	Table       string `help:"special (IANA's registries), multicast or other"`
	Meaning     string `help:"what it is for"`
}

func ipSpecial(_ context.Context, _ *session.Session, a ipSpecialArgs) ([]blockRow, error) {
	blocks := ipaddr.Blocks()
	if a.Addr != "" {
		ip, err := ipaddr.Parse(a.Addr)
		if err != nil {
			return nil, err
		}
		blocks = ipaddr.BlocksOf(ip)
	}
	var rows []blockRow
	for _, b := range blocks {
		if a.Family != "any" && (a.Family == "inet") != b.Prefix.Addr().Is4() {
			continue
		}
		rows = append(rows, blockRow{b.Text, b.Name, b.RFC, b.Source, b.Destination, b.Forwardable, b.Global, b.Reserved, b.Table, b.Meaning})
	}
	return rows, nil
}
