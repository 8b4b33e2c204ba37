package luabind

import (
	"context"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
	"sosh/session"
)

// openTasks makes the module task.
func (s *State) openTasks() {
	s.functions("task", map[string]lua.LGFunction{
		"spawn": s.spawn, "sleep": s.sleep, "list": s.taskList, "current": s.currentTask,
		"atomic": s.atomic, "queue": s.newQueue, "mutex": s.newMutex, "group": s.newGroup,
		"timeout": s.timeout, "every": s.every,
	})
	s.openGroups()
	s.openQueues()
	s.openMutexes()
}

func isTask(h primitive.Handle) bool {
	_, ok := h.(*session.Task)
	return ok
}

// spawn(fn, …) starts a task and returns its handle.
func (s *State) spawn(L *lua.LState) int {
	fn := L.CheckFunction(1)
	L.Push(s.handle(s.start(functionText(fn), &task{}, fn, argumentsFrom(L, 2))))
	return 1
}

func argumentsFrom(L *lua.LState, n int) []lua.LValue {
	args := make([]lua.LValue, 0, max(0, L.GetTop()-n+1))
	for i := n; i <= L.GetTop(); i++ {
		args = append(args, L.Get(i))
	}
	return args
}

// start runs a function as a task beside the running one. The goroutine waits
// for the baton, so the task has not begun when start returns.
func (s *State) start(what string, t *task, fn *lua.LFunction, args []lua.LValue) *session.Task {
	from := s.cur
	t.root, t.place, t.strict, t.patience = from.root, from.place, from.strict, s.opts.grace
	t.counted = true
	s.live++
	h := s.session.Go(from.ctx, what, func(ctx context.Context) ([]any, error) {
		t.ctx = ctx
		return s.execute(t, func() (*lua.LFunction, []lua.LValue, error) { return fn, args, nil })
	})
	s.tasks[h] = t
	if h.Closed() { // the session closes and starts nothing
		delete(s.tasks, h)
		s.ended(t, nil, context.Canceled)
	}
	return h
}

// taskMethod is a method that tasks have beside the rows for them.
func (s *State) taskMethod(name string) *lua.LFunction {
	switch name {
	case "join":
		return s.main.NewFunction(s.join)
	case "cancel":
		return s.main.NewFunction(s.cancelTask)
	}
	return nil
}

func (s *State) checkTask(L *lua.LState, verb string) *session.Task {
	t, ok := selfHandle(L).(*session.Task)
	if !ok {
		s.raise(L, primitive.Usagef("no task to %s", verb).WithHint("use a colon: t:%s()", verb))
	}
	return t
}

// join waits for a task: its results, or nil, message, kind.
func (s *State) join(L *lua.LState) int {
	h := s.checkTask(L, "join")
	if h == session.TaskFrom(s.cur.ctx) {
		return s.raisef(L, "a task cannot join itself")
	}
	ctx := s.mayBlock(L)
	h.Join()
	results, err := []any(nil), s.awaitEnd(ctx, h, wait{what: "to join " + h.Name()})
	if err == nil {
		results, err = h.Outcome()
	}
	if err != nil {
		s.raiseDeadlock(L, err)
		e := *primitive.AsError(err)
		if !h.Closed() {
			e.Op, e.Target = "join", h.Name()
		}
		return s.fail(L, nil, failedNotUsage(&e))
	}
	for _, v := range results {
		L.Push(s.toLua(v))
	}
	return len(results)
}

// awaitEnd waits for the end of a task, of Lua or not.
func (s *State) awaitEnd(ctx context.Context, h *session.Task, w wait) (err error) {
	if s.tasks[h] == nil { // it is not of Lua, or about to be over: nothing to report
		s.unlocked(func() {
			select {
			case <-h.Done():
			case <-ctx.Done():
				err = ctx.Err()
			}
		})
		return err
	}
	w.task, w.turn = h, h.Done()
	return s.await(ctx, nil, w)
}

// failedNotUsage keeps a wrong call inside of a task from raising in its joiner.
func failedNotUsage(e *primitive.Error) *primitive.Error {
	if e.Kind == primitive.Usage {
		e.Kind = primitive.Failed
	}
	return e
}

// cancelTask interrupts a task; the second time for good.
func (s *State) cancelTask(L *lua.LState) int {
	h := s.checkTask(L, "cancel")
	h.Cancel()
	if t := s.tasks[h]; t != nil && t.phase == cleaning {
		t.finalize()
		s.hook.reset(s.cur)
	}
	L.Push(lua.LTrue)
	return 1
}

// sleep(seconds) waits.
func (s *State) sleep(L *lua.LState) int {
	d := s.checkSeconds(L, 1)
	ctx := s.mayBlock(L)
	timer := time.NewTimer(d)
	defer timer.Stop()
	var err error
	s.unlocked(func() {
		select {
		case <-timer.C:
		case <-ctx.Done():
			err = ctx.Err()
		}
	})
	return s.pushDone(L, "task.sleep", err)
}

// pushDone is true, or the failure of op.
func (s *State) pushDone(L *lua.LState, op string, err error) int {
	if err != nil {
		s.raiseDeadlock(L, err)
		e := *primitive.AsError(err)
		e.Op = op
		return s.fail(L, nil, &e)
	}
	L.Push(lua.LTrue)
	return 1
}

func (s *State) taskList(L *lua.LState) int {
	list := L.NewTable()
	for i, t := range s.session.Tasks() {
		list.RawSetInt(i+1, s.handle(t))
	}
	L.Push(list)
	return 1
}

// currentTask is the handle of the running task; nil in the script itself.
func (s *State) currentTask(L *lua.LState) int {
	if h := session.TaskFrom(s.cur.ctx); h != nil {
		L.Push(s.handle(h))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// atomic(fn, …) runs fn while no other task does; waiting inside raises.
func (s *State) atomic(L *lua.LState) int {
	L.CheckFunction(1)
	t := s.cur
	t.atomic++
	defer func() { t.atomic-- }()
	L.Call(L.GetTop()-1, lua.MultRet)
	return L.GetTop()
}
