package sock

import (
	"context"
	"errors"
	"os"
	"slices"
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
	untell  map[int32]func() // of Sources
	told    []int32          // Sources at which something came in
	next    int32
}

// NewPoller makes a Poller; close it. Unsupported where the system has none.
func NewPoller() (*Poller, error) {
	poll, err := newSystemPoller()
	if err != nil {
		return nil, err
	}
	return &Poller{poll: poll, numbers: map[primitive.Handle]int32{}, handles: map[int32]primitive.Handle{}, untell: map[int32]func(){}}, nil
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
	if s, ok := h.(Source); ok {
		p.untell[n] = s.Tell(func() { p.tell(n) })
		p.told = append(p.told, n) // something may be there already
		p.poll.wake()
		return nil
	}
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
		if p.untell[p.numbers[h]] == nil {
			_ = controlHandle(h, func(fd uintptr) error { return p.poll.remove(int(fd)) }) // a closed one is gone already
		}
		p.drop(h)
	}
}

// tell wakes a Wait for a Source.
func (p *Poller) tell(n int32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Contains(p.told, n) {
		p.told = append(p.told, n)
	}
	p.poll.wake()
}

// takeTold are the Sources at which something came in since it was asked last.
func (p *Poller) takeTold() []primitive.Handle {
	p.mu.Lock()
	told := p.told
	p.told = nil
	p.mu.Unlock()
	return p.named(told)
}

func (p *Poller) drop(h primitive.Handle) {
	if untell := p.untell[p.numbers[h]]; untell != nil {
		delete(p.untell, p.numbers[h])
		untell()
	}
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
		if told := p.takeTold(); len(told) > 0 {
			return told, nil
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
	p.mu.Lock()
	for n, untell := range p.untell {
		delete(p.untell, n)
		untell()
	}
	p.mu.Unlock()
	return p.poll.close()
}
