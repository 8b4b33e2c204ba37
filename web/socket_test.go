package web_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sosh/primitive"
	"sosh/sock"
	"sosh/watch"
	"sosh/web"
)

// peer is a server of WebSockets that hands each one over.
func peer(t *testing.T, talk func(ctx context.Context, c *websocket.Conn)) string {
	t.Helper()
	return "ws://" + listening(t, handlerService{http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c, err := websocket.Accept(w, req, &websocket.AcceptOptions{Subprotocols: []string{"chat"}})
		if err != nil {
			return
		}
		defer c.CloseNow()
		talk(req.Context(), c)
	})})
}

// A handlerService serves a client by a handler of net/http.
type handlerService struct{ http.Handler }

func (h handlerService) Serve(ctx context.Context, c *sock.Stream) error {
	conn := sock.ConnOf(ctx, c)
	ended := make(chan struct{})
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		defer close(ended)
		h.ServeHTTP(w, req)
	})}
	_ = server.Serve(&single{conn: conn})
	select {
	case <-ended:
	case <-ctx.Done():
	}
	return nil
}

type single struct{ conn net.Conn }

func (s *single) Accept() (net.Conn, error) {
	if c := s.conn; c != nil {
		s.conn = nil
		return c, nil
	}
	return nil, net.ErrClosed
}
func (s *single) Close() error   { return nil }
func (s *single) Addr() net.Addr { return &net.TCPAddr{} }

func open(t *testing.T, url string, change ...func(*web.SocketRequest)) (*web.Socket, error) {
	t.Helper()
	u, err := web.ParseURL(url, "ws", "wss")
	if err != nil {
		t.Fatal(err)
	}
	r := web.SocketRequest{Request: web.Request{URL: u, Timeout: 10 * time.Second, Header: http.Header{}}}
	for _, c := range change {
		c(&r)
	}
	s, err := web.Dial(t.Context(), r)
	if s != nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

func opened(t *testing.T, url string, change ...func(*web.SocketRequest)) *web.Socket {
	t.Helper()
	s, err := open(t, url, change...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEcho(t *testing.T) {
	s := opened(t, "ws://"+listening(t, web.NewEcho(nil)))
	for _, m := range []web.Message{{Data: []byte("hello"), Text: true}, {Data: []byte("\x00\xff")}, {Data: []byte{}, Text: true}, {Data: make([]byte, 100_000)}} {
		if err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		got, err := s.Recv(t.Context())
		if err != nil || string(got.Data) != string(m.Data) || got.Text != m.Text {
			t.Errorf("%d bytes, text %v: %v", len(got.Data), got.Text, err)
		}
	}
	if _, err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if i := s.Info().(web.SocketInfo); i.State != "connected" || i.Received != 4 || i.Sent != 4 {
		t.Errorf("%+v", i)
	}
	s.Close()
	for _, err := range []error{s.Send(t.Context(), web.Message{}), second(s.Recv(t.Context())), second(s.Ping(t.Context()))} {
		if primitive.KindOf(err) != primitive.Closed {
			t.Error(err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// The peer's end is told with its code and reason, escaped; what came before is
// there first.
func TestCloseCodes(t *testing.T) {
	s := opened(t, peer(t, func(ctx context.Context, c *websocket.Conn) {
		c.Write(ctx, websocket.MessageText, []byte("last words"))
		c.Close(4001, "go\x1b[2J")
	}), func(r *web.SocketRequest) { r.Protocols = []string{"other", "chat"} })
	if i := s.Info().(web.SocketInfo); i.Protocol != "chat" {
		t.Errorf("%+v", i)
	}
	if err := watch.Await(t.Context(), s, watch.Close); err != nil {
		t.Error(err)
	}
	if m, err := s.Recv(t.Context()); err != nil || string(m.Data) != "last words" {
		t.Error(m, err)
	}
	p, err := sock.Look(s)
	if err != nil || !p.Ended || p.Unit != sock.Messages || p.Taken != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := s.Recv(t.Context()); primitive.KindOf(err) != primitive.EOF || err.Error() != `the peer closed it: 4001, "go\x1b[2J"` {
		t.Errorf("%v", err)
	}
	if err := s.Send(t.Context(), web.Message{Text: true}); primitive.KindOf(err) != primitive.BrokenPipe {
		t.Error(err)
	}
}

// A waiter hears of messages and of the end, whenever they come.
func TestAwait(t *testing.T) {
	speak := make(chan string)
	s := opened(t, peer(t, func(ctx context.Context, c *websocket.Conn) {
		for text := range speak {
			c.Write(ctx, websocket.MessageText, []byte(text))
		}
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := watch.Await(ctx, s, watch.Data); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("before anything came: %v", err)
	}
	waited := make(chan error)
	go func() { waited <- watch.Await(t.Context(), s, watch.Data) }()
	speak <- "now"
	if err := <-waited; err != nil {
		t.Error(err)
	}
	if p, _ := sock.Look(s); p.Count != 1 {
		t.Errorf("%+v", p)
	}
	go func() { waited <- watch.Await(t.Context(), s, watch.Close) }()
	close(speak)
	if err := <-waited; err != nil {
		t.Error(err)
	}
}

// What nobody takes is bounded: then the peer has to wait.
func TestUnread(t *testing.T) {
	sent := make(chan int, 1)
	s := opened(t, peer(t, func(ctx context.Context, c *websocket.Conn) {
		ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
		defer cancel()
		n := 0
		for c.Write(ctx, websocket.MessageBinary, make([]byte, 1<<14)) == nil {
			n++
		}
		sent <- n
	}), func(r *web.SocketRequest) { r.MaxMessage = 1 << 16 })
	if n := <-sent; n > 10_000 {
		t.Errorf("the peer could send %d messages that nobody took", n)
	}
	if i := s.Info().(web.SocketInfo); i.Waiting > 6 {
		t.Errorf("%d messages wait", i.Waiting)
	}
}

func TestHostileSockets(t *testing.T) {
	if _, err := open(t, "ws"+strings.TrimPrefix(says(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), "http")); primitive.KindOf(err) != primitive.Failed || !strings.Contains(err.Error(), "200 OK") {
		t.Error(err)
	}
	for _, answer := range []string{
		"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "", "nonsense\r\n\r\n",
	} {
		if _, err := open(t, "ws"+strings.TrimPrefix(says(t, answer), "http")); primitive.KindOf(err) != primitive.Failed {
			t.Errorf("%q: %v", answer, err)
		}
	}
	s := opened(t, peer(t, func(ctx context.Context, c *websocket.Conn) {
		c.Write(ctx, websocket.MessageBinary, make([]byte, 2000))
		c.Read(ctx)
	}), func(r *web.SocketRequest) { r.MaxMessage = 1000 })
	if _, err := s.Recv(t.Context()); primitive.KindOf(err) != primitive.Oversized {
		t.Error(err)
	}
	s = opened(t, peer(t, func(context.Context, *websocket.Conn) {}))
	if _, err := s.Recv(t.Context()); primitive.KindOf(err) != primitive.Reset {
		t.Error(err)
	}
}

// Close does not wait for a peer that never answers.
func TestCloseOfTheSilent(t *testing.T) {
	hold := make(chan struct{})
	s := opened(t, peer(t, func(context.Context, *websocket.Conn) { <-hold }))
	defer close(hold)
	began := time.Now()
	s.Close()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
