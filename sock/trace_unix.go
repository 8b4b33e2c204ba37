//go:build unix

package sock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// Short forms are made by the net package. While they are explained, the same
// calls are made here one by one, so that each is seen with its result.

// What is done without a call of ours.
const (
	waitsReadable = "waits until there is something to read (Go's poller: epoll or kqueue)"
	waitsWritable = "waits until there is room (Go's poller: epoll or kqueue)"
	waitsConnect  = "waits until the handshake is over: the socket is then writable (Go's poller: epoll or kqueue)"
	waitsClient   = "waits until a client is there (epoll or kqueue)"
)

// handedOver says what the net package does with a socket that it is given.
func handedOver(t *primitive.Trace, x any) {
	if t == nil {
		return
	}
	_ = controlOf(x, func(fd uintptr) error {
		t.Moved(fmt.Sprintf("Go's net package takes the socket over: it duplicates the descriptor (fcntl), asks its names and sets its usual options; "+
			"it is %d from now on, the first one is closed", fd), int(fd))
		return nil
	})
}

// sockaddrText is an address as strace(1) writes it, with its length.
func sockaddrText(sa unix.Sockaddr) string {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return fmt.Sprintf(`{sa_family=AF_INET, sin_port=htons(%d), sin_addr=inet_addr("%s")}, 16`, sa.Port, netip.AddrFrom4(sa.Addr))
	case *unix.SockaddrInet6:
		return fmt.Sprintf(`{sa_family=AF_INET6, sin6_port=htons(%d), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "%s", &sin6_addr), sin6_scope_id=%d}, 28`,
			sa.Port, netip.AddrFrom16(sa.Addr), sa.ZoneId)
	case *unix.SockaddrUnix:
		if len(sa.Name) > 0 && sa.Name[0] == '@' {
			return fmt.Sprintf(`{sa_family=AF_UNIX, sun_path=@%s}, %d`, primitive.CString([]byte(sa.Name[1:]), 108), 2+len(sa.Name))
		}
		return fmt.Sprintf(`{sa_family=AF_UNIX, sun_path=%s}, %d`, primitive.CString([]byte(sa.Name), 108), 3+len(sa.Name))
	}
	return fmt.Sprintf("{%T}", sa)
}

// filledText is an address that a call filled in: the length is there twice.
func filledText(sa unix.Sockaddr, room int) string {
	text, size := sockaddrText(sa), 0
	if i := len(text) - 1; i > 0 {
		for ; text[i] != ' '; i-- {
		}
		_, _ = fmt.Sscan(text[i+1:], &size) // we have written it
		text = text[:i+1]
	}
	if size == room {
		return fmt.Sprintf("%s[%d]", text, size)
	}
	return fmt.Sprintf("%s[%d => %d]", text, room, size)
}

// setOption sets an option by its name, as a step.
func (s *Socket) setOption(t *primitive.Trace, name string, n int) error {
	for _, o := range options {
		if o.Name != name {
			continue
		}
		level, num := o.at(s.kind)
		return s.control(func(fd uintptr) error {
			return traced0(t, "setsockopt", func() string { return o.setCall(fd, s.kind, o.value(n)+", 4") }, func() error { return setInt(fd, level, num, n) })
		})
	}
	return nil
}

// A plan is what the short forms do to a new socket before its address counts.
type plan struct {
	family Family
	typ    Type
	set    map[string]int // options
	local  primitive.Addr
	mode   fs.FileMode
}

// begin opens a socket and does what all short forms do. The socket is closed
// when that fails.
func (p plan) begin(ctx context.Context, t *primitive.Trace) (*Socket, error) {
	s, err := openSocket(ctx, p.family, p.typ, true)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"v6only", "broadcast", "reuseaddr"} {
		if n, ok := p.set[name]; ok && err == nil {
			err = s.setOption(t, name, n)
		}
	}
	if err == nil && p.mode != 0 && p.local.Path != "" && p.local.Path[0] != '@' {
		err = s.control(func(fd uintptr) error { restrict(fd, p.mode); return nil })
	}
	if err == nil && p.local != (primitive.Addr{}) {
		err = s.Bind(ctx, p.local)
	}
	if err != nil {
		_ = s.Close() // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

// dialSteps is tcp connect or unix connect, step by step.
func dialSteps(ctx context.Context, t *primitive.Trace, p plan, to primitive.Addr) (*Stream, error) {
	s, err := p.begin(ctx, t)
	if err != nil {
		return nil, err
	}
	if err := s.Connect(ctx, to); err != nil {
		_ = s.Close() // the first error is the one to tell
		return nil, err
	}
	return s.AsStream()
}

// dialIP is dialSteps to one address.
func dialIP(ctx context.Context, t *primitive.Trace, to netip.AddrPort, local primitive.Addr) (*Stream, error) {
	p := plan{family: familyOfIP(to.Addr()), typ: StreamType, set: map[string]int{"reuseaddr": 1}, local: local}
	return dialSteps(ctx, t, p, portAddr(to))
}

// listenSteps is listen or unix listen, step by step.
func listenSteps(ctx context.Context, t *primitive.Trace, p plan, backlog int) (net.Listener, error) {
	s, err := p.begin(ctx, t)
	if err != nil {
		return nil, err
	}
	if backlog == 0 {
		backlog = unix.SOMAXCONN
	}
	if err := s.Listen(backlog); err != nil {
		_ = s.Close() // the first error is the one to tell
		return nil, err
	}
	l, err := s.AsListener()
	if err != nil {
		return nil, err
	}
	return l.ln, nil
}

// packetSteps is udp bind and its like, step by step; to is the peer or nothing.
func packetSteps(ctx context.Context, t *primitive.Trace, p plan, to primitive.Addr) (net.PacketConn, error) {
	s, err := p.begin(ctx, t)
	if err == nil && to != (primitive.Addr{}) {
		if err = s.Connect(ctx, to); err != nil {
			_ = s.Close() // the first error is the one to tell
		}
	}
	if err != nil {
		return nil, err
	}
	u, err := s.AsDatagram()
	if err != nil {
		return nil, err
	}
	return u.conn, nil
}

// acceptStep waits for a client and takes it with a call of our own.
func (l *Listener) acceptStep(ctx context.Context, t *primitive.Trace) (net.Conn, error) {
	p, err := NewPoller()
	if err != nil {
		return l.ln.Accept()
	}
	defer p.Close()
	for {
		nfd := -1
		err := l.control(func(fd uintptr) error {
			var from unix.Sockaddr
			args := func() string {
				if from == nil {
					return list(fd, "NULL, NULL"+AcceptFlags)
				}
				return list(fd, filledText(from, unix.SizeofSockaddrAny)+AcceptFlags)
			}
			var err error
			nfd, err = traced(t, AcceptName, args, func() (n int, err error) {
				n, from, err = acceptFrom(int(fd))
				return n, err
			})
			return err
		})
		if err == nil {
			return l.admitted(t, os.NewFile(uintptr(nfd), "socket"))
		}
		if !errors.Is(err, unix.EAGAIN) {
			return nil, os.NewSyscallError("accept", err)
		}
		t.Say(waitsClient)
		if err := l.awaitClient(ctx, p); err != nil {
			return nil, err
		}
	}
}

// admitted hands a new client over to the net package, which sets what it always
// does; Accept takes that back where the listener was made by raw steps.
func (l *Listener) admitted(t *primitive.Trace, f *os.File) (net.Conn, error) {
	conn, err := connOf(f, l.kind, true)
	if err == nil {
		handedOver(t, conn)
	}
	return conn, err
}

// awaitClient waits until a client is there, or the listener is closed.
func (l *Listener) awaitClient(ctx context.Context, p *Poller) error {
	if err := p.Watch(l); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		select {
		case <-l.whenClosed():
			cancel(net.ErrClosed)
		case <-ctx.Done():
		}
	}()
	_, err := p.Wait(ctx)
	cause := context.Cause(ctx)
	cancel(nil)
	<-over
	if err != nil && cause != nil {
		return cause
	}
	return err
}

// writeTraced writes all, each write a call of its own.
func (c *Stream) writeTraced(t *primitive.Trace, once bool) func([]byte) (int, error) {
	return func(p []byte) (int, error) { return writeCalls(t, c.raw, p, once) }
}

// writeCalls writes all, or what one write takes.
func writeCalls(t *primitive.Trace, raw syscall.RawConn, p []byte, once bool) (n int, err error) {
	for n < len(p) && err == nil {
		rerr := raw.Write(func(fd uintptr) bool {
			var k int
			k, err = traced(t, "write", func() string { return list(fd, p[n:], len(p)-n) },
				func() (int, error) { return retry(func() (int, error) { return writeNow(int(fd), p[n:]) }) })
			if errors.Is(err, unix.EAGAIN) {
				t.Say(waitsWritable)
				return false
			}
			n += max(k, 0)
			return true
		})
		if err = os.NewSyscallError("write", err); rerr != nil {
			err = rerr
		}
		if once {
			break
		}
	}
	return n, err
}

// readCalls is one read that brings something; now is asked for who records each
// call.
func readCalls(now func() *primitive.Trace, raw syscall.RawConn, p []byte) (n int, err error) {
	rerr := raw.Read(func(fd uintptr) bool {
		if t := now(); t != nil {
			n, err = readTraced(t, int(fd), p)
		} else {
			n, err = retry(func() (int, error) { return readNow(int(fd), p) })
		}
		return !errors.Is(err, unix.EAGAIN)
	})
	switch {
	case rerr != nil:
		return 0, rerr
	case err != nil:
		return 0, os.NewSyscallError("read", err)
	case n == 0 && len(p) > 0:
		return 0, io.EOF
	}
	return n, nil
}

// readTraced is one read(2) that is recorded.
func readTraced(t *primitive.Trace, fd int, p []byte) (int, error) {
	got := 0
	n, err := traced(t, "read", func() string { return list(fd, p[:got], len(p)) }, func() (int, error) {
		n, err := retry(func() (int, error) { return readNow(fd, p) })
		got = max(n, 0)
		return n, err
	})
	if errors.Is(err, unix.EAGAIN) {
		t.Say(waitsReadable)
	}
	return n, err
}

// shutdownStep is shutdown(2) with a call of our own; false where there is no
// single socket behind the stream.
func (c *Stream) shutdownStep(t *primitive.Trace, read bool) (err error, done bool) {
	if t == nil || c.raw == nil {
		return nil, false
	}
	how, name := unix.SHUT_WR, "SHUT_WR"
	if read {
		how, name = unix.SHUT_RD, "SHUT_RD"
	}
	return c.control(func(fd uintptr) error {
		return traced0(t, "shutdown", func() string { return list(fd, name) }, func() error { return os.NewSyscallError("shutdown", unix.Shutdown(int(fd), how)) })
	}), true
}

// closing records the close of a descriptor, which the net package makes when
// the last call that uses it is over.
func closing(t *primitive.Trace, x any) func(error) {
	fd := -1
	if t != nil {
		_ = controlOf(x, func(n uintptr) error { fd = int(n); return nil })
	}
	if fd < 0 {
		return func(error) {}
	}
	began, closed := time.Now(), t.Closing(fd)
	return func(err error) { closed(called("close", list(fd), 0, err, time.Since(began))) }
}

// ownSteps is whether this program makes the calls of the short forms itself
// while they are explained.
const ownSteps = true
