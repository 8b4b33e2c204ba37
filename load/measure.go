package load

import (
	"context"
	"fmt"
	"time"

	"sosh/primitive"
)

// A teller gives the results of a bench as time goes on.
type teller struct {
	*bench
	yield   func(Measure, error) bool
	stopped bool // nobody listens any more

	last  Measure // the sums at the end of the last interval
	rates []float64
	all   histogram
}

// tell gives a result for every interval until the time is over, somebody stops
// listening, or a connection fails.
func (t *teller) tell(ctx context.Context, failed chan error) error {
	for i := 1; ; i++ {
		at := t.begun.Add(time.Duration(i) * t.Interval)
		final := !at.Before(t.begun.Add(t.Time))
		if final {
			at = t.begun.Add(t.Time)
		}
		if err := pass(ctx, at, final, failed); err != nil {
			return err
		}
		if t.stopped = !t.yield(t.interval(), nil); t.stopped || final {
			return nil
		}
	}
}

// pass waits for a time; the last one is the end of the context too.
func pass(ctx context.Context, at time.Time, final bool, failed chan error) error {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return nil
		case err := <-failed:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			if final || ctx.Err() == context.DeadlineExceeded {
				return nil
			}
			return ctx.Err()
		}
	}
}

// sums are those of all connections since the start.
func (t *teller) sums() Measure {
	m := Measure{Mode: t.Mode, Streams: t.Streams, To: time.Since(t.begun).Seconds()}
	for _, l := range t.lines {
		m.Up += l.up.Load()
		m.Down += l.down.Load()
		m.Requests += l.requests.Load()
	}
	return m
}

// interval is what has come since the last one.
func (t *teller) interval() Measure {
	now := t.sums()
	m := now
	m.From, m.Up, m.Down, m.Requests = t.last.To, now.Up-t.last.Up, now.Down-t.last.Down, now.Requests-t.last.Requests
	t.last = now
	var times histogram
	for _, l := range t.lines {
		l.times.take(&times)
	}
	m.rates()
	m.latencies(&times)
	times.take(&t.all)
	t.rates = append(t.rates, m.measured())
	for _, r := range t.rates {
		m.top = max(m.top, r)
	}
	return m
}

// total is what the whole run showed. What still arrived after the time counts, and
// so does the time it took.
func (t *teller) total() Measure {
	m := t.sums()
	for _, l := range t.lines {
		l.times.take(&t.all)
	}
	m.Total, m.spark = true, t.rates
	m.rates()
	m.latencies(&t.all)
	return m
}

func (m *Measure) rates() {
	took := max(m.To-m.From, 1e-9)
	m.Rate, m.Rps = float64(m.Up+m.Down)*8/took, float64(m.Requests)/took
}

func (m *Measure) latencies(h *histogram) {
	m.P50, m.P90, m.P99, m.Max = h.percentile(0.5), h.percentile(0.9), h.percentile(0.99), h.longest()
}

// measured is what the mode is about: bits or requests a second.
func (m *Measure) measured() float64 {
	if m.Mode == "rr" {
		return m.Rps
	}
	return m.Rate
}

// Words are a line of a table, with a bar beside it; the total has the run as a
// line of bars.
func (m Measure) Words() primitive.Words {
	head := span(m.From, m.To)
	picture := bar(m.measured(), m.top, 20)
	if m.Total {
		head, picture = "total", Spark(m.spark)
	}
	if m.Mode == "rr" {
		line := fmt.Sprintf("%-13s  %12s  %9s  %9s  %9s  %9s  %s", head, unit(m.Rps, "/s"), ms(m.P50), ms(m.P90), ms(m.P99), ms(m.Max), picture)
		return primitive.Words{Heading: fmt.Sprintf("%-13s  %12s  %9s  %9s  %9s  %9s", "interval", "answers", "p50", "p90", "p99", "max"), Line: line}
	}
	line := fmt.Sprintf("%-13s  %9s  %12s  %s", head, unit(float64(m.Up+m.Down), "B"), unit(m.Rate, "bit/s"), picture)
	return primitive.Words{Heading: fmt.Sprintf("%-13s  %9s  %12s", "interval", "moved", "rate"), Line: line}
}
