package identify

import (
	"slices"

	"sosh/tlsinfo"
)

// A question is something harmless that is said to a server which has not spoken
// first, on a connection of its own.
type question struct {
	name  string
	ports []int  // where it is asked first
	say   string // what is said
	words bool   // it is a line of text: it may be said to one who speaks first, too
}

// questions are asked in this order, after those of the port. None logs in, none
// changes anything.
func questions() []question {
	return []question{
		{name: "tls", ports: []int{443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 5986, 6443, 6697, 8443, 8883, 9443}},
		{name: "http", ports: []int{80, 81, 591, 631, 2375, 3000, 5000, 5601, 5985, 7001, 8000, 8008, 8080, 8081, 8086, 8088, 8888, 9000, 9090, 9100, 9200}, words: true,
			say: "GET / HTTP/1.0\r\nUser-Agent: sosh\r\nAccept: */*\r\n\r\n"},
		{name: "lines", ports: []int{7, 79, 2323}, say: "\r\n\r\n", words: true},
		{name: "ehlo", ports: []int{2525}, say: "EHLO localhost\r\n", words: true},
		{name: "redis", ports: []int{6379, 6380, 16379, 26379}, say: "PING\r\nINFO server\r\n"},
		{name: "memcached", ports: []int{11211}, say: "version\r\n"},
		{name: "postgres", ports: []int{5432, 5433}, say: "\x00\x00\x00\x08\x04\xd2\x16\x2f"},
		{name: "dns", ports: []int{53}, say: "\x00\x11" + dnsRoot},
		{name: "mongodb", ports: []int{27017, 27018}, say: mongoHello},
		{name: "mqtt", ports: []int{1883}, say: "\x10\x10\x00\x04MQTT\x04\x02\x00\x0a\x00\x04sosh"},
		{name: "amqp", ports: []int{5672}, say: "AMQP\x00\x00\x09\x01"},
		{name: "ldap", ports: []int{389, 3268}, say: "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"},
		{name: "rdp", ports: []int{3389}, say: "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x03\x00\x00\x00"},
		{name: "smb", ports: []int{139, 445}, say: smbNegotiate},
		{name: "mssql", ports: []int{1433}, say: "\x12\x01\x00\x1a\x00\x00\x00\x00\x00\x00\x0b\x00\x06\x01\x00\x11\x00\x01\xff\x00\x00\x00\x00\x00\x00\x02"},
		{name: "x11", ports: []int{6000, 6001, 6002, 6003, 6010}, say: "l\x00\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00"},
		{name: "socks", ports: []int{1080, 9050}, say: "\x05\x01\x00"},
		{name: "sip", ports: []int{5060}, say: sipOverTCP},
		{name: "rtsp", ports: []int{554, 8554}, say: "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"},
		{name: "minecraft", ports: []int{25565}, say: "\x13\x00\xff\xff\xff\xff\x0f\x09localhost\x63\xdd\x01\x01\x00"},
		{name: "cassandra", ports: []int{9042}, say: "\x04\x00\x00\x00\x05\x00\x00\x00\x00"},
		{name: "zookeeper", ports: []int{2181}, say: "ruok"},
		{name: "ajp", ports: []int{8009}, say: "\x12\x34\x00\x01\x0a"},
	}
}

// mongoHello is an OP_MSG with the document {hello: 1, $db: "admin"}.
const mongoHello = "\x34\x00\x00\x00\x50\x52\x00\x00\x00\x00\x00\x00\xdd\x07\x00\x00\x00\x00\x00\x00\x00" +
	"\x1f\x00\x00\x00\x10hello\x00\x01\x00\x00\x00\x02$db\x00\x06\x00\x00\x00admin\x00\x00"

// smbNegotiate offers SMB 1 and 2 in an SMB 1 message, as clients do that do not
// know what the server has.
const smbNegotiate = "\x00\x00\x00\x3a\xffSMB\x72\x00\x00\x00\x00\x18\x01\x28" + "\x00\x00" + zeros8 + "\x00\x00" + zeros8 +
	"\x00\x17\x00\x02NT LM 0.12\x00\x02SMB 2.002\x00"

// sipOverTCP is an OPTIONS for the server itself.
const sipOverTCP = "OPTIONS sip:ping SIP/2.0\r\nVia: SIP/2.0/TCP ping;branch=z9hG4bKping\r\nFrom: <sip:ping>;tag=ping\r\n" +
	"To: <sip:ping>\r\nCall-ID: ping\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 0\r\nContent-Length: 0\r\n\r\n"

// datagrams are the questions over UDP, the ports they belong to first.
func datagrams(port int) []question {
	list := []question{{name: "usual", say: string(Payload(uint16(port)))}}
	for _, p := range []struct {
		name string
		port uint16
	}{{"dns", 53}, {"ntp", 123}, {"snmp", 161}, {"sip", 5060}, {"stun", 3478}, {"tftp", 69}, {"memcached", 11211}, {"rpc", 111},
		{"netbios", 137}, {"coap", 5683}, {"ssdp", 1900}, {"ike", 500}, {"source", 27015}} {
		if say := string(Payload(p.port)); say != list[0].say {
			list = append(list, question{name: p.name, say: say})
		}
	}
	if list[0].say == "" {
		list = list[1:]
	}
	return list
}

// ordered are the questions for a port: its own first, then TLS and HTTP, which
// are everywhere, then the rest. Few are those to ask one by one.
func ordered(port int, inside bool) (list []question, few int) {
	all := questions()
	if inside {
		all = all[1:] // no TLS within TLS
	}
	usual := func(q question) bool { return slices.Contains(q.ports, port) }
	for _, q := range all {
		if usual(q) {
			list = append(list, q)
		}
	}
	for i, q := range all {
		if !usual(q) {
			list = append(list, q)
		}
		if i == commonOnes-1 {
			few = len(list)
		}
	}
	return list, few
}

// The first questions of the table that are asked everywhere, one by one.
const commonOnes = 3

// clientFirst is whether the port is of a protocol in which the client speaks first.
func clientFirst(port int) bool {
	return slices.ContainsFunc(questions(), func(q question) bool { return slices.Contains(q.ports, port) })
}

// wordsFor are what is said for a question to a host of that name.
func (q question) wordsFor(host string) ([]byte, error) {
	if q.name == "tls" {
		return tlsinfo.Hello(host)
	}
	return []byte(q.say), nil
}
