package sock

import (
	"net"

	"sosh/primitive"
)

// Pending is what waits at a handle for whoever uses it next. Looking takes
// nothing: neither bytes nor errors, nor anybody's turn.
type Pending struct {
	Unit    Unit  // of what Count counts
	Count   int64 // bytes of a stream, datagrams, or connections to accept
	Taken   int64 // as many were taken so far, by anybody
	Dropped int64 // datagrams the system dropped so far, as the queue was full, where it tells
	Ended   bool  // the peer ended its side, and nobody has seen it yet
	Reset   bool  // the connection was torn down, and nobody has seen it yet
	Fault   bool  // an error waits for the next who uses a datagram socket
	Over    bool  // no more can come: the end was seen or not, on either side
	Busy    bool  // somebody is receiving or accepting right now
}

// A Unit is what comes in at a handle, one of it.
type Unit string

// The units of streams, datagram sockets and listeners.
const (
	Bytes       Unit = "byte"
	Datagrams   Unit = "datagram"
	Connections Unit = "connection"
	Messages    Unit = "message"
)

// A Source is a handle of another package at which something comes in by itself:
// messages of a protocol over a stream.
type Source interface {
	primitive.Handle
	Look() (Pending, error)     // as Look does
	Gone() <-chan struct{}      // as Gone does
	Tell(arrived func()) func() // calls arrived whenever something comes in, from now until the result is called
}

// Arrived is how many came since the handle was opened. It never falls.
func (p Pending) Arrived() int64 { return p.Count + p.Taken + p.Dropped }

// Look tells what waits at a stream, a listener or a datagram socket, or at a
// socket with such a role. Closed; NotReady for a socket without a role;
// Unsupported where the system cannot tell, and for other handles.
func Look(h primitive.Handle) (Pending, error) {
	switch h := RoleOf(h).(type) {
	case *Stream:
		return h.look()
	case *Listener:
		return h.look()
	case *Datagram:
		return h.look()
	case Source:
		return h.Look()
	case *Socket:
		return Pending{}, h.notReady("nothing can come yet", "connect or listen first")
	}
	return Pending{}, primitive.Newf(primitive.Unsupported, "nothing comes in at a %s", h.Type())
}

// RoleOf is the role of a socket that has one, else the handle itself.
func RoleOf(h primitive.Handle) primitive.Handle {
	if s, ok := h.(*Socket); ok {
		if r := s.Role(); r != nil {
			return r
		}
	}
	return h
}

// A queue is what the system says of a descriptor.
type queue struct {
	count, dropped int64
	ended, failed  bool // see Pending
}

func (c *Stream) look() (Pending, error) {
	if c.Closed() {
		return Pending{}, fault(net.ErrClosed, c.target(c.Raddr()))
	}
	var q queue
	if err := controlOf(c.conn, func(fd uintptr) (err error) { q, err = streamQueue(fd); return err }); err != nil {
		return Pending{}, fault(err, c.target(c.Raddr()))
	}
	held := c.held.Load()
	p := Pending{Unit: Bytes, Count: held + q.count, Taken: c.in.Load() - held, Busy: c.reading.held.Load()}
	told := c.readShut.Load() || c.atEOF.Load() || c.broken.Load()
	p.Over = told || q.failed || q.ended
	p.Reset = q.failed && !told
	p.Ended = q.ended && !q.failed && !told
	return p, nil
}

func (u *Datagram) look() (Pending, error) {
	if u.Closed() {
		return Pending{}, fault(net.ErrClosed, u.target(u.Addr()))
	}
	u.looking.Lock()
	defer u.looking.Unlock()
	var q queue
	if err := u.control(func(fd uintptr) (err error) { q, err = datagramQueue(fd); return err }); err != nil {
		return Pending{}, fault(err, u.target(u.Addr()))
	}
	return Pending{Unit: Datagrams, Count: q.count + u.ahead.Load(), Taken: u.taken.Load(), Dropped: q.dropped, Fault: q.failed, Busy: u.receiving.held.Load()}, nil
}

func (l *Listener) look() (Pending, error) {
	if l.Closed() {
		return Pending{}, fault(net.ErrClosed, l.target(l.addr))
	}
	var q queue
	if err := l.control(func(fd uintptr) (err error) { q, err = listenQueue(fd); return err }); err != nil {
		return Pending{}, fault(err, l.target(l.addr))
	}
	return Pending{Unit: Connections, Count: q.count, Taken: l.taken.Load(), Busy: l.accepting.held.Load()}, nil
}

// WaitingFrom is who a connection that waits to be accepted is from; "" for none,
// and where the system does not tell.
func (l *Listener) WaitingFrom() string { return waitingFrom(l.addr) }

// Gone is closed when the handle is closed on this side; nil for what is no
// handle of this package.
func Gone(h primitive.Handle) <-chan struct{} {
	switch h := RoleOf(h).(type) {
	case *Stream:
		return h.whenClosed()
	case *Listener:
		return h.whenClosed()
	case *Datagram:
		return h.whenClosed()
	case Source:
		return h.Gone()
	}
	return nil
}

// whenClosed makes the channel at its first use: most handles need none.
func (b *base) whenClosed() <-chan struct{} {
	fresh := make(chan struct{})
	b.gone.CompareAndSwap(nil, &fresh)
	if b.closed.Load() {
		b.wakeGone()
	}
	return *b.gone.Load()
}

// wakeGone tells who waits for the end of the handle, after closed is set.
func (b *base) wakeGone() {
	if ch := b.gone.Load(); ch != nil && !b.woken.Swap(true) {
		close(*ch)
	}
}

// controlHandle runs a system call on the descriptor of a handle or its role.
func controlHandle(h primitive.Handle, call func(fd uintptr) error) error {
	role := RoleOf(h)
	if s, bare := role.(*Socket); bare { // its descriptor changes with its role
		return s.notReady("nothing can come yet", "connect or listen first")
	}
	if c, ok := role.(controller); ok {
		return c.control(call)
	}
	return primitive.Newf(primitive.Unsupported, "there is no socket behind this handle")
}
