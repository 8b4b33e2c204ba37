package luabind

import (
	"context"
	"slices"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// waiters are tasks that wait for something, the first comes first. It is used
// under the baton.
type waiters []chan struct{}

// wake lets the first waiter try.
func (w *waiters) wake() {
	if len(*w) > 0 {
		close((*w)[0])
		*w = (*w)[1:]
	}
}

func (w *waiters) wakeAll() {
	for len(*w) > 0 {
		w.wake()
	}
}

// wait blocks until woken, without the baton; timeout may be nil. A waiter that
// was woken but gives up passes the turn on.
func (w *waiters) wait(s *State, ctx context.Context, timeout <-chan time.Time, on wait) error {
	turn := make(chan struct{})
	*w = append(*w, turn)
	on.turn = turn
	err := s.await(ctx, timeout, on)
	if err == nil {
		return nil
	}
	if i := slices.Index(*w, turn); i >= 0 {
		*w = slices.Delete(*w, i, i+1)
	} else {
		w.wake()
	}
	return err
}

// seconds is a timer of an optional argument; nil waits for ever.
func (s *State) seconds(L *lua.LState, n int) (<-chan time.Time, func() bool) {
	if L.Get(n) == lua.LNil {
		return nil, func() bool { return false }
	}
	timer := time.NewTimer(s.checkSeconds(L, n))
	return timer.C, timer.Stop
}

// checkSeconds is an argument that is a number of seconds.
func (s *State) checkSeconds(L *lua.LState, n int) time.Duration {
	f := float64(L.CheckNumber(n))
	if !(f >= 0 && f < 1e9) {
		s.argError(L, n, "no number of seconds: %v", f)
	}
	return time.Duration(f * 1e9)
}
