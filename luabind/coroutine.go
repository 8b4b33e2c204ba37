package luabind

import lua "github.com/yuin/gopher-lua"

// coroutineLib is gopher-lua's own, which ours goes around.
type coroutineLib struct{ create, resume, yield lua.LGFunction }

// openCoroutines replaces what does not work with tasks: a new thread needs the
// hook; a coroutine that some task is in must not be resumed by another; the
// original wrap leaves the state on the wrong thread after an error; and a yield
// across pcall would silently end the coroutine.
func (s *State) openCoroutines() {
	lib := s.globalTable("coroutine")
	own := func(name string) lua.LGFunction { return lib.RawGetString(name).(*lua.LFunction).GFunction }
	s.co = coroutineLib{own("create"), own("resume"), own("yield")}
	s.main.SetFuncs(lib, map[string]lua.LGFunction{
		"create": s.coCreate, "resume": s.coResume, "wrap": s.coWrap,
		"status": s.coStatus, "running": s.coRunning, "yield": s.coYield,
	})
}

func (s *State) coCreate(L *lua.LState) int {
	L.CheckFunction(1) // raises here, while L has its hook
	options := L.Options
	L.RemoveContext() // a child context of the hook would never hear of anything
	L.Options = s.main.Options
	n := s.co.create(L)
	L.Options = options
	L.SetContext(s.hook)
	L.Get(-1).(*lua.LState).SetContext(s.hook)
	return n
}

func (s *State) coResume(L *lua.LState) int {
	th := L.CheckThread(1)
	if s.active[th] || th == L {
		L.Push(lua.LFalse)
		L.Push(lua.LString("cannot resume a coroutine that is running"))
		return 2
	}
	s.active[th] = true
	defer delete(s.active, th)
	return s.co.resume(L)
}

func (s *State) coWrap(L *lua.LState) int {
	s.coCreate(L)
	th := L.Get(-1)
	L.Push(L.NewFunction(func(L *lua.LState) int {
		L.Insert(th, 1)
		n := s.coResume(L)
		if lua.LVAsBool(L.Get(-n)) {
			return n - 1
		}
		L.Error(L.Get(-1), 0)
		return 0
	}))
	return 1
}

func (s *State) coStatus(L *lua.LState) int {
	th := L.CheckThread(1)
	status := "suspended"
	switch {
	case th.Dead:
		status = "dead"
	case th == L:
		status = "running"
	case s.active[th]:
		status = "normal"
	}
	L.Push(lua.LString(status))
	return 1
}

// coRunning is nil outside of coroutines: the thread of a task is no value.
func (s *State) coRunning(L *lua.LState) int {
	if th := s.coroutineOf(L); th != nil {
		L.Push(th)
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// coroutineOf is the coroutine that runs: the thread itself, or for a protected
// call the one that made it.
func (s *State) coroutineOf(L *lua.LState) *lua.LState {
	if s.cur == nil {
		return nil
	}
	for s.cur.inner[L] != nil {
		L = s.cur.inner[L]
	}
	if L == s.cur.thread {
		return nil
	}
	return L
}

func (s *State) coYield(L *lua.LState) int {
	if s.cur != nil && s.coroutineOf(L) == nil {
		return s.raisef(L, "yield outside of a coroutine")
	}
	if s.isInner(L) {
		return s.raisef(L, "yield across pcall or another built-in function")
	}
	for level := 1; ; level++ {
		dbg, ok := L.GetStack(level)
		if !ok {
			return s.co.yield(L)
		}
		if dbg, err := L.GetInfo("f", dbg, lua.LNil); err == nil && isGo(dbg) {
			return s.raisef(L, "yield across pcall or another built-in function")
		}
	}
}

func isGo(v lua.LValue) bool {
	fn, ok := v.(*lua.LFunction)
	return ok && fn.IsG
}
