//go:build unix

package sock

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// Open is socket(2) with protocol 0, non-blocking and closed on exec; it sets
// no options. Unsupported (EAFNOSUPPORT and the like), Usage.
func Open(family Family, typ Type) (*Socket, error) {
	return openSocket(context.Background(), family, typ, false)
}

// OpenContext is Open for whoever looks on under the context.
func OpenContext(ctx context.Context, family Family, typ Type) (*Socket, error) {
	return openSocket(ctx, family, typ, false)
}

// openSocket is Open; short where it is a part of a short form.
func openSocket(ctx context.Context, family Family, typ Type, short bool) (*Socket, error) {
	kind := unix.SOCK_STREAM
	switch typ {
	case StreamType:
	case DgramType:
		kind = unix.SOCK_DGRAM
	default:
		return nil, primitive.Usagef("no socket type %s", primitive.Quote(string(typ))).WithHint("use stream or dgram")
	}
	domain, proto, err := domainOf(family)
	if err != nil {
		return nil, err
	}
	fd, err := traced(primitive.TraceFrom(ctx), "socket", func() string { return SocketArgs(family, typ) },
		func() (int, error) { return newSocket(domain, kind, proto) })
	if err != nil {
		return nil, fault(os.NewSyscallError("socket", err), string(family))
	}
	s := &Socket{kind: family, typ: typ, short: short, born: time.Now()}
	s.file = os.NewFile(uintptr(fd), "socket")
	s.begun(ctx)
	if typ == DgramType {
		return s, s.becomeDatagram(primitive.TraceFrom(ctx))
	}
	return s, nil
}

func domainOf(family Family) (domain, proto int, err error) {
	switch family {
	case Inet:
		return unix.AF_INET, 0, nil
	case Inet6:
		return unix.AF_INET6, 0, nil
	case Unix:
		return unix.AF_UNIX, 0, nil
	case Vsock, Bluetooth:
		return otherDomain(family)
	}
	e := primitive.Usagef("no address family %s", primitive.Quote(string(family)))
	return 0, 0, e.WithHint("use inet, inet6, unix, vsock or bluetooth")
}

// becomeDatagram hands the descriptor to the net package. It holds no port yet,
// so unlike a stream it can be handed over before bind.
func (s *Socket) becomeDatagram(t *primitive.Trace) error {
	defer s.file.Close()
	conn, err := net.FilePacketConn(s.file)
	if err != nil {
		return fault(err, string(s.kind))
	}
	handedOver(t, conn)
	u := newDatagram(conn.(packetConn))
	u.label, u.kind = &s.Label, s.kind
	s.become(u)
	return nil
}

// Bind gives the socket its local address (bind(2)); port 0 is the system's
// choice. InUse, Denied, NotFound, Failed (EADDRNOTAVAIL; EINVAL when it is
// bound already), Unsupported.
func (s *Socket) Bind(ctx context.Context, addr primitive.Addr) error {
	if err := s.step.take(ctx); err != nil {
		return fault(err, s.Name())
	}
	defer s.step.leave()
	if s.Closed() {
		return fault(net.ErrClosed, s.Name())
	}
	sa, err := sockaddrOf(ctx, s.kind, addr)
	if err == nil {
		err = s.control(func(fd uintptr) error {
			return traced0(trace(ctx, s.Tap()), "bind", func() string { return list(fd, sockaddrText(sa)) }, func() error { return unix.Bind(int(fd), sa) })
		})
	}
	defer func() { s.tellStep(ctx, primitive.Event{What: primitive.Bound, Err: err}) }()
	switch {
	case err == nil:
		s.bound.Store(true)
		return nil
	case errors.Is(err, unix.EINVAL) && (s.bound.Load() || s.Role() != nil):
		return s.wrongStep("EINVAL", "the socket is already bound")
	}
	return bindHint(os.NewSyscallError("bind", err), addr)
}

// Listen makes the socket a listener whose queue holds backlog connections
// (listen(2)); an unbound one gets a port. Called again it changes the backlog.
// InUse, Unsupported on datagram sockets, Failed on connected ones.
func (s *Socket) Listen(backlog int) error {
	if err := s.step.take(context.Background()); err != nil {
		return fault(err, s.Name())
	}
	defer s.step.leave()
	switch r := s.Role().(type) {
	case *Listener:
		return fault(r.setBacklog(traceNow(s.Tap()), backlog), s.Name())
	case *Stream:
		return s.wrongStep("EINVAL", "the socket is already connected")
	case *Datagram:
		e := fromName("EOPNOTSUPP", nil).On(s.Name())
		e.Cause = "a datagram socket does not listen"
		return e.WithHint("receive at once: recvfrom")
	}
	t := traceNow(s.Tap())
	err := s.control(func(fd uintptr) error {
		return traced0(t, "listen", func() string { return list(fd, backlog) }, func() error { return unix.Listen(int(fd), backlog) })
	})
	s.tellStep(context.Background(), primitive.Event{What: primitive.Listening, Err: err, Note: "backlog " + strconv.Itoa(backlog)})
	if err != nil {
		return bindHint(os.NewSyscallError("listen", err), s.localAddr())
	}
	ln, err := listenerOf(s.file, s.kind)
	if err != nil {
		return fault(err, s.Name())
	}
	handedOver(t, ln)
	l := newListener(ln)
	l.label, l.kind, l.bare = &s.Label, s.kind, true
	l.backlog.Store(int64(backlog))
	s.become(l)
	return nil
}

// Connect connects a stream socket, or gives a datagram socket its peer
// (connect(2)). The context bounds it. Refused, Timeout, Unreachable, NotFound,
// Failed (EISCONN when it is connected already), Canceled, Closed. After a
// failure the state of a stream socket is the system's affair: open another.
func (s *Socket) Connect(ctx context.Context, addr primitive.Addr) error {
	if err := s.step.take(ctx); err != nil {
		return fault(err, s.Name())
	}
	defer s.step.leave()
	if s.Closed() {
		return fault(net.ErrClosed, s.Name())
	}
	switch s.Role().(type) {
	case *Stream:
		return s.wrongStep("EISCONN", "the socket is already connected")
	case *Listener:
		return s.wrongStep("EISCONN", "the socket is already listening")
	}
	sa, err := sockaddrOf(ctx, s.kind, addr)
	if err != nil {
		return dialHint(err, addr)
	}
	if u, ok := s.Role().(*Datagram); ok {
		err = u.connect(ctx, sa)
	} else {
		err = s.connectStream(ctx, sa)
	}
	err = s.orClosed(err)
	if s.tellStep(ctx, primitive.Event{What: primitive.Connected, Raddr: addr, Err: err}); err == nil {
		return nil
	}
	return dialHint(ended(ctx, err, addr.String()), addr)
}

func (s *Socket) connectStream(ctx context.Context, sa unix.Sockaddr) error {
	var w watch
	w.set = s.file.SetWriteDeadline
	if err := w.begin(ctx); err != nil {
		return err
	}
	t := trace(ctx, s.Tap())
	err := connectFile(s.file, sa, t)
	w.end()
	if err != nil {
		return err
	}
	conn, err := connOf(s.file, s.kind, s.short)
	if err != nil {
		return err
	}
	handedOver(t, conn)
	c := NewStream(conn)
	c.label, c.origin = &s.Label, primitive.Connected
	s.become(c)
	return nil
}

// connectFile connects and waits. connect(2) is called inside the first
// callback: called before it, the readiness that the poller reports could be
// lost when the poller starts to watch the descriptor.
func connectFile(f *os.File, sa unix.Sockaddr, t *primitive.Trace) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	started := false
	rerr := raw.Write(func(fd uintptr) bool {
		if !started {
			started = true
			err = traced0(t, "connect", func() string { return list(fd, sockaddrText(sa)) }, func() error { return unix.Connect(int(fd), sa) })
			if underWay(err) {
				t.Say(waitsConnect)
			}
			return !underWay(err)
		}
		err = connectResult(int(fd), t)
		return !errors.Is(err, unix.ENOTCONN)
	})
	if rerr != nil {
		return rerr
	}
	return os.NewSyscallError("connect", err)
}

// underWay is whether connect(2) goes on by itself.
func underWay(err error) bool {
	return errors.Is(err, unix.EINPROGRESS) || errors.Is(err, unix.EINTR) || errors.Is(err, unix.EALREADY)
}

// connectResult is how a connect ended; ENOTCONN when it has not ended yet.
func connectResult(fd int, t *primitive.Trace) error {
	no := 0
	err := traced0(t, "getsockopt", func() string { return list(fd, "SOL_SOCKET, SO_ERROR", "["+errorText(no)+"]", "[4]") },
		func() (err error) { no, err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR); return err })
	if err != nil {
		return err
	}
	if no != 0 {
		return unix.Errno(no)
	}
	var peer unix.Sockaddr
	return traced0(t, "getpeername", func() string {
		if peer == nil {
			return list(fd, "NULL, ["+strconv.Itoa(unix.SizeofSockaddrAny)+"]")
		}
		return list(fd, filledText(peer, unix.SizeofSockaddrAny))
	}, func() (err error) { peer, err = unix.Getpeername(fd); return err })
}

// errorText is the value of SO_ERROR.
func errorText(no int) string {
	if no == 0 {
		return "0"
	}
	return errnoName(unix.Errno(no))
}

// localAddr asks getsockname(2).
func (s *Socket) localAddr() primitive.Addr {
	var a primitive.Addr
	_ = s.control(func(fd uintptr) error { // a closed socket has no address
		sa, err := unix.Getsockname(int(fd))
		a = fromSockaddr(sa)
		return err
	})
	return a
}

// connOf hands a connected descriptor over to the net package and keeps the
// options as they were, which net would change, unless it is a short form's. The
// original is closed, since
// each of the two would hold the port.
func connOf(f *os.File, family Family, short bool) (net.Conn, error) {
	if family == Vsock || family == Bluetooth {
		return newFileConn(f, family), nil
	}
	defer f.Close()
	if short {
		return net.FileConn(f)
	}
	before := streamOptions(f)
	conn, err := net.FileConn(f)
	if err == nil {
		before.apply(conn)
	}
	return conn, err
}

func listenerOf(f *os.File, family Family) (net.Listener, error) {
	if family == Vsock || family == Bluetooth {
		return &fileListener{f, family}, nil
	}
	defer f.Close()
	return net.FileListener(f)
}
