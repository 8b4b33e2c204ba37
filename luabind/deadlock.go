package luabind

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
	"sosh/session"
)

// A wait is what a task waits for that only another task can give it. It is
// used under the baton.
type wait struct {
	what    string          // in words: "to join t1"
	task    *session.Task   // whose end it is, if it is one
	mutex   *mutex          // that somebody holds, if it is one
	turn    <-chan struct{} // closed when it is over
	ctx     context.Context // of the waiting
	thread  *lua.LState     // whose stack says where
	forever bool            // no timer ends it
	bounded bool            // the context has a timer of its own
}

// How often a script that waits looks whether anything can wake it.
const deadlockLook = 100 * time.Millisecond

// errDeadlock is in every error of a deadlock.
var errDeadlock = errors.New("deadlock")

// raiseDeadlock raises an error that is of a deadlock: no script goes on from it
// by mistake.
func (s *State) raiseDeadlock(L *lua.LState, err error) {
	if errors.Is(err, errDeadlock) {
		e := *primitive.AsError(err)
		e.Op, e.Target, e.Err = "", "", nil // who joins this task has no deadlock
		s.raise(L, &e)
	}
}

// A rowWaiter is a task of ours that waits for another one in a row.
type rowWaiter struct {
	s      *State
	t      *task
	thread *lua.LState
}

// waiting lets a row that waits for a task tell us so.
func (s *State) noticing(ctx context.Context) context.Context {
	return session.WithWaiter(ctx, rowWaiter{s, s.cur, s.main.G.CurrentThread})
}

// WaitFor waits for the end of a task; the caller does not have the baton.
func (w rowWaiter) WaitFor(ctx context.Context, h *session.Task) error {
	own, limited := w.t.ctx.Deadline()
	at, bounded := ctx.Deadline()
	w.s.enter(w.t, w.thread)
	defer w.s.leave()
	return w.s.awaitEnd(ctx, h, wait{what: "for " + h.Name(), bounded: bounded && !(limited && own.Equal(at))})
}

// await waits without the baton; timeout may be nil. Whoever waits in the
// foreground also looks whether it waits in vain.
func (s *State) await(ctx context.Context, timeout <-chan time.Time, w wait) error {
	t := s.cur
	w.ctx, w.thread = ctx, s.main.G.CurrentThread
	w.forever = timeout == nil && !w.bounded && t.timed == 0 && t.phase == running
	t.wait = &w
	s.waiting[t] = struct{}{}
	defer func() {
		t.wait = nil
		delete(s.waiting, t)
	}()
	if err := s.cycle(t); err != nil {
		return err
	}
	var err error
	s.unlocked(func() { err = s.block(t, timeout, &w) })
	return err
}

func (s *State) block(t *task, timeout <-chan time.Time, w *wait) error {
	var look <-chan time.Time
	if w.forever && t.foreground() {
		ticker := time.NewTicker(deadlockLook)
		defer ticker.Stop()
		look = ticker.C
	}
	for {
		select {
		case <-w.turn:
			return nil
		case <-timeout:
			return context.DeadlineExceeded
		case <-w.ctx.Done():
			return w.ctx.Err()
		case <-look:
			if err := s.lookForDeadlock(); err != nil {
				return err
			}
		}
	}
}

// foreground is whether the prompt waits for the task.
func (t *task) foreground() bool { return session.TaskFrom(t.ctx) == nil }

// Deadlock returns an error when the tasks that are left wait only for each
// other, and nil when ctx ends. It is for the end of a program, when nothing
// will be typed any more; a script in the foreground finds out by itself.
func (s *State) Deadlock(ctx context.Context) error {
	ticker := time.NewTicker(deadlockLook)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := s.lookForDeadlock(); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
}

// lookForDeadlock never waits: while somebody runs there is none.
func (s *State) lookForDeadlock() error {
	if !s.tryTake() {
		return nil
	}
	defer s.give()
	if len(s.waiting) == 0 || len(s.waiting) < s.live || s.outside() {
		return nil
	}
	for t := range s.waiting {
		if !s.stuck(t.wait) {
			return nil
		}
	}
	return s.deadlock("every task waits for another", s.inOrder())
}

// outside is whether something runs that is no Lua and might call some: a
// server, a command with &, a task on its way out.
func (s *State) outside() bool {
	return slices.ContainsFunc(s.session.Tasks(), func(h *session.Task) bool { return !h.Closed() && s.tasks[h] == nil })
}

// stuck is whether no timer and no interruption ends a wait, and it is not over
// already.
func (s *State) stuck(w *wait) bool {
	select {
	case <-w.turn:
		return false
	default:
	}
	return w.forever && w.ctx.Err() == nil && (w.task == nil || s.tasks[w.task] != nil)
}

// cycle finds out whether t closes a ring of tasks that wait for each other: for
// an end or for a mutex, which only one task can give.
func (s *State) cycle(t *task) error {
	ring := []*task{t}
	for w := t.wait; s.stuck(w); w = ring[len(ring)-1].wait {
		next := s.tasks[w.task]
		if w.mutex != nil {
			next = w.mutex.owner
		}
		if next == t {
			return s.deadlock("these tasks wait for each other", ring)
		}
		if next == nil || next.wait == nil || len(ring) > len(s.waiting) {
			return nil
		}
		ring = append(ring, next)
	}
	return nil
}

// inOrder is the tasks that wait, the script first.
func (s *State) inOrder() []*task {
	list := make([]*task, 0, len(s.waiting))
	for t := range s.waiting {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *task) int {
		x, y := a.name(), b.name()
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
	})
	return list
}

// name is the task's handle; empty for what runs in the foreground.
func (t *task) name() string {
	if h := session.TaskFrom(t.ctx); h != nil {
		return h.Name()
	}
	return ""
}

// Tasks listed in a report of a deadlock.
const listedTasks = 20

func (s *State) deadlock(what string, tasks []*task) error {
	var b strings.Builder
	b.WriteString("deadlock: " + what)
	for _, t := range tasks[:min(len(tasks), listedTasks)] {
		fmt.Fprintf(&b, "\n  %s waits %s at %s", cmp.Or(t.name(), "the script"), t.wait.what, lineOf(t.wait.thread))
	}
	if more := len(tasks) - listedTasks; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	e := primitive.Newf(primitive.Failed, "%s", b.String())
	e.Err = errDeadlock
	return e
}

// lineOf is the line of Lua that a thread is in: "serve.lua:3".
func lineOf(th *lua.LState) string {
	for level := 0; ; level++ {
		dbg, ok := th.GetStack(level)
		if !ok {
			return "an unknown line"
		}
		if _, err := th.GetInfo("Sl", dbg, lua.LNil); err == nil && dbg.CurrentLine > 0 {
			return fmt.Sprintf("%s:%d", primitive.Visible(dbg.Source), dbg.CurrentLine)
		}
	}
}
