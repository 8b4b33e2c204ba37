package repl

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// The exit code of a program that SIGTERM ended: 128 and the signal's number.
const terminated = 128 + int(syscall.SIGTERM)

// A run that ends this soon needs no signal handler, whose set-up costs a tenth
// of it: until then a signal ends the program by itself. What is known to last,
// a script or a server, is handled from its beginning; see heed.
const handlerAfter = 10 * time.Millisecond

// Interrupts are the signals that end a run, and what they do to it.
type interrupts struct {
	sh      *Shell
	ctx     context.Context
	cancel  context.CancelFunc
	once    sync.Once
	signals chan os.Signal // nil before heed
	over    chan struct{}
	watch   sync.WaitGroup
}

// interruptible gives a context that Ctrl-C and SIGTERM cancel, after some time
// at the latest. A script may clean up then; a second Ctrl-C ends its time for
// that. The returned function lets go of the signals.
func (sh *Shell) interruptible(ctx context.Context, after time.Duration) (context.Context, func()) {
	i := &interrupts{sh: sh, over: make(chan struct{})}
	i.ctx, i.cancel = context.WithCancel(ctx)
	sh.interrupts.Store(i)
	if after == 0 {
		i.heed()
		return i.ctx, i.stop
	}
	timer := time.AfterFunc(after, i.heed)
	return i.ctx, func() {
		timer.Stop()
		i.stop()
	}
}

// heed handles signals from now on: what runs now will last.
func (sh *Shell) heed() {
	if i := sh.interrupts.Load(); i != nil {
		i.heed()
	}
}

func (i *interrupts) heed() {
	i.once.Do(func() {
		i.signals = make(chan os.Signal, 2)
		signal.Notify(i.signals, os.Interrupt, syscall.SIGTERM)
		i.watch.Go(i.run)
	})
}

func (i *interrupts) run() {
	for {
		select {
		case <-i.over:
			return
		case sig := <-i.signals:
			if sig == os.Interrupt && i.sh.interrupts.Load() != i {
				continue // it is meant for a command of the shell inside of this run
			}
			if sig == syscall.SIGTERM {
				i.sh.terminated.Store(true)
			} else if i.ctx.Err() != nil && i.sh.lua != nil {
				i.sh.lua.Stop()
			}
			i.cancel()
		}
	}
}

func (i *interrupts) stop() {
	i.once.Do(func() {}) // not any more
	if i.signals != nil {
		signal.Stop(i.signals)
		close(i.over)
		i.watch.Wait()
	}
	i.cancel()
}
