package sock

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"sosh/primitive"
)

// DialOptions says how DialStream connects.
type DialOptions struct {
	Family Family         // "" is any
	Local  primitive.Addr // the local address; zero is the system's choice
	Below  bool           // another stream goes over it, which tells what happens
}

// DialStream resolves, opens, and connects in one step. SO_REUSEADDR is set,
// and what the net package sets: TCP_NODELAY and SO_KEEPALIVE. Several addresses
// of a name are tried in turn, each with its share of the time; when all fail,
// the error tells every attempt. Refused, Timeout, Unreachable, NotFound,
// InUse and Denied (of the local address), Unsupported, Canceled.
func DialStream(ctx context.Context, addr primitive.Addr, o DialOptions) (*Stream, error) {
	switch {
	case o.Family == Vsock || o.Family == Bluetooth:
		return dialRaw(ctx, addr, o)
	case addr.Path != "" || o.Family == Unix:
		return dialUnix(ctx, addr, o)
	}
	ips, err := Resolve(ctx, addr.Host, o.Family)
	if err != nil {
		return nil, err
	}
	var tries []attempt
	for i, ip := range ips {
		c, err := dialOne(ctx, netip.AddrPortFrom(ip, uint16(addr.Port)), o.Local, len(ips)-i)
		if err == nil && o.Below {
			return c, nil
		}
		if err == nil {
			return c.begun(ctx, primitive.TapFrom(ctx), primitive.Connected), nil
		}
		tries = append(tries, attempt{ip, asFault(err, addr.String())})
		if ctx.Err() != nil {
			break
		}
	}
	err = dialHint(report(ctx, addr, tries), addr)
	tellFailed(ctx, "stream", addr, err)
	return nil, err
}

// An attempt is one address that could not be connected to.
type attempt struct {
	ip  netip.Addr
	err *primitive.Error
}

// report makes one error of all attempts. Its kind is the first that says
// something about the host itself, or the context's when that ended the dial.
func report(ctx context.Context, addr primitive.Addr, tries []attempt) error {
	main := tries[0].err
	for _, t := range tries {
		if t.err.Kind != primitive.Unreachable && t.err.Kind != primitive.Unsupported {
			main = t.err
			break
		}
	}
	if ctx.Err() != nil {
		main = tries[len(tries)-1].err
	}
	e := *main
	e.Target = addr.String()
	if len(tries) > 1 {
		var words []string
		for _, t := range tries {
			words = append(words, t.ip.String()+" "+t.err.Cause)
		}
		e.Cause = strings.Join(words, "; ")
	}
	return &e
}

// dialOne connects to one address; left says how many there still are, this one
// included.
func dialOne(ctx context.Context, to netip.AddrPort, local primitive.Addr, left int) (*Stream, error) {
	if t := primitive.TraceFrom(ctx); t != nil && ownSteps {
		if end, ok := ctx.Deadline(); ok && left > 1 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, time.Until(end)/time.Duration(left))
			defer cancel()
		}
		return dialIP(ctx, t, to, local)
	}
	conn, err := dialNet(ctx, to, local, left)
	if err != nil {
		return nil, err
	}
	return NewStream(conn), nil
}

// dialNet is dialOne by the net package.
func dialNet(ctx context.Context, to netip.AddrPort, local primitive.Addr, left int) (net.Conn, error) {
	d := net.Dialer{Control: reuseAddr}
	if local != (primitive.Addr{}) {
		from, err := resolveOne(ctx, local, familyOf(primitive.Addr{Host: to.Addr().String()}))
		if err != nil {
			return nil, err
		}
		d.LocalAddr = net.TCPAddrFromAddrPort(from)
	}
	if end, ok := ctx.Deadline(); ok && left > 1 {
		d.Deadline = time.Now().Add(time.Until(end) / time.Duration(left))
	}
	conn, err := d.DialContext(ctx, "tcp", to.String())
	if err != nil && local != (primitive.Addr{}) && primitive.KindOf(asFault(err, "")) == primitive.InUse {
		return nil, bindHint(err, local)
	}
	return conn, err
}

func dialUnix(ctx context.Context, addr primitive.Addr, o DialOptions) (*Stream, error) {
	if addr.Path == "" || (o.Family != "" && o.Family != Unix) {
		return nil, wrongFamily(addr, o.Family)
	}
	c, err := dialPath(ctx, addr, o)
	if err != nil {
		err = dialHint(err, addr)
		tellFailed(ctx, "stream", addr, err)
		return nil, err
	}
	return c.begun(ctx, primitive.TapFrom(ctx), primitive.Connected), nil
}

func dialPath(ctx context.Context, addr primitive.Addr, o DialOptions) (*Stream, error) {
	if t := primitive.TraceFrom(ctx); t != nil && ownSteps {
		return dialSteps(ctx, t, plan{family: Unix, typ: StreamType, local: o.Local}, addr)
	}
	d := net.Dialer{}
	if o.Local.Path != "" {
		d.LocalAddr = &net.UnixAddr{Name: o.Local.Path, Net: "unix"}
	}
	conn, err := d.DialContext(ctx, "unix", addr.Path)
	if err != nil {
		return nil, err
	}
	return NewStream(conn), nil
}

// dialRaw takes the raw steps for the families that the net package lacks.
func dialRaw(ctx context.Context, addr primitive.Addr, o DialOptions) (*Stream, error) {
	s, err := OpenContext(ctx, o.Family, StreamType)
	if err != nil {
		return nil, err
	}
	if o.Local != (primitive.Addr{}) {
		err = s.Bind(ctx, o.Local)
	}
	if err == nil {
		err = s.Connect(ctx, addr)
	}
	if err != nil {
		_ = s.Close() // the first error is the one to tell
		return nil, err
	}
	return s.AsStream()
}

// reuseAddr sets SO_REUSEADDR before bind, where it means "also while old
// connections of this port linger". On Windows it would mean stealing the port.
func reuseAddr(_, _ string, raw syscall.RawConn) error {
	var err error
	if cerr := raw.Control(func(fd uintptr) { err = setReuseAddr(fd) }); cerr != nil {
		return cerr
	}
	return err
}
