package explain

import (
	"fmt"
	"strings"

	"sosh/primitive"
	"sosh/probe"
)

// traceSteps send datagrams that live ever longer; routers say where they died,
// on the error queue of the socket (ip(7), IP_RECVERR): for that no privilege is
// needed on Linux. --icmp and --tcp do the same with other packets.
func traceSteps(c Command) []Step {
	host := c.text("host")
	most, wait := max(c.number("max-hops"), 1), c.within("timeout")
	told := fmt.Sprintf("socket AF_INET, SOCK_DGRAM, IPPROTO_IP\nsetsockopt fd, SOL_IP, IP_RECVERR, [1], 4\nsetsockopt fd, SOL_IP, IP_TTL, [1], 4\n"+
		"sendto fd, \"\", 0, 0, {the address of %s}\n-- waits for the error queue\nrecvmsg fd, {who says that it died there}, MSG_ERRQUEUE\n-- and so on, with a longer life each time", primitive.Escape(host, false))
	about := "over IPv4, with UDP, a probe for each hop; --icmp, --tcp, --rounds and --names are left out"
	return []Step{
		{Op: Library, Name: fmt.Sprintf(hopsPython, about, pythonText(host), most, wait.Seconds())},
		{Op: Word, Name: about},
		{Op: Code, Uses: "hops names", Name: fmt.Sprintf(hopsC, cString([]byte(host)), most, wait.Milliseconds()), Told: told},
	}
}

const hopsPython = `import select
import socket
import struct

# %s
IP_RECVERR, MSG_ERRQUEUE = 11, 0x2000  # of Linux
host = socket.gethostbyname(%s)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
poll = select.poll()
poll.register(s, select.POLLERR)
for ttl in range(1, %d + 1):
    s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
    s.sendto(b"", (host, 33433 + ttl))
    if not poll.poll(%g * 1000):
        print(ttl, "*")
        continue
    data, ancillary, flags, address = s.recvmsg(512, 512, MSG_ERRQUEUE)
    # struct sock_extended_err: errno, origin, type, code; behind it who says so
    error, origin, kind, code = struct.unpack("=IBBB", ancillary[0][2][:7])
    print(ttl, socket.inet_ntoa(ancillary[0][2][20:24]))
    if kind == 3:  # destination unreachable: it is there, and has no such port
        break
s.close()
`

const hopsC = `struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *to;
int problem = getaddrinfo(%s, "33434", &hints, &to);
if (problem) {
    fprintf(stderr, "%%s\n", gai_strerror(problem));
    exit(1);
}
int s = check(socket(AF_INET, SOCK_DGRAM, 0), "socket"), on = 1;
check(setsockopt(s, IPPROTO_IP, IP_RECVERR, &on, sizeof on), "setsockopt");
for (int ttl = 1, there = 0; ttl <= %d && !there; ttl++) {
    check(setsockopt(s, IPPROTO_IP, IP_TTL, &ttl, sizeof ttl), "setsockopt");
    check(sendto(s, "", 0, 0, to->ai_addr, to->ai_addrlen), "sendto");
    struct pollfd waits = {.fd = s}; /* POLLERR comes without asking */
    if (poll(&waits, 1, %d) <= 0) {
        printf("%%d *\n", ttl);
        continue;
    }
    char data[512], more[512];
    struct iovec piece = {data, sizeof data};
    struct msghdr m = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = more, .msg_controllen = sizeof more};
    check(recvmsg(s, &m, MSG_ERRQUEUE), "recvmsg");
    for (struct cmsghdr *h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
        if (h->cmsg_level != IPPROTO_IP || h->cmsg_type != IP_RECVERR)
            continue;
        struct sock_extended_err *e = (struct sock_extended_err *)CMSG_DATA(h);
        char text[INET_ADDRSTRLEN] = "";
        inet_ntop(AF_INET, &((struct sockaddr_in *)SO_EE_OFFENDER(e))->sin_addr, text, sizeof text);
        printf("%%d %%s\n", ttl, text);
        there = e->ee_type == 3; /* it is there, and has no such port */
    }
}
close(s);`

// tlsPython connects and shakes hands; then what is behind.
func tlsPython(c Command, then string) string {
	w, a := &writer{}, c.addr("addr")
	w.line("import socket\nimport ssl\n")
	w.left(c.leftOut("starttls", "accepts", "expires-in"))
	w.context(c, true)
	if list, _ := c.Args.Value("alpn").([]string); len(list) > 0 {
		var quoted []string
		for _, p := range list {
			quoted = append(quoted, pythonText(p))
		}
		w.line("context.set_alpn_protocols([%s])", strings.Join(quoted, ", "))
	}
	name := c.text("name")
	if name == "" {
		name = a.Host
	}
	w.line("s = socket.create_connection(%s%s)", pythonAddr(a), c.seconds())
	w.line("s = context.wrap_socket(s, server_hostname=%s)", pythonText(name))
	w.line("print(s.version(), s.cipher()[0], s.selected_alpn_protocol())\n%ss.close()", then)
	return w.b.String()
}

func tlsConnect(c Command) []Step {
	return append([]Step{{Op: Library, Name: tlsPython(c, "")}}, c.below(c.addr("addr"), true)...)
}

// tlsInfo prints the certificate; without verification Python has only its bytes.
func tlsInfo(c Command) []Step {
	then := "for name, value in (s.getpeercert() or {}).items():\n    print(name, value)\nprint(ssl.DER_cert_to_PEM_cert(s.getpeercert(True)))\n"
	return append([]Step{{Op: Library, Name: tlsPython(c, then)}}, c.below(c.addr("addr"), true)...)
}

// scriptRun is what every script of one port has: a connection. Its words are Lua.
func scriptRun(c Command) []Step {
	a := c.addr("addr")
	return []Step{stream(a, ""), {Op: Connect, Addr: a},
		{Op: Word, Name: "what the script sends and receives: script list shows where it is, explain without --dry-run its calls"}, {Op: Close}}
}

// benchSteps are one connection that is kept full for a while; the words that
// begin a measurement are those of sosh, so its own server is at the other end.
func benchSteps(c Command) []Step {
	a := c.addr("addr")
	return []Step{stream(a, ""), {Op: Connect, Addr: a},
		{Op: Word, Name: "then, until the time is over, on each connection: send or recv of blocks as large as --size, counted"}, {Op: Close}}
}

// loadSteps are those of one client; there are many at once.
func loadSteps(c Command) []Step {
	a := c.addr("addr")
	steps := append([]Step{{Op: Word, Name: "each of the clients, one after another on it, until the time is over:"}, stream(a, "")}, c.patience()...)
	steps = append(steps, Step{Op: Connect, Addr: a})
	if data := c.bytes("send"); len(data) > 0 {
		steps = append(steps, Step{Op: Send, Data: data})
	}
	if want := c.bytes("expect"); len(want) > 0 {
		steps = append(steps, Step{Op: RecvUntil, Data: want})
	}
	return append(steps, Step{Op: Close})
}

// probeSteps hear what the first ports say; what is asked next depends on it.
func probeSteps(c Command) []Step {
	host := c.first("targets")
	ports, _ := probe.ParsePorts(c.text("ports"), c.on("udp"))
	if a, err := primitive.ParseAddr(host, false); c.text("ports") == "" && err == nil {
		host, ports = a.Host, []uint16{uint16(a.Port)}
	}
	steps := []Step{{Op: Word, Name: "where nothing comes, questions follow, of one protocol after another"}}
	for _, port := range ports[:min(len(ports), scanned)] {
		a := primitive.Addr{Host: host, Port: int(port)}
		if c.on("udp") {
			steps = append(steps, dgram(a), Step{Op: Timeout, For: c.within("wait")}, Step{Op: Connect, Addr: a}, Step{Op: Send, Data: []byte("\r\n")})
		} else {
			steps = append(steps, stream(a, ""), Step{Op: Timeout, For: c.within("wait")}, Step{Op: Connect, Addr: a})
		}
		steps = append(steps, Step{Op: Recv, N: 4096}, Step{Op: Close})
	}
	return steps
}
