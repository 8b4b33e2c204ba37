package verbs

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/web"
)

func wsRows() []*primitive.Row {
	const connect = "serve 12345 ws &; ws connect ws://127.0.0.1:12345/; "
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "ws connect", Short: "Open a WebSocket",
			Doc: "RFC 6455. Asks a web server for another protocol on the same connection: messages in both directions, each text or bytes. " +
				"Pings of the peer are answered by themselves; messages that nobody has taken wait, up to the size of one. close w1 says goodbye.",
			Example: connect + "ws send w1 hello; ws recv w1",
			Raises: []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound, primitive.Untrusted, primitive.Denied,
				primitive.Reset, primitive.Oversized},
			Offers: map[string]func() []primitive.Candidate{"header": offerHeaders},
		}, wsConnect),
		primitive.New(primitive.Spec{
			Name: "ws send", Short: "Send a message over a WebSocket",
			Doc:     "As text, which must be UTF-8, or with --binary as bytes.",
			Example: connect + "ws send w1 hello; ws recv w1",
			Raises:  []primitive.Kind{primitive.BrokenPipe, primitive.Closed, primitive.Timeout},
		}, wsSend),
		primitive.New(primitive.Spec{
			Name: "ws recv", Short: "Receive a message from a WebSocket",
			Doc: "The next message, whole, and whether it is text or binary. " +
				"When the peer has closed it is an error of kind eof that tells its code and reason. In Lua: data, kind = w:recv().",
			Example: connect + "ws send w1 hello --binary; ws recv w1 --timeout 2s",
			Raises:  []primitive.Kind{primitive.EOF, primitive.Timeout, primitive.Reset, primitive.Closed, primitive.Oversized},
		}, wsRecv),
		primitive.New(primitive.Spec{
			Name: "ws ping", Short: "Ask the peer of a WebSocket for an answer",
			Doc:     "Sends a ping and waits for the pong; the result is the time between.",
			Example: connect + "ws ping w1",
			Raises:  []primitive.Kind{primitive.Timeout, primitive.BrokenPipe, primitive.Closed},
		}, wsPing),
	}
}

type wsConnectArgs struct {
	URL        string         `arg:"" help:"what to connect to, as ws://HOST:PORT/path"`
	Protocol   primitive.Many `help:"subprotocol that would do; again for more"`
	MaxMessage primitive.Size `default:"1m" min:"1" max:"1073741824" help:"most bytes of a message, and of those that wait"`
	reachOptions
}

func wsConnect(ctx context.Context, s *session.Session, a wsConnectArgs) (*web.Socket, error) {
	r, err := a.request(s, a.URL, "ws", "wss")
	if err != nil {
		return nil, err
	}
	w, err := web.Dial(ctx, web.SocketRequest{Request: r, Protocols: a.Protocol, MaxMessage: int(a.MaxMessage)})
	if err != nil {
		return nil, about(err, r.URL.Redacted())
	}
	return w, nil
}

type wsSendArgs struct {
	WS      *web.Socket     `arg:"" help:"socket to send on, as w1"`
	Data    primitive.Bytes `arg:"" rest:"" help:"message"`
	Binary  bool            `help:"as bytes, not as text"`
	Timeout time.Duration   `help:"give up after this long; 0 waits for ever"`
}

func wsSend(ctx context.Context, _ *session.Session, a wsSendArgs) (primitive.None, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return nothing(a.WS.Send(ctx, web.Message{Data: a.Data, Text: !a.Binary}))
}

type wsRecvArgs struct {
	WS      *web.Socket   `arg:"" help:"socket to receive from, as w1"`
	Timeout time.Duration `help:"give up after this long; 0 waits for ever"`
}

// A wsMessage is what ws recv gives.
type wsMessage struct {
	_    struct{}        `multi:""`
	Data primitive.Bytes `help:"the message"`
	Kind string          `help:"text or binary"`
}

func wsRecv(ctx context.Context, _ *session.Session, a wsRecvArgs) (wsMessage, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	m, err := a.WS.Recv(ctx)
	if err != nil {
		return wsMessage{}, err
	}
	if m.Text {
		return wsMessage{Data: m.Data, Kind: "text"}, nil
	}
	return wsMessage{Data: m.Data, Kind: "binary"}, nil
}

type wsPingArgs struct {
	WS      *web.Socket   `arg:"" help:"socket to ask on, as w1"`
	Timeout time.Duration `default:"5s" help:"give up after this long; 0 waits for ever"`
}

// A wsPong is what ws ping gives.
type wsPong struct {
	RTT time.Duration `help:"time until the answer" volatile:""`
}

func wsPing(ctx context.Context, _ *session.Session, a wsPingArgs) (wsPong, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	rtt, err := a.WS.Ping(ctx)
	return wsPong{rtt}, err
}
