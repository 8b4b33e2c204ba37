package dns

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/miekg/dns"

	"sosh/primitive"
	"sosh/sock"
)

// Bounds of a client over TCP.
const (
	mostQuestions = 1000 // on one connection
	idleTime      = 10 * time.Second
)

// A Server answers from a zone, over UDP and TCP. All of it may be used by many
// clients at once.
type Server struct {
	Zone *Zone
	Most int                              // bytes of an answer by datagram, whatever the client takes; at least 512
	Code int                              // answer with this code instead, to try a client; 0 is not
	Drop bool                             // do not answer, to try a client
	Hit  func() bool                      // whether Code and Drop are meant for this question; nil is always
	Log  func(format string, args ...any) // a line for each question; may be nil
}

// Datagram is the answer to one datagram; nil where none is due.
func (s *Server) Datagram(_ context.Context, p sock.Packet) []byte {
	return s.respond(p.Data, "udp", primitive.Addr{Host: p.Host, Port: p.Port})
}

// Client answers the questions of one connection, in their order. A client that
// does not ask for a while, or stops in the middle of a question, is left.
func (s *Server) Client(ctx context.Context, c *sock.Stream) error {
	for range mostQuestions {
		wire, err := s.next(ctx, c)
		if err != nil {
			return ended(err)
		}
		reply := s.respond(wire, "tcp", c.Raddr())
		if reply == nil {
			return nil // what is no question is not talked to
		}
		if err := s.send(ctx, c, reply); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) next(ctx context.Context, c *sock.Stream) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, idleTime)
	defer cancel()
	return readFramed(ctx, c)
}

func (s *Server) send(ctx context.Context, c *sock.Stream, reply []byte) error {
	frame, err := framed(reply)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, idleTime)
	defer cancel()
	_, err = c.Send(ctx, frame)
	return err
}

// ended makes the end of a client, or its silence, a success.
func ended(err error) error {
	switch primitive.KindOf(err) {
	case primitive.EOF, primitive.Timeout, primitive.Reset:
		return nil
	}
	return err
}

// respond makes the answer to a message; nil where none is due.
func (s *Server) respond(wire []byte, transport string, from primitive.Addr) []byte {
	if len(wire) < headerSize || wire[2]&0x80 != 0 {
		s.log("%s %s: %d bytes that are no question: not answered", from, transport, len(wire))
		return nil
	}
	q := new(dns.Msg)
	if err := q.Unpack(wire); err != nil {
		return s.unreadable(wire, transport, from)
	}
	faulty := (s.Drop || s.Code != dns.RcodeSuccess) && (s.Hit == nil || s.Hit())
	if faulty && s.Drop {
		s.log("%s %s %s: not answered, as told", from, transport, asked(q))
		return nil
	}
	m := s.reply(q, faulty)
	size := maxMessage
	if transport == "udp" {
		size = s.room(q)
	}
	m.Truncate(size)
	m.Compress = true // also where it fits without
	out, err := m.Pack()
	if err != nil {
		m = new(dns.Msg).SetRcode(q, dns.RcodeServerFailure)
		out, _ = m.Pack() // of the question alone, which was read before
	}
	s.log("%s %s %s", from, transport, told(q, m, len(out)))
	return out
}

// unreadable answers a message that could not be read with FORMERR, of which only
// the number is known.
func (s *Server) unreadable(wire []byte, transport string, from primitive.Addr) []byte {
	m := new(dns.Msg)
	m.Id, m.Response, m.Rcode = binary.BigEndian.Uint16(wire), true, dns.RcodeFormatError
	out, _ := m.Pack() // a header packs
	s.log("%s %s: %d bytes that cannot be read: FORMERR", from, transport, len(wire))
	return out
}

// room is how long a datagram to this client may be.
func (s *Server) room(q *dns.Msg) int {
	size := plainSize
	if opt := q.IsEdns0(); opt != nil {
		size = max(size, int(opt.UDPSize()))
	}
	return min(size, max(s.Most, plainSize))
}

// reply is the answer, whole.
func (s *Server) reply(q *dns.Msg, faulty bool) *dns.Msg {
	m := new(dns.Msg).SetReply(q)
	m.Compress = true
	opt := q.IsEdns0()
	if opt != nil {
		m.SetEdns0(uint16(max(s.Most, plainSize)), false)
	}
	switch {
	case q.Opcode != dns.OpcodeQuery:
		m.Rcode = dns.RcodeNotImplemented
	case len(q.Question) != 1:
		m.Rcode = dns.RcodeFormatError
	case opt != nil && opt.Version() != 0:
		m.Rcode = dns.RcodeBadVers
	case faulty:
		m.Rcode = s.Code
	case q.Question[0].Qclass != dns.ClassINET, isTransfer(q.Question[0].Qtype):
		m.Rcode = dns.RcodeRefused
	default:
		extra := m.Extra
		m.Extra = nil
		s.Zone.answer(m, q.Question[0])
		m.Extra = append(m.Extra, extra...)
	}
	return m
}

func isTransfer(t uint16) bool { return t == dns.TypeAXFR || t == dns.TypeIXFR }

// told is what a line of the log says about a question and its answer.
func told(q, m *dns.Msg, size int) string {
	var what []string
	for _, part := range []struct {
		n    int
		word string
	}{{len(m.Answer), "answer"}, {len(m.Ns), "authority"}} {
		if part.n > 0 {
			what = append(what, fmt.Sprintf("%s %d", part.word, part.n))
		}
	}
	if m.Truncated {
		what = append(what, "truncated")
	}
	return fmt.Sprintf("%s: %s", asked(q), strings.Join(append([]string{rcodeName(m.Rcode)}, append(what, fmt.Sprintf("%d bytes", size))...), ", "))
}

// asked is a question in words.
func asked(q *dns.Msg) string {
	if len(q.Question) == 0 {
		return "no question"
	}
	return printed(q.Question[0].Name) + " " + typeName(q.Question[0].Qtype)
}

func (s *Server) log(format string, args ...any) {
	if s.Log != nil {
		s.Log(format, args...)
	}
}
