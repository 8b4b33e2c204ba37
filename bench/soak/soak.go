package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"sosh/internal/leak"
)

// options says what to do. The seed gives the same decisions again, not the same
// timing.
type options struct {
	length  time.Duration
	seed    uint64
	clients int
}

// Rounds of a run. At the end of each nobody is connected, and what is held is
// measured.
const (
	rounds      = 24
	longestTurn = 5 * time.Second
)

// patience bounds everything that should happen at once.
const patience = 20 * time.Second

// soak runs the rounds and reports on out; the error says what was not right.
func soak(ctx context.Context, o options, out io.Writer) error {
	fmt.Fprintf(out, "seed %d, %d clients, %v\n", o.seed, o.clients, o.length)
	before := leak.Now()
	w, err := open(ctx, o.seed)
	if err != nil {
		return err
	}
	r := &run{options: o, world: w, out: out, tally: newTally()}
	err = errors.Join(r.rounds(ctx), r.accounts())
	w.close()
	if left := before.Wait(patience); left != nil {
		return errors.Join(err, left)
	}
	fmt.Fprintf(out, "at the end: goroutines %d as before, descriptors %d as before\n", before.Goroutines, before.Total())
	return errors.Join(err, flat(r.samples, out))
}

// A run is one soak.
type run struct {
	options
	world   *world
	out     io.Writer
	tally   *tally
	samples []sample
	talks   uint64 // conversations so far
}

// A sample is what is held between two rounds.
type sample struct {
	heap                    uint64
	goroutines, descriptors int
}

func (r *run) rounds(ctx context.Context) error {
	end := time.Now().Add(r.length)
	turn := min(r.length/rounds, longestTurn)
	told := time.Now()
	for n := 1; time.Now().Before(end) && ctx.Err() == nil; n++ {
		if err := r.round(ctx, turn); err != nil {
			return err
		}
		if err := r.world.quiet(patience); err != nil {
			return err
		}
		r.samples = append(r.samples, measure())
		if time.Since(told) > 30*time.Second {
			told = time.Now()
			s := r.samples[len(r.samples)-1]
			fmt.Fprintf(r.out, "round %d: %s; heap %d KiB, goroutines %d, descriptors %d\n", n, r.tally, s.heap>>10, s.goroutines, s.descriptors)
		}
	}
	return ctx.Err()
}

// round lets all clients talk until its time is over, and waits for them. The
// first thing that is wrong ends it.
func (r *run) round(ctx context.Context, turn time.Duration) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	end := time.Now().Add(turn)
	var clients sync.WaitGroup
	for i := range r.clients {
		seed := r.talks + uint64(i)
		clients.Go(func() {
			rng := rand.New(rand.NewPCG(r.seed, seed))
			for time.Now().Before(end) && ctx.Err() == nil {
				if err := r.talk(ctx, rng); err != nil && ctx.Err() == nil {
					cancel(fmt.Errorf("client %d: %w", seed, err))
				}
			}
		})
	}
	clients.Wait()
	r.talks += uint64(r.clients)
	return context.Cause(ctx)
}

func measure() sample {
	runtime.GC()
	runtime.GC() // pools keep what they hold for one more
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	now := leak.Now()
	return sample{m.HeapAlloc, now.Goroutines, now.Total()}
}

// How much the heap of the last quarter may be above that of the first.
const slack = 512 << 10

// flat compares the first and the last quarter. The very first round is left
// out: it makes what is kept for good.
func flat(samples []sample, out io.Writer) error {
	if len(samples) < 8 {
		return fmt.Errorf("only %d rounds: too few to compare", len(samples))
	}
	samples = samples[1:]
	n := len(samples) / 4
	first, last := middle(samples[:n]), middle(samples[len(samples)-n:])
	fmt.Fprintf(out, "first quarter: heap %d KiB, goroutines %d, descriptors %d\nlast quarter:  heap %d KiB, goroutines %d, descriptors %d\n",
		first.heap>>10, first.goroutines, first.descriptors, last.heap>>10, last.goroutines, last.descriptors)
	switch {
	case last.heap > first.heap+first.heap/20+slack:
		return errors.New("the heap grew")
	case last.descriptors > first.descriptors:
		return errors.New("the number of descriptors grew")
	case last.goroutines > first.goroutines+4: // threads kept for reuse come and go
		return errors.New("the number of goroutines grew")
	}
	return nil
}

// middle is the median of each measure.
func middle(samples []sample) sample {
	of := func(get func(sample) uint64) uint64 {
		var list []uint64
		for _, s := range samples {
			list = append(list, get(s))
		}
		slices.Sort(list)
		return list[len(list)/2]
	}
	return sample{
		heap:        of(func(s sample) uint64 { return s.heap }),
		goroutines:  int(of(func(s sample) uint64 { return uint64(s.goroutines) })),
		descriptors: int(of(func(s sample) uint64 { return uint64(s.descriptors) })),
	}
}

// A tally counts what happened.
type tally struct {
	mu    sync.Mutex
	names []string
	count map[string]int64
}

func newTally() *tally { return &tally{count: map[string]int64{}} }

func (t *tally) add(name string, n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.count[name]; !known {
		t.names = append(t.names, name)
		slices.Sort(t.names)
	}
	t.count[name] += n
}

func (t *tally) get(name string) int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count[name]
}

func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []string
	for _, name := range t.names {
		list = append(list, fmt.Sprintf("%s %d", name, t.count[name]))
	}
	return strings.Join(list, ", ")
}
