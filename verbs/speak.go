package verbs

import (
	"context"
	"iter"
	"strconv"
	"time"

	"sosh/primitive"
	"sosh/probe"
	"sosh/session"
)

func speakRow() *primitive.Row {
	return primitive.New(primitive.Spec{
		Name: "probe", Short: "Find out what speaks on ports",
		Doc: "Connects and listens; when nothing comes it asks a short list of harmless questions, each on a connection of its own, " +
			"those of the port's usual service first, and stops at the first answer it knows. " +
			"It says how sure it is (certain, likely, guess), why, and by which bytes; product and version where the server tells. " +
			"TLS is unwrapped, and what speaks inside is asked in the same way; the certificate is judged and not trusted for anything. " +
			"Nothing logs in and nothing is changed, but servers write down that somebody came. " +
			"Exit code 1 when nothing came back from any port. In Lua an iterator: for r in probe(\"127.0.0.1\", 22) do print(r.protocol) end.",
		Example: "serve 12345 reply +OK ready &; probe 127.0.0.1 12345",
		Raises:  []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound, primitive.Failed, primitive.Canceled},
	}, speak)
}

type speakArgs struct {
	Targets primitive.Phrase `arg:"" help:"hosts: names, addresses, ranges, @file; or host:port"`
	Ports   primitive.Phrase `arg:"" rest:"" optional:"" help:"ports: numbers, ranges, service names"`
	Udp     bool             `help:"ask over UDP"`
	Name    string           `help:"name to ask for in TLS, if it is not the host"`
	Wait    time.Duration    `default:"2s" min:"0.01" max:"600" help:"listen so long for a greeting, half of it for an answer"`
	Connect time.Duration    `default:"3s" min:"0.001" max:"600" help:"connecting may take so long"`
	Timeout time.Duration    `default:"30s" min:"0.01" max:"3600" help:"one port may take so long, all told"`
	Family  string           `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family that names are resolved to"`
}

// Most ports that are asked at once what speaks there: each is some dozens of
// connections.
const mostSpeakers = 4096

func speak(ctx context.Context, _ *session.Session, a speakArgs) (iter.Seq2[probe.Spoken, error], error) {
	if a.Ports == "" {
		addr, err := primitive.ParseAddr(string(a.Targets), false)
		if err != nil {
			return nil, primitive.Usagef("which ports? %s has none", primitive.Quote(string(a.Targets))).
				WithHint("probe %s 22,80; to find what is open: scan %[1]s", primitive.Escape(string(a.Targets), false))
		}
		a.Targets, a.Ports = primitive.Phrase(addr.Host), primitive.Phrase(strconv.Itoa(addr.Port))
	}
	ports, err := probe.ParsePorts(string(a.Ports), a.Udp)
	if err != nil {
		return nil, err
	}
	hosts, err := probe.Targets{Text: string(a.Targets), Family: familyOf(a.Family)}.Resolve(ctx)
	if err != nil {
		return nil, err
	}
	if n := hosts.Len() * uint64(len(ports)); n > mostSpeakers {
		return nil, primitive.Usagef("these are %d ports, at most %d are asked what speaks there", n, mostSpeakers).
			WithHint("scan them first, and probe what is open")
	}
	p := probe.Speaking{Hosts: hosts, Ports: ports, UDP: a.Udp, Name: a.Name, Wait: a.Wait, Connect: a.Connect, Limit: a.Timeout}
	return p.Each(ctx), nil
}
