package luabind

import lua "github.com/yuin/gopher-lua"

// Room of a Lua thread, in frames and in values. Runs get more than tasks: a
// thousand clients are a thousand tasks.
const (
	smallStack, smallRegistry = 512, 1 << 16
	largeStack, largeRegistry = 8192, 1 << 19
	largeGrowth               = 4096

	pooledThreads = 128
	pooledLarge   = 8
)

// threads keeps Lua threads for the next task: making one costs ten
// microseconds and a throw-away set of globals.
type threads struct{ free, large []*lua.LState }

// thread is a Lua thread to run a task on.
func (s *State) thread(large bool) *lua.LState {
	pool := s.pool.of(large)
	if n := len(*pool); n > 0 {
		th := (*pool)[n-1]
		*pool = (*pool)[:n-1]
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

func (p *threads) of(large bool) *[]*lua.LState {
	if large {
		return &p.large
	}
	return &p.free
}

// recycle keeps the thread of a task that ended well.
func (s *State) recycle(t *task, ok bool) {
	th := t.thread
	t.thread = nil
	s.keep(th, t.large, ok)
}

// keep takes back a thread. After an error its upvalues may still point into it.
func (s *State) keep(th *lua.LState, large, ok bool) {
	pool, most := s.pool.of(large), pooledThreads
	if large {
		most = pooledLarge
	}
	if !ok || len(*pool) >= most {
		return
	}
	th.SetTop(0)
	th.Env = s.main.Env
	*pool = append(*pool, th)
}
