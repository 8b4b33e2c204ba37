package repl

import (
	"context"
	"strings"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/session"
)

// background runs a command beside others, as a task named after its line.
func (sh *Shell) background(ctx context.Context, st statement, run func(context.Context) (any, error), f frame) (any, error) {
	t := sh.session.Go(ctx, primitive.Escape(strings.TrimRight(st.text, " &"), false), func(ctx context.Context) ([]any, error) {
		result, err := run(ctx)
		if primitive.KindOf(err) == primitive.EOF {
			err = nil // the end of a stream is no failure
		}
		return []any{result}, err
	})
	sh.track(t)
	f.task = false
	return sh.finish(ctx, nil, st, t, nil, f)
}

// track keeps a task that the end of the program waits for.
func (sh *Shell) track(t *session.Task) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.started = append(sh.started, t)
}

// How long a cancelled task may clean up before the shell goes on without it.
const cleanUp = 2 * time.Second

// foreground waits for a server that was started without '&'. An interrupt ends
// it.
func (sh *Shell) foreground(ctx context.Context, t *session.Task, f frame) error {
	if f.task {
		sh.track(t)
		return nil
	}
	_, err := t.Wait(ctx)
	if ctx.Err() == nil {
		return err
	}
	t.Cancel()
	ended, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUp)
	defer cancel()
	_, _ = t.Wait(ended) // its outcome is that it was interrupted
	return ctx.Err()
}

// unfinishedTasks lists the tasks that still run.
func (sh *Shell) unfinishedTasks() []*session.Task {
	var running []*session.Task
	for _, t := range sh.session.Tasks() {
		if !t.Closed() {
			running = append(running, t)
		}
	}
	return running
}

// settle ends a run: it waits for the tasks, or cancels them. The failure of a
// task that nobody saw is the failure of the run, and so is a deadlock of all
// that are left.
func (sh *Shell) settle(ctx context.Context, wait bool, f frame) (code int) {
	running := sh.unfinishedTasks()
	if !wait {
		for _, t := range running {
			t.Join()
			t.Cancel()
		}
		return 0
	}
	if len(running) == 0 {
		return 0
	}
	ctx, stop := sh.untilDeadlock(ctx)
	defer stop()
	for _, t := range running {
		_, err := t.Wait(ctx)
		if ctx.Err() != nil {
			t.Cancel()
		} else if primitive.KindOf(err) != primitive.Canceled { // that was on purpose
			if c := sh.report(err, "", f); code == 0 {
				code = c
			}
		}
	}
	if ctx.Err() != nil {
		code = sh.report(context.Cause(ctx), "", f)
	}
	return code
}

// untilDeadlock gives a context that also ends, with the reason as its cause,
// when the tasks of scripts wait only for each other.
func (sh *Shell) untilDeadlock(ctx context.Context) (context.Context, func()) {
	ctx, end := context.WithCancelCause(ctx)
	var watch sync.WaitGroup
	if sh.lua != nil {
		watch.Go(func() {
			if err := sh.lua.Deadlock(ctx); err != nil {
				end(err)
			}
		})
	}
	return ctx, func() {
		end(nil)
		watch.Wait()
	}
}
