package probe

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"sosh/primitive"
)

// Progress is told so often, and not in the first moments.
const progressEvery = 200 * time.Millisecond

// progress tells how far the scan is; it is false when nobody wants more.
func (r *surveying) progress(s *scanner) bool {
	now := time.Now()
	if r.told.IsZero() {
		r.told = r.start.Add(progressEvery)
	}
	if now.Sub(r.told) < progressEvery {
		return true
	}
	r.told = now
	n, of := s.taken()
	if n == of && r.looks != nil {
		return r.show(beside(primitive.Underway, "all probes sent, looking closer at %s", plural(r.looks.left(), "port")))
	}
	text := thousands(n) + " of " + thousands(of) + " probes, " + thousands(r.counts[Open]) + " open"
	if elapsed := time.Since(s.start); n > 0 && n < of {
		left := time.Duration(float64(elapsed) / float64(n) * float64(of-n))
		text += ", about " + left.Round(time.Second).String() + " left"
	}
	return r.show(beside(primitive.Underway, "%s", text))
}

// summary is what became of the probes: "65,515 closed, 20 open, 0.51 s".
func (r *surveying) summary(ctx context.Context) string {
	var parts []string
	for _, s := range r.states() {
		parts = append(parts, thousands(r.counts[s])+" "+s.String())
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing probed")
	}
	text := strings.Join(parts, ", ") + ", " + seconds(time.Since(r.start))
	if hosts := r.Plan.Hosts.Len(); hosts > 1 {
		text = r.hosts(hosts) + text
	}
	if r.scripts.ran > 0 {
		text += "; scripts: " + plural(r.scripts.ran, "result")
		if r.scripts.failed > 0 {
			text += ", " + thousands(r.scripts.failed) + " failed"
		}
	}
	if r.before > 0 {
		text += "; " + thousands(r.before) + " of them recorded before"
	}
	if ctx.Err() != nil {
		text += "; interrupted, of " + plural(r.Plan.Len(), "probe")
	}
	return text
}

func (r *surveying) hosts(n uint64) string {
	if r.Options.skip == nil {
		return plural(n, "host") + ": "
	}
	text := thousands(r.up) + " of " + plural(n, "host") + " answer: "
	if r.up == 0 {
		text = "none of " + plural(n, "host") + " answers (--no-discovery probes them all the same): "
	}
	return text
}

// states are those that occurred, the most frequent first.
func (r *surveying) states() []State {
	var list []State
	for s := range states {
		if r.counts[s] > 0 {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b State) int { return cmp.Compare(r.counts[b], r.counts[a]) })
	return list
}

func seconds(d time.Duration) string {
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + " s"
}

func plural(n uint64, what string) string {
	if n != 1 {
		what += "s"
	}
	return thousands(n) + " " + what
}

// Most hosts that a difference names.
const maxDifferences = 20

// compare is an error when other ports are open than expected: "+8080 -443".
func (r *surveying) compare() error {
	if r.Expect == nil {
		return nil
	}
	var texts []string
	more := 0
	for i := range r.Plan.Hosts.Len() {
		ip := r.Plan.Hosts.At(i)
		switch text := r.difference(ip); {
		case text == "":
		case len(texts) == maxDifferences:
			more++
		case r.Plan.Hosts.Len() == 1:
			texts = append(texts, text)
		default:
			texts = append(texts, ip.String()+" "+text)
		}
	}
	if more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more hosts", more))
	}
	if len(texts) == 0 {
		return nil
	}
	return primitive.Newf(primitive.Expectation, "not as expected: %s", strings.Join(texts, "; ")).
		WithHint("+ is open and was not expected, - was expected and is not open")
}

// difference is that of one host, in the order of the ports. What another shard
// probes is not missing here.
func (r *surveying) difference(ip netip.Addr) string {
	open := map[uint16]bool{}
	for _, p := range r.opens[ip] {
		open[p] = true
	}
	expected := map[uint16]bool{}
	var ports []uint16
	for _, p := range *r.Expect {
		if expected[p] = true; !open[p] && r.ours(ip, p) {
			ports = append(ports, p)
		}
	}
	for p := range open {
		if !expected[p] {
			ports = append(ports, p)
		}
	}
	slices.Sort(ports)
	var words []string
	for _, p := range ports {
		sign := "-"
		if open[p] {
			sign = "+"
		}
		words = append(words, sign+strconv.Itoa(int(p)))
	}
	return strings.Join(words, " ")
}

// ours is whether this shard probes a port of a host.
func (r *surveying) ours(ip netip.Addr, port uint16) bool {
	host, _ := r.Plan.Hosts.Index(ip)
	place, ok := r.portPlace(port)
	return ok && r.Plan.covers(host, place)
}
