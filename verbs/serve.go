package verbs

import (
	"context"

	"sosh/primitive"
	"sosh/serve"
	"sosh/session"
	"sosh/sock"
)

func serveRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "serve", Short: "Run a server",
			Doc: "Built-in services: echo, discard, reply TEXT. In Lua also a function, called with each client's stream and its address; " +
				"$name hands one over in the shell. Each client is served in a task of its own; with --iterative one after another. " +
				"In the foreground it runs until Ctrl-C, with & as a task. A port alone is that port of 127.0.0.1, this machine only.",
			Example: "serve 12345 echo &; tcp connect 127.0.0.1 12345; send hello; recv --exact 5",
			Raises:  []primitive.Kind{primitive.InUse, primitive.Denied},
			Offers:  map[string]func() []primitive.Candidate{"handler": offerServices},
		}, serveStart),
	}
}

// offerServices lists the built-in services for completion.
func offerServices() (list []primitive.Candidate) {
	for _, s := range serve.Services() {
		list = append(list, primitive.Candidate{Text: s.Name, Help: s.Short, Suffix: " "})
	}
	return list
}

type serveArgs struct {
	Addr      primitive.Addr    `arg:"" listen:"" help:"port, or address and port, to serve on"`
	Handler   primitive.Handler `arg:"" rest:"" help:"echo, discard, reply TEXT or a Lua function"`
	Iterative bool              `help:"one client after another"`
	Backlog   int               `default:"128" min:"1" max:"65535" help:"connections that may wait to be accepted"`
	MaxConns  int               `default:"0" min:"0" help:"clients served at once; 0 is no limit"`
	Tls       bool              `help:"speak TLS, with a certificate made for it or that of --cert"`
	Cert      string            `help:"file with the certificate for TLS, and its key if there is no --key"`
	Key       string            `help:"file with the private key of --cert"`
	Allow     []string          `help:"take only clients of these networks, as 10.0.0.0/8"`
	Deny      []string          `help:"refuse clients of these networks"`
}

func serveStart(ctx context.Context, s *session.Session, a serveArgs) (*session.Task, error) {
	client, name, err := clientOf(a.Handler)
	if err != nil {
		return nil, err
	}
	l, err := tcpListen(ctx, s, tcpListenArgs{Addr: a.Addr, Backlog: a.Backlog, Allow: a.Allow, Deny: a.Deny})
	if err != nil {
		return nil, err
	}
	s.Adopt(l)
	if a.Key != "" && a.Cert == "" {
		l.Close()
		return nil, primitive.Usagef("--key is the key of --cert; give both")
	}
	if a.Tls || a.Cert != "" {
		if err := secure(s, l, a.Cert, a.Key); err != nil {
			l.Close()
			return nil, err
		}
	}
	server := &serve.Server{Session: s, Listener: l, Name: name, Client: client, Iterative: a.Iterative, MaxConns: a.MaxConns, Silent: a.Handler.Fn != nil}
	return server.Start(ctx), nil
}

// clientOf makes the client function of a handler, and its name for the task.
func clientOf(h primitive.Handler) (serve.Client, string, error) {
	if h.Fn == nil {
		c, err := serve.Find(h.Service, h.Args)
		return c, h.Service, err
	}
	return func(ctx context.Context, c *sock.Stream) error {
		_, err := h.Fn.Call(ctx, c, c.Raddr().String())
		return err
	}, h.Fn.String(), nil
}
