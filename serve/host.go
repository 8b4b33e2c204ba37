package serve

import (
	"fmt"

	"sosh/primitive"
	"sosh/session"
)

// A Host is what a service knows of the server it runs in.
type Host interface {
	// Log notes one line about a request or a client: "127.0.0.1:5000 GET / 200".
	// What would not print is escaped, so a peer's bytes may stand in it.
	Log(format string, args ...any)
	// Hit is whether this request is one that a fault is meant for (--every, --chance):
	// ask once for each request, if the service has faults of its own, as --status.
	Hit() bool
	// Addr is where it serves; zero before it does.
	Addr() primitive.Addr
}

var _ Host = (*Server)(nil)

// Addr is where it serves; zero before its sockets are there.
func (s *Server) Addr() primitive.Addr {
	switch {
	case s.Listener != nil:
		return s.Listener.Addr()
	case s.Datagram != nil:
		return s.Datagram.Addr()
	}
	return primitive.Addr{}
}

// Longest line of a log, in bytes: a peer decides what stands in it.
const maxLog = 1 << 10

// Log notes a line of the service's.
func (s *Server) Log(format string, args ...any) {
	if s.Mute {
		return
	}
	text := fmt.Sprintf(format, args...)
	if len(text) > maxLog {
		text = text[:maxLog] + "…"
	}
	s.Session.Note(session.Note{Handle: s.handle(), What: "request", Text: primitive.Escape(text, false)})
}

// handle is the name of the socket that a request came to.
func (s *Server) handle() string {
	if s.Listener != nil {
		return s.Listener.Name()
	}
	if s.Datagram != nil {
		return s.Datagram.Name()
	}
	return ""
}

// Hit is whether a fault is meant for this request.
func (s *Server) Hit() bool {
	s.choosing.Do(func() { s.requests = s.Faults.chooser() })
	return s.requests.hit()
}
