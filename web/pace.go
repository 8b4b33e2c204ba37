package web

import (
	"context"
	"sync"
	"time"
)

// The least that must come of a body in the time of silence that is allowed: a
// server that sends a byte now and then keeps nobody waiting for ever.
const leastBytes = 1 << 10

// A pace ends an exchange that takes too long: the header must come within the
// time, and afterwards in each such time some of the body.
type pace struct {
	within time.Duration // 0 is no bound
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	timer *time.Timer
	body  bool
	since int64 // bytes of the body in this time
	over  bool
}

func newPace(within time.Duration, cancel context.CancelCauseFunc) *pace {
	p := &pace{within: within, cancel: cancel}
	if within > 0 {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.timer = time.AfterFunc(within, p.check)
	}
	return p
}

// begin is the begin of the body.
func (p *pace) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.body = true; p.timer != nil {
		p.timer.Reset(p.within)
	}
}

// add says that some of the body has come.
func (p *pace) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.since += int64(n)
}

func (p *pace) check() {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.over:
	case !p.body:
		p.cancel(tooSlow("no answer within %s", p.within))
	case p.since < leastBytes:
		p.cancel(tooSlow("next to nothing of the body came within %s", p.within))
	default:
		p.since = 0
		p.timer.Reset(p.within)
	}
}

func (p *pace) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over = true; p.timer != nil {
		p.timer.Stop()
	}
}
