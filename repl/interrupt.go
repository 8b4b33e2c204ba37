package repl

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// The exit code of a program that SIGTERM ended: 128 and the signal's number.
const terminated = 128 + int(syscall.SIGTERM)

// A run that ends this soon needs no signal handler, whose set-up costs a tenth
// of it: until then a signal ends the program by itself.
const handlerAfter = 10 * time.Millisecond

// interruptible gives a context that Ctrl-C and SIGTERM cancel, from some time
// on. A script may clean up then; a second Ctrl-C ends its time for that. The
// returned function lets go of the signals.
func (sh *Shell) interruptible(ctx context.Context, after time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	over, ended := make(chan struct{}), make(chan struct{})
	timer := time.AfterFunc(after, func() {
		defer close(ended)
		sh.watchSignals(ctx, cancel, over)
	})
	return ctx, func() {
		if !timer.Stop() {
			close(over)
			<-ended
		}
		cancel()
	}
}

func (sh *Shell) watchSignals(ctx context.Context, cancel func(), over <-chan struct{}) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	for {
		select {
		case <-over:
			return
		case sig := <-signals:
			if sig == syscall.SIGTERM {
				sh.terminated.Store(true)
			} else if ctx.Err() != nil && sh.lua != nil {
				sh.lua.Stop()
			}
			cancel()
		}
	}
}
