package verbs

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

func socketRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "socket open", Short: "Create a socket",
			Doc: "The system call socket(2): an endpoint of an address family and a type, not yet bound or connected. " +
				"Nothing is set on it; opt does that. AF_INET, SOCK_STREAM and the like are understood.",
			Example: "socket open inet stream",
			Raises:  []primitive.Kind{primitive.Unsupported},
		}, socketOpen),
		primitive.New(primitive.Spec{
			Name: "socket bind", Short: "Give a socket its local address",
			Doc: "The system call bind(2). A port that another socket holds fails here; port 0 lets the system choose. " +
				"A datagram socket can send and receive from then on.",
			Example: "socket open inet stream; socket bind s1 127.0.0.1 12345",
			Raises:  []primitive.Kind{primitive.InUse, primitive.Denied},
		}, socketBind),
		primitive.New(primitive.Spec{
			Name: "socket listen", Short: "Let a bound socket take connections",
			Doc: "The system call listen(2). The backlog is how many finished handshakes may wait to be accepted; " +
				"Linux completes one more than that.",
			Example: "socket open inet stream; socket bind s1 127.0.0.1 12345; socket listen s1 5",
			Raises:  []primitive.Kind{primitive.InUse},
		}, socketListen),
		primitive.New(primitive.Spec{
			Name: "socket accept", Short: "Take the next waiting connection",
			Doc:     "The system call accept(2): waits for a client and returns a new socket for it; the listening one stays.",
			Example: "socket open inet stream; socket bind s1 127.0.0.1 12345; socket listen s1 5; tcp connect 127.0.0.1 12345; socket accept s1",
			Raises:  []primitive.Kind{primitive.Timeout, primitive.Closed},
		}, socketAccept),
		primitive.New(primitive.Spec{
			Name: "socket connect", Short: "Connect a socket to a peer",
			Doc:     "The system call connect(2). On a datagram socket it only fixes the peer.",
			Example: "socket open inet stream; socket connect s1 127.0.0.1 7", Needs: "echo",
			Raises: []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound},
		}, socketConnect),
	}
}

type socketOpenArgs struct {
	Family string `arg:"" default:"inet" enum:"inet,inet6,unix,vsock,bluetooth" alias:"AF_INET=inet,4=inet,AF_INET6=inet6,6=inet6,AF_UNIX=unix,AF_VSOCK=vsock,AF_BLUETOOTH=bluetooth" help:"address family"`
	Type   string `arg:"" default:"stream" enum:"stream,dgram" alias:"SOCK_STREAM=stream,tcp=stream,SOCK_DGRAM=dgram,datagram=dgram,udp=dgram" help:"stream (TCP) or dgram (UDP)"`
}

func socketOpen(ctx context.Context, _ *session.Session, a socketOpenArgs) (*sock.Socket, error) {
	return sock.OpenContext(ctx, sock.Family(a.Family), sock.Type(a.Type))
}

type socketBindArgs struct {
	Socket *sock.Socket   `arg:"" help:"socket to bind"`
	Addr   primitive.Addr `arg:"" listen:"" help:"local address; port 0 chooses one"`
}

func socketBind(ctx context.Context, s *session.Session, a socketBindArgs) (primitive.None, error) {
	return nothing(nameHolder(s, a.Addr, a.Socket.Bind(ctx, a.Addr)))
}

type socketListenArgs struct {
	Socket  *sock.Socket `arg:"" help:"bound socket"`
	Backlog int          `arg:"" default:"128" min:"0" max:"65535" help:"connections that may wait to be accepted"`
}

func socketListen(_ context.Context, s *session.Session, a socketListenArgs) (primitive.None, error) {
	err := a.Socket.Listen(a.Backlog)
	info := a.Socket.Info().(sock.Info)
	return nothing(nameHolder(s, primitive.Addr{Host: info.Lhost, Port: info.Lport}, err, a.Socket))
}

type socketAcceptArgs struct {
	Socket  *sock.Socket  `arg:"" help:"listening socket"`
	Timeout time.Duration `help:"give up after this long; 0 waits for ever"`
}

func socketAccept(ctx context.Context, _ *session.Session, a socketAcceptArgs) (*sock.Stream, error) {
	l, err := a.Socket.AsListener()
	if err != nil {
		return nil, err
	}
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return l.Accept(ctx)
}

type socketConnectArgs struct {
	Socket  *sock.Socket   `arg:"" help:"socket to connect"`
	Addr    primitive.Addr `arg:"" help:"peer to connect to"`
	Timeout time.Duration  `default:"10s" help:"give up after this long; 0 leaves it to the system"`
}

func socketConnect(ctx context.Context, _ *session.Session, a socketConnectArgs) (primitive.None, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return nothing(a.Socket.Connect(ctx, a.Addr))
}
