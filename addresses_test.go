package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// A network of our own: addresses of every kind of assignment, and routes that
// lead somewhere and nowhere.
const ownNetwork = `
ip link set lo up
ip addr add 192.0.2.5/24 dev lo valid_lft 3000 preferred_lft 2000
ip addr add 198.51.100.7/24 dev lo
ip addr add 2001:db8::5/64 dev lo nodad valid_lft 600 preferred_lft 0
ip route add 203.0.113.0/24 via 192.0.2.1
ip route add 10.0.0.0/8 nexthop via 192.0.2.1 dev lo nexthop via 192.0.2.2 dev lo
ip route add blackhole 198.18.0.0/15
ip route add prohibit 198.51.100.128/25
ip route add unreachable 198.51.100.192/26
`

// inNamespace runs a script of sh in a network namespace of its own.
func inNamespace(t *testing.T, script string) string {
	t.Helper()
	needs(t, "ip")
	unshare := needs(t, "unshare")
	if runtime.GOOS != "linux" {
		t.Skip("network namespaces are Linux's")
	}
	if out, err := exec.Command(unshare, "-rn", "true").CombinedOutput(); err != nil {
		nettest.Missing(t, fmt.Sprintf("a network namespace of its own: %v, %s", err, out))
	}
	cmd := sosh(t) // for its surroundings
	cmd.Path, cmd.Err, cmd.Args = unshare, nil, []string{unshare, "-rn", "sh", "-e", "-c", ownNetwork + script}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, err.(*exec.ExitError).Stderr)
	}
	return string(out)
}

// twoJSON reads what a script printed with a line of --- in between: theirs, and
// ours.
func twoJSON(t *testing.T, out string, theirs, ours any) {
	t.Helper()
	a, b, _ := strings.Cut(out, "---\n")
	if err := json.Unmarshal([]byte(a), theirs); err != nil {
		t.Fatalf("%v: %s", err, a)
	}
	if err := json.Unmarshal([]byte(b), ours); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
}

func TestIPKnowsTheSameInterfaces(t *testing.T) {
	var theirs []struct {
		Ifname, Address string
		MTU             int
		Flags           []string
		AddrInfo        []struct {
			Local      string
			Prefixlen  int
			Dynamic    bool
			Deprecated bool
		} `json:"addr_info"`
	}
	var ours []struct {
		Interface, State, Address, Assigned, MAC string
		MTU                                      int
	}
	twoJSON(t, inNamespace(t, "ip -j addr; echo; echo ---; sosh --json net interfaces"), &theirs, &ours)
	var want, got []string
	for _, i := range theirs {
		state := map[bool]string{true: "up", false: "down"}[slices.Contains(i.Flags, "UP")]
		if i.Address == "00:00:00:00:00:00" {
			i.Address = ""
		}
		for _, a := range i.AddrInfo {
			assigned := map[bool]string{true: "dynamic", false: "static"}[a.Dynamic]
			if a.Deprecated {
				assigned += " deprecated"
			}
			want = append(want, fmt.Sprintf("%s %s %s/%d %s %s %d", i.Ifname, state, a.Local, a.Prefixlen, assigned, i.Address, i.MTU))
		}
		if len(i.AddrInfo) == 0 {
			want = append(want, fmt.Sprintf("%s %s   %s %d", i.Ifname, state, i.Address, i.MTU))
		}
	}
	for _, o := range ours {
		got = append(got, fmt.Sprintf("%s %s %s %s %s %d", o.Interface, o.State, o.Address, o.Assigned, o.MAC, o.MTU))
	}
	sameLines(t, got, want)
	if len(want) < 5 {
		t.Errorf("only %d addresses were compared", len(want))
	}
}

func sameLines(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
}

func TestIPKnowsTheSameRoutes(t *testing.T) {
	type hop struct{ Gateway, Dev string }
	var theirs []struct {
		hop
		Type, Dst string
		Nexthops  []hop
	}
	var ours []struct{ Destination, Gateway, Interface, Kind string }
	twoJSON(t, inNamespace(t, "ip -j route; echo; echo ---; sosh --json net routes --family inet"), &theirs, &ours)
	var want, got []string
	for _, r := range theirs {
		if r.Type == "" {
			r.Type = "unicast"
		}
		if len(r.Nexthops) == 0 {
			r.Nexthops = []hop{r.hop}
		}
		for _, h := range r.Nexthops {
			want = append(want, fmt.Sprint(r.Dst, " via ", h.Gateway, " dev ", h.Dev, " ", r.Type))
		}
	}
	for _, o := range ours {
		got = append(got, fmt.Sprint(o.Destination, " via ", o.Gateway, " dev ", o.Interface, " ", o.Kind))
	}
	sameLines(t, got, want)
	if len(want) < 6 {
		t.Errorf("only %d routes were compared", len(want))
	}
}

func TestIPTakesTheSameWay(t *testing.T) {
	for dest, args := range map[string]string{"198.51.100.9": "", "127.0.0.1": "", "192.0.2.255": "", "2001:db8::9": "-6"} {
		var theirs []struct{ Dst, Gateway, Dev, Prefsrc string }
		var ours struct{ Destination, Gateway, Interface, Source string }
		twoJSON(t, inNamespace(t, fmt.Sprintf("ip %s -j route get %s; echo; echo ---; sosh --json net route %s", args, dest, dest)), &theirs, &ours)
		want, got := theirs[0], ours
		if got.Destination != dest || got.Gateway != want.Gateway || got.Interface != want.Dev || got.Source != want.Prefsrc {
			t.Errorf("%s: %+v, want %+v", dest, got, want)
		}
	}
	out := inNamespace(t, `for d in 198.18.0.1 198.51.100.129 198.51.100.193 9.9.9.9; do sosh --json net route $d 2>&1 || true; done`)
	for i, kind := range []string{"unreachable", "denied", "unreachable", "unreachable"} {
		if line := strings.Split(out, "\n")[i]; !strings.Contains(line, `"kind":"`+kind+`"`) {
			t.Errorf("%s, want %s", line, kind)
		}
	}
}

// TestSSKnowsTheSameSockets compares a listener, both ends of a connection and a
// datagram socket, in a namespace where there is nothing else.
func TestSSKnowsTheSameSockets(t *testing.T) {
	needs(t, "ss")
	out := inNamespace(t, `sosh -c 'tcp listen 127.0.0.1:8080 --backlog 7; tcp connect 127.0.0.1 8080; tcp connect 127.0.0.1 8080; accept l1; udp bind [::1]:5353; udp connect 127.0.0.1 9; send c1 hello
!ss -H -tunap
!echo ---
net sockets --json'`)
	ss, ourJSON, _ := strings.Cut(out, "---\n")
	var ours []struct {
		Proto, State, Laddr, Raddr, Program, Handle string
		RecvQ                                       int `json:"recv_q"`
		SendQ                                       int `json:"send_q"`
		Pid                                         int
	}
	if err := json.Unmarshal([]byte(ourJSON), &ours); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var want, got []string
	for line := range strings.Lines(ss) {
		want = append(want, ssLine(t, line))
	}
	for _, o := range ours {
		if o.State == "LISTEN" {
			o.SendQ = 7 // ss shows the backlog there, which /proc does not tell
		}
		got = append(got, fmt.Sprintf("%s %s %d %d %s %s pid=%d %s", o.Proto, o.State, o.RecvQ, o.SendQ, o.Laddr, o.Raddr, o.Pid, o.Program))
		if o.Pid != 0 && o.Handle == "" {
			t.Errorf("%+v has no handle", o)
		}
	}
	sameLines(t, got, want)
	if len(want) != 7 {
		t.Errorf("%d sockets were compared", len(want))
	}
}

// ssLine is a line of ss in our words: netid, state, queues, addresses, process.
func ssLine(t *testing.T, line string) string {
	t.Helper()
	f := strings.Fields(line)
	if len(f) < 6 {
		t.Fatalf("ss says %q", line)
	}
	states := map[string]string{"ESTAB": "ESTABLISHED", "UNCONN": "bound"}
	if f[0] == "udp" {
		states["ESTAB"] = "connected"
	}
	state := f[1]
	if ours := states[state]; ours != "" {
		state = ours
	}
	peer := f[5]
	if strings.HasSuffix(peer, ":*") {
		peer = ""
	}
	pid, program := "pid=0", ""
	if len(f) > 6 {
		_, rest, _ := strings.Cut(f[6], `(("`)
		program, rest, _ = strings.Cut(rest, `",`)
		pid, _, _ = strings.Cut(rest, ",")
	}
	if host, _, err := net.SplitHostPort(f[4]); err != nil || host == "" {
		t.Errorf("ss says %q", line)
	}
	return strings.Join([]string{f[0], state, f[2], f[3], f[4], peer, pid, program}, " ")
}
