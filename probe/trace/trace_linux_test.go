package trace

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
)

func local(host string) Options {
	return Options{
		Addr: netip.MustParseAddr(host), Method: UDP, Port: FirstPort, MaxHops: 5, Queries: 3, Parallel: 16,
		Timeout: 10 * time.Second, Rounds: 1, Interval: 10 * time.Millisecond,
	}
}

// This machine is one hop away from itself, by each kind of probe.
func TestLoopback(t *testing.T) {
	_, text, _ := net.SplitHostPort(nettest.Echo(t))
	open, _ := net.LookupPort("tcp", text)
	closed, _ := net.LookupPort("tcp", nettest.FreePort(t))
	for _, host := range []string{"127.0.0.1", "::1"} {
		for _, c := range []struct {
			method Method
			port   int
			reason string
		}{{UDP, FirstPort, "port unreachable"}, {TCP, open, "connected"}, {TCP, closed, "connection refused"}, {ICMP, 0, "echo reply"}} {
			if host == "::1" && c.port == open {
				c.reason = "connection refused"
			}
			o := local(host)
			o.Method, o.Port = c.method, c.port
			o.Names = true
			var hops []Hop
			var err error
			for h, e := range o.Each(t.Context()) {
				if err = e; e == nil {
					hops = append(hops, h)
				}
			}
			if k := primitive.KindOf(err); k == primitive.Denied && c.method == ICMP || k == primitive.Unreachable && host == "::1" {
				continue // this user, or this machine, has none
			}
			if err != nil || len(hops) != 1 || hops[0].Host != host || hops[0].State != "reached" || hops[0].Reason != c.reason || hops[0].Received != 3 {
				t.Errorf("%s %s: %+v, %v", host, c.method, hops, err)
			}
		}
	}
}

// Stopping early, and the end of the context, end all that is under way; see
// TestMain.
func TestStops(t *testing.T) {
	for _, m := range []Method{UDP, TCP, ICMP} {
		o := local("127.0.0.1")
		o.Method, o.Rounds = m, 0
		if m == TCP {
			o.Port = 9
		}
		for range o.Each(t.Context()) {
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for range o.Each(ctx) {
		}
	}
}
