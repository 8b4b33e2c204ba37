// Package session is what is open: handles and their names, the tasks that run
// beside each other, and the notes about what happens to them. Any goroutine may
// use a session.
package session

import (
	"cmp"
	"context"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"sosh/primitive"
)

// Options says where a session writes and whom it asks. All of it may be left
// out.
type Options struct {
	Out      io.Writer                                                  // what print and results write to
	Notes    func(Note)                                                 // told what happens beside the commands; must be quick
	Ask      func(ctx context.Context, question string) (string, error) // a person to ask; nil when there is none
	Secret   func(ctx context.Context, question string) (string, error) // asks for what nobody may see; nil when that cannot be
	Recorder *primitive.Recorder                                        // keeps every call; nil keeps none
	Parallel func(on bool)                                              // told when something begins, and ends, that uses all processors
}

// A Session owns handles and tasks until Close.
type Session struct {
	opts   Options
	out    *lockedWriter
	ctx    context.Context // ends with the session
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	notes  sync.Mutex              // one note at a time
	unseen atomic.Pointer[error]   // the first failure of a task that nobody joined
	feeds  atomic.Pointer[[]*Feed] // nil when nobody listens
	lines  Lines

	mu      sync.Mutex
	closed  bool
	entries map[primitive.Handle]*entry
	names   map[string]primitive.Handle // generated and own
	counts  map[string]int              // names given so far, by letter
	seq     int
	current []primitive.Handle // the shell's, most recent last
	last    any
	ended   []*Task // lately, oldest first
}

// An entry is what the session knows of a handle.
type entry struct {
	seq   int
	own   []string // names given by the user
	owner *Task    // that takes care of it; or nil
}

// New opens a session.
func New(o Options) *Session {
	if o.Out == nil {
		o.Out = io.Discard
	}
	s := &Session{
		opts: o, out: &lockedWriter{w: o.Out},
		entries: map[primitive.Handle]*entry{}, names: map[string]primitive.Handle{}, counts: map[string]int{},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Close ends everything in the reverse order of its opening, and waits for the
// tasks. A session that is closed closes at once whatever it still adopts.
func (s *Session) Close() {
	s.mu.Lock()
	s.closed = true
	handles := s.inOrder()
	s.mu.Unlock()
	for _, h := range slices.Backward(handles) {
		h.Close()
	}
	s.cancel()
	s.tasks.Wait()
}

// Out is where print and results go; a Write is not torn by another.
func (s *Session) Out() io.Writer { return s.out }

// Context ends when the session is closed.
func (s *Session) Context() context.Context { return s.ctx }

// Parallel says that something begins that uses all processors, as a script does
// not; it ends with the call of done.
func (s *Session) Parallel() (done func()) {
	if s.opts.Parallel == nil {
		return func() {}
	}
	s.opts.Parallel(true)
	return sync.OnceFunc(func() { s.opts.Parallel(false) })
}

// Recording is whether calls are kept.
func (s *Session) Recording() bool { return s.opts.Recorder.On() }

// Record keeps a call, if the session records.
func (s *Session) Record(ctx context.Context, c primitive.Call) {
	if r := s.opts.Recorder; r.On() && c.Note(ctx) {
		if t := TaskFrom(ctx); t != nil {
			c.Task = t.Name()
		}
		r.Add(c)
	}
}

// CanAsk is whether there is a person to ask.
func (s *Session) CanAsk() bool { return s.opts.Ask != nil }

// Ask puts a question to the person at the terminal.
func (s *Session) Ask(ctx context.Context, question string) (string, error) {
	if s.opts.Ask == nil {
		return "", primitive.Newf(primitive.Unsupported, "there is nobody to ask")
	}
	return s.opts.Ask(ctx, question)
}

// AskSecret asks the person at the terminal for what is not shown while it is
// typed, nor kept. Kind Unsupported where that cannot be.
func (s *Session) AskSecret(ctx context.Context, question string) (string, error) {
	if s.opts.Secret == nil {
		return "", primitive.Newf(primitive.Unsupported, "there is no terminal to ask at")
	}
	return s.opts.Secret(ctx, question)
}

// CanAskSecret is whether AskSecret can.
func (s *Session) CanAskSecret() bool { return s.opts.Secret != nil }

// Adopt takes ownership of a handle and names it: its letter and the next
// number. Generated names are never reused.
func (s *Session) Adopt(h primitive.Handle) {
	if s.adopt(h) && s.feeds.Load() != nil {
		s.Note(Note{Handle: h.Name(), What: "opened"})
	}
}

func (s *Session) adopt(h primitive.Handle) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.Name() != "" || s.entries[h] != nil {
		return false
	}
	if s.closed {
		defer h.Close()
	}
	s.counts[h.Prefix()]++
	h.SetName(generated(h.Prefix(), s.counts[h.Prefix()]))
	s.seq++
	s.entries[h] = &entry{seq: s.seq}
	s.names[h.Name()] = h
	return true
}

// Forget lets go of a handle that is closed.
func (s *Session) Forget(h primitive.Handle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[h]
	if e == nil {
		return
	}
	delete(s.entries, h)
	delete(s.names, h.Name())
	for _, name := range e.own {
		if s.names[name] == h {
			delete(s.names, name)
		}
	}
}

// Handles lists what is open, oldest first.
func (s *Session) Handles() []primitive.Handle {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inOrder()
}

func (s *Session) inOrder() []primitive.Handle {
	list := make([]primitive.Handle, 0, len(s.entries))
	for h := range s.entries {
		list = append(list, h)
	}
	slices.SortFunc(list, func(a, b primitive.Handle) int { return cmp.Compare(s.entries[a].seq, s.entries[b].seq) })
	return list
}

// A lockedWriter keeps writes of several tasks apart.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
