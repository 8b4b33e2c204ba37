package verbs

import (
	"context"
	"net/netip"
	"strings"

	"sosh/netstat"
	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

func netRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "net interfaces", Short: "List network interfaces and their addresses",
			Doc: "One line for each address; an interface without one has a line too. Assigned is static, dynamic (it has a lifetime: DHCP or router advertisement), " +
				"temporary (dynamic and random, for privacy) or automatic (link-local); empty where the system does not say, which only Linux does.",
			Example: "net interfaces 127.0.0.1 --family inet",
			Raises:  []primitive.Kind{primitive.NotFound},
		}, netInterfaces),
		primitive.New(primitive.Spec{
			Name: "net route", Short: "Show the way that packets to a host take",
			Doc: "The interface they leave by, the router they are given to, and the source address they get. No packet is sent; only a name is looked up first. " +
				"The gateway is told on Linux only; without one the host is on the link itself, or is this machine (kind local).",
			Example: "net route 127.0.0.1",
			Raises:  []primitive.Kind{primitive.Unreachable, primitive.NotFound, primitive.Denied},
		}, netRoute),
		primitive.New(primitive.Spec{
			Name: "net routes", Short: "List the routes of this machine",
			Doc:     "The main routing table, on Linux. Of several that fit the longest prefix is taken, then the lowest metric; default fits everything.",
			Example: "net routes", Varies: true,
			Raises: []primitive.Kind{primitive.Unsupported},
		}, netRoutes),
		primitive.New(primitive.Spec{
			Name: "net sockets", Short: "List the sockets of this machine",
			Doc: "As ss -tunap does, on Linux. For TCP the states are those of RFC 9293. Recv_q of a listener is how many connections wait to be accepted. " +
				"Pid and program are told of one's own processes, of others only to root; handle is ours.",
			Example: "listen 12345; net sockets --port 12345 --listening", // what is in TIME-WAIT there is another's
			Raises:  []primitive.Kind{primitive.Unsupported},
		}, netSockets),
		primitive.New(primitive.Spec{
			Name: "net resolvers", Short: "Show how names become addresses here",
			Doc: "In which order sources are asked (nsswitch.conf), what the hosts file has, which name servers and search domains there are (resolv.conf), " +
				"and the file each setting stands in. --root reads those of another root folder, as of a container.",
			Example: "net resolvers", Varies: true,
			Raises: []primitive.Kind{primitive.NotFound, primitive.Unsupported},
		}, netResolvers),
	}
}

type netInterfacesArgs struct {
	Interface string `arg:"" optional:"" help:"only this one, by its name or an address of it"`
	Family    string `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to list"`
}

// An interfaceRow is one address of `net interfaces`.
type interfaceRow struct {
	Interface string `help:"its name"`
	State     string `help:"up, no carrier (nothing is plugged in), down"`
	Address   string `help:"address and prefix length"`
	Assigned  string `help:"static, dynamic, temporary, automatic; and what is wrong"`
	Lifetime  any    `help:"how long it stays valid; nothing is for ever, or unknown" volatile:""`
	MAC       string `name:"mac" help:"hardware address"`
	MTU       int    `name:"mtu" help:"most bytes of one packet"`
	Flags     string `help:"what it can do"`
}

func netInterfaces(ctx context.Context, _ *session.Session, a netInterfacesArgs) ([]interfaceRow, error) {
	list, err := netstat.Interfaces(ctx)
	if err == nil && a.Interface != "" {
		var one netstat.Interface
		one, err = netstat.Find(list, a.Interface)
		list = []netstat.Interface{one}
	}
	if err != nil {
		return nil, err
	}
	var rows []interfaceRow
	for _, i := range list {
		rows = append(rows, addressRows(i, a.Family)...)
	}
	return rows, nil
}

func addressRows(i netstat.Interface, family string) []interfaceRow {
	row := interfaceRow{Interface: i.Name, State: i.State, MAC: i.MAC, MTU: i.MTU, Flags: strings.Join(i.Flags, ",")}
	var rows []interfaceRow
	for _, a := range i.Addresses {
		if !ofFamily(a.Prefix.Addr(), family) {
			continue
		}
		row.Address, row.Lifetime = a.Prefix.String(), nil
		if a.Lifetime > 0 {
			row.Lifetime = a.Lifetime
		}
		row.Assigned = strings.TrimSpace(a.Assigned + " " + strings.Join(a.Notes, " "))
		rows = append(rows, row)
	}
	if rows == nil && family == "any" {
		return []interfaceRow{row}
	}
	return rows
}

func ofFamily(ip netip.Addr, family string) bool {
	return family == "any" || ip.Is4() == (family == "inet")
}

type netRouteArgs struct {
	Host   string `arg:"" help:"address or name of the destination"`
	Family string `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"which address of a name to take"`
}

// A wayTo is what `net route` shows.
type wayTo struct {
	Destination string `help:"the address"`
	Interface   string `help:"packets leave here"`
	Gateway     string `help:"the router they are given to; empty for none"`
	Source      string `help:"the address they come from"`
	Kind        string `help:"unicast, local, broadcast, multicast …"`
}

func netRoute(ctx context.Context, _ *session.Session, a netRouteArgs) (wayTo, error) {
	if a.Host == "" {
		return wayTo{}, primitive.Usagef("there is no host").WithHint("net route 192.0.2.1")
	}
	ips, err := sock.Resolve(ctx, a.Host, familyOf(a.Family))
	if err != nil {
		return wayTo{}, err
	}
	r, err := netstat.RouteTo(ctx, ips[0])
	if err != nil {
		return wayTo{}, err
	}
	return wayTo{ips[0].String(), r.Interface, addrText(r.Gateway), addrText(r.Source), r.Kind}, nil
}

func addrText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

type netRoutesArgs struct {
	Family string `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to list"`
}

// A routeRow is one line of `net routes`.
type routeRow struct {
	Destination string `help:"network, or default"`
	Gateway     string `help:"the router packets are given to; empty for none"`
	Interface   string `help:"they leave here"`
	Source      string `help:"the address they come from"`
	Metric      int    `help:"of several routes the lowest is taken"`
	Protocol    string `help:"who set it: kernel, boot, static, dhcp, ra …"`
	Scope       string `help:"global, link or host"`
	Kind        string `help:"unicast, blackhole, unreachable, prohibit …"`
}

func netRoutes(ctx context.Context, _ *session.Session, a netRoutesArgs) ([]routeRow, error) {
	list, err := netstat.Routes(ctx)
	if err != nil {
		return nil, err
	}
	var rows []routeRow
	for _, r := range list {
		if !ofFamily(r.Destination.Addr(), a.Family) {
			continue
		}
		to := r.Destination.String()
		if r.Destination.Bits() == 0 {
			to = "default"
		}
		rows = append(rows, routeRow{to, addrText(r.Gateway), r.Interface, addrText(r.Source), r.Metric, r.Protocol, r.Scope, r.Kind})
	}
	return rows, nil
}

type netResolversArgs struct {
	Hosts bool   `help:"every line of the hosts file"`
	Root  string `help:"folder that holds etc, where it is not /"`
}

// A settingRow is one line of `net resolvers`.
type settingRow struct {
	Setting string `help:"order, hosts, nameserver, search, options"`
	Value   string `help:"what it is set to"`
	File    string `help:"where that stands"`
}

func netResolvers(_ context.Context, _ *session.Session, a netResolversArgs) ([]settingRow, error) {
	list, err := netstat.Resolvers(a.Root, a.Hosts)
	if err != nil {
		return nil, err
	}
	var rows []settingRow
	for _, s := range list {
		rows = append(rows, settingRow{s.Name, s.Value, s.File})
	}
	return rows, nil
}
