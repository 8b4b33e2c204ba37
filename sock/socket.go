package sock

import (
	"context"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"sosh/primitive"
)

// A Socket is made by raw steps, each one system call. A stream socket becomes
// a Listener or a Stream by Listen or Connect; a datagram socket can send from
// the start, so it is a Datagram at once. The role has the socket's name, and
// closing either closes both.
type Socket struct {
	primitive.Label
	kind   Family
	typ    Type
	short  bool // a part of a short form, which tells what it makes
	born   time.Time
	step   turn     // one step at a time
	file   *os.File // the descriptor until there is a role
	role   atomic.Pointer[primitive.Handle]
	bound  atomic.Bool
	closed atomic.Bool
}

// Prefix is "s".
func (s *Socket) Prefix() string { return "s" }

// Type is "socket".
func (s *Socket) Type() string { return "socket" }

// Closed is true once the socket or its role was closed.
func (s *Socket) Closed() bool {
	r := s.Role()
	return s.closed.Load() || r != nil && r.Closed()
}

// Role is the *Stream, *Listener or *Datagram that the socket has become, or
// nil.
func (s *Socket) Role() primitive.Handle {
	if r := s.role.Load(); r != nil {
		return *r
	}
	return nil
}

// Close frees the descriptor and wakes whoever waits on the socket or its role.
func (s *Socket) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	if r := s.Role(); r != nil {
		return r.Close()
	}
	called := closing(traceNow(s.Tap()), s.file)
	err := s.file.Close()
	called(err)
	s.tellStep(context.Background(), primitive.Event{What: primitive.Gone})
	return fault(err, s.Name())
}

// become gives the socket its role.
func (s *Socket) become(r primitive.Handle) {
	s.role.Store(&r)
	if s.closed.Load() { // Close came before it could see the role
		_ = r.Close() // its caller has the answer already
	}
}

// Shape is what Info gives, empty.
func (*Socket) Shape() any { return Info{} }

// Info is an Info: that of the role with the type "socket".
func (s *Socket) Info() any {
	if r := s.Role(); r != nil {
		i := r.Info().(Info)
		i.Type = s.Type()
		return i
	}
	i := Info{ID: s.Name(), Type: s.Type(), State: "open", Family: string(s.kind), Age: time.Since(s.born)}
	switch {
	case s.closed.Load():
		i.State = "closed"
	case s.bound.Load():
		i.State = "bound"
		i.setAddrs(s.localAddr(), primitive.Addr{})
	}
	return i
}

// AsStream is the stream after Connect; NotReady before.
func (s *Socket) AsStream() (*Stream, error) {
	if c, ok := s.Role().(*Stream); ok {
		return c, nil
	}
	return nil, s.notReady("the socket is not connected", "connect first: "+s.command("socket connect")+" HOST PORT")
}

// AsListener is the listener after Listen; NotReady before.
func (s *Socket) AsListener() (*Listener, error) {
	if l, ok := s.Role().(*Listener); ok {
		return l, nil
	}
	return nil, s.notReady("the socket is not listening", "listen first: "+s.command("socket listen")+" 5")
}

// AsDatagram is the datagram socket; NotReady when the type is stream.
func (s *Socket) AsDatagram() (*Datagram, error) {
	if u, ok := s.Role().(*Datagram); ok {
		return u, nil
	}
	return nil, s.notReady("the socket is no datagram socket", "open one: socket open "+string(s.kind)+" dgram")
}

// command is a command on this socket, by its name if it has one.
func (s *Socket) command(words string) string { return strings.TrimSpace(words + " " + s.Name()) }

func (s *Socket) notReady(cause, hint string) error {
	if s.Closed() {
		return fault(net.ErrClosed, s.Name())
	}
	return primitive.Newf(primitive.NotReady, "%s", cause).On(s.Name()).WithHint("%s", hint)
}

// wrongStep is the error of a step that the socket has already left behind.
func (s *Socket) wrongStep(errno, cause string) error {
	e := fromName(errno, nil).On(s.Name())
	e.Cause = cause
	return e.WithHint("open another socket: socket open %s %s", s.kind, s.typ)
}

// control runs a system call on the descriptor.
func (s *Socket) control(call func(fd uintptr) error) error {
	if r, ok := s.Role().(controller); ok {
		return r.control(call)
	}
	return s.orClosed(controlOf(s.file, call))
}

// orClosed says that the socket was closed, for which an os.File that is used
// through its descriptor has no error of its own.
func (s *Socket) orClosed(err error) error {
	if err != nil && s.closed.Load() {
		return net.ErrClosed
	}
	return err
}

func (s *Socket) family() Family { return s.kind }
