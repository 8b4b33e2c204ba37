package identify

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// UDP finds out what answers on a port over UDP: it sends a few harmless
// questions, one after the other, that of the port's usual service first. The
// error is Refused where an ICMP message says that nobody has the port, and
// Timeout where nothing came at all, which UDP does not tell from a filter.
func UDP(ctx context.Context, o Options) (Speaker, error) {
	for _, q := range datagrams(o.Port) {
		answer, err := o.datagram(ctx, q)
		kind := sock.Kind(err)
		switch {
		case ctx.Err() != nil:
			return Speaker{}, ctx.Err()
		case kind == primitive.Timeout:
			continue
		case err != nil:
			return Speaker{}, err
		}
		return recogniseDatagram(q, answer), nil
	}
	return Speaker{}, primitive.Newf(primitive.Timeout, "no answer: it is open and silent, or a filter drops it; UDP does not say")
}

// datagram asks one question and waits for one answer.
func (o Options) datagram(ctx context.Context, q question) ([]byte, error) {
	conn, err := o.Dial(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if conn.LocalAddr().String() == conn.RemoteAddr().String() { // it would answer itself
		return nil, primitive.Newf(primitive.Refused, "nobody listens")
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	_ = conn.SetDeadline(time.Now().Add(o.Wait / 2))
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if _, err := conn.Write([]byte(q.say)); err != nil {
		return nil, err
	}
	answer := make([]byte, mostAnswer)
	n, err := conn.Read(answer)
	if errors.Is(err, net.ErrClosed) {
		return nil, ctx.Err()
	}
	return answer[:n:n], err
}

// recogniseDatagram says what an answer is: by its form, for answers of one
// service may come to the question of another.
func recogniseDatagram(q question, b []byte) Speaker {
	s := Speaker{Evidence: b, By: q.name, Why: "an answer that is none of those known here"}
	for _, r := range datagramRules() {
		if product, version, ok := r.match(b, []byte(q.say)); ok {
			s.Protocol, s.Sure, s.Why, s.Product, s.Version = r.protocol, r.sure, r.why, bounded(product), bounded(version)
			return s
		}
	}
	if found, ok := recognise("datagram", b, []byte(q.say)); ok {
		found.By = q.name
		return found
	}
	return s
}

// datagramRules are about answers over UDP, beside those that are the same over
// TCP.
func datagramRules() []rule {
	return []rule{
		{protocol: "echo", match: echoes, sure: Likely, why: "it sends back what it gets (RFC 862)"},
		{protocol: "dns", match: dnsAnswerOf, sure: Certain, why: "an answer with the number of our question (RFC 1035)"},
		{protocol: "ntp", match: ntp, sure: Certain, why: "an answer in server mode (RFC 5905)"},
		{protocol: "snmp", match: is(func(b []byte) bool {
			return len(b) > 20 && b[0] == 0x30 && bytes.Contains(b, []byte("\x04\x06public\xa2"))
		}), sure: Certain, why: "a response to a get (RFC 1157)"},
		{protocol: "stun", match: is(func(b []byte) bool { return len(b) >= 20 && b[0] == 1 && bytes.Equal(b[4:8], []byte(stunBinding[4:8])) }), sure: Certain, why: "the magic cookie of STUN (RFC 8489)"},
		{protocol: "tftp", match: is(func(b []byte) bool { return len(b) >= 5 && b[0] == 0 && b[1] == 5 && b[2] == 0 && b[len(b)-1] == 0 }), sure: Likely, why: "an error as TFTP has it (RFC 1350)"},
		{protocol: "memcached", match: memcachedDatagram, sure: Certain, why: "version is answered by VERSION"},
		{protocol: "rpc", match: is(func(b []byte) bool { return len(b) >= 24 && bytes.Equal(b[:8], []byte(rpcNull[:4]+"\x00\x00\x00\x01")) }), sure: Certain, why: "a reply with the number of our call (RFC 5531)"},
		{protocol: "netbios", match: is(func(b []byte) bool { return len(b) >= 50 && b[0] == nbstat[0] && b[1] == nbstat[1] && b[2]&0x80 != 0 }), sure: Certain, why: "a list of names (RFC 1002)"},
		{protocol: "coap", match: is(func(b []byte) bool { return len(b) >= 4 && b[0]>>6 == 1 && b[2] == coapGet[2] && b[3] == coapGet[3] }), sure: Certain, why: "an answer with the number of our request (RFC 7252)"},
		{protocol: "ike", match: is(func(b []byte) bool {
			return len(b) >= 28 && bytes.Equal(b[:8], []byte(ikeInit[:8])) && b[17]&0xf0 == 0x20
		}), sure: Certain, why: "an answer to our exchange (RFC 7296)"},
		{protocol: "source-engine", match: is(func(b []byte) bool {
			return len(b) > 5 && bytes.HasPrefix(b, []byte("\xff\xff\xff\xff")) && (b[4] == 'I' || b[4] == 'A')
		}), sure: Certain, why: "an answer to a query of game servers"},
	}
}

// dnsAnswerOf is an answer to dnsRoot; mDNS has the number 0.
func dnsAnswerOf(b, asked []byte) (string, string, bool) {
	fits := len(b) >= 12 && len(asked) >= 2 && bytes.Equal(b[:2], asked[:2]) && b[2]&0xf8 == 0x80
	return "", "", fits && (string(asked) == dnsRoot || string(asked) == mdnsServices)
}

func ntp(b, _ []byte) (string, string, bool) {
	fits := len(b) >= 48 && b[0]&7 == 4
	if !fits {
		return "", "", false
	}
	return "", fmt.Sprintf("%d, stratum %d", b[0]>>3&7, b[1]), true
}

// memcachedDatagram has a header of eight bytes before its words.
func memcachedDatagram(b, _ []byte) (string, string, bool) {
	if len(b) < 16 || binary.BigEndian.Uint16(b) != 1 {
		return "", "", false
	}
	version, ok := strings.CutPrefix(string(b[8:]), "VERSION ")
	return "memcached", strings.TrimSpace(version), ok
}
