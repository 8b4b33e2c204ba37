package trace

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"sosh/primitive"
	"sosh/probe/icmp"
	"sosh/sock"
)

// beginSockets opens a way of UDP or TCP, which needs no privilege: routers'
// answers are in the error queues of the sockets (ip(7), IP_RECVERR).
func beginSockets(ctx context.Context, o Options, answers chan<- answer) (way, error) {
	t := primitive.TraceFrom(ctx)
	if o.Method == TCP {
		return &connecting{o: o, answers: answers, trace: t}, nil
	}
	d := &datagrams{o: o, secret: newSecret(), answers: answers, trace: t}
	fd, err := socket(t, o.Addr, unix.SOCK_DGRAM)
	if err != nil {
		return nil, err
	}
	if d.file, d.rc, err = opened(fd); err != nil {
		return nil, err
	}
	d.reader.Go(func() { d.read(ctx) })
	return d, nil
}

// socket makes one that keeps ICMP errors.
func socket(t *primitive.Trace, to netip.Addr, kind int) (int, error) {
	fd, err := icmp.Socket(t, to.Is6(), kind, 0)
	if err != nil {
		return -1, words(err)
	}
	if err := icmp.ReportErrors(t, fd, to.Is6()); err != nil {
		unix.Close(fd)
		return -1, words(err)
	}
	return fd, nil
}

// opened hands a socket to the poller of Go.
func opened(fd int) (*os.File, syscall.RawConn, error) {
	file := os.NewFile(uintptr(fd), "probe")
	rc, err := file.SyscallConn()
	if err != nil {
		file.Close()
	}
	return file, rc, err
}

func words(err error) error {
	var no syscall.Errno
	if errors.As(err, &no) {
		return sock.Words(no)
	}
	return err
}

// Datagrams are a way: one socket sends them all, each to a port of its own,
// by which its answer is known.
type datagrams struct {
	o       Options
	file    *os.File
	rc      syscall.RawConn
	secret  secret
	answers chan<- answer
	trace   *primitive.Trace
	reader  sync.WaitGroup
}

// Ports that datagrams are sent to, one after the other.
const portsUsed = 16384

func (d *datagrams) port(n uint16) uint16 { return uint16(d.o.Port) + n%portsUsed }

func (d *datagrams) send(_ context.Context, n uint16, ttl int) error {
	to := icmp.Sockaddr(netip.AddrPortFrom(d.o.Addr, d.port(n)))
	return icmp.SendTo(d.trace, d.rc, d.secret.of(n), icmp.HopLimit(d.o.Addr.Is6(), ttl), to)
}

func (d *datagrams) close() {
	closed := sock.Closing(d.trace, d.file)
	closed(d.file.Close())
	d.reader.Wait()
}

func (d *datagrams) read(ctx context.Context) {
	buf, oob := make([]byte, 2048), make([]byte, 512)
	for {
		m, err := icmp.Receive(d.trace, d.rc, buf, oob)
		if err != nil {
			return // closed; else the probes stay without an answer
		}
		a, ok := d.answer(&m)
		if ok && !give(ctx, d.answers, a) {
			return
		}
	}
}

func (d *datagrams) answer(m *icmp.Message) (a answer, ok bool) {
	n := m.From.Port() - uint16(d.o.Port)
	if n >= portsUsed || m.From.Addr().WithZone("") != d.o.Addr.WithZone("") {
		return a, false
	}
	if m.Error == nil { // somebody has the port, and answers
		return answer{n: n, from: m.From.Addr(), at: time.Now(), reached: true, words: "answered"}, true
	}
	p, ok := m.Failure(d.o.Addr.Is6())
	return d.o.of(n, &p), ok && d.secret.matches(m.Data, n)
}

// A connecting way makes a connection for each probe.
type connecting struct {
	o       Options
	answers chan<- answer
	trace   *primitive.Trace
	running sync.WaitGroup
}

func (c *connecting) close() { c.running.Wait() }

func (c *connecting) send(ctx context.Context, n uint16, ttl int) error {
	fd, err := socket(c.trace, c.o.Addr, unix.SOCK_STREAM)
	if err != nil {
		return err
	}
	if err := icmp.SetHops(c.trace, fd, c.o.Addr.Is6(), ttl); err != nil {
		unix.Close(fd)
		return words(err)
	}
	file, rc, err := opened(fd)
	if err != nil {
		return err
	}
	c.running.Go(func() {
		defer c.closeFile(file)
		_ = file.SetDeadline(time.Now().Add(c.o.Timeout)) // without one the probe waits for the system's
		stop := context.AfterFunc(ctx, func() { _ = file.SetDeadline(time.Unix(1, 0)) })
		defer stop()
		if a, ok := c.connect(rc); ok {
			a.n = n
			give(ctx, c.answers, a)
		}
	})
	return nil
}

func (c *connecting) closeFile(file *os.File) {
	closed := sock.Closing(c.trace, file)
	closed(file.Close())
}

// connect connects, and is the answer to that; false when there was none.
func (c *connecting) connect(rc syscall.RawConn) (a answer, ok bool) {
	begun := false
	err := rc.Write(func(fd uintptr) bool {
		if !begun {
			begun = true
			err := c.start(int(fd))
			if err == unix.EINPROGRESS {
				c.trace.Say(sock.WaitsConnect)
				return false
			}
			a, ok = c.outcome(int(fd), err), true
			return true
		}
		err, connected := sock.ConnectResult(c.trace, int(fd))
		if !connected && err == nil {
			if e := icmp.QueuedError(c.trace, int(fd)); e != nil {
				a, ok = c.said(e)
				return ok
			}
			return false // woken for nothing
		}
		a, ok = c.outcome(int(fd), err), true
		return true
	})
	return a, ok && err == nil
}

func (c *connecting) start(fd int) error {
	to := icmp.Sockaddr(netip.AddrPortFrom(c.o.Addr, uint16(c.o.Port)))
	return sock.Traced0(c.trace, "connect", func() string { return sock.List(fd, sock.SockaddrText(to)) }, func() error { return unix.Connect(fd, to) })
}

// said is what a router said.
func (c *connecting) said(e *icmp.Extended) (answer, bool) {
	p, ok := e.Packet(c.o.Addr.Is6())
	return c.o.of(0, &p), ok
}

func (c *connecting) outcome(fd int, err error) answer {
	if e := icmp.QueuedError(c.trace, fd); e != nil {
		if a, ok := c.said(e); ok {
			return a
		}
	}
	a := answer{from: c.o.Addr, at: time.Now(), reached: true, words: "connected"}
	switch kind := sock.Kind(err); {
	case err == nil:
	case kind == primitive.Refused, kind == primitive.Reset:
		a.words = "connection refused"
	default:
		a = answer{at: a.at, failed: true, words: primitive.AsError(words(err)).Cause}
	}
	return a
}
