package web

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"sosh/sock"
)

// What one client may take, of time and of memory.
const (
	maxRequestHeader = 64 << 10
	headerTime       = 10 * time.Second // for a header, as a whole
	idleTime         = 60 * time.Second // between two requests
	stallTime        = 30 * time.Second // for the next piece of an answer to be taken
)

// A connServer serves HTTP on one connection at a time.
type connServer struct {
	handler http.Handler
	tls     *tls.Config // nil for none
	header  time.Duration
}

// serve serves the requests of one client until it or ctx ends.
func (s *connServer) serve(ctx context.Context, c *sock.Stream) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn := sock.ConnOf(ctx, c)
	if s.tls != nil {
		conn = tls.Server(conn, s.tls)
	}
	one := &oneConn{conn: conn, over: make(chan struct{})}
	var busy sync.WaitGroup // a connection that is another protocol's by now ends with its handler
	defer busy.Wait()
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			busy.Add(1)
			defer busy.Done()
			s.handler.ServeHTTP(w, req)
		}),
		ReadHeaderTimeout: s.header, IdleTimeout: idleTime, MaxHeaderBytes: maxRequestHeader,
		ErrorLog: log.New(io.Discard, "", 0), BaseContext: func(net.Listener) context.Context { return ctx },
		DisableGeneralOptionsHandler: true, TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		ConnState: one.state,
	}
	_ = server.Serve(one) // ends with the connection, with an error that says no more
	return ctx.Err()
}

// A oneConn is a listener that gives one connection, and ends with it.
type oneConn struct {
	conn  net.Conn
	given bool
	over  chan struct{}
	end   sync.Once
}

// Accept gives the connection, and then waits for its end.
func (o *oneConn) Accept() (net.Conn, error) {
	if !o.given {
		o.given = true
		return o.conn, nil
	}
	<-o.over
	return nil, net.ErrClosed
}

// state hears that the connection has ended, or is another protocol's.
func (o *oneConn) state(_ net.Conn, state http.ConnState) {
	if state == http.StateClosed || state == http.StateHijacked {
		_ = o.Close() // never fails
	}
}

func (o *oneConn) Close() error {
	o.end.Do(func() { close(o.over) })
	return nil
}

func (o *oneConn) Addr() net.Addr { return o.conn.LocalAddr() }

// A logged answer counts what goes out, and gives the client time for each piece.
type logged struct {
	http.ResponseWriter
	head   bool // whose body is not sent
	status int
	size   int64
}

func (l *logged) WriteHeader(status int) {
	if l.status == 0 && status >= 200 {
		l.status = status
	}
	l.ResponseWriter.WriteHeader(status)
}

func (l *logged) Write(p []byte) (int, error) {
	if l.status == 0 {
		l.status = http.StatusOK
	}
	_ = http.NewResponseController(l.ResponseWriter).SetWriteDeadline(time.Now().Add(stallTime)) // the write tells what is wrong
	n, err := l.ResponseWriter.Write(p)
	if !l.head {
		l.size += int64(n)
	}
	return n, err
}

// Unwrap is for http.ResponseController.
func (l *logged) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// A Log takes a line for each request, and escapes it; see serve.Host.
type Log func(format string, args ...any)

// withLog makes a line of each request: who, what, the status, bytes and time.
func withLog(h http.Handler, say Log) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		began, l := time.Now(), &logged{ResponseWriter: w, head: req.Method == http.MethodHead}
		defer func() {
			panicked := recover()
			if say != nil {
				say("%s %s %s %d, %d bytes, %.1f ms", from(req), cut(req.Method), cut(req.RequestURI), l.status, l.size, float64(time.Since(began))/float64(time.Millisecond))
			}
			if panicked != nil {
				panic(panicked)
			}
		}()
		h.ServeHTTP(l, req)
	})
}

// from is who asks; those of a Unix socket have no name.
func from(req *http.Request) string {
	if req.RemoteAddr == "" || req.RemoteAddr == "@" {
		return "unix"
	}
	return req.RemoteAddr
}

// cut is a text of a client as much as a line of a log bears.
func cut(s string) string {
	const most = 200
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
