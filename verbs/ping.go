package verbs

import (
	"context"
	"iter"
	"time"

	"sosh/primitive"
	"sosh/probe"
	"sosh/probe/ping"
	"sosh/session"
)

func pingRow() *primitive.Row {
	return primitive.New(primitive.Spec{
		Name: "ping", Short: "Ask hosts whether they are there, and measure how long",
		Doc: "Hosts are names, addresses, networks (10.0.0.0/24), ranges (10.0.0.1-9) and @files, joined by commas. " +
			"They are asked by ICMP echo: on a socket that needs no privilege, else a raw one. Where the system gives neither, --tcp PORT asks by connecting, " +
			"where a refusal is an answer too; --udp PORT sends a datagram in the words of the port's usual service; " +
			"--http URL makes a request, of HOSTS or of the URL's own host. " +
			"A state is reply, timeout, late, duplicate, corrupt, ttl-exceeded, too-big, unreachable or error. The summary is told beside the replies; " +
			"--show summary gives it as data, one record for each host. Its jitter is the mean difference between one round trip and the next. " +
			"Exit code 0 if there was any reply, also after Ctrl-C; else 1. In Lua the loop just ends.",
		Example: "ping 127.0.0.1 --tcp 12345 --count 2 --interval 10ms",
		Raises:  []primitive.Kind{primitive.Denied, primitive.NotFound, primitive.Timeout, primitive.Unreachable},
	}, pingHosts)
}

type pingArgs struct {
	Hosts    primitive.Phrase `arg:"" rest:"" optional:"" help:"hosts: names, addresses, networks, ranges, @file"`
	Count    int              `default:"4" min:"0" max:"1000000000" help:"times that each host is asked; 0 is without end"`
	Interval time.Duration    `default:"1s" min:"0.001" max:"86400" help:"between two times"`
	Timeout  time.Duration    `default:"4s" min:"0.001" max:"3600" help:"one waits so long for its answer"`
	Size     primitive.Size   `default:"56" min:"0" max:"65507" help:"bytes that an ICMP echo carries"`
	TTL      int              `name:"ttl" min:"0" max:"255" help:"hops that an ICMP echo may take; 0 is the system's own"`
	Flood    bool             `help:"ask again at once; shows the summary alone"`
	TCP      int              `name:"tcp" min:"0" max:"65535" help:"ask by connecting to this port"`
	UDP      int              `name:"udp" min:"0" max:"65535" help:"ask by a datagram to this port"`
	HTTP     string           `name:"http" help:"ask by a request for this URL"`
	Show     string           `default:"replies" enum:"replies,summary,both" help:"data for each reply, for each host, or for both"`
	Plain    bool             `help:"show the hosts that answer, one a line"`
	Exclude  primitive.Phrase `help:"hosts to leave out, written as hosts are"`
	Yes      bool             `help:"you may ask that many public addresses, or flood"`
	Family   string           `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family that names are resolved to"`
}

func pingHosts(ctx context.Context, _ *session.Session, a pingArgs) (iter.Seq2[ping.Reply, error], error) {
	o := ping.Options{
		Count: a.Count, Interval: a.Interval, Timeout: a.Timeout, Size: int(a.Size), TTL: a.TTL, Flood: a.Flood,
		Show: ping.Show(a.Show), Plain: a.Plain, Method: ping.ICMP, URL: a.HTTP,
	}
	if err := a.method(&o); err != nil {
		return nil, err
	}
	hosts, err := a.targets()
	if err != nil {
		return nil, err
	}
	t := probe.Targets{Text: hosts, Exclude: string(a.Exclude), Family: familyOf(a.Family)}
	if o.Hosts, err = t.Resolve(ctx); err != nil {
		return nil, err
	}
	if err = o.Check(); err == nil {
		err = a.allowed(&o.Hosts)
	}
	if err != nil {
		return nil, err // and no stream, which would be drawn
	}
	return o.Each(ctx), nil
}

// method is how the hosts are asked: one way at a time.
func (a pingArgs) method(o *ping.Options) error {
	n := 0
	choose := func(m ping.Method, port int) { n, o.Method, o.Port = n+1, m, port }
	if a.TCP > 0 {
		choose(ping.TCP, a.TCP)
	}
	if a.UDP > 0 {
		choose(ping.UDP, a.UDP)
	}
	if a.HTTP != "" {
		choose(ping.HTTP, 0)
	}
	if n > 1 {
		return primitive.Usagef("--tcp, --udp and --http are different ways to ask").WithHint("give one of them: ping HOST --tcp 443")
	}
	return nil
}

// targets are the hosts that were given, or that of the URL.
func (a pingArgs) targets() (string, error) {
	if a.Hosts != "" {
		return string(a.Hosts), nil
	}
	if a.HTTP == "" {
		return "", primitive.Usagef("there is no host").WithHint("write ping 127.0.0.1")
	}
	u, err := ping.ParseURL(a.HTTP)
	if err != nil {
		return "", err
	}
	return u.Hostname(), nil
}

// allowed asks whether what strangers would notice is meant.
func (a pingArgs) allowed(h *probe.Hosts) error {
	n := h.Public()
	switch {
	case a.Yes:
		return nil
	case n > mostPublic:
		return primitive.Usagef("these are %d public addresses, more than a /24", n).WithHint("if you may ask them, say so: --yes")
	case n > 0 && (a.Flood || a.Interval < 200*time.Millisecond):
		return primitive.Usagef("a public address is not asked more often than five times a second").WithHint("if you may, say so: --yes")
	}
	return nil
}
