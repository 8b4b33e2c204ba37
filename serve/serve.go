// Package serve runs servers for lessons, mocks and ad-hoc use: a loop that
// accepts and a task for each client, or one client at a time; a datagram socket
// on the same port; the built-in services, and the faults that mocks have.
package serve

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

// A Server serves on the sockets it owns: a listener, a datagram socket, or both.
type Server struct {
	Session   *session.Session
	Name      string         // what it serves, for its task and notes: "echo"
	Listener  *sock.Listener // for Runner.Client; or nil
	Datagram  *sock.Datagram // for Runner.Packets; or nil
	Runner    Runner
	Iterative bool          // one client after another, in the accepting task itself
	MaxConns  int           // clients served at once; 0 is no limit
	Idle      time.Duration // a client that says and is told nothing for so long is closed; 0 is never
	Silent    bool          // says nothing of clients that come and go: the handler does, if it likes
	Mute      bool          // says nothing at all: no log, no failures of clients
	Faults    Faults

	choosing sync.Once
	requests *chooser // for Hit
}

// Start runs the server as a task until it is cancelled or a socket of it is
// closed.
func (s *Server) Start(ctx context.Context) *session.Task {
	return s.Session.GoServe(ctx, "serve "+s.Name, s.Addr(), func(ctx context.Context) ([]any, error) {
		if s.Runner.Close != nil {
			defer s.Runner.Close()
		}
		err := s.run(ctx)
		if primitive.KindOf(err) == primitive.Closed { // somebody closed a socket, or the session
			err = nil
		}
		return nil, err
	})
}

// run serves on both sockets until ctx ends or one of them does, which ends the
// other.
func (s *Server) run(ctx context.Context) error {
	switch {
	case s.Datagram == nil:
		return s.accept(ctx)
	case s.Listener == nil:
		return s.packets(ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	other := make(chan error, 1)
	go func() {
		defer cancel()
		other <- s.packets(ctx)
	}()
	err := s.accept(ctx)
	cancel()
	return first(<-other, err)
}

// first is the error that ended both: the other one was only cancelled by it.
func first(a, b error) error {
	if a == nil || primitive.KindOf(a) == primitive.Canceled || errors.Is(a, context.Canceled) {
		return b
	}
	return a
}

// packets serves the datagram socket.
func (s *Server) packets(ctx context.Context) error {
	s.Session.Own(ctx, s.Datagram)
	defer s.Session.Forget(s.Datagram)
	defer s.Datagram.Close()
	return s.Runner.Packets(ctx, s.Datagram)
}

// accept takes clients until ctx ends, then ends its clients and waits for them.
func (s *Server) accept(ctx context.Context) error {
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
	places, faults := make(chan struct{}, max(s.MaxConns, 1)), s.Faults.chooser()
	for {
		if err := s.takePlace(ctx, places); err != nil {
			return err
		}
		c, err := s.Listener.Accept(ctx)
		if err != nil {
			return err
		}
		c, fault := s.Faults.onto(c, faults)
		s.Session.Adopt(c)
		client := &client{Stream: c, fault: fault, places: places}
		if s.Iterative {
			s.serve(ctx, client)
			continue
		}
		s.serveBeside(ctx, client, &clients)
	}
}

// A client is one connection being served.
type client struct {
	*sock.Stream
	fault  fault
	places chan struct{} // one of them is this client's, if they are counted
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
func (s *Server) serveBeside(ctx context.Context, c *client, clients *sync.WaitGroup) {
	clients.Add(1)
	ended := sync.OnceFunc(clients.Done)
	task := s.Session.GoWithin(ctx, fmt.Sprintf("serve %s to %s", s.Name, c.Name()), func(own context.Context) ([]any, error) {
		defer ended()
		s.serve(own, c)
		return nil, nil
	})
	if task.Closed() { // it may never have run: the session is closing
		ended()
	}
}

// serve runs the service for one client, closes it and says how it went.
func (s *Server) serve(ctx context.Context, c *client) {
	s.Session.Own(ctx, c.Stream)
	s.tellAccepted(c)
	watch := watchIdle(c.Stream, s.Idle)
	err := c.fault.before(ctx, c.Stream)
	if err == nil && !c.Closed() {
		err = s.Runner.Client(ctx, c.Stream)
	}
	sock.Drain(ctx, c.Stream)
	s.left(c, watch.stop(), err)
}

// tellAccepted is not inlined, nor is left: what they need for a moment would be
// on the stack of every client.
//
//go:noinline
func (s *Server) tellAccepted(c *client) {
	s.tell(c.Stream, "accepted", fmt.Sprintf("%s connected from %s%s", c.Name(), c.Raddr(), c.fault.note()))
}

// left closes a client's connection and says how it went.
//
//go:noinline
func (s *Server) left(c *client, idle bool, err error) {
	info := c.Info().(sock.Info)
	c.Close()
	s.Session.Forget(c.Stream)
	if s.MaxConns > 0 {
		<-c.places
	}
	if idle {
		s.tell(c.Stream, "closed", fmt.Sprintf("%s was idle for %v and is closed: %s", c.Name(), s.Idle, traffic(info)))
		return
	}
	s.noteEnd(c.Stream, info, err)
}

func (s *Server) noteEnd(c *sock.Stream, info sock.Info, err error) {
	switch primitive.KindOf(err) {
	case "", primitive.EOF, primitive.Closed, primitive.Canceled:
		s.tell(c, "closed", fmt.Sprintf("%s closed: %s", c.Name(), traffic(info)))
	default:
		s.note(c, "failed", fmt.Sprintf("%s failed: %v", c.Name(), err))
	}
}

func traffic(i sock.Info) string {
	return fmt.Sprintf("%d bytes received, %d sent", i.Received, i.Sent)
}

func (s *Server) tell(c *sock.Stream, what, text string) {
	if !s.Silent {
		s.note(c, what, text)
	}
}

func (s *Server) note(c *sock.Stream, what, text string) {
	if !s.Mute {
		s.Session.Note(session.Note{Handle: c.Name(), What: what, Text: text})
	}
}
