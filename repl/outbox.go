package repl

import (
	"context"
	"sync"
)

// An outbox holds what is to be sent to a peer, so that whoever types does not
// wait for it.
type outbox struct {
	mu     sync.Mutex
	wake   chan struct{} // holds one when something has changed
	queue  []letter
	size   int  // bytes that are not sent yet
	closed bool // nothing more comes
}

// A letter is what is sent at once, or the end of it.
type letter struct {
	data []byte
	end  bool // of what is sent: the peer is told
}

// Most bytes that wait for a peer that takes none.
const maxOutbox = 1 << 20

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// put adds a letter; false when there is no room.
func (o *outbox) put(l letter) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.size+len(l.data) > maxOutbox {
		return false
	}
	o.size += len(l.data)
	o.queue = append(o.queue, l)
	o.stir()
	return true
}

// close says that nothing more comes.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.stir()
}

func (o *outbox) stir() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// next waits for a letter; false when none will come.
func (o *outbox) next(ctx context.Context) (letter, bool) {
	for ctx.Err() == nil {
		l, found, over := o.first()
		if found || over {
			return l, found
		}
		select {
		case <-o.wake:
		case <-ctx.Done():
		}
	}
	return letter{}, false
}

func (o *outbox) first() (l letter, found, over bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == 0 {
		return letter{}, false, o.closed
	}
	l, o.queue = o.queue[0], o.queue[1:]
	return l, true, false
}

// sent takes away bytes that were sent, or never will be.
func (o *outbox) sent(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.size -= n
}

// unsent is how many bytes were not sent.
func (o *outbox) unsent() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.size
}
