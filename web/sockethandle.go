package web

import (
	"context"
	"fmt"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// SocketInfo is what `info` shows of a WebSocket, and the fields scripts read.
type SocketInfo struct {
	ID       string        `help:"the name of the handle" volatile:""`
	Type     string        `help:"websocket"`
	State    string        `help:"connected, peer ended or closed"`
	URL      string        `help:"what it is connected to" volatile:""`
	Protocol string        `help:"the subprotocol that was agreed on; empty for none"`
	Laddr    string        `help:"local address in one word" volatile:""`
	Raddr    string        `help:"the peer's address in one word" volatile:""`
	Received int64         `help:"messages received"`
	Sent     int64         `help:"messages sent"`
	Waiting  int           `help:"messages received and not yet taken"`
	End      string        `help:"how it ended, with the peer's code; empty before"`
	Age      time.Duration `help:"time since it was opened" volatile:""`
}

// Prefix is "w".
func (*Socket) Prefix() string { return "w" }

// Type is "websocket".
func (*Socket) Type() string { return "websocket" }

// Over is the stream that the messages go over.
func (s *Socket) Over() primitive.Tapped { return s.stream }

// Shape is what Info gives, empty.
func (*Socket) Shape() any { return SocketInfo{} }

// Info is a SocketInfo.
func (s *Socket) Info() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := SocketInfo{
		ID: s.Name(), Type: s.Type(), State: "connected", URL: s.url.String(), Protocol: s.proto,
		Laddr: s.stream.Laddr().String(), Raddr: s.stream.Raddr().String(),
		Received: s.received, Sent: s.sent, Waiting: len(s.queue), Age: time.Since(s.born),
	}
	if s.end != nil {
		i.State, i.End = "peer ended", primitive.AsError(s.end).Cause
	}
	if s.Closed() {
		i.State = "closed"
	}
	return i
}

// Announce says in one line what was opened.
func (s *Socket) Announce() string {
	text := fmt.Sprintf("%s websocket %s", s.Name(), s.url)
	if s.proto != "" {
		text += ", protocol " + s.proto
	}
	return text
}

// SendText sends a message of text; see Send.
func (s *Socket) SendText(ctx context.Context, text []byte) error {
	return s.Send(ctx, Message{Data: text, Text: true})
}

// RecvData takes a message of either kind; see Recv.
func (s *Socket) RecvData(ctx context.Context) ([]byte, error) {
	m, err := s.Recv(ctx)
	return m.Data, err
}

// Closed is true once Close was called.
func (s *Socket) Closed() bool {
	select {
	case <-s.gone:
		return true
	default:
		return false
	}
}

// Gone is closed when the handle is.
func (s *Socket) Gone() <-chan struct{} { return s.gone }

// Look is what waits; see sock.Look.
func (s *Socket) Look() (sock.Pending, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Closed() {
		return sock.Pending{}, s.closedError()
	}
	return sock.Pending{
		Unit: sock.Messages, Count: int64(len(s.queue)), Taken: s.taken, Over: s.end != nil, Busy: s.waiting > 0,
		Ended: s.end != nil && !s.seen && primitive.KindOf(s.end) == primitive.EOF,
		Reset: s.end != nil && !s.seen && primitive.KindOf(s.end) != primitive.EOF,
	}, nil
}

// Tell calls arrived whenever something changes; see sock.Source.
func (s *Socket) Tell(arrived func()) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.tellNext
	s.tellNext++
	s.tells[n] = arrived
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.tells, n)
	}
}
