package verbs

import (
	"context"
	"net/netip"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

func tcpRows() []*primitive.Row {
	listens := primitive.Spec{
		Name: "tcp listen", Short: "Listen for TCP connections",
		Doc: "Creates, binds and listens in one step, with SO_REUSEADDR set. A port alone listens on 127.0.0.1, " +
			"this machine only; write 0.0.0.0:PORT for others too. The short form is listen.",
		Example: "tcp listen 12345 --backlog 5",
		Raises:  []primitive.Kind{primitive.InUse, primitive.Denied},
	}
	short := listens
	short.Name, short.Example = "listen", "listen 12345 --backlog 5"
	short.Doc = "The short form of tcp listen: creates, binds and listens in one step, with SO_REUSEADDR set. " +
		"A port alone listens on 127.0.0.1, this machine only; write 0.0.0.0:PORT for others too."
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "tcp connect", Short: "Open a TCP connection",
			Doc: "Resolves the host and tries each of its addresses in turn. As an argument of the program itself " +
				"it attaches the connection to standard input and output, as netcat does.",
			Example: "tcp connect 127.0.0.1 7 --timeout 2s", Needs: "echo",
			Raises: []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound},
		}, tcpConnect),
		primitive.New(listens, tcpListen),
		primitive.New(short, tcpListen),
		primitive.New(primitive.Spec{
			Name: "accept", Short: "Take the next waiting connection",
			Doc:     "Waits for a client and returns a stream for it; the listener goes on listening.",
			Example: "listen 12345; tcp connect 127.0.0.1 12345; accept l1 --timeout 2s",
			Raises:  []primitive.Kind{primitive.Timeout, primitive.Closed},
		}, accept),
		checkRow("tcp"),
	}
}

type tcpConnectArgs struct {
	Addr    primitive.Addr `arg:"" help:"host and port to connect to"`
	Timeout time.Duration  `default:"10s" help:"give up after this long; 0 leaves it to the system"`
	Family  string         `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to use"`
	Laddr   string         `help:"local address to connect from, as HOST:PORT"`
}

func tcpConnect(ctx context.Context, _ *session.Session, a tcpConnectArgs) (*sock.Stream, error) {
	o := sock.DialOptions{Family: familyOf(a.Family)}
	if a.Laddr != "" {
		local, err := primitive.ParseAddr(a.Laddr, true)
		if err != nil {
			return nil, err
		}
		o.Local = local
	}
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return sock.DialStream(ctx, a.Addr, o)
}

func familyOf(name string) sock.Family {
	if name == "any" {
		return ""
	}
	return sock.Family(name)
}

type tcpListenArgs struct {
	Addr    primitive.Addr `arg:"" listen:"" help:"port, or address and port, to listen on"`
	Backlog int            `default:"128" min:"1" max:"65535" help:"connections that may wait to be accepted"`
	Dual    bool           `help:"an IPv6 listener takes IPv4 clients too"`
	guestOptions
}

// guestOptions are who may come.
type guestOptions struct {
	Allow []string `help:"take only clients of these networks, as 10.0.0.0/8"`
	Deny  []string `help:"refuse clients of these networks"`
}

// guests are those that the options say; an address that is a path knows none.
func (o guestOptions) guests(at primitive.Addr) (g sock.Guests, err error) {
	if at.Path != "" && (o.Allow != nil || o.Deny != nil) {
		return g, primitive.Usagef("the clients of a Unix socket have no address that --allow or --deny could name").
			WithHint("who may connect says the mode of the file: unix listen PATH --mode 0600")
	}
	if g.Allow, err = prefixes(o.Allow); err == nil {
		g.Deny, err = prefixes(o.Deny)
	}
	return g, err
}

func tcpListen(ctx context.Context, s *session.Session, a tcpListenArgs) (*sock.Listener, error) {
	guests, err := a.guests(a.Addr)
	if err != nil {
		return nil, err
	}
	l, err := sock.ListenStream(ctx, a.Addr, sock.ListenOptions{Backlog: a.Backlog, Dual: a.Dual, Guests: guests})
	return l, nameHolder(s, a.Addr, err)
}

// prefixes reads networks; an address alone is a network of one.
func prefixes(texts []string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			ip, addrErr := netip.ParseAddr(text)
			if addrErr != nil {
				return nil, primitive.Usagef("%s is no network", primitive.Quote(text)).WithHint("networks are like 10.0.0.0/8 or ::1")
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		list = append(list, p)
	}
	return list, nil
}

type acceptArgs struct {
	Listener *sock.Listener `arg:"" help:"listener to accept on"`
	Timeout  time.Duration  `help:"give up after this long; 0 waits for ever"`
}

func accept(ctx context.Context, _ *session.Session, a acceptArgs) (*sock.Stream, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return a.Listener.Accept(ctx)
}
