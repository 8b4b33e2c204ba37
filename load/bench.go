package load

import (
	"context"
	"encoding/binary"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A Dial opens one connection.
type Dial func(ctx context.Context) (*sock.Stream, error)

// A Plan is what Bench measures.
type Plan struct {
	Mode     string        // "up", "down", "both" or "rr"
	Streams  int           // connections at once; twice as many for both
	Size     int           // of a message, in bytes; 0 is 128 KiB, or 64 bytes for rr
	Time     time.Duration // in all
	Interval time.Duration // between two results
}

// A Measure is what an interval of a bench showed, or all of it.
type Measure struct {
	Total    bool     `help:"whether it is the whole run, which comes last"`
	Mode     string   `help:"up, down, both or rr"`
	Streams  int      `help:"connections at once"`
	From     float64  `help:"seconds since the start" volatile:""`
	To       float64  `help:"seconds since the start" volatile:""`
	Up       int64    `help:"bytes that arrived there" volatile:""`
	Down     int64    `help:"bytes that arrived here" volatile:""`
	Rate     float64  `help:"bits a second, both ways" volatile:""`
	Requests int64    `help:"messages answered; of rr alone" volatile:""`
	Rps      float64  `help:"messages answered a second" volatile:""`
	P50      *float64 `help:"half of the answers came within so many milliseconds" volatile:""`
	P90      *float64 `help:"nine tenths of them" volatile:""`
	P99      *float64 `help:"99 of 100" volatile:""`
	Max      *float64 `help:"the longest" volatile:""`

	spark []float64 // of a total
	top   float64   // the highest rate so far
}

// Bench connects, and measures for the time of the plan. The other side is Serve.
// Every interval gives a Measure, and the end gives the total. What goes wrong ends
// it: the errors of connecting, kind Unsupported where no Serve answers, Reset when
// the other side ends first.
func Bench(ctx context.Context, dial Dial, p Plan) iter.Seq2[Measure, error] {
	return func(yield func(Measure, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		b := &bench{Plan: p.complete()}
		if err := b.connect(ctx, dial); err != nil {
			yield(Measure{}, err)
			return
		}
		defer b.close()
		b.run(ctx, yield)
	}
}

func (p Plan) complete() Plan {
	if p.Size == 0 && p.Mode == "rr" {
		p.Size = 64
	} else if p.Size == 0 {
		p.Size = 128 << 10
	}
	return p
}

// A bench is one run.
type bench struct {
	Plan
	lines []*line
	begun time.Time
}

// A line is one connection, in one direction.
type line struct {
	*sock.Stream
	mode     string
	up, down atomic.Int64
	requests atomic.Int64
	times    histogram
}

// connect opens all connections and agrees with the other side.
func (b *bench) connect(ctx context.Context, dial Dial) error {
	modes := []string{b.Mode}
	if b.Mode == "both" {
		modes = []string{"up", "down"}
	}
	for range b.Streams {
		for _, mode := range modes {
			c, err := dial(ctx)
			if err != nil {
				b.close()
				return err
			}
			b.lines = append(b.lines, &line{Stream: c, mode: mode})
			if err := agree(ctx, c, header{mode, b.Size}); err != nil {
				b.close()
				return err
			}
		}
	}
	return nil
}

// A bench that does not answer in this time is none.
const patience = 5 * time.Second

func agree(ctx context.Context, c *sock.Stream, h header) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := c.Send(ctx, h.line())
	var answer []byte
	if err == nil {
		answer, err = c.RecvLine(ctx, maxLine)
	}
	if err == nil && string(answer) == "ok" {
		return nil
	}
	cause := "it answers " + primitive.Quote(string(answer))
	if err != nil {
		cause = primitive.AsError(err).Cause
	}
	e := primitive.Newf(primitive.Unsupported, "no bench is there: %s", cause).On(c.Raddr().String())
	return e.WithHint("start one there: sosh serve %s bench", c.Raddr())
}

func (b *bench) close() {
	for _, l := range b.lines {
		l.Close()
	}
}

// run measures, and tells every interval.
func (b *bench) run(ctx context.Context, yield func(Measure, error) bool) {
	b.begun = time.Now()
	ctx, cancel := context.WithDeadline(ctx, b.begun.Add(b.Time))
	defer cancel()
	failed := make(chan error, len(b.lines))
	var working sync.WaitGroup
	for _, l := range b.lines {
		working.Go(func() { failed <- l.work(ctx, b.Size) })
	}
	t := &teller{bench: b, yield: yield}
	err := t.tell(ctx, failed)
	if err != nil || t.stopped { // else the time is over for all
		cancel()
	}
	working.Wait()
	if err == nil {
		err = firstFailure(failed)
	}
	if !t.stopped {
		yield(t.total(), nil)
	}
	if err != nil && !t.stopped {
		yield(Measure{}, err)
	}
}

// firstFailure is what went wrong, of all that have ended.
func firstFailure(failed chan error) error {
	for {
		select {
		case err := <-failed:
			if err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// work moves bytes until the context ends.
func (l *line) work(ctx context.Context, size int) error {
	var err error
	switch l.mode {
	case "up":
		err = l.sends(ctx, size)
	case "down":
		err = l.receives(ctx, size)
	default:
		err = l.asks(ctx, size)
	}
	if past(ctx) {
		return nil // it is over
	}
	return err
}

// past is whether the time of a context is over, whose own timer may not have
// fired yet when that of a connection has.
func past(ctx context.Context) bool { return ctx.Err() != nil || !time.Now().Before(deadline(ctx)) }

// How long the last report of what arrived may take.
const lastReport = 2 * time.Second

func (l *line) sends(ctx context.Context, size int) error {
	reports := make(chan struct{})
	go func() {
		defer close(reports)
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Until(deadline(ctx))+lastReport)
		defer cancel()
		for {
			data, err := l.RecvExact(late, 8)
			if err != nil {
				return
			}
			l.up.Store(int64(binary.BigEndian.Uint64(data)))
		}
	}()
	buf := make([]byte, size)
	var err error
	for err == nil {
		_, err = l.Send(ctx, buf)
	}
	if ctx.Err() == context.Canceled {
		l.Close() // it was stopped: nobody asks for the rest
	} else {
		_ = l.Shutdown("write") // then the last report comes
	}
	<-reports
	return err
}

func deadline(ctx context.Context) time.Time {
	at, _ := ctx.Deadline()
	return at
}

func (l *line) receives(ctx context.Context, size int) error {
	buf := make([]byte, max(size, 64<<10))
	for {
		n, err := l.Read(ctx, buf)
		l.down.Add(int64(n))
		if err != nil {
			return err
		}
	}
}

func (l *line) asks(ctx context.Context, size int) error {
	message := make([]byte, size)
	for {
		begun := time.Now()
		if _, err := l.Send(ctx, message); err != nil {
			return err
		}
		if _, err := l.RecvExact(ctx, size); err != nil {
			return err
		}
		l.times.add(time.Since(begun))
		l.requests.Add(1)
		l.up.Add(int64(size))
		l.down.Add(int64(size))
	}
}
