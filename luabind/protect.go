package luabind

import (
	"errors"

	lua "github.com/yuin/gopher-lua"
)

// Protected calls one within the other, as C Lua bounds them (LUAI_MAXCCALLS):
// each takes stack of the goroutine.
const maxProtected = 200

// protect calls a function on a Lua thread of its own and contains its errors.
// On the caller's own thread an error would close all its open upvalues, as the
// interpreter does (raiseError of gopher-lua v1.1.2): functions that share a
// local with the catcher would from then on each have their own copy of it.
// The handler, if any, is called where the error is, before the stack unwinds.
func (s *State) protect(L *lua.LState, fn lua.LValue, args []lua.LValue, handler *lua.LFunction) ([]lua.LValue, error) {
	t := s.cur
	if len(t.inner) >= maxProtected {
		s.raisef(L, "stack overflow: more than %d protected calls inside each other", maxProtected)
	}
	th := s.thread(t.large)
	th.Env = L.Env
	if t.inner == nil {
		t.inner = map[*lua.LState]*lua.LState{}
	}
	t.inner[th] = L
	s.main.G.CurrentThread = th
	values, err := callOn(th, fn, args, s.handlerOf(handler))
	s.main.G.CurrentThread = L
	delete(t.inner, th)
	s.keep(th, t.large, err == nil || handler == nil && t.closed(err))
	t.rethrown = false
	return values, err
}

// closed is whether the interpreter closed all upvalues of the thread that an
// error ended, so that it can be used again: when Lua raised it there.
func (t *task) closed(err error) bool {
	var api *lua.ApiError
	return !t.rethrown && errors.As(err, &api) && api.Type == lua.ApiErrorRun
}

// rethrow lets an error go on as it came, with its traceback.
func (t *task) rethrow(err error) {
	t.rethrown = true
	panic(err)
}

// callOn calls a function on an empty thread.
func callOn(th *lua.LState, fn lua.LValue, args []lua.LValue, handler *lua.LFunction) ([]lua.LValue, error) {
	th.Push(fn)
	for _, a := range args {
		th.Push(a)
	}
	if err := th.PCall(len(args), lua.MultRet, handler); err != nil {
		return nil, err
	}
	n := th.GetTop()
	if n == 0 {
		return nil, nil
	}
	values := make([]lua.LValue, n)
	for i := range values {
		values[i] = th.Get(i + 1)
	}
	return values, nil
}

// handlerOf closes the upvalues that the interpreter leaves open for a handler:
// what the failed functions gave away must keep its values when they are gone.
// An error inside of the handler, where there is none any more, does that.
func (s *State) handlerOf(handler *lua.LFunction) *lua.LFunction {
	if handler == nil {
		return nil
	}
	return s.main.NewFunction(func(L *lua.LState) int {
		value := L.Get(1)
		L.Push(handler)
		L.Push(value)
		L.Call(1, 1)
		result := L.Get(-1)
		L.Push(L.NewFunction(func(L *lua.LState) int { L.RaiseError(""); return 0 }))
		_ = L.PCall(0, 0, nil) // it is meant to fail
		L.Push(result)
		return 1
	})
}

// isInner is whether a thread is that of a protected call of the running task.
func (s *State) isInner(L *lua.LState) bool { return s.cur != nil && s.cur.inner[L] != nil }

// xpcall(fn, handler, …) is Lua's: the handler gets the error where it is raised.
func (s *State) xpcall(L *lua.LState) int {
	fn, handler := L.CheckFunction(1), L.CheckFunction(2)
	values, err := s.protect(L, fn, argumentsFrom(L, 3), handler)
	if err != nil {
		L.Push(lua.LFalse)
		L.Push(errorValue(err))
		return 2
	}
	return pushAll(L, lua.LTrue, values)
}

func errorValue(err error) lua.LValue {
	var api *lua.ApiError
	if !errors.As(err, &api) || api.Object == nil {
		return lua.LString(err.Error())
	}
	return api.Object
}

func pushAll(L *lua.LState, first lua.LValue, values []lua.LValue) int {
	L.Push(first)
	for _, v := range values {
		L.Push(v)
	}
	return 1 + len(values)
}
