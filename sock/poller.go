package sock

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"

	"sosh/primitive"
)

// A Poller tells when something comes in at the handles it watches: bytes, the
// peer's end, a connection to accept. It reads nothing and takes nobody's turn:
// the system reports to it beside whoever reads. A closed handle leaves by
// itself. One goroutine waits, any may watch.
type Poller struct {
	poll    *systemPoller
	closed  atomic.Bool
	mu      sync.Mutex
	numbers map[primitive.Handle]int32
	handles map[int32]primitive.Handle
	next    int32
}

// NewPoller makes a Poller; close it. Unsupported where the system has none.
func NewPoller() (*Poller, error) {
	poll, err := newSystemPoller()
	if err != nil {
		return nil, err
	}
	return &Poller{poll: poll, numbers: map[primitive.Handle]int32{}, handles: map[int32]primitive.Handle{}}, nil
}

// Watch begins to watch a handle, or goes on. What waits there already is told
// too.
func (p *Poller) Watch(h primitive.Handle) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.numbers[h]; known {
		return nil
	}
	p.next++
	n := p.next
	p.numbers[h], p.handles[n] = n, h
	err := controlHandle(h, func(fd uintptr) error { return p.poll.add(int(fd), n) })
	if err != nil {
		p.drop(h)
	}
	return fault(err, h.Name())
}

// Ignore stops watching a handle.
func (p *Poller) Ignore(h primitive.Handle) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.numbers[h]; known {
		_ = controlHandle(h, func(fd uintptr) error { return p.poll.remove(int(fd)) }) // a closed one is gone already
		p.drop(h)
	}
}

func (p *Poller) drop(h primitive.Handle) {
	delete(p.handles, p.numbers[h])
	delete(p.numbers, h)
}

// Watched lists what is watched, in no order.
func (p *Poller) Watched() []primitive.Handle {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]primitive.Handle, 0, len(p.numbers))
	for h := range p.numbers {
		list = append(list, h)
	}
	return list
}

// Most handles that one Wait tells.
const maxReady = 64

// Wait waits until something came in and says at which handles; each arrival is
// told once, several may be told as one. Canceled or Timeout by ctx; Closed.
func (p *Poller) Wait(ctx context.Context) ([]primitive.Handle, error) {
	defer context.AfterFunc(ctx, p.poll.wake)()
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		numbers, err := p.poll.wait()
		switch {
		case p.closed.Load():
			return nil, primitive.Newf(primitive.Closed, "the poller is closed")
		case errors.Is(err, os.ErrDeadlineExceeded): // woken, perhaps for a Wait before this one
		case err != nil:
			return nil, err
		default:
			return p.named(numbers), nil
		}
	}
}

func (p *Poller) named(numbers []int32) (ready []primitive.Handle) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range numbers {
		if h := p.handles[n]; h != nil {
			ready = append(ready, h)
		}
	}
	return ready
}

// Close ends a Wait under way.
func (p *Poller) Close() error {
	if p.closed.Swap(true) {
		return nil
	}
	return p.poll.close()
}
