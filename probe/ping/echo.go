package ping

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"net/netip"
	"strconv"
	"sync"

	"sosh/probe/icmp"
)

// An echoing way sends ICMP echo requests: one socket for each family, and a
// goroutine that reads it.
type echoing struct {
	conns   [2]icmp.Conn // of IPv4 and IPv6; nil where no host needs it
	hosts   []host
	places  map[netip.Addr]int // of the hosts, without zones
	size    int
	ttl     int
	seed    maphash.Seed
	answers chan<- answer
	failed  chan<- error
	readers sync.WaitGroup
}

func newEcho(ctx context.Context, p *pinger) (way, error) {
	e := &echoing{
		hosts: p.hosts, places: make(map[netip.Addr]int, len(p.hosts)), size: p.Size, ttl: p.TTL,
		seed: maphash.MakeSeed(), answers: p.answers, failed: p.failed,
	}
	for i := range e.hosts {
		ip := e.hosts[i].addr
		e.places[ip.WithZone("")] = i
		if at := place(ip); e.conns[at] == nil {
			c, err := icmp.Open(ctx, at == 1)
			if err != nil {
				e.close()
				return nil, err
			}
			e.conns[at] = c
		}
	}
	for _, c := range e.conns {
		if c != nil {
			e.readers.Go(func() { e.read(ctx, c) })
		}
	}
	return e, nil
}

func place(ip netip.Addr) int {
	if ip.Is4() {
		return 0
	}
	return 1
}

func (e *echoing) close() {
	for _, c := range e.conns {
		if c != nil {
			c.Close()
		}
	}
	e.readers.Wait()
}

func (e *echoing) send(_ context.Context, host int, seq uint16) error {
	ip := e.hosts[host].addr
	return e.conns[place(ip)].Send(ip, e.ttl, seq, e.payload(host, seq))
}

// Bytes of a payload that nobody else knows.
const secretLen = 8

// payload begins with what only who got the request can send back, and goes on
// with a pattern that shows damage.
func (e *echoing) payload(host int, seq uint16) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, max(e.size, secretLen)), maphash.Comparable(e.seed, [2]int{host, int(seq)}))
	for len(b) < e.size {
		b = append(b, byte(len(b)))
	}
	return b[:e.size]
}

// read takes what comes until the socket is closed.
func (e *echoing) read(ctx context.Context, c icmp.Conn) {
	for {
		packet, err := c.Receive()
		if err != nil {
			if ctx.Err() == nil {
				select {
				case e.failed <- err:
				default: // there is one already
				}
			}
			return
		}
		if a, ok := e.answer(&packet); ok {
			select {
			case e.answers <- a:
			case <-ctx.Done():
				return
			}
		}
	}
}

// answer is what a packet says; false for one that is not about a request of
// ours, as far as it can be told here.
func (e *echoing) answer(p *icmp.Packet) (a answer, ok bool) {
	asked := p.From
	if p.Kind == icmp.Failure {
		asked = p.To
	}
	place, known := e.places[asked.WithZone("")]
	if !known {
		return a, false
	}
	a = answer{host: place, seq: p.Seq, at: p.At, ttl: p.TTL, from: p.From, size: len(p.Payload)}
	want := e.payload(place, p.Seq)
	if p.Kind == icmp.Failure {
		a.ttl = 0
		a.state, a.reason = stateOf(p.Code), p.Code.String()
		n := min(len(p.Payload), len(want), secretLen)
		return a, p.Checksum && string(p.Payload[:n]) == string(want[:n])
	}
	a.state, a.reason = compare(p, want)
	return a, len(p.Payload) >= min(secretLen, len(want)) && string(p.Payload[:min(secretLen, len(want))]) == string(want[:min(secretLen, len(want))])
}

// compare looks at what an answer brought back.
func compare(p *icmp.Packet, want []byte) (State, string) {
	if !p.Checksum {
		return Corrupt, "wrong checksum"
	}
	if len(p.Payload) != len(want) {
		return Corrupt, fmt.Sprintf("%d bytes came back, %d were sent", len(p.Payload), len(want))
	}
	for i := range want {
		if p.Payload[i] != want[i] {
			return Corrupt, "byte " + strconv.Itoa(i) + " came back changed"
		}
	}
	return Answered, ""
}

func stateOf(c icmp.Code) State {
	switch {
	case c.Exceeded():
		return Exceeded
	case c.TooBig():
		return TooBig
	}
	return Unreachable
}
