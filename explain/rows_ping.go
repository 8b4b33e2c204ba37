package explain

import (
	"fmt"
	"strings"
	"time"

	"sosh/primitive"
)

// first is the first of the hosts of a command.
func (c Command) first(name string) string {
	text := strings.TrimSpace(strings.ReplaceAll(c.text(name), ",", " "))
	host, _, _ := strings.Cut(text, " ")
	return host
}

// Times that a program asks at most, and what the patience is in seconds.
const asked = 1000

func (c Command) times(name string) int { return min(max(c.number(name), 1), asked) }

func (c Command) within(name string) time.Duration {
	d, _ := c.Args.Value(name).(time.Duration)
	return d
}

// pingSteps ask the first host, in the way that the flags say.
func pingSteps(c Command) []Step {
	if text := c.text("http"); text != "" {
		u, a, secure := target(text, "http", "https")
		u.RawQuery = ""
		return append([]Step{{Op: Library, Name: httpPython(c, "HEAD", u, a, secure, "once; the time between is the round trip")}},
			c.below(a, secure, Step{Op: Send, Data: httpRequest(c, "HEAD", u)}, Step{Op: RecvUntil, Data: []byte("\r\n\r\n")})...)
	}
	a := primitive.Addr{Host: c.first("hosts"), Port: c.number("tcp")}
	if a.Port > 0 {
		return check(c, a)
	}
	if a.Port = c.number("udp"); a.Port > 0 {
		return append(append([]Step{dgram(a)}, c.patience()...), Step{Op: Connect, Addr: a}, Step{Op: Send}, Step{Op: Recv, N: 2048}, Step{Op: Close})
	}
	return echoes(c, a.Host)
}

// echoes are ICMP echo requests over a socket that the kernel lets users have
// (icmp(7)); it fills in the identifier and, for IPv4, the checksum.
func echoes(c Command, host string) []Step {
	e := echo{family: "AF_INET", proto: "IPPROTO_ICMP", request: 8, python: pythonText(host), c: cString([]byte(host)), count: c.times("count"), pad: min(c.number("size"), 1400)}
	if isIPv6(host) {
		e.family, e.proto, e.request = "AF_INET6", "IPPROTO_ICMPV6", 128
	}
	e.wait, e.between = c.within("timeout"), c.within("interval")
	told := fmt.Sprintf("socket %s, SOCK_DGRAM, %s\n-- or SOCK_RAW, where net.ipv4.ping_group_range does not allow it: that takes CAP_NET_RAW\n"+
		"sendto fd, {ICMP echo request: type %d, code 0, checksum, identifier, number}, %d, 0, {the address of %s}\n"+
		"recvfrom fd, {the reply}, 2048, 0, {who answers}, [its length]\n-- %d times", e.family, e.proto, e.request, 8+e.pad, primitive.Escape(host, false), e.count)
	return []Step{{Op: Library, Name: e.inPython()}, {Op: Code, Uses: "icmp names", Name: e.inC(), Told: told}}
}

type echo struct {
	family, proto, python, c string
	request, count, pad      int
	wait, between            time.Duration
}

func (e echo) inPython() string {
	return fmt.Sprintf(`import socket
import struct
import time

# where net.ipv4.ping_group_range does not allow it: SOCK_RAW as root, and a checksum of one's own
s = socket.socket(socket.%s, socket.SOCK_DGRAM, socket.%s)
s.settimeout(%g)
address = socket.getaddrinfo(%s, 0, socket.%s, socket.SOCK_DGRAM)[0][4]
for number in range(%d):
    begun = time.monotonic()
    s.sendto(struct.pack("!BBHHH", %d, 0, 0, 0, number) + bytes(%d), address)
    try:
        reply, peer = s.recvfrom(65535)
        print(peer[0], "number", struct.unpack("!H", reply[6:8])[0], round((time.monotonic() - begun) * 1000, 3), "ms")
    except TimeoutError:
        print("no answer to number", number)
    if number + 1 < %d:
        time.sleep(%g)
s.close()
`, e.family, e.proto, e.wait.Seconds(), e.python, e.family, e.count, e.request, e.pad, e.count, e.between.Seconds())
}

func (e echo) inC() string {
	return fmt.Sprintf(`int s = check(socket(%s, SOCK_DGRAM, %s), "socket");
struct addrinfo hints = {.ai_family = %s, .ai_socktype = SOCK_DGRAM}, *to;
int problem = getaddrinfo(%s, NULL, &hints, &to);
if (problem) {
    fprintf(stderr, "%%s\n", gai_strerror(problem));
    exit(1);
}
struct timeval patience = {%d, %d};
check(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "setsockopt");
for (int number = 0; number < %d; number++) {
    unsigned char packet[%d] = {%d}, reply[65536];
    packet[6] = number >> 8, packet[7] = number;
    struct timeval begun, now;
    gettimeofday(&begun, NULL);
    check(sendto(s, packet, sizeof packet, 0, to->ai_addr, to->ai_addrlen), "sendto");
    long n = recv(s, reply, sizeof reply, 0);
    gettimeofday(&now, NULL);
    if (n < 8)
        printf("no answer to number %%d\n", number);
    else
        printf("number %%d: %%.3f ms\n", reply[6] << 8 | reply[7], (now.tv_sec - begun.tv_sec) * 1e3 + (now.tv_usec - begun.tv_usec) / 1e3);
    if (number < %d - 1)
        usleep(%d);
}
close(s);`, e.family, e.proto, e.family, e.c, int(e.wait.Seconds()), e.wait.Microseconds()%1_000_000, e.count, 8+e.pad, e.request, e.count, e.between.Microseconds())
}
