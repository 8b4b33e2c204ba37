package tlsinfo

import (
	"io"
	"slices"
	"strings"

	"sosh/primitive"
)

// An upgrade is how a protocol goes over to TLS on a connection that began in
// plain text: what the server is to say, and what is said to that.
type upgrade struct {
	protocol string
	port     int // the usual one
	talk     []exchange
}

// An exchange is something said, and what the last line of the answer begins with.
type exchange struct{ say, want string }

// upgrades are of RFC 3207, RFC 9051, RFC 2595, RFC 4217 and the PostgreSQL
// protocol.
func upgrades() []upgrade {
	return []upgrade{
		{"smtp", 25, []exchange{{"", "220 "}, {"EHLO localhost\r\n", "250 "}, {"STARTTLS\r\n", "220 "}}},
		{"imap", 143, []exchange{{"", "* OK"}, {"a1 STARTTLS\r\n", "a1 OK"}}},
		{"pop3", 110, []exchange{{"", "+OK"}, {"STLS\r\n", "+OK"}}},
		{"ftp", 21, []exchange{{"", "220 "}, {"AUTH TLS\r\n", "234 "}}},
		{"postgres", 5432, []exchange{{"\x00\x00\x00\x08\x04\xd2\x16\x2f", "S"}}},
	}
}

// StartTLSPort is the usual port of a protocol that can go over to TLS; 0 where
// it cannot.
func StartTLSPort(protocol string) int {
	for _, u := range upgrades() {
		if u.protocol == protocol {
			return u.port
		}
	}
	return 0
}

// startTLS asks the server to go over to TLS. Nothing behind its consent is
// read: what an attacker put there must not count as said inside.
func startTLS(conn io.ReadWriter, protocol string) error {
	at := slices.IndexFunc(upgrades(), func(u upgrade) bool { return u.protocol == protocol })
	if at < 0 {
		return primitive.Usagef("%s has no way to TLS that is known here", primitive.Quote(protocol))
	}
	for _, x := range upgrades()[at].talk {
		if _, err := io.WriteString(conn, x.say); err != nil {
			return err
		}
		if err := x.await(conn, protocol); err != nil {
			return err
		}
	}
	return nil
}

// Bounds of one answer.
const (
	mostLines = 100
	mostLine  = 2000
)

// await reads an answer up to its last line.
func (x exchange) await(conn io.Reader, protocol string) error {
	if len(x.want) == 1 { // one byte, no line
		var b [1]byte
		if _, err := io.ReadFull(conn, b[:]); err != nil {
			return err
		}
		return x.judge(string(b[:]), protocol)
	}
	for range mostLines {
		line, err := readLine(conn)
		if err != nil {
			return err
		}
		if !x.goesOn(line) {
			return x.judge(line, protocol)
		}
	}
	return primitive.Newf(primitive.Oversized, "its answer has more than %d lines", mostLines)
}

// goesOn is whether more lines of the same answer follow: "250-…" (RFC 5321) and
// what IMAP says beside the tagged answer.
func (x exchange) goesOn(line string) bool {
	if strings.HasPrefix(x.want, "a1 ") {
		return strings.HasPrefix(line, "* ")
	}
	return len(line) > 3 && line[3] == '-' || strings.HasPrefix(line, " ")
}

func (x exchange) judge(line, protocol string) error {
	if strings.HasPrefix(line, x.want) {
		return nil
	}
	said := strings.TrimSpace(x.say)
	if said == "" {
		return primitive.Newf(primitive.Failed, "it does not greet as %s: %s", protocol, primitive.Quote(line)).
			WithHint("what speaks there: probe HOST PORT")
	}
	return primitive.Newf(primitive.Failed, "it does not go over to TLS: %s was answered by %s", primitive.Quote(said), primitive.Quote(line))
}

// readLine reads a line byte by byte, so that nothing behind it is taken.
func readLine(r io.Reader) (string, error) {
	var line []byte
	var b [1]byte
	for len(line) < mostLine {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return "", err
		}
		if b[0] == '\n' {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		line = append(line, b[0])
	}
	return "", primitive.Newf(primitive.Oversized, "a line of its answer is longer than %d bytes", mostLine)
}
