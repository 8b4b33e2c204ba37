package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"sosh/primitive"
	"sosh/sock"
)

// A SocketRequest is how to open a WebSocket.
type SocketRequest struct {
	Request             // URL of ws or wss; Method, Body, Output and the like are not used
	Protocols  []string // subprotocols that may be agreed on
	MaxMessage int      // bytes of a message, and of those that wait; 0 is 1 MiB
	ctx        context.Context
	wire       *wire
}

// Dial opens a WebSocket. Refused, Timeout, Unreachable, NotFound, Denied (a
// certificate that does not hold), Failed where the server does not want to.
func Dial(ctx context.Context, r SocketRequest) (*Socket, error) {
	life, end := context.WithCancelCause(primitive.WithTap(context.Background(), primitive.TapFrom(ctx))) // the connection's, longer than this call
	stop := context.AfterFunc(ctx, func() { end(context.Cause(ctx)) })
	pace := newPace(r.Timeout, end)
	r.ctx, r.Request.Method = life, http.MethodGet
	conn, resp, err := websocket.Dial(life, r.URL.String(), &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: &r, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		HTTPHeader: r.make(r.URL, http.MethodGet, nil, true).Header, Host: r.Header.Get("Host"), Subprotocols: r.Protocols,
	})
	pace.stop()
	stop()
	if err == nil {
		return newSocket(life, func() { end(nil) }, conn, r.wire, r.URL, most(r.MaxMessage)), nil
	}
	defer end(nil)
	if r.wire != nil {
		_ = r.wire.Close() // the first error is the one to tell
		if r.wire.failed != nil {
			err = r.wire.failed
		}
	}
	if resp != nil && resp.StatusCode != http.StatusSwitchingProtocols {
		err = primitive.Newf(primitive.Failed, "the server does not want a WebSocket: %d %s", resp.StatusCode, primitive.Escape(reason(resp), false)).
			WithHint("is the path right? what it says: --show, or http get")
	}
	return nil, failure(life, err)
}

func most(n int) int {
	if n == 0 {
		return maxMessage
	}
	return n
}

// RoundTrip sends the request that asks for a WebSocket, and keeps the connection
// for it.
func (r *SocketRequest) RoundTrip(req *http.Request) (*http.Response, error) {
	w, err := r.dial(r.ctx, req.URL, new(Timings))
	if err != nil {
		return nil, err
	}
	r.wire = w
	if err := req.Write(w); err != nil {
		return nil, err
	}
	resp, err := w.answer(req)
	if err == nil && resp.StatusCode == http.StatusSwitchingProtocols {
		w.sent.next = (*reel).other
		resp.Body = upgraded{w}
	}
	return resp, err
}

// An upgraded connection is what follows the header of an answer, and the way
// back.
type upgraded struct{ w *wire }

func (u upgraded) Read(p []byte) (int, error)  { return u.w.in.Read(p) }
func (u upgraded) Write(p []byte) (int, error) { return u.w.Write(p) }
func (u upgraded) Close() error                { return u.w.Close() }

// An Echo serves WebSockets that send each message back.
type Echo struct {
	server connServer
	log    Log
}

// How long an echo waits for a message.
const echoIdle = 5 * time.Minute

// NewEcho makes one; log may be nil.
func NewEcho(log Log) *Echo {
	e := &Echo{log: log}
	e.server = connServer{handler: http.HandlerFunc(e.upgrade), header: headerTime}
	return e
}

// Serve serves one client until it or ctx ends.
func (e *Echo) Serve(ctx context.Context, c *sock.Stream) error { return e.server.serve(ctx, c) }

func (e *Echo) upgrade(w http.ResponseWriter, req *http.Request) {
	conn, err := websocket.Accept(w, req, nil)
	if err != nil {
		e.say(req, "is no WebSocket that is served here")
		return
	}
	defer func() { _ = conn.CloseNow() }() // after a goodbye it does nothing
	conn.SetReadLimit(maxMessage)
	n, err := echoMessages(req.Context(), conn)
	text := "the connection ended"
	if code := websocket.CloseStatus(err); code >= 0 {
		text = "closed with " + codeText(code)
	}
	e.say(req, fmt.Sprintf("%d messages sent back, %s", n, text))
}

func (e *Echo) say(req *http.Request, text string) {
	if e.log != nil {
		e.log("%s %s %s", from(req), cut(req.RequestURI), text)
	}
}

// echoMessages sends back until the end.
func echoMessages(ctx context.Context, conn *websocket.Conn) (n int, err error) {
	for {
		if err = echoMessage(ctx, conn); err != nil {
			return n, err
		}
		n++
	}
}

func echoMessage(ctx context.Context, conn *websocket.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, echoIdle)
	defer cancel()
	kind, data, err := conn.Read(ctx)
	if err != nil {
		return err
	}
	return conn.Write(ctx, kind, data)
}

var _ sock.Source = (*Socket)(nil)
