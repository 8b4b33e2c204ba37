package luabind

import (
	"cmp"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// A mutex keeps tasks apart across waiting calls. A task that ends lets go of
// what it holds.
type mutex struct {
	owner   *task
	waiting waiters
}

func (s *State) openMutexes() {
	s.types.mutex = s.metatable(map[string]lua.LGFunction{"__tostring": constant("mutex")})
	s.types.mutex.RawSetString("__index", s.main.SetFuncs(s.main.NewTable(), map[string]lua.LGFunction{
		"lock": s.mutexLock, "unlock": s.mutexUnlock, "with": s.mutexWith,
	}))
}

func (s *State) newMutex(L *lua.LState) int {
	L.Push(&lua.LUserData{Value: &mutex{}, Env: s.main.Env, Metatable: s.types.mutex})
	return 1
}

func (s *State) checkMutex(L *lua.LState) *mutex {
	if ud, ok := L.Get(1).(*lua.LUserData); ok {
		if m, ok := ud.Value.(*mutex); ok {
			return m
		}
	}
	s.raise(L, primitive.Usagef("no mutex to work on").WithHint("use a colon: m:lock()"))
	return nil
}

// acquire waits for the mutex and takes it.
func (s *State) acquire(L *lua.LState, m *mutex) error {
	t := s.cur
	if m.owner == t {
		s.raisef(L, "this task holds the mutex already")
	}
	ctx := s.mayBlockOr(L, m.owner == nil)
	for m.owner != nil {
		if err := m.waiting.wait(s, ctx, nil, wait{what: "for a mutex of " + cmp.Or(m.owner.name(), "the script"), mutex: m}); err != nil {
			return err
		}
	}
	m.owner = t
	t.held = append(t.held, m)
	return nil
}

// release lets the next one have the mutex.
func (m *mutex) release() {
	m.owner.held = slices.DeleteFunc(slices.Clone(m.owner.held), func(x *mutex) bool { return x == m })
	m.owner = nil
	m.waiting.wake()
}

func (s *State) mutexLock(L *lua.LState) int {
	return s.pushDone(L, "lock", s.acquire(L, s.checkMutex(L)))
}

func (s *State) mutexUnlock(L *lua.LState) int {
	m := s.checkMutex(L)
	if m.owner != s.cur {
		return s.raisef(L, "this task does not hold the mutex")
	}
	m.release()
	L.Push(lua.LTrue)
	return 1
}

// mutexWith(fn, …) calls fn with the mutex held, and gives it back whatever
// happens.
func (s *State) mutexWith(L *lua.LState) int {
	m := s.checkMutex(L)
	L.CheckFunction(2)
	if err := s.acquire(L, m); err != nil {
		return s.pushDone(L, "lock", err)
	}
	t := s.cur
	defer func() {
		if m.owner == t {
			m.release()
		}
	}()
	L.Call(L.GetTop()-2, lua.MultRet)
	return L.GetTop() - 1
}
