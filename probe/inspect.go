package probe

import (
	"context"
	"sync"
)

// An Inspector looks closer at a port that is open, and adds what it finds out to
// what is known of it. It ends soon after its context does, and may be called by
// several goroutines at once.
type Inspector func(ctx context.Context, f Found) Found

// Ports looked at at once by default, and most that wait for it: the scan itself
// waits then.
const (
	Inspectors = 16
	maxWaiting = 1 << 16
)

// An inspected port is a result with what an inspector made of it.
type inspected struct {
	res   Result
	found Found
	whole bool // it was not interrupted
}

// An inspection hands open ports to inspectors while a scan goes on. Its
// goroutines end when there is nothing to look at.
type inspection struct {
	ctx    context.Context
	look   Inspector
	places int
	ready  chan struct{} // holds one when something was done
	wg     sync.WaitGroup

	mu      sync.Mutex
	running int
	waiting []inspected
	done    []inspected
}

func newInspection(ctx context.Context, look Inspector, places int) *inspection {
	return &inspection{ctx: ctx, look: look, places: max(places, 1), ready: make(chan struct{}, 1)}
}

// add hands over an open port, and says whether more may be added now.
func (n *inspection) add(p inspected) (room bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiting = append(n.waiting, p)
	if n.running < n.places {
		n.running++
		n.wg.Go(n.work)
	}
	return len(n.waiting) < maxWaiting
}

// work looks at ports until none waits.
func (n *inspection) work() {
	for {
		p, ok := n.next()
		if !ok {
			return
		}
		if n.ctx.Err() == nil {
			p.found = n.look(n.ctx, p.found)
		}
		p.whole = n.ctx.Err() == nil
		n.mu.Lock()
		n.done = append(n.done, p)
		n.mu.Unlock()
		n.signal()
	}
}

func (n *inspection) next() (p inspected, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.waiting) == 0 {
		n.running--
		n.signal()
		return p, false
	}
	p = n.waiting[0]
	n.waiting = n.waiting[1:]
	return p, true
}

func (n *inspection) signal() {
	select {
	case n.ready <- struct{}{}:
	default:
	}
}

// take is what was done since the last time, and how many ports are still to be
// looked at or taken.
func (n *inspection) take() (done []inspected, left int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	done, n.done = n.done, nil
	return done, len(n.waiting) + n.running
}

// left is how many ports are still to be looked at.
func (n *inspection) left() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return uint64(len(n.waiting) + n.running)
}

// end waits for the inspectors, whose context must have ended or who have nothing
// to do.
func (n *inspection) end() { n.wg.Wait() }
