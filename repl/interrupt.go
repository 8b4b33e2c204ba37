package repl

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// signalCode is the exit code of a program that a signal ended: 128 and its number.
func signalCode(sig syscall.Signal) int { return 128 + int(sig) }

const terminated = 128 + int(syscall.SIGTERM)

// untilSignal gives a context that a signal which ends the program cancels; the
// terminal is given back at once then, whatever runs. The returned function lets
// go of the signals and gives the exit code: of an end that was not the signal's,
// that of SIGTERM.
func (sh *Shell) untilSignal(ctx context.Context, source LineSource) (context.Context, func() int) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 4)
	// An interrupt between two commands is nobody's, and must not end the program.
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	code := terminated
	var watch sync.WaitGroup
	watch.Go(func() {
		for sig := range signals {
			number, _ := sig.(syscall.Signal)
			if sig == os.Interrupt {
				continue
			}
			source.Restore()
			switch {
			case sig == syscall.SIGQUIT:
				sh.quit()
			case ctx.Err() != nil: // asked for twice
				os.Exit(signalCode(number))
			}
			code = signalCode(number)
			cancel()
		}
	})
	return ctx, sync.OnceValue(func() int {
		signal.Stop(signals)
		close(signals)
		watch.Wait()
		cancel()
		return code
	})
}

// quit ends the program at once and tells where it was: what SIGQUIT is for.
func (sh *Shell) quit() {
	buf := make([]byte, 1<<20)
	_, _ = sh.opts.Err.Write(buf[:runtime.Stack(buf, true)]) // nothing else is left to do
	os.Exit(signalCode(syscall.SIGQUIT))
}

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
			if sig == syscall.SIGTERM {
				i.sh.terminated.Store(true)
			} else if i.ctx.Err() != nil && i.sh.lua != nil {
				i.sh.lua.Stop()
			}
			i.cancel()
		}
	}
}

// interrupt is Ctrl-C as a key, where the terminal makes no signal of it.
func (i *interrupts) interrupt() {
	select {
	case i.signals <- os.Interrupt:
	default: // two are waiting
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
