package verbs

import (
	"context"
	"fmt"
	"time"

	"sosh/primitive"
	"sosh/probe"
	"sosh/session"
)

func probeRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "scan", Short: "Find the open TCP or UDP ports of hosts",
			Doc: "Targets are names, addresses, networks (10.0.0.0/24), ranges (10.0.0.1-9) and @files, joined by commas. " +
				"Ports are numbers, ranges, names of services, all, and top N; none are the 100 most usual. " +
				"Shown is what is open, and a summary of the rest; every probe with --all, or when there are at most 32. " +
				"Several hosts are first asked whether they are there. Off the loopback a scan is considerate: 1000 probes a second, " +
				"1000 at once. --rate decides otherwise. Scan only what you may. " +
				"--probe finds out what speaks on the open ports, sixteen at once, as probe does: protocol, product and version. " +
				"--script runs Lua scripts at the open ports (script list shows the built-in ones), --report writes a page for a browser. " +
				"With --expect it is an error of kind expectation, exit code 3, when other ports are open. " +
				"In Lua an iterator: for r in scan(\"127.0.0.1\", \"1-1024\") do print(r.port) end.",
			Example: "scan 127.0.0.1 7", Needs: "echo",
			Raises: []primitive.Kind{primitive.NotFound, primitive.Expectation, primitive.Canceled},
			Offers: map[string]func() []primitive.Candidate{"script": offerScripts, "script_kind": offerKinds},
		}, scan),
		primitive.New(primitive.Spec{
			Name: "banner", Short: "Show what a server says first, unasked",
			Doc: "Connects and listens, sends nothing. It ends when the server pauses, ends, has said enough, or the time is over; " +
				"waited tells which. A server that says nothing is no error.",
			Example: "banner 127.0.0.1 7 --wait 50ms", Needs: "echo",
			Raises: []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound},
		}, banner),
		pingRow(),
		traceRow(),
		speakRow(),
	}
}

func checkRow(proto string) *primitive.Row {
	spec := primitive.Spec{
		Name: "tcp check", Short: "Ask whether a TCP port is open",
		Doc: "Connects and closes. The state is open, closed, timeout, unreachable or error; any but open is exit code 1. " +
			"With --wait it asks again until the port is open or the time is over. In Lua the result comes whatever the state is.",
		Example: "tcp check 127.0.0.1 7", Needs: "echo",
		Raises: []primitive.Kind{primitive.NotFound, primitive.Canceled},
	}
	if proto == "tcp" {
		return primitive.New(spec, tcpCheck)
	}
	spec.Name, spec.Short = "udp check", "Ask whether a UDP port is open"
	spec.Doc = "Sends one datagram, a harmless question in the words of the port's usual service. An answer is open, an ICMP refusal closed. " +
		"Silence is open-or-filtered: UDP does not say whether anybody got it. Any state but open is exit code 1."
	spec.Example, spec.Needs = "udp check 127.0.0.1 7", "udp-echo"
	return primitive.New(spec, udpCheck)
}

type checkArgs struct {
	Addr    primitive.Addr `arg:"" help:"host and port to ask"`
	Timeout time.Duration  `default:"3s" min:"0.001" help:"one try waits so long for an answer"`
	Wait    time.Duration  `help:"ask again until it is open, for so long"`
	Family  string         `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to use"`
}

// checked is what a check found out.
type checked struct {
	Host   string   `help:"address that was asked"`
	Name   string   `help:"name that it was given by; empty where it was an address"`
	Port   int      `help:"port that was asked"`
	Proto  string   `help:"tcp or udp"`
	State  string   `help:"open, closed, timeout, unreachable, error; of UDP also open-or-filtered"`
	Reason string   `help:"why, in words"`
	RTT    *float64 `help:"milliseconds until the answer, where one came" volatile:""`

	line  string
	tones []primitive.Toned
}

// Words are the line for a person: "open 127.0.0.1:5432 1.8 ms".
func (c checked) Words() primitive.Words { return primitive.Words{Line: c.line, Tones: c.tones} }

func tcpCheck(ctx context.Context, _ *session.Session, a checkArgs) (checked, error) {
	return check(ctx, a, false)
}

func udpCheck(ctx context.Context, _ *session.Session, a checkArgs) (checked, error) {
	return check(ctx, a, true)
}

func check(ctx context.Context, a checkArgs, udp bool) (checked, error) {
	r, err := probe.Check(ctx, a.Addr, probe.CheckOptions{Family: familyOf(a.Family), Timeout: a.Timeout, Wait: a.Wait, UDP: udp})
	if err != nil {
		return checked{}, err
	}
	c := checked{
		Host: r.Addr.String(), Port: a.Addr.Port, Proto: "tcp", State: r.State.String(), Reason: r.Reason(), RTT: r.Millis(),
	}
	if udp {
		c.Proto = "udp"
	}
	if a.Addr.Host != c.Host {
		c.Name = a.Addr.Host
	}
	c.line = fmt.Sprintf("%s %s %s", c.State, primitive.Escape(a.Addr.String(), false), a.why(&r))
	c.tones = r.State.Toned(c.line)
	return c, r.Failure(a.Addr)
}

// why is the end of the line: the time of an answer, else the reason.
func (a checkArgs) why(r *probe.Result) string {
	switch r.State {
	case probe.Open:
		return r.RoundTrip()
	case probe.Timeout:
		return "no answer within " + a.Timeout.String()
	case probe.Silent:
		return "no answer within " + a.Timeout.String() + ": it is open and silent, or a filter drops it; UDP does not say"
	}
	return r.Reason()
}

type bannerArgs struct {
	Addr    primitive.Addr `arg:"" help:"host and port to connect to"`
	Max     primitive.Size `default:"4k" min:"1" max:"1048576" help:"most bytes to take"`
	Wait    time.Duration  `default:"3s" min:"0.001" max:"3600" help:"listen for so long"`
	Timeout time.Duration  `default:"10s" min:"0.001" help:"connecting may take so long"`
	Family  string         `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to use"`
}

type greeting struct {
	_      struct{}        `multi:""`
	Banner primitive.Bytes `help:"what the server said"`
	Waited string          `help:"what ended the listening: a pause, the peer's end, the limit, the time"`
	Host   string          `help:"address that was asked"`
	Port   int             `help:"port that was asked" volatile:""`
	RTT    *float64        `help:"milliseconds until it was connected" volatile:""`
}

func banner(ctx context.Context, _ *session.Session, a bannerArgs) (greeting, error) {
	said, err := probe.Banner(ctx, a.Addr, familyOf(a.Family), a.Timeout, probe.Greet{Wait: a.Wait, Max: int(a.Max)})
	if err != nil {
		return greeting{}, err
	}
	return greeting{Banner: said.Data, Waited: said.Waited, Host: said.Addr.String(), Port: a.Addr.Port, RTT: said.Millis()}, nil
}
