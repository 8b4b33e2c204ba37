package load

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"sosh/primitive"
)

// A Crowd is what Run sends to a server.
type Crowd struct {
	Clients  int           // at once
	Rate     float64       // connections begun a second by all of them; 0 is as fast as it goes
	Time     time.Duration // in all
	Interval time.Duration // between two results
	Timeout  time.Duration // of a connect, and of an answer

	Requests int    // on each connection; 0 is until the time is over
	Send     []byte // of each request; may be empty
	Expect   []byte // text that each answer must hold; empty: none is waited for
	Pause    time.Duration
}

// Run lets the clients connect, talk and close again, until the time is over. Every
// interval gives a Result, and the end gives the total. A connection that fails is
// counted by its kind; nothing but the caller's context ends the run early. Clients
// for whom there are no descriptors or ports are given up, and counted as Short.
func Run(ctx context.Context, dial Dial, c Crowd) iter.Seq2[Result, error] {
	return func(yield func(Result, error) bool) {
		parent := ctx
		ctx, cancel := context.WithTimeout(ctx, c.Time)
		defer cancel()
		r := &crowd{Crowd: c, dial: dial, begun: time.Now()}
		var clients sync.WaitGroup
		for range c.Clients {
			clients.Go(func() { r.client(ctx) })
		}
		all := make(chan struct{})
		go func() {
			clients.Wait()
			close(all)
		}()
		stopped := r.tell(ctx, all, yield)
		cancel()
		<-all
		if stopped {
			return
		}
		if yield(r.total(), nil) && parent.Err() != nil {
			yield(Result{}, parent.Err())
		}
	}
}

// A crowd is one run.
type crowd struct {
	Crowd
	dial  Dial
	begun time.Time

	slots              atomic.Int64 // turns that clients took so far, for the rate
	started            atomic.Int64 // connections begun
	inFlight, highest  atomic.Int64 // connections now, and at most
	sum                tally        // since the last interval
	done               tally        // all before
	connecting, asking histogram    // since the last interval
	connected, asked   histogram    // all before
}

// client makes one connection after another.
func (r *crowd) client(ctx context.Context) {
	for {
		due, ok := r.turn(ctx)
		if !ok || r.once(ctx, due) {
			return
		}
	}
}

// turn waits until the rate allows another connection, and gives the moment at
// which that is due; false when the time is over.
//
// A client that was busy until after that moment has kept a connection waiting, as
// a server would that stalls: it counts from when it was due, or the slowest
// answers would be those that nobody measures (coordinated omission). A client that
// was free is late only by our own timer, which is not the server's fault.
func (r *crowd) turn(ctx context.Context) (due time.Time, ok bool) {
	n := r.slots.Add(1) - 1
	if r.Rate == 0 {
		return time.Now(), ctx.Err() == nil
	}
	due = r.begun.Add(time.Duration(float64(n) / r.Rate * float64(time.Second)))
	if early := time.Until(due); early > 0 {
		ok = wait(ctx, early)
		return time.Now(), ok
	}
	return due, ctx.Err() == nil
}

// behind is how many connections were due by a time and are not begun.
func (r *crowd) behind(after time.Duration) int64 {
	if r.Rate == 0 {
		return 0
	}
	return max(0, int64(after.Seconds()*r.Rate)+1-r.started.Load())
}

// wait passes some time; false when the context ends first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// once is one connection, from its beginning to its end; short is whether this
// machine has no room for it.
func (r *crowd) once(ctx context.Context, due time.Time) (short bool) {
	r.started.Add(1)
	own, cancel := context.WithTimeout(ctx, r.Timeout)
	c, err := r.dial(own)
	cancel()
	switch {
	case err != nil && past(ctx):
		return false // it was the end of the run
	case isShort(err):
		r.sum.short()
		return true
	case err != nil:
		r.sum.fail("connect", err)
		return false
	}
	r.connecting.add(time.Since(due))
	defer c.Close()
	defer r.inFlight.Add(-1)
	raise(&r.highest, r.inFlight.Add(1))
	r.sum.connect()
	r.talk(ctx, c, due)
	return false
}

// raise makes a number at least as high.
func raise(n *atomic.Int64, to int64) {
	for old := n.Load(); to > old && !n.CompareAndSwap(old, to); old = n.Load() {
	}
}

// isShort is whether a connection failed for want of something here: descriptors
// (EMFILE, ENFILE), ports (EADDRNOTAVAIL) or memory (ENOBUFS).
func isShort(err error) bool {
	if err == nil {
		return false
	}
	switch primitive.AsError(err).Errno {
	case "EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS", "ENOMEM":
		return true
	}
	return false
}
