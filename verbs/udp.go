package verbs

import (
	"context"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

func udpRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "udp bind", Short: "Receive datagrams on a port",
			Doc: "A datagram socket with a port of its own. UDP has no listen and no accept: every datagram carries its sender's address. " +
				"A port alone is that port of 127.0.0.1, this machine only.",
			Example: "udp bind 12345",
			Raises:  []primitive.Kind{primitive.InUse, primitive.Denied},
		}, udpBind),
		primitive.New(primitive.Spec{
			Name: "udp connect", Short: "Make a datagram socket with one peer",
			Doc: "Nothing is sent. The socket then sends to this peer and receives only from it, and is told when the peer's port is closed: " +
				"an ICMP refusal is the error of the next send or recv, once.",
			Example: "udp connect 127.0.0.1 7; send u1 hello; recv u1", Needs: "udp-echo",
			Raises: []primitive.Kind{primitive.NotFound, primitive.Unreachable},
		}, udpConnect),
		primitive.New(primitive.Spec{
			Name: "udp sendto", Short: "Send one datagram to an address",
			Doc: "Uses the current datagram socket if it is of the address's family, else opens one; it gets its port here. " +
				"Returns the socket, to receive an answer with. Nothing says that the datagram arrived.",
			Example: "udp sendto 127.0.0.1 7 hello; recvfrom u1 --timeout 2s", Needs: "udp-echo",
			Raises: []primitive.Kind{primitive.NotFound, primitive.Unreachable, primitive.Oversized},
		}, udpSendto),
		primitive.New(primitive.Spec{
			Name: "sendto", Short: "Send one datagram from a socket",
			Doc:     "One send is one datagram. Nothing says that it arrived.",
			Example: "udp bind 0; sendto u1 127.0.0.1 7 hello; recvfrom u1 --timeout 2s", Needs: "udp-echo", Says: "%v bytes sent",
			Raises: []primitive.Kind{primitive.NotFound, primitive.Unreachable, primitive.Oversized, primitive.Closed},
		}, sendto),
		primitive.New(primitive.Spec{
			Name: "recvfrom", Short: "Receive one datagram and its sender",
			Doc: "A datagram larger than max is cut, and truncated says so; on Linux length is its true size. " +
				"An empty datagram is empty data, not an end. In Lua: data, host, port, length, truncated.",
			Example: "udp sendto 127.0.0.1 7 hello; recvfrom u1 4096 --timeout 2s", Needs: "udp-echo",
			Raises: []primitive.Kind{primitive.Timeout, primitive.Closed, primitive.Refused},
		}, recvfrom),
		checkRow("udp"),
	}
}

type udpBindArgs struct {
	Addr primitive.Addr `arg:"" listen:"" help:"port, or address and port; port 0 chooses one"`
	Dual bool           `help:"an IPv6 socket takes IPv4 datagrams too"`
	guestOptions
}

func udpBind(ctx context.Context, s *session.Session, a udpBindArgs) (*sock.Datagram, error) {
	guests, err := a.guests(a.Addr)
	if err != nil {
		return nil, err
	}
	u, err := sock.BindDatagram(ctx, a.Addr, sock.DatagramOptions{Dual: a.Dual, Guests: guests})
	return u, nameHolder(s, a.Addr, err)
}

type udpConnectArgs struct {
	Addr primitive.Addr `arg:"" help:"host and port of the peer"`
}

func udpConnect(ctx context.Context, _ *session.Session, a udpConnectArgs) (*sock.Datagram, error) {
	return sock.DialDatagram(ctx, a.Addr)
}

type udpSendtoArgs struct {
	Datagram *sock.Datagram  `arg:"" current:"" help:"datagram socket to send from"`
	Addr     primitive.Addr  `arg:"" help:"host and port to send to"`
	Data     primitive.Bytes `arg:"" rest:"" help:"bytes of the datagram"`
}

func udpSendto(ctx context.Context, s *session.Session, a udpSendtoArgs) (*sock.Datagram, error) {
	u, err := datagramFor(ctx, a)
	if err != nil {
		return nil, err
	}
	if _, err := u.SendTo(ctx, a.Addr, a.Data); err != nil {
		if u != a.Datagram {
			u.Close()
		}
		return nil, err
	}
	return u, nil
}

// datagramFor is the given socket if it can send to that address, else a new one
// of the address's family.
func datagramFor(ctx context.Context, a udpSendtoArgs) (*sock.Datagram, error) {
	family := sock.Family("unix")
	if a.Addr.Path == "" {
		addrs, err := sock.Resolve(ctx, a.Addr.Host, "")
		if err != nil {
			return nil, err
		}
		family = "inet6"
		if addrs[0].Unmap().Is4() {
			family = "inet"
		}
	}
	if u := a.Datagram; u != nil && u.Family() == family && !u.Connected() && !u.Closed() {
		return u, nil
	}
	return sock.OpenDatagramContext(ctx, family)
}

type sendtoArgs struct {
	Datagram *sock.Datagram  `arg:"" help:"datagram socket to send from"`
	Addr     primitive.Addr  `arg:"" help:"host and port to send to"`
	Data     primitive.Bytes `arg:"" rest:"" help:"bytes of the datagram"`
}

// Eager sends if there is room.
func (a *sendtoArgs) Eager() (any, error, bool) {
	n, err, done := a.Datagram.SendToNow(a.Addr, a.Data)
	return n, err, done
}

func sendto(ctx context.Context, _ *session.Session, a sendtoArgs) (int, error) {
	return a.Datagram.SendTo(ctx, a.Addr, a.Data)
}

type recvfromArgs struct {
	Datagram *sock.Datagram `arg:"" help:"datagram socket to receive on"`
	Max      primitive.Size `arg:"" default:"64k" min:"0" max:"1048576" help:"most bytes to take; the rest of a larger datagram is lost"`
	Timeout  time.Duration  `help:"give up after this long; 0 waits for ever"`
}

// Eager takes a datagram that is there already.
func (a *recvfromArgs) Eager() (any, error, bool) {
	p, done := a.Datagram.RecvFromNow(int(a.Max))
	return p, nil, done
}

func recvfrom(ctx context.Context, _ *session.Session, a recvfromArgs) (sock.Packet, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	return a.Datagram.RecvFrom(ctx, int(a.Max))
}
