package ping

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"sosh/probe/icmp"
)

// Statistics are what the requests to one host came to. Times are milliseconds,
// and null where nothing was answered.
type Statistics struct {
	Sent       int      `help:"requests"`
	Received   int      `help:"answered in time"`
	Loss       float64  `help:"percent not answered in time"`
	Late       int      `help:"answered after the timeout"`
	Duplicates int      `help:"further answers to the same request"`
	Corrupt    int      `help:"damaged answers"`
	Min        *float64 `help:"shortest round trip"`
	Mean       *float64 `help:"mean round trip"`
	Median     *float64 `help:"half of the round trips are shorter"`
	P95        *float64 `help:"95 of 100 round trips are shorter, by nearest rank"`
	P99        *float64 `help:"99 of 100 round trips are shorter, by nearest rank"`
	Max        *float64 `help:"longest round trip"`
	Jitter     *float64 `help:"mean difference between one round trip and the next"`
}

// Percentiles are exact up to so many round trips; of more, they are those of a
// sample of this size.
const mostSamples = 10_000

// Most recent round trips that are drawn.
const mostRecent = 512

// A tally counts what becomes of the requests to one host.
type tally struct {
	sent, received, late, duplicates, corrupt int
	failed                                    int // answered by an error: a router's, or this machine's

	sum, min, max, last time.Duration
	differences         time.Duration // of neighbours
	samples             []time.Duration
	recent              []float64 // milliseconds; not a number where nothing came
}

func (t *tally) add(d time.Duration) {
	if t.received++; t.received == 1 {
		t.min = d
	} else {
		t.differences += (d - t.last).Abs()
	}
	t.sum, t.last = t.sum+d, d
	t.min, t.max = min(t.min, d), max(t.max, d)
	t.remember(icmp.Millis(d))
	if len(t.samples) < mostSamples {
		t.samples = append(t.samples, d)
	} else if i := rand.IntN(t.received); i < mostSamples {
		t.samples[i] = d
	}
}

func (t *tally) miss() { t.remember(math.NaN()) }

func (t *tally) remember(ms float64) {
	if len(t.recent) == 2*mostRecent {
		t.recent = append(t.recent[:0], t.recent[mostRecent:]...)
	}
	t.recent = append(t.recent, ms)
}

// loss is in percent. What is still under way is not lost.
func (t *tally) loss(open int) float64 {
	done := t.sent - open
	if done <= 0 {
		return 0
	}
	return math.Round(1000*float64(done-t.received)/float64(done)) / 10
}

func (t *tally) statistics(open int) *Statistics {
	s := &Statistics{
		Sent: t.sent, Received: t.received, Loss: t.loss(open), Late: t.late, Duplicates: t.duplicates, Corrupt: t.corrupt,
	}
	if t.received == 0 {
		return s
	}
	sorted := slices.Sorted(slices.Values(t.samples))
	at := func(d time.Duration) *float64 { ms := icmp.Millis(d); return &ms }
	s.Min, s.Max, s.Mean = at(t.min), at(t.max), at(t.sum/time.Duration(t.received))
	s.Median, s.P95, s.P99 = at(rank(sorted, 50)), at(rank(sorted, 95)), at(rank(sorted, 99))
	s.Jitter = at(0)
	if t.received > 1 {
		s.Jitter = at(t.differences / time.Duration(t.received-1))
	}
	return s
}

// rank is the percentile by nearest rank: the smallest value that as many of a
// hundred do not exceed.
func rank(sorted []time.Duration, percent int) time.Duration {
	return sorted[max(0, (len(sorted)*percent+99)/100-1)]
}
