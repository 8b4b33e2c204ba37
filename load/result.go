package load

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sosh/primitive"
)

// A Result is what an interval of a load showed, or all of it.
type Result struct {
	Total     bool      `help:"whether it is the whole run, which comes last"`
	From      float64   `help:"seconds since the start" volatile:""`
	To        float64   `help:"seconds since the start" volatile:""`
	Connected int64     `help:"connections made" volatile:""`
	Answered  int64     `help:"requests answered as expected" volatile:""`
	Failed    int64     `help:"connections and requests that failed" volatile:""`
	Failures  []Failure `help:"of each kind: step, kind, cause and count" volatile:""`
	Short     int64     `help:"clients given up for want of descriptors or ports here" volatile:""`
	InFlight  int64     `help:"connections at once, at most" volatile:""`
	Behind    int64     `help:"connections that were due by then and not begun; with a rate" volatile:""`
	Sent      int64     `help:"bytes sent" volatile:""`
	Received  int64     `help:"bytes of answers" volatile:""`
	Rate      float64   `help:"connections made a second" volatile:""`
	Rps       float64   `help:"requests answered a second" volatile:""`

	ConnectP50 *float64 `name:"connect_p50" help:"half of the connects took at most so many milliseconds" volatile:""`
	ConnectP90 *float64 `name:"connect_p90" help:"nine tenths of them" volatile:""`
	ConnectP99 *float64 `name:"connect_p99" help:"99 of 100" volatile:""`
	ConnectMax *float64 `name:"connect_max" help:"the longest" volatile:""`
	AnswerP50  *float64 `name:"answer_p50" help:"half of the answers came within so many milliseconds" volatile:""`
	AnswerP90  *float64 `name:"answer_p90" help:"nine tenths of them" volatile:""`
	AnswerP99  *float64 `name:"answer_p99" help:"99 of 100" volatile:""`
	AnswerMax  *float64 `name:"answer_max" help:"the longest" volatile:""`
}

// A Failure is how often something failed in one way.
type Failure struct {
	Step  string         `help:"connect or answer"`
	Kind  primitive.Kind `help:"kind of failure"`
	Cause string         `help:"why, in words"`
	Count int64          `help:"how often"`
}

// A tally counts what happened. Any goroutine may use it.
type tally struct {
	mu sync.Mutex
	Result
}

func (t *tally) count(what func(*Result)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	what(&t.Result)
}

func (t *tally) connect()       { t.count(func(r *Result) { r.Connected++ }) }
func (t *tally) answer()        { t.count(func(r *Result) { r.Answered++ }) }
func (t *tally) short()         { t.count(func(r *Result) { r.Short++ }) }
func (t *tally) sent(n int)     { t.count(func(r *Result) { r.Sent += int64(n) }) }
func (t *tally) received(n int) { t.count(func(r *Result) { r.Received += int64(n) }) }

func (t *tally) fail(step string, err error) {
	kind := primitive.KindOf(err)
	t.count(func(r *Result) { r.fail(Failure{step, kind, causeWords(kind, err), 1}) })
}

// causeWords is the cause of a failure, where the kind alone does not say it: what
// a peer sent would make each failure another one.
func causeWords(kind primitive.Kind, err error) string {
	if kind == primitive.Failed {
		return primitive.AsError(err).Errno
	}
	return string(kind)
}

func (r *Result) fail(f Failure) {
	r.Failed += f.Count
	for i := range r.Failures {
		if x := &r.Failures[i]; x.Step == f.Step && x.Kind == f.Kind && x.Cause == f.Cause {
			x.Count += f.Count
			return
		}
	}
	r.Failures = append(r.Failures, f)
}

// take gives what was counted, adds it to another tally, and begins anew.
func (t *tally) take(into *tally) Result {
	t.mu.Lock()
	r := t.Result
	t.Result = Result{}
	t.mu.Unlock()
	into.count(func(all *Result) { all.add(r) })
	return r
}

func (r *Result) add(o Result) {
	r.Connected += o.Connected
	r.Answered += o.Answered
	r.Short += o.Short
	r.Sent += o.Sent
	r.Received += o.Received
	for _, f := range o.Failures {
		r.fail(f)
	}
}

// tell gives a result for every interval; true when nobody listens any more. The
// end of all clients ends it too.
func (r *crowd) tell(ctx context.Context, all <-chan struct{}, yield func(Result, error) bool) (stopped bool) {
	from := 0.0
	for i := 1; ; i++ {
		at := r.begun.Add(min(time.Duration(i)*r.Interval, r.Time))
		timer := time.NewTimer(time.Until(at))
		select {
		case <-timer.C:
		case <-ctx.Done():
		case <-all:
		}
		timer.Stop()
		x := r.sum.take(&r.done)
		x.latencies(&r.connecting, &r.asking)
		r.connecting.take(&r.connected)
		r.asking.take(&r.asked)
		now := time.Since(r.begun)
		x.From, x.To, x.InFlight, x.Behind = from, now.Seconds(), r.inFlight.Load(), r.behind(now)
		from = x.To
		x.rates()
		if !yield(x, nil) {
			return true
		}
		if ctx.Err() != nil || time.Duration(i)*r.Interval >= r.Time || ended(all) {
			return false
		}
	}
}

func ended(all <-chan struct{}) bool {
	select {
	case <-all:
		return true
	default:
		return false
	}
}

// total is what the whole run showed.
func (r *crowd) total() Result {
	r.sum.take(&r.done)
	r.connecting.take(&r.connected)
	r.asking.take(&r.asked)
	x := r.done.Result
	now := time.Since(r.begun)
	x.Total, x.To, x.InFlight, x.Behind = true, now.Seconds(), r.highest.Load(), r.behind(min(now, r.Time))
	x.latencies(&r.connected, &r.asked)
	x.rates()
	return x
}

func (r *Result) rates() {
	took := max(r.To-r.From, 1e-9)
	r.Rate, r.Rps = float64(r.Connected)/took, float64(r.Answered)/took
}

func (r *Result) latencies(connects, answers *histogram) {
	r.ConnectP50, r.ConnectP90, r.ConnectP99, r.ConnectMax = connects.percentile(0.5), connects.percentile(0.9), connects.percentile(0.99), connects.longest()
	r.AnswerP50, r.AnswerP90, r.AnswerP99, r.AnswerMax = answers.percentile(0.5), answers.percentile(0.9), answers.percentile(0.99), answers.longest()
}

// Words are a line of a table; the total says what failed, and of what there was
// too little.
func (r Result) Words() primitive.Words {
	head := span(r.From, r.To)
	if r.Total {
		head = "total"
	}
	line := fmt.Sprintf("%-13s  %9d  %8d  %6d  %9d  %9s  %9s  %9s  %9s", head, r.Connected, r.Answered, r.Failed, r.InFlight,
		ms(r.ConnectP50), ms(r.ConnectP99), ms(r.AnswerP50), ms(r.AnswerP99))
	if r.Total {
		line += r.troubles()
	}
	return primitive.Words{
		Heading: fmt.Sprintf("%-13s  %9s  %8s  %6s  %9s  %9s  %9s  %9s  %9s", "interval", "connected", "answered", "failed", "in flight", "connect", "p99", "answer", "p99"),
		Line:    strings.TrimRight(line, " "),
	}
}

func (r *Result) troubles() string {
	var b strings.Builder
	slices.SortFunc(r.Failures, func(a, b Failure) int {
		return cmp.Or(-cmp.Compare(a.Count, b.Count), strings.Compare(a.Step+a.Cause, b.Step+b.Cause))
	})
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "\n%6d × %s: %s", f.Count, f.Step, cmp.Or(f.Cause, "failed"))
	}
	if r.Behind > 1 { // one may just have become due
		fmt.Fprintf(&b, "\n%6d connections were due and not begun: all clients were busy, or there are too few (--clients)", r.Behind)
	}
	if r.Short > 0 {
		fmt.Fprintf(&b, "\n%6d clients were given up: no descriptors or ports were left here (ulimit -n; fewer --clients, a lower --rate)", r.Short)
	}
	return b.String()
}
