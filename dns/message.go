package dns

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/miekg/dns"

	"sosh/primitive"
)

// Bounds of messages.
const (
	headerSize = 12
	plainSize  = 512   // of a datagram without EDNS (RFC 1035)
	usualEDNS  = 1232  // fits everywhere without fragments
	maxMessage = 65535 // over TCP, whose messages have their length in front
)

// unpack reads a message. Kind failed for what is none.
func unpack(wire []byte) (*dns.Msg, error) {
	m := new(dns.Msg)
	if err := m.Unpack(wire); err != nil {
		return nil, malformed(err.Error())
	}
	if said, are := promised(wire), len(m.Question)+len(m.Answer)+len(m.Ns)+len(m.Extra); said != are {
		return nil, malformed(fmt.Sprintf("the header promises %d records and questions, there are %d", said, are))
	}
	return m, nil
}

// promised is how many questions and records the header says that there are.
func promised(wire []byte) int {
	n := 0
	for at := 4; at < headerSize && len(wire) >= headerSize; at += 2 {
		n += int(binary.BigEndian.Uint16(wire[at:]))
	}
	return n
}

func malformed(why string) *primitive.Error {
	why = strings.TrimPrefix(strings.TrimPrefix(why, "dns: "), "bad ")
	return primitive.Newf(primitive.Failed, "the message is malformed: %s", safe(why)).
		WithHint("what came is no DNS, or of a broken or hostile server; its bytes: dns query … --show")
}

// dump is a message as dig shows it, and its bytes.
func dump(title string, wire []byte) string {
	text := fmt.Sprintf("%s, %d bytes:\n", title, len(wire))
	m := new(dns.Msg)
	if err := m.Unpack(wire); err == nil {
		for line := range strings.Lines(strings.TrimSpace(m.String())) {
			if line = strings.ReplaceAll(safe(strings.TrimSpace(line)), `\t`, "  "); line != "" {
				text += "  " + line + "\n"
			}
		}
	}
	for line := range strings.Lines(hex.Dump(wire)) {
		text += "  " + line
	}
	return text
}

// answers is whether a message is the answer to a question: it carries its number,
// says that it is an answer, and repeats the question where it has one.
func answers(wire []byte, q *dns.Msg) bool {
	if len(wire) < headerSize || binary.BigEndian.Uint16(wire) != q.Id || wire[2]&0x80 == 0 {
		return false
	}
	m := new(dns.Msg)
	if err := m.Unpack(wire); err != nil && len(m.Question) == 0 || len(m.Question) == 0 {
		return true // broken, or an error without the question: it is for us all the same
	}
	asked, got := q.Question[0], m.Question[0]
	return strings.EqualFold(asked.Name, got.Name) && asked.Qtype == got.Qtype && asked.Qclass == got.Qclass
}

var errTooLong = errors.New("too long")

// framed is a message as TCP carries it (RFC 1035 section 4.2.2).
func framed(wire []byte) ([]byte, error) {
	if len(wire) > maxMessage {
		return nil, errTooLong
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(wire))), wire...), nil
}
