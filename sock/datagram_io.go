package sock

import (
	"context"
	"net"
	"net/netip"

	"sosh/primitive"
)

// take removes the first datagram of the queue, cut to max bytes.
func (u *Datagram) take(max int) Packet {
	p := u.queue[0]
	u.queue[0] = Packet{}
	u.queue = u.queue[1:]
	u.ahead.Store(int64(len(u.queue)))
	u.taken.Add(1)
	p.Truncated = p.Length > max
	p.Data = p.Data[:min(len(p.Data), max)]
	return p
}

// receiveOne waits for one datagram and appends it to the queue. The buffer has
// room for the largest one, so that the true length is known on every system.
func (u *Datagram) receiveOne() error {
	buf := scratch.Get().(*[chunk]byte)
	defer scratch.Put(buf)
	var p Packet
	var err error
	if udp, ok := u.conn.(*net.UDPConn); ok {
		var from netip.AddrPort
		p.Length, from, err = udp.ReadFromUDPAddrPort(buf[:])
		p.Host, p.Port = from.Addr().Unmap().String(), int(from.Port())
	} else {
		var from net.Addr
		p.Length, from, err = u.conn.ReadFrom(buf[:])
		p.Host = hostOf(addrOf(from))
	}
	if err != nil {
		return err
	}
	p.Data = append(primitive.Bytes{}, buf[:p.Length]...)
	u.queue = append(u.queue, p)
	return nil
}

// sendTo sends one datagram to an address.
func (u *Datagram) sendTo(to destination, data []byte) error {
	if udp, ok := u.conn.(*net.UDPConn); ok {
		_, err := udp.WriteToUDPAddrPort(data, to.udp)
		return err
	}
	_, err := u.conn.WriteTo(data, &net.UnixAddr{Name: to.path, Net: "unixgram"})
	return err
}

// send sends one datagram to the connected peer.
func (u *Datagram) send(data []byte) error {
	_, err := u.conn.Write(data)
	return err
}

// await waits until there is a datagram in the queue.
func (u *Datagram) await(ctx context.Context) error {
	t := u.traces(ctx)
	if len(u.queue) > 0 {
		t.Say("a datagram received before is at hand: it takes no call")
		return ctx.Err()
	}
	if err := u.rwatch.begin(ctx); err != nil {
		return err
	}
	defer u.rwatch.end()
	u.queue = u.spare[:0]
	receive := u.receive
	if t != nil {
		receive = func() error { return u.recvStep(t) }
	}
	for len(u.queue) == 0 {
		if err := receive(); err != nil {
			return err
		}
		u.admitted()
	}
	u.spare = u.queue
	return nil
}

func (u *Datagram) recvError(ctx context.Context, err error) error {
	e := u.ended(ctx, err, u.Addr())
	u.tellError(ctx, u.remote(), e)
	if e.Kind == primitive.Refused {
		e.Hint = "what was sent to " + u.remote().String() + " was refused: nothing is bound to that port there"
	}
	return e
}

// Recv is the data of RecvFrom alone.
func (u *Datagram) Recv(ctx context.Context, max int) ([]byte, error) {
	p, err := u.RecvFrom(ctx, max)
	return p.Data, err
}
