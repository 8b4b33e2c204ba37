package luabind

import "sync/atomic"

// A courtesy is whether a task that is about to wait for its peer lets those that
// are ready go first. Among a thousand busy clients the peer's answer is there
// when the turn comes round, and the task need not ask in vain, sleep and be
// woken, which costs as much as half a system call. Among a few it never is.
// So it is tried now and then, and kept up for as long as it pays. Nobody starves:
// each task lets the others go first once for each time it waits, and the runtime
// looks at the network at least every ten milliseconds.
type courtesy struct {
	score atomic.Int32 // of late, from 0 to most
	calls atomic.Uint32
}

const (
	mostCourtesy = 64
	tryCourtesy  = 32 // one call of so many, while it does not pay
)

func (c *courtesy) pays() bool {
	return c.score.Load() > mostCourtesy/2 || c.calls.Add(1)%tryCourtesy == 0
}

func (c *courtesy) learn(paid bool) {
	score := c.score.Load()
	switch {
	case paid && score < mostCourtesy:
		c.score.Store(score + 1) // two at once may count as one
	case !paid && score > 0:
		c.score.Store(score - 1)
	}
}
