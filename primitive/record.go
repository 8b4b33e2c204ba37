package primitive

import "sync"

// A Recorder keeps the calls of a session in order, the newest Limit of them.
type Recorder struct {
	mu    sync.Mutex
	calls []Call
	limit int
}

// NewRecorder keeps at most limit calls.
func NewRecorder(limit int) *Recorder { return &Recorder{limit: limit} }

// Add keeps a call; the oldest goes when the limit is passed.
func (r *Recorder) Add(c Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.calls) >= r.limit {
		r.calls = append(r.calls[:0], r.calls[len(r.calls)-r.limit+1:]...)
	}
	r.calls = append(r.calls, c)
}

// Calls is a copy of what was kept, oldest first.
func (r *Recorder) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Call(nil), r.calls...)
}
