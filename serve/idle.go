package serve

import (
	"sync"
	"time"

	"sosh/sock"
)

// An idleWatch closes a stream on which nothing moves. It looks four times in the
// time allowed, so that the end comes at most a quarter late.
type idleWatch struct {
	c     *sock.Stream
	limit time.Duration

	mu    sync.Mutex
	timer *time.Timer // nil when nobody watches, or no longer
	moved time.Time   // when the number last changed
	bytes int64
	fired bool
}

// watchIdle begins; a limit of 0 is none.
func watchIdle(c *sock.Stream, limit time.Duration) *idleWatch {
	w := &idleWatch{c: c, limit: limit, moved: time.Now()}
	if limit > 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.timer = time.AfterFunc(limit/4+1, w.look)
	}
	return w
}

// look closes the stream if nothing has moved for long enough.
func (w *idleWatch) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil {
		return
	}
	info := w.c.Info().(sock.Info)
	if now := info.Received + info.Sent; now != w.bytes {
		w.bytes, w.moved = now, time.Now()
	}
	if time.Since(w.moved) < w.limit {
		w.timer.Reset(w.limit/4 + 1)
		return
	}
	w.timer, w.fired = nil, true
	w.c.Close()
}

// stop ends the watch, and says whether it closed the stream.
func (w *idleWatch) stop() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	return w.fired
}
