package repl

import (
	"context"
	"os"
	"os/signal"
	"sync"
)

// interruptible gives a context that Ctrl-C cancels. A script may clean up then;
// a second Ctrl-C ends its time for that. The returned function lets go of the
// signal.
func (sh *Shell) interruptible(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals, over := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt)
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-over:
				return
			case <-signals:
				if ctx.Err() != nil && sh.lua != nil {
					sh.lua.Stop()
				}
				cancel()
			}
		}
	})
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		watch.Wait()
		cancel()
	}
}
