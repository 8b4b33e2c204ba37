package primitive

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"sync/atomic"
)

// A Recorder keeps the calls of a session in order: the newest Limit of them,
// and no more bytes than 16 MiB. It is on until it is turned off.
type Recorder struct {
	off   atomic.Bool
	mu    sync.Mutex
	calls []Call
	limit int
	bytes int
	lost  int
}

// Most bytes of what calls were given, and of one result: those of a result only
// say what it was.
const (
	maxRecorded = 16 << 20
	maxResult   = 1 << 10
)

// NewRecorder keeps at most limit calls.
func NewRecorder(limit int) *Recorder { return &Recorder{limit: limit} }

// Turn turns the recorder on or off; what was kept stays.
func (r *Recorder) Turn(on bool) { r.off.Store(!on) }

// On is whether the recorder keeps what it is given. A nil one does not.
func (r *Recorder) On() bool { return r != nil && !r.off.Load() }

// Add keeps a call; the oldest go when a limit is passed.
func (r *Recorder) Add(c Call) {
	c.port = chosenPort(c)
	c.Result = shortened(c.Result)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, c)
	r.bytes += weight(c)
	drop := max(0, len(r.calls)-r.limit)
	for _, old := range r.calls[:drop] {
		r.bytes -= weight(old)
	}
	for drop < len(r.calls) && r.bytes > maxRecorded {
		r.bytes -= weight(r.calls[drop])
		drop++
	}
	if drop > 0 {
		r.lost += drop
		clear(r.calls[:drop]) // the array is kept by what is left of it
		r.calls = r.calls[drop:]
	}
}

// Calls is a copy of what was kept, oldest first.
func (r *Recorder) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Call(nil), r.calls...)
}

// Lost is how many calls were dropped because of the limits.
func (r *Recorder) Lost() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lost
}

// weight is how many bytes a call was given.
func weight(c Call) int {
	n := len(c.Lua) + len(c.Line) + len(c.Into)
	for _, g := range c.Given {
		switch v := g.Value.(type) {
		case Bytes:
			n += len(v)
		case string:
			n += len(v)
		}
	}
	return n
}

// shortened is a result without the mass of it, and without what would keep a
// stream of items alive.
func shortened(v any) any {
	switch v := v.(type) {
	case Bytes:
		if len(v) > maxResult {
			return Bytes(bytes.Clone(v[:maxResult]))
		}
	case string:
		if len(v) > maxResult {
			return strings.Clone(v[:maxResult])
		}
	case Stream:
		return Stream(nil)
	case Shown:
		return shortened(v.Data)
	case []any:
		v = v[:min(len(v), 64)]
		list := make([]any, len(v))
		for i := range v {
			list[i] = shortened(v[i])
		}
		return list
	case Record:
		rec := make(Record, len(v))
		for i, f := range v {
			f.Value = shortened(f.Value)
			rec[i] = f
		}
		return rec
	}
	return v
}

// chosenPort is the port that the system chose for a handle in this call; 0 when
// it did not.
func chosenPort(c Call) int {
	_, made := c.Result.(Handle)
	for _, g := range c.Given {
		if a, ok := g.Value.(Addr); ok && g.Param.Listen {
			made = a.Port == 0
		}
	}
	h := c.Handle()
	if !made || h == nil || c.Err != nil {
		return 0
	}
	info, _ := Plain(h.Info()).(Record)
	port, _ := info.Get("lport")
	n, _ := port.(int64)
	return int(n)
}

// Handle is what a call was about: the handle it made, else the first it was
// given; nil for none.
func (c Call) Handle() Handle {
	if h, ok := c.Result.(Handle); ok {
		return h
	}
	for _, g := range c.Given {
		if h, ok := g.Value.(Handle); ok {
			return h
		}
	}
	return nil
}

// Port is the local port that the system chose for c.Handle; 0 when it was told
// which to take.
func (c Call) Port() int { return c.port }

// A Noter completes what is recorded of a call, and says whether it is recorded
// at all.
type Noter func(*Call) bool

type noterKey struct{}

// WithNoter gives the calls under a context a Noter; the innermost one counts.
func WithNoter(ctx context.Context, n Noter) context.Context {
	return context.WithValue(ctx, noterKey{}, n)
}

// Note lets the Noter of a context, if there is one, complete the record of a
// call, and is whether to keep it.
func (c *Call) Note(ctx context.Context) bool {
	n, _ := ctx.Value(noterKey{}).(Noter)
	return n == nil || n(c)
}
