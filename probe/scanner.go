package probe

import (
	"context"
	"iter"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"sosh/primitive"
)

// Options is how a scan goes about its probes.
type Options struct {
	Timeout  time.Duration // of one try; 0: by the round trips measured
	Retries  int           // further tries of a probe that got no answer
	Parallel int           // most probes in flight; 0: what the system and the network bear
	Rate     float64       // most tries a second; 0: no bound
	Greet    *Greet        // what open TCP ports are listened to for; nil: they are not

	done doneSet                // probes recorded before
	skip func(host uint64) bool // hosts that are not there; nil: none

	viaNet      bool // the net package even where there is epoll, for tests
	descriptors int  // how many there are; 0: ask the system
}

// A scanner is one scan under way: workers take probes from it and send batches
// of results.
type scanner struct {
	Options
	plan  *Plan
	local bool // all targets are this machine's
	start time.Time
	out   chan batch
	free  chan []Result // batches to be used again
	limit limiter
	wg    sync.WaitGroup // workers and those who wait for a greeting

	mu    sync.Mutex // guards next
	next  uint64
	end   uint64
	given uint64 // probes that were taken to be made
}

// A batch is results, or something a person should know.
type batch struct {
	results []Result
	notice  string
}

// A job is a probe to be sent.
type job struct {
	addr   netip.Addr
	id     uint64
	port   uint16
	tries  uint8         // sent so far
	failed uint8         // how often this machine could not send it
	again  bool          // it seemed open; is it, or was that our own socket?
	rtt    time.Duration // of the first time, then
}

const (
	batchSize = 256                    // results
	jobChunk  = 128                    // jobs taken at a time
	tick      = 200 * time.Millisecond // how often a consumer hears of a scan where nothing happens
)

func newScanner(p *Plan, o Options) *scanner {
	s := &scanner{Options: o, plan: p, local: p.Hosts.Local(), start: time.Now(), end: p.Len()}
	s.out, s.free = make(chan batch, 16), make(chan []Result, 16)
	s.limit.rate = o.Rate
	return s
}

// now is the time since the start, in nanoseconds; it never goes back.
func (s *scanner) now() int64 { return int64(time.Since(s.start)) }

// take fills jobs and says how many there were; 0 is the end.
func (s *scanner) take(jobs []job) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for n < len(jobs) && s.next < s.end {
		host, port := s.plan.At(s.next)
		s.next++
		id := s.plan.id(host, port)
		if s.done.has(id) || s.skip != nil && s.skip(host) {
			continue
		}
		jobs[n] = job{addr: s.plan.Hosts.At(host), id: id, port: s.plan.Ports[port]}
		n++
	}
	s.given += uint64(n)
	return n
}

// taken is how much of the plan was taken, of how much.
func (s *scanner) taken() (n, of uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next, s.end
}

// workers is how many share the scan: one for each processor where the network
// is as fast as they are.
func (s *scanner) workers() int {
	if !s.local || s.Rate > 0 || s.Parallel > 0 && s.Parallel < 64 || s.end < 2*jobChunk {
		return 1
	}
	return min(runtime.GOMAXPROCS(0), 8)
}

// batches runs the scan. It yields results as they come, and an empty batch now
// and then. When the context ends, what is known is yielded still. Nothing of it
// is left when the loop ends.
func (s *scanner) batches(ctx context.Context) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer func() {
			cancel()
			for range s.out { // until the workers have ended
			}
		}()
		n := s.workers()
		if primitive.TraceFrom(ctx) != nil {
			n = 1 // one after another, so that they can be followed
		}
		for range n {
			s.wg.Go(func() { s.run(ctx, n) })
		}
		go func() {
			s.wg.Wait()
			close(s.out)
		}()
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		for s.pass(yield, ticker.C) {
		}
	}
}

// pass gives one batch on; it is false at the end.
func (s *scanner) pass(yield func(batch) bool, tick <-chan time.Time) bool {
	select {
	case b, ok := <-s.out:
		if !ok || !yield(b) {
			return false
		}
		s.recycle(b.results)
		return true
	case <-tick:
		return yield(batch{})
	}
}

func (s *scanner) recycle(r []Result) {
	if cap(r) < batchSize {
		return
	}
	select {
	case s.free <- r[:0]:
	default:
	}
}

func (s *scanner) emptyBatch() []Result {
	select {
	case r := <-s.free:
		return r
	default:
		return make([]Result, 0, batchSize)
	}
}

// A limiter bounds how many tries start in a second: a bucket that fills at a
// rate and holds a fiftieth of a second's worth.
type limiter struct {
	rate float64 // 0 is no bound

	mu     sync.Mutex
	tokens float64
	last   int64
}

// take is how many of the tries wanted may start now, else how long to wait for
// the first.
func (l *limiter) take(now int64, want int) (n int, wait time.Duration) {
	if l.rate <= 0 {
		return want, 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tokens = min(l.tokens+float64(now-l.last)*l.rate/1e9, max(1, l.rate/50))
	l.last = now
	if n = min(want, int(l.tokens)); n > 0 {
		l.tokens -= float64(n)
		return n, 0
	}
	return 0, time.Duration((1 - l.tokens) / l.rate * 1e9)
}

// give takes back what was not used.
func (l *limiter) give(n int) {
	if l.rate <= 0 || n == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tokens += float64(n)
}
