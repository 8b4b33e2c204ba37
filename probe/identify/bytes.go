package identify

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"sosh/tlsinfo"
)

// A matcher looks at an answer in bytes.
type matcher = func(answer, asked []byte) (product, version string, ok bool)

// byteRules are about protocols of bytes. The first are about those who only
// repeat what they hear, and would look like anything.
func byteRules() []rule {
	return []rule{
		{protocol: "echo", match: echoes, sure: Likely, why: "it sends back what it gets (RFC 862)"},
		{protocol: "tls", match: is(tlsinfo.IsReply), sure: Certain, why: "a TLS record with an answer to a ClientHello (RFC 8446)"},
		{protocol: "mysql", to: "greeting", match: mysql, sure: Certain, why: "the handshake of MySQL"},
		{protocol: "telnet", to: "greeting", match: is(func(b []byte) bool { return len(b) >= 3 && b[0] == 255 && b[1] >= 251 && b[1] <= 254 }), sure: Certain, why: "it negotiates options (RFC 854)"},
		{protocol: "zeromq", to: "greeting", match: is(func(b []byte) bool { return len(b) >= 10 && b[0] == 255 && b[9] == 127 }), sure: Certain, why: "the signature of ZMTP"},
		{protocol: "amqp", match: amqp, sure: Certain, why: "a header or Connection.Start of AMQP"},
		{protocol: "postgres", to: "postgres", match: is(func(b []byte) bool { return len(b) == 1 && (b[0] == 'S' || b[0] == 'N') }), sure: Likely, why: "one letter in answer to an SSLRequest"},
		{protocol: "postgres", to: "postgres http", match: is(func(b []byte) bool {
			return len(b) > 8 && b[0] == 'E' && bytes.Contains(b[:min(len(b), 32)], []byte("SFATAL")) || bytes.HasPrefix(b, []byte("EFATAL"))
		}), sure: Certain, why: "an error as PostgreSQL writes it"},
		{protocol: "dns", to: "dns", match: dnsOverTCP, sure: Certain, why: "an answer with the number of our question (RFC 1035)"},
		{protocol: "mongodb", to: "mongodb", match: mongodb, sure: Certain, why: "an OP_MSG in answer to hello"},
		{protocol: "mqtt", to: "mqtt", match: is(func(b []byte) bool { return len(b) >= 4 && b[0] == 0x20 && b[1] == 2 && b[3] <= 5 }), sure: Certain, why: "a CONNACK"},
		{protocol: "ldap", to: "ldap", match: ldap, sure: Certain, why: "a bind response (RFC 4511)"},
		{protocol: "rdp", to: "rdp", match: is(func(b []byte) bool { return len(b) >= 11 && b[0] == 3 && b[1] == 0 && b[5]&0xf0 == 0xd0 }), sure: Certain, why: "a connection confirm (X.224) in TPKT"},
		{protocol: "smb", to: "smb", match: smb, sure: Certain, why: "an answer to Negotiate"},
		{protocol: "mssql", to: "mssql", match: mssql, sure: Certain, why: "an answer to PRELOGIN"},
		{protocol: "x11", to: "x11", match: is(func(b []byte) bool { return len(b) >= 8 && b[0] <= 2 && b[2] == 11 && b[3] == 0 }), sure: Certain, why: "a setup reply of version 11"},
		{protocol: "socks", to: "socks", match: is(func(b []byte) bool { return len(b) == 2 && b[0] == 5 && (b[1] == 0 || b[1] == 2 || b[1] == 255) }), sure: Likely, why: "two bytes in answer to the methods (RFC 1928)"},
		{protocol: "minecraft", to: "minecraft", match: minecraft, sure: Certain, why: "a status of Minecraft"},
		{protocol: "cassandra", to: "cassandra", match: is(func(b []byte) bool { return len(b) >= 9 && b[0]&0xfe == 0x84 && (b[4] == 6 || b[4] == 0) }), sure: Certain, why: "SUPPORTED in answer to OPTIONS"},
		{protocol: "ajp", to: "ajp", match: is(func(b []byte) bool { return bytes.Equal(b, []byte("AB\x00\x01\x09")) }), sure: Certain, why: "CPONG in answer to CPING"},
	}
}

// is makes a matcher of a question without names.
func is(fits func([]byte) bool) matcher {
	return func(b, _ []byte) (string, string, bool) { return "", "", fits(b) }
}

func echoes(b, asked []byte) (string, string, bool) {
	return "", "", len(b) >= 4 && len(asked) >= len(b) && bytes.HasPrefix(asked, b) && len(b) >= min(len(asked), 8)
}

// mysql reads the first packet of the server: length, number 0, version 10, and
// the server's version; or an error for hosts that it does not talk to.
func mysql(b, _ []byte) (product, version string, ok bool) {
	if len(b) < 7 || b[3] != 0 {
		return "", "", false
	}
	if b[4] == 0xff {
		return "", "", bytes.Contains(b, []byte("MySQL")) || bytes.Contains(b, []byte("MariaDB"))
	}
	name, _, found := bytes.Cut(b[5:min(len(b), 85)], []byte{0})
	if b[4] != 10 || !found || len(name) == 0 || name[0] < '0' || name[0] > '9' {
		return "", "", false
	}
	product, version = "MySQL", string(name)
	if strings.Contains(version, "MariaDB") {
		product, version = "MariaDB", strings.TrimPrefix(version, "5.5.5-")
	}
	return product, version, true
}

// amqp is the protocol's header, which refuses ours, or a method frame on channel
// 0 with Connection.Start.
func amqp(b, _ []byte) (product, version string, ok bool) {
	if bytes.HasPrefix(b, []byte("AMQP")) && len(b) == 8 {
		return "", fmt.Sprintf("%d.%d.%d", b[5], b[6], b[7]), true
	}
	if len(b) < 11 || !bytes.Equal(b[:3], []byte{1, 0, 0}) || !bytes.Equal(b[7:11], []byte{0, 10, 0, 10}) {
		return "", "", false
	}
	return amqpField(b, "product"), amqpField(b, "version"), true
}

// amqpField is a long string of the server's properties.
func amqpField(b []byte, name string) string {
	_, rest, ok := bytes.Cut(b, []byte(name+"S"))
	if !ok || len(rest) < 4 {
		return ""
	}
	n := binary.BigEndian.Uint32(rest)
	if n > 64 || int(n) > len(rest)-4 {
		return ""
	}
	return string(rest[4 : 4+n])
}

func dnsOverTCP(b, _ []byte) (string, string, bool) {
	if len(b) < 14 || int(binary.BigEndian.Uint16(b)) < 12 {
		return "", "", false
	}
	return dnsAnswer(b[2:])
}

// dnsAnswer is a response with the number of dnsRoot.
func dnsAnswer(b []byte) (string, string, bool) {
	return "", "", len(b) >= 12 && b[0] == dnsRoot[0] && b[1] == dnsRoot[1] && b[2]&0x80 != 0
}

func mongodb(b, _ []byte) (string, string, bool) {
	return "", "", len(b) >= 21 && binary.LittleEndian.Uint32(b[12:]) == 2013 && binary.LittleEndian.Uint32(b[8:]) == 0x5250
}

// ldap is a sequence with message 1 and a bind response.
func ldap(b, _ []byte) (string, string, bool) {
	if len(b) < 7 || b[0] != 0x30 {
		return "", "", false
	}
	head := 2
	if b[1] >= 0x80 {
		head += int(b[1] & 0x7f)
	}
	return "", "", len(b) >= head+4 && bytes.Equal(b[head:head+4], []byte{2, 1, 1, 0x61})
}

func smb(b, _ []byte) (string, string, bool) {
	if len(b) < 9 || b[0] != 0 || string(b[5:8]) != "SMB" {
		return "", "", false
	}
	return "", map[byte]string{0xff: "1", 0xfe: "2 or 3"}[b[4]], b[4] == 0xff || b[4] == 0xfe
}

// mssql reads the version behind the list of options (MS-TDS, PRELOGIN).
func mssql(b, _ []byte) (string, string, bool) {
	if len(b) < 14 || b[0] != 4 || b[8] != 0 {
		return "", "", false
	}
	at := 8 + int(binary.BigEndian.Uint16(b[9:]))
	if len(b) < at+4 {
		return "", "", false
	}
	return "SQL Server", fmt.Sprintf("%d.%d.%d", b[at], b[at+1], binary.BigEndian.Uint16(b[at+2:])), true
}

func minecraft(b, _ []byte) (string, string, bool) {
	_, text, found := bytes.Cut(b, []byte("{"))
	if !found || len(b)-len(text) > 12 {
		return "", "", false
	}
	m := regexp.MustCompile(`"version":\s*(\{[^{}]*\})`).FindSubmatch(text)
	var version struct{ Name string }
	if m == nil || json.Unmarshal(m[1], &version) != nil {
		return "", "", false
	}
	return "", version.Name, true
}
