package sock

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
	"time"

	"sosh/primitive"
)

// A Listener accepts connections: TCP, Unix, or another family's by raw steps.
type Listener struct {
	base
	ln        net.Listener
	addr      primitive.Addr
	kind      Family
	backlog   atomic.Int64
	guests    Guests
	bare      bool                    // made by raw steps: accepted sockets keep the listener's options
	wrap      func(net.Conn) net.Conn // a layer over what is accepted, such as TLS; usually nil
	accepting turn
	watch     watch
	accepted  atomic.Int64
	taken     atomic.Int64 // accepted, and refused by allow or deny
	file      boundFile    // of a Unix socket, to remove when closed
	replaced  bool         // a stale file was in the way
}

// ListenOptions says how ListenStream listens.
type ListenOptions struct {
	Backlog int  // how many connections may wait; 0 is the system's maximum
	Dual    bool // an inet6 listener takes IPv4 too
	Guests
}

// ListenStream opens, binds and listens in one step, with SO_REUSEADDR; a host
// of IPv6 is IPv6 only unless Dual. Port 0 is the system's choice. A peer that
// is none of the guests is accepted and closed at once. InUse,
// Denied, NotFound, Unsupported.
func ListenStream(ctx context.Context, addr primitive.Addr, o ListenOptions) (*Listener, error) {
	if addr.Path != "" {
		return ListenUnix(ctx, addr.Path, UnixOptions{Backlog: o.Backlog})
	}
	at, err := resolveOne(ctx, addr, "")
	if err != nil {
		return nil, err
	}
	t := primitive.TraceFrom(ctx)
	ln, seen, err := listenSeen(ctx, t, at, o)
	if !seen {
		lc := net.ListenConfig{Control: reuseAddr}
		lc.SetMultipathTCP(false) // a lesson's listener is plain TCP, also to ss and captures
		ln, err = lc.Listen(ctx, netOf("tcp", at.Addr(), o.Dual), at.String())
	}
	if err != nil {
		return nil, bindHint(err, addr)
	}
	l := newListener(ln)
	l.guests = o.Guests
	if l.backlog.Store(int64(o.Backlog)); o.Backlog > 0 && !seen {
		err = l.setBacklog(nil, o.Backlog)
	}
	if err != nil {
		_ = l.Close() // the first error is the one to tell
		return nil, fault(err, addr.String())
	}
	return l.begun(ctx), nil
}

// netOf is the net package's word: "tcp6" is IPv6 only, "tcp" with an IPv6
// address takes both.
func netOf(proto string, ip netip.Addr, dual bool) string {
	switch {
	case ip.Is4():
		return proto + "4"
	case dual:
		return proto
	}
	return proto + "6"
}

func newListener(ln net.Listener) *Listener {
	l := &Listener{base: newBase(), ln: ln, addr: addrOf(ln.Addr())}
	l.kind = familyOf(l.addr)
	if f, ok := ln.(interface{ family() Family }); ok {
		l.kind = f.family()
	}
	if d, ok := ln.(interface{ SetDeadline(time.Time) error }); ok {
		l.watch.set = d.SetDeadline
	}
	return l
}

// setBacklog calls listen(2) again, which changes the length of the queue.
func (l *Listener) setBacklog(t *primitive.Trace, n int) error {
	err := l.control(func(fd uintptr) error {
		return traced0(t, "listen", func() string { return list(fd, n) }, func() error { return relisten(fd, n) })
	})
	if err == nil {
		l.backlog.Store(int64(n))
	}
	return err
}

// Prefix is "l".
func (l *Listener) Prefix() string { return "l" }

// Type is "listener".
func (l *Listener) Type() string { return "listener" }

// Addr is where it listens, with the port that was chosen.
func (l *Listener) Addr() primitive.Addr { return l.addr }

// Shape is what Info gives, empty.
func (*Listener) Shape() any { return Info{} }

// Info is an Info; on Linux the backlog and the queue are the kernel's own
// numbers.
func (l *Listener) Info() any {
	i := Info{
		ID: l.Name(), Type: l.Type(), State: "listening", Family: string(l.kind),
		Backlog: int(l.backlog.Load()), Accepted: l.accepted.Load(), Age: time.Since(l.born),
	}
	i.setAddrs(l.addr, primitive.Addr{})
	if l.Closed() {
		i.State = "closed"
		return i
	}
	_ = l.control(func(fd uintptr) error { // without an answer what was asked for stays
		queueOf(fd, &i)
		return nil
	})
	return i
}

// Close stops listening, frees the port and wakes whoever accepts. Accepted
// connections live on.
func (l *Listener) Close() error {
	if l.closed.Swap(true) {
		return nil
	}
	l.wakeGone()
	called := closing(traceNow(l.Tap()), l.ln)
	err := l.ln.Close()
	called(err)
	if tap := l.Tap(); tap != nil {
		tell(context.Background(), tap, l, primitive.Event{What: primitive.Gone, Laddr: l.addr})
	}
	l.file.remove()
	l.watch.close()
	return fault(err, l.target(l.addr))
}

// Accept waits for the next connection (accept(2)). Timeout, Canceled, Closed.
func (l *Listener) Accept(ctx context.Context) (*Stream, error) {
	if err := l.accepting.take(ctx); err != nil {
		return nil, l.ended(ctx, err, l.addr)
	}
	defer l.accepting.leave()
	if l.Closed() {
		return nil, fault(net.ErrClosed, l.target(l.addr))
	}
	if err := l.watch.begin(ctx); err != nil {
		return nil, l.ended(ctx, err, l.addr)
	}
	defer l.watch.end()
	tap := l.Tap()
	for {
		conn, err := l.acceptConn(ctx, trace(ctx, tap))
		if err != nil {
			return nil, l.ended(ctx, err, l.addr)
		}
		l.taken.Add(1)
		if !l.admits(conn) {
			_ = conn.Close() // an unwanted peer is told nothing
			continue
		}
		l.accepted.Add(1)
		if l.bare {
			inheritOptions(l, conn)
		}
		if l.wrap != nil {
			conn = l.wrap(conn)
		}
		if now := l.Tap(); now != nil || tap == nil || tap.Calls == nil {
			tap = now // it may have changed while this waited
		}
		return NewStream(conn).begun(ctx, tap, primitive.Accepted), nil
	}
}

// acceptConn is accept(2); one that is explained is a call of our own.
func (l *Listener) acceptConn(ctx context.Context, t *primitive.Trace) (net.Conn, error) {
	if t == nil {
		return l.ln.Accept()
	}
	return l.acceptStep(ctx, t)
}

// Wrap has every connection that is accepted go through a layer of the caller's,
// such as TLS. It is called before the first Accept.
func (l *Listener) Wrap(layer func(net.Conn) net.Conn) { l.wrap = layer }

// admits is whether the peer may connect. Unix peers have no address to judge.
func (l *Listener) admits(conn net.Conn) bool {
	if l.guests.any() {
		return true
	}
	tcp, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return true
	}
	return l.guests.admits(tcp.AddrPort().Addr())
}

// control runs a system call on the descriptor.
func (l *Listener) control(call func(fd uintptr) error) error { return controlOf(l.ln, call) }

func (l *Listener) family() Family { return l.kind }

// controlOf runs a system call on the descriptor of anything of the net package.
func controlOf(x any, call func(fd uintptr) error) error {
	for {
		t, ok := x.(interface{ NetConn() net.Conn }) // TLS
		if !ok {
			break
		}
		x = t.NetConn()
	}
	sc, ok := x.(syscall.Conn)
	if !ok {
		return primitive.Newf(primitive.Unsupported, "there is no socket behind this handle")
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return err
	}
	var cerr error
	if err := raw.Control(func(fd uintptr) { cerr = call(fd) }); err != nil {
		return err
	}
	return cerr
}
