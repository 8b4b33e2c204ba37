package luabind

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A baton is the lock of the Lua state. It is taken by whoever runs Lua. A
// sync.Mutex under it: who waits longer than a millisecond is served in order,
// so nobody starves, and short waits stay cheap.
type baton struct {
	mu      sync.Mutex
	waiting atomic.Int32
	turns   atomic.Uint64 // how often it was taken
}

func (b *baton) take() {
	if !b.mu.TryLock() {
		b.waiting.Add(1)
		b.mu.Lock()
		b.waiting.Add(-1)
	}
	b.turns.Add(1)
}

func (b *baton) tryTake() bool {
	if !b.mu.TryLock() {
		return false
	}
	b.turns.Add(1)
	return true
}

func (b *baton) give() { b.mu.Unlock() }

// wanted is whether somebody waits.
func (b *baton) wanted() bool { return b.waiting.Load() > 0 }

// The longest pass lets others try; a mutex alone would let the giver win the
// race against the waiter it has just woken.
const passTries = 1000

// pass gives the baton to a waiter and takes it again afterwards.
func (b *baton) pass() {
	turn := b.turns.Load()
	b.give()
	for range passTries {
		if b.turns.Load() != turn || !b.wanted() {
			break
		}
		runtime.Gosched()
	}
	b.take()
}
