package probe

import (
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"sosh/internal/nettest"
)

// sh runs a program of the system's in the network namespace of the test.
func sh(t *testing.T, words string) {
	t.Helper()
	f := strings.Fields(words)
	if out, err := exec.Command(f[0], f[1:]...).CombinedOutput(); err != nil {
		nettest.Missing(t, fmt.Sprintf("%s: %v %s", words, err, out))
	}
}

// Of a network of 64 addresses that drops everything, two are there: they are
// found, and only they are probed.
func TestDiscovery(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	sh(t, "ip route add 10.9.0.0/24 dev lo")
	sh(t, "ip addr add 10.9.0.5/32 dev lo")
	sh(t, "ip addr add 10.9.0.40/32 dev lo")
	l, err := net.Listen("tcp", "10.9.0.40:4321")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	v := Survey{
		Plan: planOf(t, "10.9.0.0/26", "4321,4322"), Options: Options{Timeout: 100 * time.Millisecond},
		Discover: true, All: true, Format: Plain,
	}
	data, beside, err := told(t, v)
	if err != nil || len(data) != 1 || data[0].Words().Line != "10.9.0.40:4321" {
		t.Errorf("%+v, %v", data, err)
	}
	if len(beside) != 1 || !strings.HasPrefix(beside[0], "2 of 64 hosts answer: 3 closed, 1 open, ") {
		t.Errorf("%q", beside)
	}
	v.Discover = false
	if _, beside, _ = told(t, v); !strings.HasPrefix(beside[0], "64 hosts: 124 timeout, 3 closed, 1 open, ") {
		t.Errorf("without discovery: %q", beside)
	}
	v.Discover, v.Plan = true, planOf(t, "10.9.0.6-9", "1")
	if _, beside, _ = told(t, v); !strings.HasPrefix(beside[0], "none of 4 hosts answers (--no-discovery") {
		t.Errorf("nobody there: %q", beside)
	}
}

// What the network refuses is told apart from what it drops.
func TestUnreachable(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	sh(t, "ip route add unreachable 10.8.0.0/24")
	sh(t, "ip route add prohibit 10.7.0.0/24")
	for target, want := range map[string]State{"10.8.0.1": Unreachable, "192.0.2.1": Unreachable, "10.7.0.1": Error, "127.0.0.1": Closed} {
		for addr, r := range results(t, way{}, planOf(t, target, "9"), Options{Timeout: time.Second}) {
			if r.State != want || r.Reason() == "" {
				t.Errorf("%s is %s: %s; want %s", addr, r.State, r.Reason(), want)
			}
		}
	}
}

// A thousand addresses of the loopback, of which three listen, in a network of the
// test's own.
func TestManyHosts(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	port := nettest.FreePort(t)
	want := map[string]bool{}
	for _, host := range []string{"127.0.0.1", "127.0.1.77", "127.0.3.255"} {
		l, err := net.Listen("tcp", net.JoinHostPort(host, port))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		want[l.Addr().String()] = true
	}
	onEach(t, func(t *testing.T, w way) {
		for _, order := range []Order{ByPort, ByHost, Random} {
			p := planOf(t, "127.0.0.0/22", port)
			p.Order = order
			got := results(t, w, p, Options{Timeout: 5 * time.Second})
			if len(got) != 1024 {
				t.Fatalf("%d results", len(got))
			}
			for addr, r := range got {
				if (r.State == Open) != want[addr] || r.State != Open && r.State != Closed {
					t.Errorf("%s is %s: %s", addr, r.State, r.Reason())
				}
			}
		}
	})
}
