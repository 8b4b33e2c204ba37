package verbs

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/serve"
	"sosh/session"
	"sosh/sock"
)

func serveRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "serve", Short: "Run a server",
			Doc: "Serves a built-in service, with its own arguments and flags behind its name (help serve echo); or, in Lua, a function, " +
				"called with each client's stream and its address; $name hands one over in the shell. Each client is served in a task of its own; " +
				"with --iterative one after another. " +
				"In the foreground it runs until Ctrl-C, with & as a task. A port alone is that port of 127.0.0.1, this machine only.\n" +
				"A mock of a flaky service: --reset, --truncate and --delay do to every client, or to those that --every and --chance choose, " +
				"what networks and crashing servers do, whatever is served. --truncate with --reset resets after that many bytes.",
			Example:  "serve 12345 echo &; tcp connect 127.0.0.1 12345; send hello; recv --exact 5",
			Raises:   []primitive.Kind{primitive.InUse, primitive.Denied},
			Services: services,
		}, serveStart),
	}
}

type serveArgs struct {
	Addr      primitive.Addr    `arg:"" listen:"" help:"port, or address and port, to serve on"`
	Handler   primitive.Handler `arg:"" rest:"" help:"a built-in service and its arguments, or a Lua function"`
	Iterative bool              `help:"one client after another"`
	Backlog   int               `default:"128" min:"1" max:"65535" help:"connections that may wait to be accepted"`
	MaxConns  int               `default:"0" min:"0" help:"clients served at once; 0 is no limit"`
	Idle      time.Duration     `default:"0" min:"0" help:"close clients that are silent for so long; 0 is never"`
	Silent    bool              `help:"log no clients and requests"`
	guestOptions
	Secure   bool           `help:"speak TLS, with a certificate made for it or --tls-cert"`
	TlsCert  string         `help:"file with the certificate for that, and its key"`
	TlsKey   string         `with:"tls_cert" help:"file with the key, if it is not in --tls-cert"`
	Udp      bool           `help:"serve datagrams instead of connections"`
	Tcp      bool           `help:"serve connections; with --udp both"`
	Reset    bool           `help:"tear connections down, at once or where --truncate says"`
	Truncate primitive.Size `default:"0" min:"0" help:"send so many bytes, then end; 0 is all"`
	Delay    time.Duration  `default:"0" min:"0" help:"wait so long before a client is served"`
	Every    int            `with:"reset,truncate,delay,status,rcode,drop" default:"0" min:"0" help:"faults are for each such client only, as the 3rd of 3"`
	Chance   float64        `with:"reset,truncate,delay,status,rcode,drop" default:"0" min:"0" max:"1" help:"faults are for such a share of clients only, as 0.3"`
	Seed     int            `with:"chance" default:"0" help:"of --chance; the same one makes the same choices"`
}

func (a *serveArgs) faults() serve.Faults {
	return serve.Faults{Reset: a.Reset, Truncate: int(a.Truncate), Delay: a.Delay, Every: a.Every, Chance: a.Chance, Seed: a.Seed}
}

// serveStart starts the service, then opens its sockets: what is wrong with its
// arguments is told before a port is taken.
func serveStart(ctx context.Context, s *session.Session, a serveArgs) (*session.Task, error) {
	server := &serve.Server{
		Session: s, Iterative: a.Iterative, MaxConns: a.MaxConns, Idle: a.Idle, Silent: a.Handler.Fn != nil, Mute: a.Silent, Faults: a.faults(),
	}
	var err error
	if server.Runner, server.Name, err = runnerOf(ctx, a.Handler, server); err != nil {
		return nil, err
	}
	if err := a.open(ctx, s, server); err != nil {
		if server.Runner.Close != nil {
			server.Runner.Close()
		}
		return nil, err
	}
	return server.Start(ctx), nil
}

// runnerOf starts a service, or makes one of a function; the name is for its task.
func runnerOf(ctx context.Context, h primitive.Handler, host serve.Host) (serve.Runner, string, error) {
	if h.Fn != nil {
		return serve.Runner{Client: func(ctx context.Context, c *sock.Stream) error {
			_, err := h.Fn.Call(ctx, c, c.Raddr().String())
			return err
		}}, h.Fn.String(), nil
	}
	v, err := h.Start(ctx, host)
	runner, _ := v.(serve.Runner)
	return runner, h.Service, err
}

// open opens the sockets that the service and the flags ask for.
func (a *serveArgs) open(ctx context.Context, s *session.Session, server *serve.Server) error {
	tcp, udp, err := a.transports(server)
	if err != nil {
		return err
	}
	if tcp {
		l, err := tcpListen(ctx, s, tcpListenArgs{Addr: a.Addr, Backlog: a.Backlog, guestOptions: a.guestOptions})
		if err != nil {
			return err
		}
		if err := a.secure(s, l); err != nil {
			l.Close()
			return err
		}
		server.Listener, a.Addr = l, l.Addr()
	}
	if udp {
		u, err := udpBind(ctx, s, udpBindArgs{Addr: a.Addr, guestOptions: a.guestOptions})
		if err != nil && tcp {
			server.Listener.Close()
		}
		if err != nil {
			return err
		}
		server.Datagram = u
	}
	if tcp {
		s.Adopt(server.Listener)
	}
	if udp {
		s.Adopt(server.Datagram)
	}
	return nil
}

// transports is what is served: what the flags say, else what the service is made
// for.
func (a *serveArgs) transports(server *serve.Server) (tcp, udp bool, err error) {
	r := server.Runner
	tcp, udp = a.Tcp, a.Udp
	if !tcp && !udp {
		tcp, udp = r.Client != nil, r.Client == nil || r.Both
	}
	switch {
	case tcp && r.Client == nil:
		err = primitive.Usagef("%s is served over UDP alone", server.Name)
	case udp && r.Packets == nil:
		err = primitive.Usagef("%s is served over TCP alone", server.Name).WithHint("leave --udp out")
	case !tcp && server.Faults.Any():
		err = primitive.Usagef("--reset, --truncate and --delay are for connections").WithHint("leave --udp out")
	case !tcp && (a.Iterative || a.MaxConns > 0 || a.Idle > 0):
		err = primitive.Usagef("--iterative, --max-conns and --idle are for connections").WithHint("leave --udp out, or serve both: --tcp --udp")
	case udp && (a.Secure || a.TlsCert != ""):
		err = primitive.Usagef("TLS is for connections").WithHint("say --tcp")
	}
	return tcp, udp, err
}
