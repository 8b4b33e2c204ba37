package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// TestExplainInChain holds that what routers say, and what a socket without
// privilege takes, is told call by call.
func TestExplainInChain(t *testing.T) {
	t.Parallel()
	const explain = `sosh --quiet -c "explain --only calls `
	out := inChain(t, explain+`trace 10.0.4.2 --queries 1 --max-hops 1"; echo =====; `+
		explain+`trace fd00:4::2 --queries 1 --max-hops 1"; echo =====; `+
		explain+`trace 10.0.4.2 --queries 1 --max-hops 1 --tcp 9"; echo =====; `+
		`echo "0 2147483647" > /proc/sys/net/ipv4/ping_group_range; `+explain+`ping 10.0.4.2 --count 1 --ttl 1"`)
	for i, want := range []string{
		`recvmsg\(\d+, \{msg_name=\{sa_family=AF_INET, sin_port=htons\(33434\), sin_addr=inet_addr\("10.0.4.2"\)\}, msg_namelen=112 => 16, .*cmsg_type=IP_RECVERR, ` +
			`cmsg_data=\{ee_errno=113, ee_origin=2, ee_type=11, ee_code=0, ee_info=0, ee_data=0, offender=\{sa_family=AF_INET, sin_port=htons\(0\), sin_addr=inet_addr\("10.0.0.2"\)\}\}\}`,
		`ee_errno=113, ee_origin=3, ee_type=3, ee_code=0, .*offender=\{sa_family=AF_INET6, .*"fd00::2"`,
		`(?s)connect\((\d+), .*-1 EINPROGRESS.*getsockopt\(\d+, SOL_SOCKET, SO_ERROR.*recvmsg\(\d+, .*ee_type=11, ee_code=0`,
		`(?s)^socket\(AF_INET, SOCK_DGRAM\|SOCK_CLOEXEC\|SOCK_NONBLOCK, IPPROTO_ICMP\) = \d+\n.*cmsg_type=IP_TTL, cmsg_data=\[1\].*ee_type=11, ee_code=0`,
	} {
		part := parts(t, out, 4)[i]
		if ok, err := regexp.MatchString(want, part); !ok || err != nil {
			t.Errorf("%s is not told, %v:\n%s", want, err, part)
		}
		if strings.Contains(part, "planned") {
			t.Errorf("it tells of plans: %s", part)
		}
	}
}

// TestExplainOfNames holds that what a lookup asks name servers is told, and that
// the hosts file takes no call.
func TestExplainOfNames(t *testing.T) {
	if err := exec.Command("unshare", "-mn", "sh", "-c", "ip link set lo up").Run(); err != nil {
		nettest.Missing(t, "a namespace of its own: "+err.Error())
	}
	dir := t.TempDir()
	written(t, filepath.Join(dir, "resolv.conf"), "nameserver 127.0.0.53\n")
	written(t, filepath.Join(dir, "hosts"), "127.0.0.1 localhost printer.test\n")
	shell := sosh(t, "--quiet", "--no-wait", "-c", "serve 127.0.0.53:53 dns --record 'www A 127.0.0.1' &; listen 80; "+
		"explain --only calls tcp connect www.test 80; !echo =====; explain --only calls tcp connect printer.test 80")
	cmd := exec.Command("unshare", append([]string{"-mn", "sh", "-c", ownSystem, "sh"}, shell.Args...)...)
	cmd.Env, cmd.Dir = shell.Env, dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	both := parts(t, string(out), 2)
	asked := `(?s)socket\(AF_INET, SOCK_DGRAM.*connect\(\d+, \{sa_family=AF_INET, sin_port=htons\(53\), .*"127.0.0.53".*write\(\d+, ".*www\\4test.*recvfrom\(.*close\(.*sin_port=htons\(80\)`
	if ok, err := regexp.MatchString(asked, both[0]); !ok || err != nil {
		t.Errorf("the questions are not told, %v:\n%s", err, both[0])
	}
	if strings.Contains(both[1], "SOCK_DGRAM") || !strings.Contains(both[1], "htons(80)") {
		t.Errorf("of a name of the hosts file it tells\n%s", both[1])
	}
}
