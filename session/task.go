package session

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"sosh/primitive"
)

// A Task runs beside others: a function of a script, a server, a command with
// '&'. It is a handle with the letter t.
type Task struct {
	primitive.Label
	What  string         // what it runs, in a few words
	laddr primitive.Addr // where it serves, if it does
	begun time.Time

	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}
	held   chan struct{} // closed by Begin; nil when it need not wait
	begin  sync.Once
	child  bool        // of another task, whose business it is
	joined atomic.Bool // someone asked for the outcome, so its failure need not be noted

	mu      sync.Mutex
	results []any
	err     error
}

// TaskInfo is what `info` and `tasks` show of a task.
type TaskInfo struct {
	ID    string        `help:"its name"`
	What  string        `help:"what it runs"`
	State string        `help:"running, done, failed or canceled"`
	Age   time.Duration `help:"time since it started" volatile:""`
	Error string        `help:"why it failed; empty otherwise"`
	Laddr string        `help:"address it serves on; empty otherwise" volatile:""`
	Lport int           `help:"port it serves on; 0 otherwise" volatile:""`
}

// Go starts a task. Its context ends when the task is cancelled or the session
// closes, and carries the values of parent (not its cancellation). A panic ends
// only the task.
func (s *Session) Go(parent context.Context, what string, fn func(context.Context) ([]any, error)) *Task {
	return s.start(context.WithoutCancel(parent), &Task{What: what}, fn)
}

// GoWithin starts a task that also ends with its parent context.
func (s *Session) GoWithin(parent context.Context, what string, fn func(context.Context) ([]any, error)) *Task {
	return s.start(parent, &Task{What: what}, fn)
}

// GoServe starts a task that serves on an address.
func (s *Session) GoServe(parent context.Context, what string, at primitive.Addr, fn func(context.Context) ([]any, error)) *Task {
	return s.start(context.WithoutCancel(parent), &Task{What: what, laddr: at}, fn)
}

func (s *Session) start(parent context.Context, t *Task, fn func(context.Context) ([]any, error)) *Task {
	t.begun, t.done = time.Now(), make(chan struct{})
	t.child = TaskFrom(parent) != nil
	if attended, held := parent.Value(startKey{}).(bool); held && !t.child {
		t.joined.Store(attended)
		t.held = make(chan struct{})
	}
	ctx, cancel := context.WithCancel(context.WithValue(parent, taskKey{}, t))
	stop := func() bool { return true }
	if TaskFrom(parent) == nil || parent.Done() == nil { // else the task above it ends with the session
		stop = context.AfterFunc(s.ctx, cancel)
	}
	t.ctx, t.cancel = ctx, cancel
	s.Adopt(t)
	if !s.mayStart() {
		stop()
		cancel()
		t.finish(nil, context.Canceled)
		return t
	}
	go func() {
		defer s.tasks.Done()
		defer stop()
		defer cancel()
		t.begins(ctx)
		results, err := contained(ctx, fn)
		s.noteEnd(t, err) // before it is over, so that no end of a program misses it
		t.finish(results, err)
		s.retire(t)
	}()
	return t
}

type taskKey struct{}

type startKey struct{}

// Held makes a task that is started under this context wait for its Begin, so that
// it can be announced first. When it is attended, who started it will wait for it,
// and its end need not be told even if it comes first.
func Held(ctx context.Context, attended bool) context.Context {
	return context.WithValue(ctx, startKey{}, attended)
}

// Begin lets a held task run; again, or on another one, is harmless.
func (t *Task) Begin() {
	if t.held != nil {
		t.begin.Do(func() { close(t.held) })
	}
}

// begins waits for Begin, or for the end of the context.
func (t *Task) begins(ctx context.Context) {
	if t.held != nil {
		select {
		case <-t.held:
		case <-ctx.Done():
		}
	}
}

// TaskFrom is the task that runs under this context; nil outside of any.
func TaskFrom(ctx context.Context) *Task {
	t, _ := ctx.Value(taskKey{}).(*Task)
	return t
}

// mayStart counts a task in, unless the session is closed.
func (s *Session) mayStart() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.tasks.Add(1)
	}
	return !s.closed
}

// Ended tasks that can still be asked for their outcome.
const keptTasks = 64

// retire keeps an ended task for a while and lets go of the oldest.
func (s *Session) retire(t *Task) {
	s.mu.Lock()
	s.ended = append(s.ended, t)
	var old *Task
	if len(s.ended) > keptTasks {
		old = s.ended[0]
		s.ended = s.ended[1:]
	}
	s.mu.Unlock()
	if old != nil {
		s.Forget(old)
	}
}

// contained runs fn; its panic is an error of kind failed.
func contained(ctx context.Context, fn func(context.Context) ([]any, error)) (results []any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = primitive.Newf(primitive.Failed, "internal error: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(ctx)
}

func (t *Task) finish(results []any, err error) {
	t.mu.Lock()
	t.results, t.err = results, err
	t.mu.Unlock()
	close(t.done)
}

// noteEnd tells the end of a task that nobody waits for, once; a failure always,
// another end only to a person who may have started it.
func (s *Session) noteEnd(t *Task, err error) {
	if err == nil && !t.child && !t.joined.Load() {
		s.Note(Note{Handle: t.Name(), What: "done", Text: t.Name() + " done", Minor: true})
	}
	if err == nil || primitive.KindOf(err) == primitive.Canceled || !t.Join() {
		return
	}
	s.unseen.CompareAndSwap(nil, &err)
	s.Note(Note{Handle: t.Name(), What: "failed", Text: fmt.Sprintf("%s failed: %v", t.Name(), err)})
}

// Wait is the outcome of the task. When ctx ends first, the task goes on.
func (t *Task) Wait(ctx context.Context) ([]any, error) {
	t.joined.Store(true)
	if w, ok := ctx.Value(waiterKey{}).(boundWaiter); ok && w.task == TaskFrom(ctx) && !t.Closed() {
		if err := w.WaitFor(ctx, t); err != nil {
			return nil, err
		}
		return t.Outcome()
	}
	select {
	case <-t.done:
		return t.Outcome()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A Waiter knows who waits for whom, to find those who wait in vain.
type Waiter interface {
	// WaitFor waits for the end of a task, or of the context.
	WaitFor(ctx context.Context, t *Task) error
}

type waiterKey struct{}

// A boundWaiter is only for the task that it was given, not for those it starts.
type boundWaiter struct {
	Waiter
	task *Task
}

// WithWaiter gives a Waiter to the one call that runs under the context, on the
// goroutine of its task.
func WithWaiter(ctx context.Context, w Waiter) context.Context {
	return context.WithValue(ctx, waiterKey{}, boundWaiter{w, TaskFrom(ctx)})
}

// Outcome is the outcome of a task that has ended.
func (t *Task) Outcome() ([]any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.results, t.err
}

// Join says that somebody takes the outcome, so that a failure is not noted too.
// It is false when somebody did before, or the failure has been noted.
func (t *Task) Join() bool { return t.joined.CompareAndSwap(false, true) }

// Unseen is the first failure of a task that was noted because nobody had joined
// it; nil when there is none.
func (s *Session) Unseen() error {
	if err := s.unseen.Load(); err != nil {
		return *err
	}
	return nil
}

// Cancel asks the task to end; it may clean up first.
func (t *Task) Cancel() { t.cancel() }

// Done is closed when the task has ended.
func (t *Task) Done() <-chan struct{} { return t.done }

// Prefix, Type, Info, Closed and Close make a task a primitive.Handle. Closing
// it cancels it, and does not wait.
func (t *Task) Prefix() string { return "t" }

// Type is "task".
func (t *Task) Type() string { return "task" }

// Closed is whether the task has ended.
func (t *Task) Closed() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// Close cancels the task.
func (t *Task) Close() error {
	t.cancel()
	return nil
}

// Shape is what Info gives, empty.
func (*Task) Shape() any { return TaskInfo{} }

// Info is a TaskInfo.
func (t *Task) Info() any {
	info := TaskInfo{ID: t.Name(), What: t.What, State: "running", Age: time.Since(t.begun).Round(time.Millisecond)}
	if t.laddr.Port != 0 {
		info.Laddr, info.Lport = t.laddr.String(), t.laddr.Port
	}
	if !t.Closed() {
		return info
	}
	_, err := t.Outcome()
	switch {
	case err == nil:
		info.State = "done"
	case primitive.KindOf(err) == primitive.Canceled || errors.Is(err, context.Canceled):
		info.State = "canceled"
	default:
		info.State, info.Error = "failed", err.Error()
	}
	return info
}

// Announce says in one line what was started.
func (t *Task) Announce() string {
	if t.laddr == (primitive.Addr{}) {
		return fmt.Sprintf("%s %s", t.Name(), t.What)
	}
	return fmt.Sprintf("%s %s on %s%s", t.Name(), t.What, t.laddr, t.laddr.OnlyHere("serve"))
}

// Tasks lists the running tasks and the ones that ended lately, oldest first.
func (s *Session) Tasks() []*Task {
	var tasks []*Task
	for _, h := range s.Handles() {
		if t, ok := h.(*Task); ok {
			tasks = append(tasks, t)
		}
	}
	return tasks
}
