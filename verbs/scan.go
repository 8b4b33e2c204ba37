package verbs

import (
	"context"
	"iter"
	"os"
	"strconv"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/probe"
	"sosh/session"
)

type scanArgs struct {
	Targets       primitive.Phrase  `arg:"" help:"hosts: names, addresses, networks, ranges, @file"`
	Ports         primitive.Phrase  `arg:"" rest:"" optional:"" help:"ports: numbers, ranges, service names, all, top N"`
	Udp           bool              `help:"scan UDP, with a question the usual service answers"`
	Exclude       primitive.Phrase  `help:"hosts to leave out, written as targets are"`
	All           bool              `help:"show every probe, not only what is open"`
	Plain         bool              `help:"show open ports alone, host:port for several hosts"`
	Csv           bool              `help:"show lines of CSV"`
	Banner        bool              `help:"listen to what open TCP ports say first"`
	Probe         bool              `help:"find out what speaks on open ports, as probe does"`
	Script        primitive.Handler `help:"scripts at open ports: names, files, folders, all"`
	ScriptKind    string            `with:"script" default:"safe" help:"kinds of scripts that may run: safe,intrusive, version"`
	ScriptTimeout time.Duration     `with:"script" default:"10s" min:"0.001" help:"one script at one port may take so long"`
	Expect        primitive.Phrase  `help:"these ports are to be open and no others; none for no port"`
	Rate          string            `help:"tries a second, or max; 1000, max on the loopback"`
	Parallel      int               `min:"0" max:"1000000" help:"most probes at once; 0 is what system and network bear"`
	Timeout       time.Duration     `help:"one try waits so long; 0 goes by the round trips measured"`
	Retries       int               `default:"1" min:"0" max:"20" help:"further tries where no answer came"`
	Order         string            `default:"port" enum:"port,host,random" help:"by port or by host first, or neither"`
	Seed          int               `min:"0" help:"what decides the random order; it makes the order random"`
	Shard         string            `help:"only this part, as 2/7; auto asks the job runner"`
	Out           string            `help:"file that every result goes to as it comes, as JSON lines"`
	Resume        string            `help:"such a file to continue: what it holds is not probed again"`
	Report        string            `help:"file for a page that shows it all, for a browser"`
	DryRun        bool              `help:"show every probe and send none"`
	NoDiscovery   bool              `help:"do not ask several hosts first whether they are there"`
	Yes           bool              `help:"you may scan that many public addresses"`
	Family        string            `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family that names are resolved to"`
}

// What a scan does by default off the loopback, and what it asks about.
const (
	considerateRate = 1000
	mostPublic      = 256 // addresses: a /24
)

// What --banner listens for.
const (
	bannerWait = 2 * time.Second
	bannerMax  = 1 << 10
)

// What --probe waits for: as probe does unless told otherwise.
const (
	speakWait    = 2 * time.Second
	speakConnect = 3 * time.Second
	speakLimit   = 30 * time.Second
)

func scan(ctx context.Context, s *session.Session, a scanArgs) (iter.Seq2[probe.Found, error], error) {
	v, err := a.survey(ctx)
	if err != nil {
		return nil, err
	}
	crew, err := a.crew(ctx, s)
	if err != nil {
		return nil, err
	}
	if crew != nil {
		v.Inspect = crew.Inspect
	}
	return parallel(s, v.Each(ctx)), nil
}

func (a scanArgs) survey(ctx context.Context) (*probe.Survey, error) {
	v := &probe.Survey{
		Options: probe.Options{Timeout: a.Timeout, Retries: a.Retries, Parallel: a.Parallel},
		All:     a.All, Format: a.format(), Out: a.Out, Resume: a.Resume, DryRun: a.DryRun, Discover: !a.NoDiscovery,
	}
	v.Report = probe.Report{Path: a.Report, Targets: string(a.Targets), Ports: string(a.Ports)}
	v.Plan = probe.Plan{UDP: a.Udp, Order: probe.Order(a.Order), Seed: uint64(a.Seed)}
	if a.Seed != 0 {
		v.Plan.Order = probe.Random
	}
	if a.Banner {
		v.Greet = &probe.Greet{Wait: bannerWait, Max: bannerMax}
	}
	v.Inspectors = probe.Inspectors
	if a.Out != "" && a.Resume != "" {
		return nil, primitive.Usagef("--out begins a file and --resume continues one").WithHint("give one of them: --resume %s", a.Resume)
	}
	if a.Plain && a.Csv {
		return nil, primitive.Usagef("--plain and --csv are two forms of output; give one")
	}
	err := a.ports(v)
	if err == nil {
		err = a.hosts(ctx, v)
	}
	if err == nil {
		v.Plan.Shard, err = probe.ParseShard(a.Shard, os.Getenv)
	}
	if err == nil {
		v.Rate, err = a.rate(v.Plan.Hosts.Local())
	}
	if err != nil {
		return nil, err
	}
	if a.Probe {
		v.Identify = &probe.Speaking{Hosts: v.Plan.Hosts, UDP: a.Udp, Wait: speakWait, Connect: speakConnect, Limit: speakLimit}
	}
	return v, v.Plan.Check()
}

func (a scanArgs) format() probe.Format {
	switch {
	case a.Plain:
		return probe.Plain
	case a.Csv:
		return probe.CSV
	}
	return probe.Table
}

// ports are those asked for, and those expected: what is not probed cannot be
// compared.
func (a scanArgs) ports(v *probe.Survey) (err error) {
	asked := string(a.Ports)
	if a.Expect != "" {
		expected := []uint16{}
		if a.Expect != "none" {
			if expected, err = probe.ParsePorts(string(a.Expect), a.Udp); err != nil {
				return err
			}
		}
		v.Expect = &expected
		if asked == "" {
			asked = "top " + strconv.Itoa(probe.DefaultTop)
		}
		if len(expected) > 0 {
			asked += " " + string(a.Expect)
		}
	}
	v.Plan.Ports, err = probe.ParsePorts(asked, a.Udp)
	return err
}

func (a scanArgs) hosts(ctx context.Context, v *probe.Survey) (err error) {
	t := probe.Targets{Text: string(a.Targets), Exclude: string(a.Exclude), Family: familyOf(a.Family)}
	if v.Plan.Hosts, err = t.Resolve(ctx); err != nil {
		return err
	}
	if n := v.Plan.Hosts.Public(); n > mostPublic && !a.Yes && !a.DryRun {
		return primitive.Usagef("these are %d public addresses, more than a /24", n).
			WithHint("if you may scan them, say so: --yes; --dry-run shows what would be probed")
	}
	return nil
}

// rate is in tries a second; 0 is no bound.
func (a scanArgs) rate(local bool) (float64, error) {
	text := strings.TrimSuffix(strings.ToLower(a.Rate), "/s")
	switch {
	case text == "" && local, text == "max":
		return 0, nil
	case text == "":
		return considerateRate, nil
	}
	digits, factor := text, 1.0
	if d, ok := strings.CutSuffix(text, "k"); ok {
		digits, factor = d, 1000
	}
	n, err := strconv.ParseFloat(digits, 64)
	if n *= factor; err != nil || !(n > 0) || n > 1e9 {
		return 0, primitive.Usagef("%s is no rate", primitive.Quote(a.Rate)).WithHint("rates are probes a second: 500, 2k, or max")
	}
	return n, nil
}
