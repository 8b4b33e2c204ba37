package icmp

import (
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"sosh/primitive"
)

// lines are the calls that were told, without numbers that differ.
func lines(trace *primitive.Trace) string {
	calls, _ := trace.End()
	var b strings.Builder
	for _, c := range calls {
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

// Each kind of socket tells the calls that it makes.
func TestCalls(t *testing.T) {
	for _, c := range []struct {
		v6, raw bool
		opened  string
	}{
		{false, false, `^socket\(AF_INET, SOCK_DGRAM\|SOCK_CLOEXEC\|SOCK_NONBLOCK, IPPROTO_ICMP\) = \d+
setsockopt\(\d+, SOL_IP, IP_RECVTTL, \[1\], 4\) = 0
setsockopt\(\d+, SOL_IP, IP_RECVERR, \[1\], 4\) = 0
bind\(\d+, \{sa_family=AF_INET, sin_port=htons\(0\), sin_addr=inet_addr\("0.0.0.0"\)\}, 16\) = 0
getsockname\(\d+, \{sa_family=AF_INET, sin_port=htons\(\d+\), sin_addr=inet_addr\("0.0.0.0"\)\}, \[112 => 16\]\) = 0
`},
		{true, false, `^socket\(AF_INET6, SOCK_DGRAM\|[A-Z_|]+, IPPROTO_ICMPV6\) = \d+
setsockopt\(\d+, SOL_IPV6, IPV6_RECVHOPLIMIT, \[1\], 4\) = 0
setsockopt\(\d+, SOL_IPV6, IPV6_RECVERR, \[1\], 4\) = 0
bind\(.*\) = 0
getsockname\(.*\) = 0
`},
		{false, true, `^socket\(AF_INET, SOCK_RAW\|[A-Z_|]+, IPPROTO_ICMP\) = \d+
setsockopt\(\d+, SOL_IP, IP_RECVTTL, \[1\], 4\) = 0
setsockopt\(\d+, SOL_RAW, ICMP_FILTER, ~\[ICMP_ECHOREPLY .*\], 4\) = 0
`},
		{true, true, `^socket\(AF_INET6, SOCK_RAW\|[A-Z_|]+, IPPROTO_ICMPV6\) = \d+
setsockopt\(\d+, SOL_IPV6, IPV6_RECVHOPLIMIT, \[1\], 4\) = 0
setsockopt\(\d+, SOL_ICMPV6, ICMPV6_FILTER, ~\[ICMP6_DST_UNREACH .*\], 32\) = 0
`},
	} {
		trace := new(primitive.Trace)
		conn, err := open(trace, c.v6, c.raw)
		if err != nil {
			continue // this user may not
		}
		exchange(t, conn, c.v6)
		conn.Close()
		got := lines(trace)
		if ok, err := regexp.MatchString(c.opened+talked, got); !ok || err != nil {
			t.Errorf("it tells\n%s\nwant\n%s, %v", got, c.opened+talked, err)
		}
	}
}

// talked is one request with its hops, and what came.
const talked = `sendmsg\(\d+, \{msg_name=\{sa_family=AF_INET6?, .*\}, msg_namelen=\d+, msg_iov=\[\{iov_base=".*", iov_len=15\}\], msg_iovlen=1, ` +
	`msg_control=\[\{cmsg_len=20, cmsg_level=SOL_IP(V6, cmsg_type=IPV6_HOPLIMIT|, cmsg_type=IP_TTL), cmsg_data=\[33\]\}\], msg_controllen=24, msg_flags=0\}, 0\) = 15
(recvmsg\(.*\n|-- waits.*\n)*close\(\d+\) = 0
$`

func exchange(t *testing.T, c Conn, v6 bool) {
	t.Helper()
	to := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if v6 {
		to = netip.IPv6Loopback()
	}
	if err := c.Send(to, 33, 1, []byte("payload")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Receive(); err != nil {
		t.Fatal(err)
	}
}
