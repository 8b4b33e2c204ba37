package explain

import (
	"fmt"
	"strings"

	"sosh/dns"
	"sosh/ipaddr"
	"sosh/primitive"
	"sosh/sock"
)

// dnsLookup asks the system, which has its own ways: /etc/hosts, a cache, servers.
func dnsLookup(c Command) []Step {
	family := map[string]string{"inet": "AF_INET", "inet6": "AF_INET6"}[c.text("family")]
	if family == "" {
		family = "AF_UNSPEC"
	}
	python := fmt.Sprintf("import socket\n\nfor found in socket.getaddrinfo(%s, None, socket.%s, socket.SOCK_STREAM):\n    print(found[4][0])\n",
		pythonText(c.text("name")), family)
	lines := fmt.Sprintf(`struct addrinfo hints = {.ai_family = %s, .ai_socktype = SOCK_STREAM}, *found;
int problem = getaddrinfo(%s, NULL, &hints, &found);
if (problem) {
    fprintf(stderr, "%%s\n", gai_strerror(problem));
    exit(1);
}
for (; found; found = found->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
        puts(text);
}`, family, cString([]byte(c.text("name"))))
	return bySystem(python, lines, "getaddrinfo(3)")
}

func bySystem(python, lines, function string) []Step {
	return []Step{{Op: Library, Name: python}, {Op: Code, Uses: "names", Name: lines,
		Told: "-- " + function + " asks the system: /etc/hosts, then the name servers of /etc/resolv.conf over UDP"}}
}

func dnsReverse(c Command) []Step {
	ip, err := ipaddr.Parse(c.text("addr"))
	if err != nil {
		return nil
	}
	if c.text("server") != "" {
		return dnsAsk(c, ipaddr.Reverse(ip.WithZone("")), "PTR", true)
	}
	a := primitive.Addr{Host: ip.String()}
	python := fmt.Sprintf("import socket\n\nname, others, addresses = socket.gethostbyaddr(%s)\nprint(name, *others)\n", pythonText(ip.String()))
	at := fmt.Sprintf("struct sockaddr_in a = {.sin_family = AF_INET};\ncheck(inet_pton(AF_INET, %s, &a.sin_addr) - 1, \"inet_pton\");\n", cString([]byte(ip.String())))
	if isIPv6(a.Host) {
		at = fmt.Sprintf("struct sockaddr_in6 a = {.sin6_family = AF_INET6};\ncheck(inet_pton(AF_INET6, %s, &a.sin6_addr) - 1, \"inet_pton\");\n", cString([]byte(ip.String())))
	}
	return bySystem(python, at+`char text[NI_MAXHOST];
int problem = getnameinfo((struct sockaddr *)&a, sizeof a, text, sizeof text, NULL, 0, NI_NAMEREQD);
if (problem) {
    fprintf(stderr, "%s\n", gai_strerror(problem));
    exit(1);
}
puts(text);`, "getnameinfo(3)")
}

func dnsQuery(c Command) []Step {
	return dnsAsk(c, c.text("name"), c.text("type"), !c.on("norecurse"))
}

// dnsTrace is the first question; each answer names the servers to ask next.
func dnsTrace(c Command) []Step {
	steps := dnsAsk(c, c.text("name"), c.text("type"), false)
	return append(steps, Step{Op: Word, Name: "the answer names servers of a zone below: the same question to one of them, until there is an answer"})
}

// dnsServer is the server that is asked. Without --server it is one of the
// system's, and the programs ask a resolver of this machine.
func dnsServer(c Command) primitive.Addr {
	text := strings.TrimPrefix(c.text("server"), "@")
	bare := strings.Trim(text, "[]")
	const roots, own = "198.41.0.4", "127.0.0.53" // a.root-servers.net; systemd-resolved
	switch at, err := primitive.ParseAddr(text, false); {
	case text == "" && c.Row.Name == "dns trace":
		return primitive.Addr{Host: roots, Port: dns.Port}
	case text == "":
		return primitive.Addr{Host: own, Port: dns.Port}
	case isIPv6(bare) || !strings.Contains(text, ":") || err != nil:
		return primitive.Addr{Host: bare, Port: dns.Port}
	default:
		return at
	}
}

// dnsAsk sends a question over UDP, or over TCP, where its length is before it
// (RFC 1035 section 4.2).
func dnsAsk(c Command, name, rrtype string, recurse bool) []Step {
	question, err := dns.Question(name, rrtype, recurse, c.number("edns"))
	if err != nil {
		return nil // the command itself says why
	}
	a, tcp := dnsServer(c), c.on("tcp")
	steps := []Step{{Op: Library, Name: dnsPython(c, a, question, tcp)}}
	if c.text("server") == "" {
		steps = append(steps, Step{Op: Word, Name: "--server says whom to ask; sosh takes the first of the system's, of trace the roots"})
	}
	open, receive := dgram(a), dnsDatagram
	if tcp {
		open.Type, receive = sock.StreamType, dnsMessage
		question = append([]byte{byte(len(question) >> 8), byte(len(question))}, question...)
	}
	steps = append(append(steps, open), c.patience()...)
	return append(steps, Step{Op: Connect, Addr: a}, Step{Op: Send, Data: question}, receive, Step{Op: Close})
}

var (
	dnsDatagram = Step{Op: Code, Uses: "records", Told: "read fd, the answer, 65536",
		Name: "static unsigned char answer[65536];\nrecords(answer, check(recv(s, answer, sizeof answer, 0), \"recv\"));"}
	dnsMessage = Step{Op: Code, Uses: "records", Told: "read fd, the length of the answer, 2\nread fd, the answer, so many",
		Name: "static unsigned char size[2], answer[65536];\ncheck(recv(s, size, 2, MSG_WAITALL), \"recv\");\n" +
			"records(answer, check(recv(s, answer, size[0] << 8 | size[1], MSG_WAITALL), \"recv\"));"}
)

// dnsPython asks and takes the answer apart (RFC 1035 section 4.1).
func dnsPython(c Command, a primitive.Addr, question []byte, tcp bool) string {
	w := &writer{}
	w.line("import socket\nimport struct\n")
	w.line("# id, flags, counts of questions, answers, authorities, others; the name, type and class; with EDNS a record OPT")
	w.line("question = %s  # a real client takes a random id", pythonBytes(question))
	kind := "DGRAM"
	if isIPv6(a.Host) {
		w.line("family = socket.AF_INET6")
	} else {
		w.line("family = socket.AF_INET")
	}
	if tcp {
		kind = "STREAM"
	}
	w.line("s = socket.socket(family, socket.SOCK_%s)", kind)
	if t := strings.TrimPrefix(c.seconds(), ", timeout="); t != "" {
		w.line("s.settimeout(%s)", t)
	}
	w.line("s.connect(%s)", pythonAddr(a))
	if tcp {
		w.line("s.sendall(struct.pack(\"!H\", len(question)) + question)\nlength = struct.unpack(\"!H\", s.recv(2, socket.MSG_WAITALL))[0]\nanswer = s.recv(length, socket.MSG_WAITALL)")
	} else {
		w.line("s.send(question)\nanswer = s.recv(65536)")
	}
	w.b.WriteString(dnsRead)
	return w.b.String()
}

const dnsRead = `

def name_at(at):
    """the name that begins there, and where it ends; 0xc0 points to another place"""
    labels, end, hops = [], None, 0
    while answer[at]:
        if answer[at] >= 0xC0:
            end, at, hops = end or at + 2, (answer[at] & 0x3F) << 8 | answer[at + 1], hops + 1
            if hops > 100:
                raise ValueError("a name without end")
            continue
        labels.append(answer[at + 1 : at + 1 + answer[at]].decode("ascii", "backslashreplace"))
        at += 1 + answer[at]
    return ".".join(labels) + ".", end or at + 1


identity, flags, questions, answers, authorities, others = struct.unpack("!6H", answer[:12])
print("code", flags & 15, "answers", answers)
at = 12
for _ in range(questions):
    at = name_at(at)[1] + 4
for _ in range(answers + authorities):
    name, at = name_at(at)
    kind, klass, ttl, size = struct.unpack("!HHIH", answer[at : at + 10])
    at += 10
    data = answer[at : at + size]
    if kind == 1:
        data = socket.inet_ntop(socket.AF_INET, data)
    elif kind == 28:
        data = socket.inet_ntop(socket.AF_INET6, data)
    elif kind in (2, 5, 12):  # NS, CNAME, PTR
        data = name_at(at)[0]
    elif kind == 15:  # MX
        data = struct.unpack("!H", data[:2])[0], name_at(at + 2)[0]
    print(name, ttl, kind, data)
    at += size
s.close()
`
