package probe

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// CheckOptions is how Check goes about it.
type CheckOptions struct {
	Family  sock.Family   // that a name is resolved to; "" is any
	Timeout time.Duration // of one try at one address
	Wait    time.Duration // try again until this is over or the port is open; 0: once
	UDP     bool
}

// Check asks one port whether it is open. Each address of a name is tried; the
// result is that of the first open one, else of the first. What the port's state
// is, is a result; the error is for a name that has no address, a wrong call, and
// the end of the context.
func Check(ctx context.Context, addr primitive.Addr, o CheckOptions) (Result, error) {
	end := time.Now().Add(o.Wait)
	pause := firstPause
	for {
		r, err := checkOnce(ctx, addr, o, end)
		if kind := primitive.KindOf(err); kind == primitive.Usage || kind == primitive.Canceled || ctx.Err() != nil {
			return r, orElse(ctx.Err(), err)
		}
		left := time.Until(end)
		if err == nil && r.State == Open || left <= 0 {
			return r, err
		}
		timer := time.NewTimer(min(pause, left))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return r, ctx.Err()
		}
		pause = min(2*pause, lastPause)
	}
}

// Pauses between the tries of --wait: short at first, a server may be starting.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = 500 * time.Millisecond
)

func checkOnce(ctx context.Context, addr primitive.Addr, o CheckOptions, end time.Time) (Result, error) {
	timeout := o.Timeout
	if o.Wait > 0 {
		timeout = min(timeout, max(time.Until(end), firstPause))
	}
	if o.UDP {
		return first(ctx, addr, o.Family, func(to netip.AddrPort) (net.Conn, Result) {
			r, _ := dialUDP(ctx, to, timeout)
			return nil, r
		}, nil)
	}
	conn, r, err := connect(ctx, addr, o.Family, timeout)
	if conn != nil {
		conn.Close()
	}
	return r, err
}

// connect makes a connection to the first address of a host that takes one. It
// is nil where none does: the result says why.
func connect(ctx context.Context, addr primitive.Addr, family sock.Family, timeout time.Duration) (conn net.Conn, r Result, err error) {
	r, err = first(ctx, addr, family, func(to netip.AddrPort) (net.Conn, Result) { return dialTCP(ctx, to, timeout) }, &conn)
	return conn, r, err
}

// first tries the addresses of a host until one is open.
func first(ctx context.Context, addr primitive.Addr, family sock.Family, try func(netip.AddrPort) (net.Conn, Result), conn *net.Conn) (Result, error) {
	if addr.Path != "" {
		return Result{}, primitive.Usagef("a path is no host with a port").On(addr.String()).WithHint("write 127.0.0.1 80")
	}
	ips, err := sock.Resolve(ctx, addr.Host, family)
	if err != nil {
		return Result{}, err
	}
	var kept Result
	for i, ip := range ips {
		c, r := try(netip.AddrPortFrom(ip, uint16(addr.Port)))
		if conn != nil {
			*conn = c
		}
		if i == 0 || r.State == Open {
			kept = r
		}
		if r.State == Open || ctx.Err() != nil {
			break
		}
	}
	return kept, ctx.Err()
}

// failure is a state that is not open as an error: nil when it is open.
func (r *Result) failure(addr primitive.Addr) error {
	if r.State == Open {
		return nil
	}
	kind := map[State]primitive.Kind{
		Closed: primitive.Refused, Timeout: primitive.Timeout, Silent: primitive.Timeout, Unreachable: primitive.Unreachable,
	}[r.State]
	e := primitive.Newf(primitive.Failed, "%s", r.Reason()).On(addr.String())
	if kind != "" {
		e.Kind = kind
	}
	if r.Errno != 0 {
		e.Errno = sock.Words(r.Errno).Errno
	}
	return e
}

// Failure is what a program that only wants an open port is told: an error of
// the state's kind, marked as told by the result. Nil when it is open.
func (r *Result) Failure(addr primitive.Addr) error {
	err := r.failure(addr)
	var e *primitive.Error
	if errors.As(err, &e) {
		e.Told = true
	}
	return err
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
