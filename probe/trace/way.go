package trace

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"net/netip"
	"sync"
	"time"

	"sosh/probe/icmp"
)

// A way is how probes are sent. What comes back goes to the answers it was begun
// with.
type way interface {
	// send sends probe n, or begins to, with so many hops to live. The error says that
	// it could not be sent.
	send(ctx context.Context, n uint16, ttl int) error
	// close ends what is under way, and waits for it. The context of begin must have
	// ended.
	close()
}

// An answer is what came back to a probe.
type answer struct {
	n       uint16
	from    netip.Addr // a router, or the host
	at      time.Time
	reached bool // it is the host's own: it ends the way
	code    *icmp.Code
	words   string // where there is no code
	failed  bool   // this machine could not ask
}

// begin opens the sockets of the method.
func begin(ctx context.Context, o Options, answers chan<- answer) (way, error) {
	if o.Method == ICMP {
		return newEcho(ctx, o, answers)
	}
	return beginSockets(ctx, o, answers)
}

// of is an answer of an ICMP error.
func (o *Options) of(n uint16, p *icmp.Packet) answer {
	return answer{n: n, from: p.From, at: p.At, code: &p.Code, reached: p.Code.PortUnreachable() && p.From.WithZone("") == o.Addr.WithZone("")}
}

// secretLen is how many bytes of a probe nobody else knows.
const secretLen = 16

// A secret tells our probes from forged ones, as far as errors quote them.
type secret [secretLen]byte

func newSecret() (s secret) {
	_, _ = rand.Read(s[:]) // it never fails
	return s
}

// matches is whether what is quoted of a probe is ours. The last two bytes are its
// number.
func (s secret) matches(quoted []byte, n uint16) bool {
	want := s.of(n)
	k := min(len(quoted), len(want))
	return string(quoted[:k]) == string(want[:k])
}

func (s secret) of(n uint16) []byte { return binary.BigEndian.AppendUint16(s[:len(s):len(s)], n) }

// An echoing way sends ICMP echo requests.
type echoing struct {
	o       Options
	conn    icmp.Conn
	secret  secret
	answers chan<- answer
	reader  sync.WaitGroup
}

func newEcho(ctx context.Context, o Options, answers chan<- answer) (way, error) {
	conn, err := icmp.Open(ctx, o.Addr.Is6())
	if err != nil {
		return nil, err
	}
	e := &echoing{o: o, conn: conn, secret: newSecret(), answers: answers}
	e.reader.Go(func() { e.read(ctx) })
	return e, nil
}

func (e *echoing) close() {
	e.conn.Close()
	e.reader.Wait()
}

func (e *echoing) send(_ context.Context, n uint16, ttl int) error {
	return e.conn.Send(e.o.Addr, ttl, n, e.secret.of(n))
}

func (e *echoing) read(ctx context.Context) {
	for {
		p, err := e.conn.Receive()
		if err != nil {
			return // closed; else the probes stay without an answer
		}
		a, ok := e.answer(&p)
		if ok && !give(ctx, e.answers, a) {
			return
		}
	}
}

func (e *echoing) answer(p *icmp.Packet) (a answer, ok bool) {
	if !p.Checksum || !e.secret.matches(p.Payload, p.Seq) {
		return a, false
	}
	if p.Kind == icmp.Failure {
		return e.o.of(p.Seq, p), p.To.WithZone("") == e.o.Addr.WithZone("")
	}
	a = answer{n: p.Seq, from: p.From, at: p.At, reached: true, words: "echo reply"}
	return a, p.From.WithZone("") == e.o.Addr.WithZone("") && len(p.Payload) == secretLen+2
}

// give hands over an answer; false at the end.
func give(ctx context.Context, answers chan<- answer, a answer) bool {
	select {
	case answers <- a:
		return true
	case <-ctx.Done():
		return false
	}
}
