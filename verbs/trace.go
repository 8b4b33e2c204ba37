package verbs

import (
	"context"
	"iter"
	"runtime"
	"time"

	"sosh/primitive"
	"sosh/probe/trace"
	"sosh/session"
	"sosh/sock"
)

func traceRow() *primitive.Row {
	return primitive.New(primitive.Spec{
		Name: "trace", Short: "Find the way to a host, router by router",
		Doc: "Probes with 1, 2, 3 … hops to live make each router say that it is there. They are datagrams to ports that nobody has, " +
			"with --icmp echo requests, with --tcp PORT connections. On Linux datagrams and connections need no privilege; elsewhere there is --icmp. " +
			"A hop's state is hop, reached, unreachable, timeout or error; its mark is that of traceroute: !H host, !N network, !P protocol unreachable, " +
			"!X prohibited by a filter. --rounds 10 goes the way ten times and counts what is lost, as mtr does, --rounds 0 until Ctrl-C; " +
			"on a terminal the table is shown meanwhile. Exit code 1 where the host was not reached. In Lua the loop just ends.",
		Example: "trace 127.0.0.1 --tcp 12345",
		Raises:  []primitive.Kind{primitive.Denied, primitive.NotFound, primitive.Timeout, primitive.Unreachable, primitive.Unsupported},
	}, traceHost)
}

type traceArgs struct {
	Host     string        `arg:"" help:"name or address of the host"`
	UDP      bool          `name:"udp" help:"send datagrams; so it is on Linux without another choice"`
	ICMP     bool          `name:"icmp" help:"send ICMP echo requests"`
	TCP      int           `name:"tcp" min:"0" max:"65535" help:"connect to this port"`
	MaxHops  int           `default:"30" min:"1" max:"255" help:"longest way that is looked at"`
	Queries  int           `min:"0" max:"10" help:"probes for each hop; 0 is 3, in several rounds 1"`
	Rounds   int           `default:"1" min:"0" max:"1000000" help:"times that the way is gone; 0 is without end"`
	Interval time.Duration `with:"rounds" default:"1s" min:"0.01" max:"3600" help:"between two rounds"`
	Timeout  time.Duration `default:"2s" min:"0.01" max:"60" help:"a probe waits so long for its answer"`
	Parallel int           `default:"16" min:"1" max:"256" help:"most probes under way"`
	Names    bool          `help:"ask the name service who the hops are"`
	Family   string        `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family that the name is resolved to"`
}

func traceHost(ctx context.Context, _ *session.Session, a traceArgs) (iter.Seq2[trace.Hop, error], error) {
	method, port, err := a.method()
	if err != nil {
		return nil, err
	}
	ips, err := sock.Resolve(ctx, a.Host, familyOf(a.Family))
	if err != nil {
		return nil, err
	}
	o := trace.Options{
		Addr: ips[0], Method: method, Port: port, MaxHops: a.MaxHops, Queries: a.Queries, Parallel: a.Parallel,
		Timeout: a.Timeout, Rounds: a.Rounds, Interval: a.Interval, Names: a.Names,
	}
	if o.Queries == 0 {
		o.Queries = map[bool]int{true: 3, false: 1}[a.Rounds == 1]
	}
	return o.Each(ctx), nil
}

// method is what the probes are: one way at a time.
func (a traceArgs) method() (trace.Method, int, error) {
	n := 0
	for _, chosen := range []bool{a.UDP, a.ICMP, a.TCP > 0} {
		if chosen {
			n++
		}
	}
	switch {
	case n > 1:
		return "", 0, primitive.Usagef("--udp, --icmp and --tcp are different probes").WithHint("give one of them: trace HOST --tcp 443")
	case a.TCP > 0:
		return trace.TCP, a.TCP, nil
	case a.ICMP, !a.UDP && runtime.GOOS != "linux":
		return trace.ICMP, 0, nil
	}
	return trace.UDP, trace.FirstPort, nil
}
