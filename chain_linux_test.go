package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// inChain runs a script of sh at one end of four routers in a row; see
// testdata/chain/chain.sh. Without the right to make namespaces it skips, but
// fails where all peers are to be there.
func inChain(t *testing.T, script string) string {
	t.Helper()
	for _, p := range []string{"ip", "ping", "traceroute"} {
		needs(t, p)
	}
	unshare, options := needs(t, "unshare"), "-nm"
	if os.Geteuid() != 0 {
		options = "-rnm"
	}
	if out, err := exec.Command(unshare, options, "sh", "-e", "-c", "mount -t tmpfs none /run; mkdir /run/netns; ip netns add x").CombinedOutput(); err != nil {
		nettest.Missing(t, fmt.Sprintf("network namespaces: %v, %s", err, out))
	}
	chain, err := filepath.Abs("testdata/chain/chain.sh")
	if err != nil {
		t.Fatal(err)
	}
	cmd := sosh(t) // for its surroundings
	cmd.Path, cmd.Err, cmd.Args = unshare, nil, []string{unshare, options, "sh", "-c", "set -e; . " + chain + "; set +e; " + script}
	out, err := cmd.Output()
	if ended, ok := err.(*exec.ExitError); ok && len(ended.Stderr) > 0 && len(out) == 0 {
		t.Fatalf("%v: %s", err, ended.Stderr)
	}
	return string(out)
}

// parts cuts what a script printed at its lines of =====.
func parts(t *testing.T, out string, n int) []string {
	t.Helper()
	list := strings.Split(out, "=====\n")
	if len(list) != n {
		t.Fatalf("%d parts, want %d: %s", len(list), n, out)
	}
	return list
}

// chainTargets are hosts behind the routers, and how the way to each ends.
var chainTargets = []struct{ what, host, end string }{
	{"there", "10.0.4.2", "5 10.0.4.2"},
	{"there 6", "fd00:4::2", "5 fd00:4::2"},
	{"no host", "10.0.90.1", "4 10.0.3.2 !H"},
	{"no host 6", "fd00:90::1", "4 fd00:3::2 !N"},
	{"nobody", "10.0.4.77", "5 10.0.3.2 !H"},
	{"nobody 6", "fd00:4::77", "5 fd00:3::2 !H"},
	{"prohibited", "10.0.91.1", "3 10.0.2.2 !X"},
	{"prohibited 6", "fd00:91::1", "3 fd00:2::2 !X"},
	{"blackhole", "10.0.92.1", "6 *"},
	{"blackhole 6", "fd00:92::1", "6 *"},
	{"no network", "192.0.2.1", "4 10.0.3.2 !N"},
}

// TestTraceAgreesWithTraceroute compares hop by hop, with each kind of probe. A
// router that refuses a way says so only a few times: hence one probe at a time.
func TestTraceAgreesWithTraceroute(t *testing.T) {
	t.Parallel()
	for _, target := range chainTargets {
		t.Run(target.what, func(t *testing.T) {
			t.Parallel()
			ours := "sosh --json trace " + target.host + " --queries 1 --parallel 1 --max-hops 6 --timeout 1s "
			out := inChain(t, "traceroute -n -N 1 -q 1 -m 6 -w 1 "+target.host+"; echo =====; "+ours+"; echo =====; "+ours+"--icmp; echo =====; "+ours+"--tcp 9")
			list := parts(t, out, 4)
			want := tracerouteHops(list[0])
			if len(want) == 0 || want[len(want)-1] != target.end {
				t.Fatalf("traceroute says %q, want %s at its end", want, target.end)
			}
			for i, kind := range []string{"udp", "icmp", "tcp"} {
				if got := ourHops(t, list[i+1]); !slices.Equal(got, want) {
					t.Errorf("%s: %q, traceroute says %q", kind, got, want)
				}
			}
		})
	}
}

var tracerouteLine = regexp.MustCompile(`(?m)^ *(\d+)  (\S+)(?:  [0-9.]+ ms)?(?: (!\S+))?$`)

// tracerouteHops are the lines of traceroute -q 1: "4 10.0.3.2 !H".
func tracerouteHops(out string) (hops []string) {
	for _, m := range tracerouteLine.FindAllStringSubmatch(out, -1) {
		hops = append(hops, strings.TrimSpace(strings.Join(m[1:], " ")))
	}
	return hops
}

func ourHops(t *testing.T, out string) (hops []string) {
	t.Helper()
	for line := range strings.Lines(out) {
		var h struct {
			Hop               int
			Host, State, Mark string
			Loss              float64
			RTTs              []float64
		}
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		host := h.Host
		if host == "" {
			host = "*"
		}
		if answered := h.State != "timeout"; answered != (len(h.RTTs) == 1) || answered != (h.Loss == 0) {
			t.Errorf("%s", line)
		}
		hops = append(hops, strings.TrimSpace(fmt.Sprint(h.Hop, " ", host, " ", h.Mark)))
	}
	return hops
}

// TestPingAgreesWithPing compares what became of each request, who said so, and
// the loss: on a raw socket and on one without privilege.
func TestPingAgreesWithPing(t *testing.T) {
	t.Parallel()
	for _, target := range chainTargets {
		t.Run(target.what, func(t *testing.T) {
			t.Parallel()
			count := "1" // of errors there are few; see above
			if strings.HasPrefix(target.what, "there") {
				count = "3"
			}
			with := func(ttl string) string {
				theirs := "ping -n -c " + count + " -i 0.3 -W 1 -t " + ttl + " " + target.host + "; echo =====; "
				ours := "sosh --json ping " + target.host + " --count " + count + " --interval 300ms --timeout 1s --show both --ttl " + ttl + "; echo =====; "
				return `echo "1 0" > $group; ` + theirs + ours + `echo "0 0" > $group; ` + ours
			}
			list := parts(t, inChain(t, "group=/proc/sys/net/ipv4/ping_group_range; "+with("64")+with("2")), 7)
			for i, ttl := range []string{"64", "2"} {
				want := pingReplies(list[3*i])
				if silent := strings.HasPrefix(target.what, "blackhole"); len(want) == 0 || len(want) == 1 && !silent {
					t.Fatalf("ttl %s: ping says %q", ttl, list[3*i])
				}
				for j, socket := range []string{"raw", "unprivileged"} {
					if got := ourReplies(t, list[3*i+1+j]); !slices.Equal(got, want) {
						t.Errorf("ttl %s, %s: %q, ping says %q", ttl, socket, got, want)
					}
				}
			}
		})
	}
}

var (
	pingReply = regexp.MustCompile(`^\d+ bytes from (\S+): icmp_seq=(\d+) ttl=(\d+)`)
	pingError = regexp.MustCompile(`^From (\S+) icmp_seq=(\d+) (.*)`)
	pingLoss  = regexp.MustCompile(`([0-9.]+)% packet loss`)
)

// pingReplies are the lines of ping in our words.
func pingReplies(out string) (list []string) {
	for line := range strings.Lines(out) {
		if m := pingReply.FindStringSubmatch(line); m != nil {
			list = append(list, fmt.Sprint(m[2], " reply ", m[1], " ttl ", m[3]))
		}
		if m := pingError.FindStringSubmatch(line); m != nil {
			state := "unreachable"
			if strings.HasPrefix(m[3], "Time") {
				state = "ttl-exceeded"
			}
			list = append(list, fmt.Sprint(m[2], " ", state, " ", m[1]))
		}
		if m := pingLoss.FindStringSubmatch(line); m != nil {
			list = append(list, "loss "+m[1])
		}
	}
	return list
}

// ourReplies are ours; of silence ping says nothing.
func ourReplies(t *testing.T, out string) (list []string) {
	t.Helper()
	for line := range strings.Lines(out) {
		var r struct {
			Seq         int
			State, From string
			TTL         *int
			Summary     *struct{ Loss float64 }
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		switch {
		case r.State == "timeout":
		case r.Summary != nil:
			list = append(list, fmt.Sprint("loss ", r.Summary.Loss))
		case r.TTL != nil:
			list = append(list, fmt.Sprint(r.Seq, " ", r.State, " ", r.From, " ttl ", *r.TTL))
		default:
			list = append(list, fmt.Sprint(r.Seq, " ", r.State, " ", r.From))
		}
	}
	return list
}

// TestFilteredWay compares what a filter of nftables refuses and drops.
func TestFilteredWay(t *testing.T) {
	t.Parallel()
	needs(t, "nft")
	filter := `ip netns exec r4 nft -f - <<END || exit 9
table inet f {
	chain c {
		type filter hook forward priority 0
		icmp type echo-request reject with icmp type admin-prohibited
		udp dport 33434-33600 reject with icmp type admin-prohibited
		tcp dport 80 drop
	}
}
END
`
	trace := "sosh --json trace 10.0.4.2 --queries 1 --parallel 1 --max-hops 6 --timeout 300ms"
	list := parts(t, inChain(t, filter+"traceroute -n -N 1 -q 1 -m 6 10.0.4.2; echo =====; "+trace+"; echo =====; "+trace+" --icmp; echo =====; "+
		trace+" --tcp 9; echo =====; "+trace+" --tcp 80; echo =====; sosh ping 10.0.4.2 --count 1 --json; echo =====; sosh ping 10.0.4.2 --tcp 9 --count 1 --json"), 7)
	want := tracerouteHops(list[0])
	if len(want) != 5 || want[4] != "5 10.0.3.2 !X" {
		t.Fatalf("traceroute says %q", want)
	}
	for i, part := range list[1:3] {
		if got := ourHops(t, part); !slices.Equal(got, want) {
			t.Errorf("%d: %q, traceroute says %q", i, got, want)
		}
	}
	if got := ourHops(t, list[3]); len(got) != 5 || got[4] != "5 10.0.4.2" {
		t.Errorf("a connection that is let through: %q", got)
	}
	if got := ourHops(t, list[4]); len(got) != 6 || got[3] != "4 10.0.3.2" || got[4] != "5 *" {
		t.Errorf("a connection that is dropped: %q", got)
	}
	if !strings.Contains(list[5], `"state":"unreachable","reason":"administratively prohibited by a filter"`) {
		t.Errorf("ping: %s", list[5])
	}
	if !strings.Contains(list[6], `"state":"reply","reason":"connection refused"`) {
		t.Errorf("ping --tcp: %s", list[6])
	}
}
