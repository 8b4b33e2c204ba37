package dns

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"github.com/miekg/dns"

	"sosh/primitive"
)

// A Query is a question to one server.
type Query struct {
	Name    string // absolute, of ParseName
	Type    uint16 // of ParseType
	Server  primitive.Addr
	TCP     bool          // do not try UDP first
	Recurse bool          // ask the server to ask others
	EDNS    int           // bytes of a datagram that this side takes (RFC 6891); 0 is without EDNS
	Timeout time.Duration // of one try
	Tries   int           // over UDP, which may lose them
	Show    bool          // keep the messages as they were on the wire
}

// A Reply is the answer of a server.
type Reply struct {
	Name       string        `help:"the name that was asked for"`
	Type       string        `help:"the type that was asked for"`
	Rcode      string        `help:"how it went: NOERROR, NXDOMAIN, SERVFAIL, REFUSED …"`
	Meaning    string        `help:"that in words"`
	Flags      []string      `help:"bits of the header: qr, aa, tc, rd, ra, ad, cd"`
	Answer     []Record      `help:"what was asked for"`
	Authority  []Record      `help:"who knows, or who says that there is nothing"`
	Additional []Record      `help:"what may be asked next"`
	Server     string        `help:"address that was asked" volatile:""`
	Transport  string        `help:"udp or tcp"`
	Time       time.Duration `help:"from the question to the answer" volatile:""`
	Size       int           `help:"bytes of the answer"`
	Truncated  bool          `help:"it was too long for a datagram, and so asked for again over TCP"`
	EDNS       int           `name:"edns" help:"bytes of a datagram that the server takes; 0 without EDNS"`
	Ignored    int           `help:"datagrams that were no answer to this question" volatile:""`
	Sent       string        `help:"the question as it was sent, in hexadecimal; with --show" volatile:""`
	Received   string        `help:"the answer as it came, in hexadecimal; with --show" volatile:""`

	msg  *dns.Msg
	show bool
}

// Ask sends the question and waits for its answer: over UDP, and over TCP where
// that did not suffice. An answer with another code than NOERROR comes with an
// error that is Told: kind NotFound for NXDOMAIN, Denied for REFUSED, Unsupported
// for NOTIMP, Failed for SERVFAIL and the rest. Without an answer: Timeout,
// Refused, Unreachable, NotFound (of the server's name), Canceled, Failed.
func (q Query) Ask(ctx context.Context) (*Reply, error) {
	m := q.message()
	wire, err := m.Pack()
	if err != nil {
		return nil, primitive.Usagef("that cannot be asked: %s", safe(err.Error())).On(shown(q.Name))
	}
	got, err := q.exchange(ctx, m, wire)
	if err != nil {
		return nil, err
	}
	r, err := q.reply(got)
	if r.show = q.Show; q.Show {
		r.Sent, r.Received = hex.EncodeToString(wire), hex.EncodeToString(got.wire)
	}
	switch {
	case err == nil:
		return r, failureOf(r)
	case !q.Show:
		r = nil
	}
	return r, primitive.AsError(err).On(q.Server.String())
}

func (q Query) message() *dns.Msg {
	m := new(dns.Msg).SetQuestion(q.Name, q.Type)
	m.RecursionDesired = q.Recurse
	if q.EDNS > 0 {
		m.SetEdns0(uint16(q.EDNS), false)
	}
	return m
}

// A received message, and how it came.
type received struct {
	wire      []byte
	transport string
	took      time.Duration
	truncated bool
	ignored   int
}

// exchange gets the answer over the transport that it takes.
func (q Query) exchange(ctx context.Context, m *dns.Msg, wire []byte) (received, error) {
	if q.TCP {
		return q.overTCP(ctx, m, wire)
	}
	got, err := q.overUDP(ctx, m, wire)
	if err != nil || got.wire[2]&0x02 == 0 { // TC
		return got, err
	}
	whole, err := q.overTCP(ctx, m, wire)
	whole.truncated, whole.ignored = true, got.ignored
	if err != nil {
		e := primitive.AsError(err)
		e = e.On(q.Server.String())
		e.Cause = "the answer was too long for a datagram, and over TCP: " + e.Cause
		return whole, e.WithHint("a DNS server has to answer over TCP too (RFC 7766); with room for longer datagrams: --edns 4096")
	}
	return whole, nil
}

// reply makes the data of a message; of one that cannot be read, how it came.
func (q Query) reply(got received) (*Reply, error) {
	r := &Reply{
		Name: printed(q.Name), Type: typeName(q.Type), Server: q.Server.String(), Transport: got.transport, Time: got.took,
		Size: len(got.wire), Truncated: got.truncated, Ignored: got.ignored,
	}
	m, err := unpack(got.wire)
	if err != nil {
		return r, err
	}
	r.msg, r.Rcode, r.Flags = m, rcodeName(m.Rcode), flagsOf(m.MsgHdr)
	r.Answer, r.Authority, r.Additional = records(m.Answer), records(m.Ns), records(m.Extra)
	if opt := m.IsEdns0(); opt != nil {
		r.EDNS = int(opt.UDPSize())
	}
	r.Meaning = r.meaning(q.Type)
	return r, nil
}

// meaning is the answer in words.
func (r *Reply) meaning(asked uint16) string {
	switch {
	case r.msg.Rcode != dns.RcodeSuccess:
		return rcodeMeaning(r.msg.Rcode)
	case slices.ContainsFunc(r.msg.Answer, func(rr dns.RR) bool { return rr.Header().Rrtype == asked || asked == dns.TypeANY }):
		return "the name has such records"
	case len(r.msg.Answer) > 0 && negative(r.msg):
		return "the name stands for another one, which has no records of this type"
	case len(r.msg.Answer) > 0:
		return "the name stands for another one; this server does not say more"
	case isReferral(r.msg):
		return "this server does not know; those in authority do"
	}
	return "the name exists, but has no records of this type"
}

// negative is whether the zone's SOA says that there is nothing (RFC 2308).
func negative(m *dns.Msg) bool {
	return slices.ContainsFunc(m.Ns, func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeSOA })
}

// isReferral is whether a message names the servers of a zone below instead of
// answering (RFC 1034 section 4.3.2, step 3b).
func isReferral(m *dns.Msg) bool {
	ns := slices.ContainsFunc(m.Ns, func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeNS })
	return m.Rcode == dns.RcodeSuccess && len(m.Answer) == 0 && ns && !negative(m) && !m.Authoritative
}
