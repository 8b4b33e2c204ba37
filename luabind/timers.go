package luabind

import (
	"context"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// A limit is the time a task has for a part of its work. When it is over, the
// task is interrupted once, as by a cancellation, and may clean up.
type limit struct {
	t        *task
	ctx      context.Context // of the task
	parent   context.Context // ends when the task itself is interrupted
	stop     context.CancelFunc
	phase    phase
	grace    context.Context
	relent   context.CancelFunc
	duration time.Duration
}

func (t *task) limit(d time.Duration) *limit {
	l := &limit{t: t, ctx: t.ctx, parent: t.context(), phase: t.phase, grace: t.grace, relent: t.relent, duration: d}
	t.ctx, l.stop = context.WithTimeout(l.parent, d)
	t.phase, t.grace, t.relent = running, nil, nil
	t.timed++
	return l
}

// end gives the task its own time back. It returns whether the task was
// interrupted because the limit was over.
func (l *limit) end() (expired bool) {
	t := l.t
	told := t.phase != running
	expired = told && l.parent.Err() == nil && t.exit == nil
	l.stop()
	t.ctx = l.ctx
	t.timed--
	if told && !expired && l.phase == running {
		return false // the whole task was told; it keeps its time to clean up
	}
	if t.relent != nil {
		t.relent()
	}
	t.phase, t.grace, t.relent = l.phase, l.grace, l.relent
	if t.exit != nil {
		t.phase = final
	}
	return expired
}

// timeout(seconds, fn, …) calls fn and gives its results; when it takes longer,
// nil, message, "timeout". What fn raises is raised.
func (s *State) timeout(L *lua.LState) int {
	d := s.checkSeconds(L, 1)
	fn := L.CheckFunction(2)
	s.mayBlock(L)
	l := s.cur.limit(d)
	values, err := s.protect(L, fn, argumentsFrom(L, 3), nil)
	expired := l.end()
	s.hook.reset(s.cur)
	switch {
	case err == nil:
		for _, v := range values {
			L.Push(v)
		}
		return len(values)
	case !expired:
		s.cur.rethrow(err)
	}
	return s.failf(L, primitive.Timeout, "task.timeout: not done after %v", l.duration)
}

// The shortest time between two calls of task.every.
const shortestPeriod = time.Millisecond

// every(seconds, fn, …) starts a task that calls fn each time so many seconds
// have passed since its start; calls that would be late are left out. It ends
// when it is cancelled, fn raises, or fn returns false.
func (s *State) every(L *lua.LState) int {
	period := s.checkSeconds(L, 1)
	if period < shortestPeriod {
		return s.argError(L, 1, "at least %v seconds", shortestPeriod.Seconds())
	}
	fn, args := L.CheckFunction(2), argumentsFrom(L, 3)
	loop := s.main.NewFunction(func(L *lua.LState) int { return s.callEvery(L, period, fn, args) })
	L.Push(s.handle(s.start(fmt.Sprintf("every %v: %s", period, functionText(fn)), &task{}, loop, nil)))
	return 1
}

// callEvery is the loop of every. A ticker keeps to the times of its start, and
// drops what comes too late.
func (s *State) callEvery(L *lua.LState, period time.Duration, fn *lua.LFunction, args []lua.LValue) int {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	for {
		ctx := s.mayBlock(L)
		s.unlocked(func() {
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		})
		if s.cur.ctx.Err() != nil {
			return s.raise(L, s.cur.reason()) // though fn may have caught it
		}
		L.Push(fn)
		for _, a := range args {
			L.Push(a)
		}
		L.Call(len(args), 1)
		if L.Get(-1) == lua.LFalse {
			return 0
		}
		L.Pop(1)
	}
}
