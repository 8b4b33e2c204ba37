package luabind

import lua "github.com/yuin/gopher-lua"

// Room of a Lua thread, in frames and in values. Runs get more than tasks: a
// thousand clients are a thousand tasks.
const (
	smallStack, smallRegistry = 512, 1 << 16
	largeStack, largeRegistry = 8192, 1 << 19
	largeGrowth               = 4096

	pooledThreads = 128
)

// threads keeps Lua threads for the next task: making one costs ten
// microseconds and a throw-away set of globals.
type threads struct{ free []*lua.LState }

// thread is a Lua thread to run a task on.
func (s *State) thread(large bool) *lua.LState {
	if n := len(s.pool.free); n > 0 && !large {
		th := s.pool.free[n-1]
		s.pool.free = s.pool.free[:n-1]
		return th
	}
	if large {
		small := s.main.Options
		defer func() { s.main.Options = small }()
		s.main.Options.CallStackSize = largeStack
		s.main.Options.RegistryMaxSize = largeRegistry
		s.main.Options.RegistryGrowStep = largeGrowth
	}
	th, _ := s.main.NewThread()
	th.SetContext(s.hook)
	return th
}

// recycle keeps a thread that ended well. After an error its upvalues may still
// point into it.
func (s *State) recycle(t *task, ok bool) {
	th := t.thread
	t.thread = nil
	if !ok || t.large || len(s.pool.free) >= pooledThreads {
		return
	}
	th.SetTop(0)
	th.Env = s.main.Env
	s.pool.free = append(s.pool.free, th)
}
