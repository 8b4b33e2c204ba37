package repl

import (
	"context"
	"sync/atomic"

	"sosh/primitive"
	"sosh/sock"
)

// A correspondent is the other side of a conversation.
type correspondent interface {
	// receive waits for what comes next; from is who sent it, where that is not
	// always the same.
	receive(ctx context.Context) (data []byte, from string, err error)
	// send gives how many bytes were taken.
	send(ctx context.Context, data []byte) (int, error)
	// end tells the other side that nothing more is sent.
	end() error
	// single is whether what is sent arrives as it was sent: datagrams, which
	// have no end either.
	single() bool
}

// streamPeer is the other end of a stream.
type streamPeer struct {
	stream streamHandle
	buf    []byte
}

func (p *streamPeer) receive(ctx context.Context) ([]byte, string, error) {
	n, err := p.stream.Read(ctx, p.buf)
	return p.buf[:n], "", err
}

func (p *streamPeer) send(ctx context.Context, data []byte) (int, error) {
	return p.stream.Send(ctx, data)
}

func (p *streamPeer) end() error   { return p.stream.Shutdown("write") }
func (p *streamPeer) single() bool { return false }

// datagramPeer is who sends datagrams to a socket: its one peer, or all the world;
// then the last of them is answered, unless another address is given.
type datagramPeer struct {
	socket *sock.Datagram
	to     primitive.Addr // zero: the last sender
	last   atomic.Pointer[primitive.Addr]
}

func (p *datagramPeer) receive(ctx context.Context) ([]byte, string, error) {
	packet, err := p.socket.RecvFrom(ctx, maxDatagram)
	if err != nil || p.socket.Connected() {
		return packet.Data, "", err
	}
	from := primitive.Addr{Host: packet.Host, Port: packet.Port}
	if p.socket.Family() == sock.Unix {
		from = primitive.Addr{Path: packet.Host}
	}
	if (from == primitive.Addr{}) {
		return packet.Data, "without a name", nil
	}
	p.last.Store(&from)
	return packet.Data, from.String(), nil
}

func (p *datagramPeer) send(ctx context.Context, data []byte) (int, error) {
	to := p.to
	switch last := p.last.Load(); {
	case p.socket.Connected():
		return p.socket.Send(ctx, data)
	case to == primitive.Addr{} && last == nil:
		name := p.socket.Name()
		return 0, primitive.Newf(primitive.NotReady, "nobody has sent a datagram to answer yet").
			WithHint("say where to: attach %s --to HOST:PORT", name)
	case to == primitive.Addr{}:
		to = *last
	}
	return p.socket.SendTo(ctx, to, data)
}

func (p *datagramPeer) end() error   { return nil }
func (p *datagramPeer) single() bool { return true }

// correspondentOf is the other side of a handle that can be talked with; nil for
// any other, such as a listener.
func correspondentOf(h primitive.Handle, o attachOptions) correspondent {
	switch h := sock.RoleOf(h).(type) {
	case streamHandle:
		return &streamPeer{stream: h, buf: make([]byte, readSize)}
	case *sock.Datagram:
		return &datagramPeer{socket: h, to: o.to}
	case messenger:
		return &messagePeer{handle: h, bare: o.mode == modeHex}
	}
	return nil
}
