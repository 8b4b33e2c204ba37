package dns

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/miekg/dns"

	"sosh/primitive"
	"sosh/sock"
)

// Most datagrams that may be ignored while one answer is waited for: a flood ends
// the question instead of keeping it busy.
const mostIgnored = 1000

// overUDP sends the question until an answer comes. The socket is connected: the
// system drops what others send. What comes from the server's address with another
// number or question is ignored, too: anybody can write that address on a datagram.
func (q Query) overUDP(ctx context.Context, m *dns.Msg, wire []byte) (received, error) {
	u, err := sock.DialDatagram(ctx, q.Server)
	if err != nil {
		return received{}, q.failed(ctx, err)
	}
	defer u.Close()
	got := received{transport: "udp"}
	start := time.Now()
	for range max(q.Tries, 1) {
		if _, err = u.Send(ctx, wire); err == nil {
			err = q.await(ctx, u, m, &got)
		}
		if got.took = time.Since(start); err == nil {
			return got, nil
		}
		if ctx.Err() != nil || primitive.KindOf(err) != primitive.Timeout {
			break
		}
	}
	return got, q.failed(ctx, err)
}

// await takes datagrams until one is the answer, for as long as one try may take.
func (q Query) await(ctx context.Context, u *sock.Datagram, m *dns.Msg, got *received) error {
	ctx, cancel := context.WithTimeout(ctx, q.Timeout)
	defer cancel()
	for got.ignored <= mostIgnored {
		data, err := u.Recv(ctx, 0)
		if err != nil {
			return err
		}
		if answers(data, m) {
			got.wire = data
			return nil
		}
		got.ignored++
	}
	return primitive.Newf(primitive.Oversized, "more than %d datagrams came that were no answer", mostIgnored).
		WithHint("somebody guesses answers, or the server is broken; over TCP nobody else can answer: --tcp")
}

// overTCP asks on a connection of its own. The whole of it has the time of one try,
// so that a server that sends byte after byte does not keep it.
func (q Query) overTCP(ctx context.Context, m *dns.Msg, wire []byte) (received, error) {
	within, cancel := context.WithTimeout(ctx, q.Timeout)
	defer cancel()
	got := received{transport: "tcp"}
	start := time.Now()
	c, err := sock.DialStream(within, q.Server, sock.DialOptions{})
	if err != nil {
		return got, q.failed(ctx, err)
	}
	defer c.Close()
	frame, err := framed(wire)
	if err == nil {
		_, err = c.Send(within, frame)
	}
	for err == nil && got.ignored <= mostIgnored {
		if got.wire, err = readFramed(within, c); err == nil && answers(got.wire, m) {
			got.took = time.Since(start)
			return got, nil
		}
		got.ignored++
	}
	if err == nil {
		err = primitive.Newf(primitive.Oversized, "more than %d messages came that were no answer", mostIgnored)
	}
	return got, q.failed(ctx, err)
}

// readFramed takes one message of a connection: its length, then so many bytes.
func readFramed(ctx context.Context, c *sock.Stream) ([]byte, error) {
	length, err := c.RecvExact(ctx, 2)
	if err != nil {
		return nil, err
	}
	return c.RecvExact(ctx, int(binary.BigEndian.Uint16(length)))
}
