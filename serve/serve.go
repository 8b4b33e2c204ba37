// Package serve runs small servers for lessons, mocks and ad-hoc use: a loop
// that accepts, and a task for each client, or one client at a time.
package serve

import (
	"context"
	"fmt"
	"sync"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

// A Client serves one client until it returns; the stream is closed then.
type Client func(ctx context.Context, c *sock.Stream) error

// A Server accepts on a listener it owns.
type Server struct {
	Session   *session.Session
	Listener  *sock.Listener
	Name      string // what it serves, for its task and notes: "echo"
	Client    Client
	Iterative bool // one client after another, in the accepting task itself
	MaxConns  int  // clients served at once; 0 is no limit
	Silent    bool // says nothing of clients that come and go: the handler does, if it likes
}

// Start runs the server as a task until it is cancelled or its listener closed.
func (s *Server) Start(ctx context.Context) *session.Task {
	return s.Session.GoServe(ctx, "serve "+s.Name, s.Listener.Addr(), func(ctx context.Context) ([]any, error) {
		return nil, s.run(ctx)
	})
}

// run accepts until ctx ends, then ends its clients and waits for them.
func (s *Server) run(ctx context.Context) error {
	s.Session.Own(ctx, s.Listener)
	defer s.Session.Forget(s.Listener)
	defer s.Listener.Close()
	if !s.Silent { // no script's function, which runs on one processor anyway
		defer s.Session.Parallel()()
	}
	var clients sync.WaitGroup
	defer clients.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	places := make(chan struct{}, max(s.MaxConns, 1))
	for {
		if err := s.takePlace(ctx, places); err != nil {
			return err
		}
		c, err := s.Listener.Accept(ctx)
		if err != nil {
			return err
		}
		s.Session.Adopt(c)
		if s.Iterative {
			s.serve(ctx, c, places)
			continue
		}
		s.serveBeside(ctx, c, places, &clients)
	}
}

// takePlace waits until fewer than MaxConns clients are served.
func (s *Server) takePlace(ctx context.Context, places chan struct{}) error {
	if s.MaxConns == 0 {
		return nil
	}
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// serveBeside serves a client in a task of its own, which ends with the server.
func (s *Server) serveBeside(ctx context.Context, c *sock.Stream, places chan struct{}, clients *sync.WaitGroup) {
	clients.Add(1)
	ended := sync.OnceFunc(clients.Done)
	task := s.Session.GoWithin(ctx, fmt.Sprintf("serve %s to %s", s.Name, c.Name()), func(own context.Context) ([]any, error) {
		defer ended()
		s.serve(own, c, places)
		return nil, nil
	})
	if task.Closed() { // it may never have run: the session is closing
		ended()
	}
}

// serve runs the client function, closes the client and says how it went.
func (s *Server) serve(ctx context.Context, c *sock.Stream, places chan struct{}) {
	s.Session.Own(ctx, c)
	info := c.Info().(sock.Info)
	s.tell(c, "accepted", fmt.Sprintf("%s connected from %s", c.Name(), info.Raddr))
	err := s.Client(ctx, c)
	info = c.Info().(sock.Info)
	c.Close()
	s.Session.Forget(c)
	if s.MaxConns > 0 {
		<-places
	}
	s.noteEnd(c, info, err)
}

func (s *Server) noteEnd(c *sock.Stream, info sock.Info, err error) {
	switch primitive.KindOf(err) {
	case "", primitive.EOF, primitive.Closed, primitive.Canceled:
		s.tell(c, "closed", fmt.Sprintf("%s closed: %d bytes received, %d sent", c.Name(), info.Received, info.Sent))
	default:
		s.note(c, "failed", fmt.Sprintf("%s failed: %v", c.Name(), err))
	}
}

func (s *Server) tell(c *sock.Stream, what, text string) {
	if !s.Silent {
		s.note(c, what, text)
	}
}

func (s *Server) note(c *sock.Stream, what, text string) {
	s.Session.Note(session.Note{Handle: c.Name(), What: what, Text: text})
}
