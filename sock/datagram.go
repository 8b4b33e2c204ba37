package sock

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"sosh/primitive"
)

// A Datagram is a socket that sends and receives single datagrams: UDP or Unix.
type Datagram struct {
	base
	conn packetConn
	kind Family
	dual bool // an inet6 socket that takes IPv4 too

	guests Guests // whose datagrams are received

	file     boundFile // of a Unix socket, to remove when closed
	replaced bool      // a stale file was in the way

	peer  atomic.Pointer[primitive.Addr] // connected to; nil when not
	laddr atomic.Pointer[primitive.Addr] // known at last; nil before there is one

	receiving, sending turn
	rwatch, wwatch     watch
	in, out            atomic.Int64
	ahead, taken       atomic.Int64 // datagrams in queue, and taken from it so far
	looking            sync.Mutex   // one looks at what waits at a time

	// Received ahead of its callers; guarded by the receiving turn.
	queue, spare []Packet
	batch        *batch
	shot         *shot // of the holder of the sending turn
}

// packetConn is what both *net.UDPConn and *net.UnixConn are.
type packetConn interface {
	net.Conn
	net.PacketConn
}

// A Packet is one datagram as it was received.
type Packet struct {
	_         struct{}        `multi:""` // in Lua: data, host, port, length, truncated
	Data      primitive.Bytes `help:"the bytes, at most as many as asked for"`
	Host      string          `help:"who sent it: address, or path of a Unix socket"`
	Port      int             `help:"the sender's port" volatile:""`
	Length    int             `help:"how long the datagram was, where the system tells; else the bytes received"`
	Truncated bool            `help:"whether it was longer than asked for, and so cut"`
}

// DatagramOptions says how BindDatagram binds.
type DatagramOptions struct {
	Dual bool // an inet6 socket takes IPv4 too
	Guests
}

// BindDatagram opens a datagram socket and binds it; port 0 is the system's
// choice. SO_REUSEADDR is not set: on a datagram socket it would let two
// programs share one port, and take each other's datagrams (socket(7)). What comes
// from others than the guests is dropped.
// InUse, Denied, NotFound, Unsupported.
func BindDatagram(ctx context.Context, addr primitive.Addr, o DatagramOptions) (*Datagram, error) {
	if addr.Path != "" {
		return BindUnix(ctx, addr.Path, UnixOptions{})
	}
	at, err := resolveOne(ctx, addr, "")
	if err != nil {
		return nil, err
	}
	conn, seen, err := bindSeen(ctx, primitive.TraceFrom(ctx), at, o.Dual)
	if !seen {
		conn, err = new(net.ListenConfig).ListenPacket(ctx, netOf("udp", at.Addr(), o.Dual), at.String())
	}
	if err != nil {
		return nil, bindHint(err, addr)
	}
	u := newDatagram(conn.(packetConn))
	u.dual, u.guests = o.Dual, o.Guests
	return u.begun(ctx), nil
}

// DialDatagram opens a datagram socket and connects it: it sends to that
// address, and receives from it only. Nothing is sent yet, so nothing says
// whether anyone is there. NotFound, Unreachable, Unsupported.
func DialDatagram(ctx context.Context, addr primitive.Addr) (*Datagram, error) {
	network, where, family, at := "unixgram", addr.Path, Unix, addr
	if addr.Path == "" {
		ip, err := resolveOne(ctx, addr, "")
		if err != nil {
			return nil, err
		}
		network, where, family, at = "udp", ip.String(), familyOfIP(ip.Addr()), portAddr(ip)
	}
	conn, seen, err := dialPacketSeen(ctx, primitive.TraceFrom(ctx), family, at, primitive.Addr{})
	if !seen {
		conn, err = new(net.Dialer).DialContext(ctx, network, where)
	}
	if err != nil {
		tellFailed(ctx, "datagram", addr, err)
		return nil, dialHint(err, addr)
	}
	return newConnected(conn).begun(ctx), nil
}

// newConnected is a datagram socket with its peer.
func newConnected(conn net.Conn) *Datagram {
	u := newDatagram(conn.(packetConn))
	to := addrOf(conn.RemoteAddr())
	u.peer.Store(&to)
	return u
}

func newDatagram(conn packetConn) *Datagram {
	u := &Datagram{base: newBase(), conn: conn}
	u.rwatch.set, u.wwatch.set = conn.SetReadDeadline, conn.SetWriteDeadline
	u.kind = familyOf(addrOf(conn.LocalAddr()))
	if _, ok := conn.LocalAddr().(*net.UnixAddr); ok {
		u.kind = Unix
	}
	return u
}

// Prefix is "u".
func (u *Datagram) Prefix() string { return "u" }

// Type is "datagram".
func (u *Datagram) Type() string { return "datagram" }

// Family is its address family.
func (u *Datagram) Family() Family { return u.kind }

// Connected is whether it has one peer.
func (u *Datagram) Connected() bool { return u.peer.Load() != nil }

// Addr is the local address; zero before there is one.
func (u *Datagram) Addr() primitive.Addr {
	if a := u.laddr.Load(); a != nil {
		return *a
	}
	a := u.localAddr()
	if a.Path != "" || a.Port != 0 && !u.unspecified(a) {
		u.laddr.Store(&a) // it does not change any more
	}
	if a.Path == "" && a.Port == 0 {
		return primitive.Addr{}
	}
	return a
}

// unspecified is whether connecting can still fill in the host.
func (u *Datagram) unspecified(a primitive.Addr) bool {
	return !u.Connected() && (a.Host == "0.0.0.0" || a.Host == "::")
}

func (u *Datagram) remote() primitive.Addr {
	if p := u.peer.Load(); p != nil {
		return *p
	}
	return primitive.Addr{}
}

// Shape is what Info gives, empty.
func (*Datagram) Shape() any { return Info{} }

// Info is an Info.
func (u *Datagram) Info() any {
	i := Info{
		ID: u.Name(), Type: u.Type(), State: u.state(), Family: string(u.kind), Age: time.Since(u.born),
		Received: u.in.Load(), Sent: u.out.Load(),
	}
	i.setAddrs(u.Addr(), u.remote())
	return i
}

func (u *Datagram) state() string {
	switch {
	case u.Closed():
		return "closed"
	case u.Connected():
		return "connected"
	case u.Addr() == primitive.Addr{}:
		return "open"
	}
	return "bound"
}

// Close frees the socket and its port and wakes whoever sends or receives.
func (u *Datagram) Close() error {
	if u.closed.Swap(true) {
		return nil
	}
	where, tap := u.target(u.Addr()), u.Tap()
	if tap != nil {
		u.tell(context.Background(), tap, u.remote(), primitive.Event{What: primitive.Gone})
	}
	u.wakeGone()
	called := closing(traceNow(tap), u.conn)
	err := u.conn.Close()
	called(err)
	u.rwatch.close()
	u.wwatch.close()
	u.file.remove()
	return fault(err, where)
}

// SendTo sends one datagram to an address; a socket without a port gets one
// here. Oversized (EMSGSIZE), Refused (reported once, of an earlier one),
// NotFound, Unreachable, Denied, Timeout, Canceled, Closed.
func (u *Datagram) SendTo(ctx context.Context, addr primitive.Addr, data []byte) (int, error) {
	if u.Connected() {
		e := fromName("EISCONN", nil).On(u.target(u.Addr()))
		return 0, e.WithHint("it sends to %s only: send DATA", u.remote())
	}
	to, err := u.destination(ctx, addr)
	if err != nil {
		return 0, err
	}
	if t := u.traces(ctx); t != nil {
		return u.transmit(ctx, addr, data, func() error { return u.sendStep(ctx, t, &to, data) })
	}
	return u.transmit(ctx, addr, data, func() error { return u.sendTo(to, data) })
}

// A destination is where a datagram goes: an internet address or a path.
type destination struct {
	udp  netip.AddrPort
	path string
}

// destination resolves the address for the family of the socket.
func (u *Datagram) destination(ctx context.Context, addr primitive.Addr) (destination, error) {
	if u.kind == Unix {
		if addr.Path == "" {
			return destination{}, wrongFamily(addr, Unix)
		}
		return destination{path: addr.Path}, nil
	}
	family := u.kind
	if u.dual {
		family = ""
	}
	to, err := resolveOne(ctx, addr, family)
	return destination{udp: to}, err
}

// Send sends one datagram to the connected peer. The refusal of an earlier one
// (ICMP port unreachable) is reported once, here or by the next Recv.
func (u *Datagram) Send(ctx context.Context, data []byte) (int, error) {
	if !u.Connected() {
		return 0, fromName("EDESTADDRREQ", nil).On(u.target(u.Addr()))
	}
	if t := u.traces(ctx); t != nil {
		return u.transmit(ctx, u.remote(), data, func() error { return u.sendStep(ctx, t, nil, data) })
	}
	return u.transmit(ctx, u.remote(), data, func() error { return u.send(data) })
}

// transmit holds the sending turn around one send.
func (u *Datagram) transmit(ctx context.Context, to primitive.Addr, data []byte, send func() error) (int, error) {
	if err := u.sending.take(ctx); err != nil {
		return 0, ended(ctx, err, to.String())
	}
	defer u.sending.leave()
	if u.Closed() {
		return 0, fault(net.ErrClosed, u.target(u.Addr()))
	}
	if err := u.wwatch.begin(ctx); err != nil {
		return 0, ended(ctx, err, to.String())
	}
	defer u.wwatch.end()
	if err := send(); err != nil {
		return 0, u.sendError(ctx, err, to, len(data))
	}
	u.out.Add(int64(len(data)))
	if tap := u.Tap(); tap != nil {
		u.tell(ctx, tap, to, primitive.Event{What: primitive.Sent, N: len(data), Data: data})
	}
	return len(data), nil
}

// SendToNow is SendTo to an address that is no name, if it takes no waiting; else
// done is false and nothing was sent.
func (u *Datagram) SendToNow(addr primitive.Addr, data []byte) (n int, err error, done bool) {
	to, perr := netip.ParseAddr(addr.Host)
	if perr != nil || addr.Port < 0 || addr.Port > 65535 || u.Connected() || u.Closed() || familyOfIP(to) != u.kind || !u.sending.tryTake() {
		return 0, nil, false
	}
	defer u.sending.leave()
	if err, done = u.sendNow(netip.AddrPortFrom(to, uint16(addr.Port)), data); err != nil {
		return 0, u.sendError(context.Background(), err, addr, len(data)), true
	}
	if !done {
		return 0, nil, false
	}
	u.out.Add(int64(len(data)))
	if tap := u.Tap(); tap != nil {
		u.tell(context.Background(), tap, addr, primitive.Event{What: primitive.Sent, N: len(data), Data: data})
	}
	return len(data), nil, true
}

// RecvFromNow is RecvFrom if a datagram is there already; else done is false.
func (u *Datagram) RecvFromNow(max int) (p Packet, done bool) {
	if !u.receiving.tryTake() {
		return Packet{}, false
	}
	defer u.receiving.leave()
	if len(u.queue) == 0 || u.Closed() {
		return Packet{}, false
	}
	p = u.take(min(bound(max, chunk), chunk))
	u.in.Add(int64(len(p.Data)))
	if tap := u.Tap(); tap != nil {
		u.tellPacket(context.Background(), tap, p)
	}
	return p, true
}

func (u *Datagram) sendError(ctx context.Context, err error, to primitive.Addr, n int) error {
	if u.Closed() {
		err = net.ErrClosed
	}
	e := ended(ctx, err, to.String())
	u.tellError(ctx, to, e)
	switch e.Kind {
	case primitive.Oversized:
		e.Cause = count(n) + " are too long for one datagram"
	case primitive.Denied:
		e.Hint = "to send to a broadcast address: opt broadcast on"
	case primitive.Refused:
		e.Hint = "an earlier datagram was refused: nothing is bound to that port there"
	}
	return e
}

// RecvFrom waits for one datagram and gives up to max bytes of it (0: all); the
// rest of it is gone (recvfrom(2)). An empty datagram is a datagram. NotReady
// on a socket that has no port yet; Refused, Timeout, Canceled, Closed.
func (u *Datagram) RecvFrom(ctx context.Context, max int) (Packet, error) {
	if err := u.receiving.take(ctx); err != nil {
		return Packet{}, u.ended(ctx, err, u.Addr())
	}
	defer u.receiving.leave()
	if u.Closed() {
		return Packet{}, fault(net.ErrClosed, u.target(u.Addr()))
	}
	if u.laddr.Load() == nil && u.state() == "open" {
		e := primitive.Newf(primitive.NotReady, "the socket has no port yet").On(u.target(primitive.Addr{}))
		if u.kind == Unix {
			return Packet{}, e.WithHint("bind it first: socket bind unix:PATH")
		}
		return Packet{}, e.WithHint("send first (udp sendto HOST PORT DATA), or bind: udp bind 9999")
	}
	if err := u.await(ctx); err != nil {
		return Packet{}, u.recvError(ctx, err)
	}
	p := u.take(min(bound(max, chunk), chunk))
	u.in.Add(int64(len(p.Data)))
	if tap := u.Tap(); tap != nil {
		u.tellPacket(ctx, tap, p)
	}
	return p, nil
}

func (u *Datagram) control(call func(fd uintptr) error) error { return controlOf(u.conn, call) }

func (u *Datagram) family() Family { return u.kind }
