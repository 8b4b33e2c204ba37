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
	what := strings.TrimRight(st.text, " &")
	if st.name != "" {
		_, what, _ = strings.Cut(what, "=")
	}
	t := sh.session.Go(session.Held(ctx, false), primitive.Escape(strings.TrimSpace(what), false), func(ctx context.Context) ([]any, error) {
		result, err := run(ctx)
		if primitive.KindOf(err) == primitive.EOF {
			err = nil // the end of a stream is no failure
		}
		return []any{result}, err
	})
	f.task = false
	return sh.finish(ctx, nil, st, t, nil, f)
}

// How long a cancelled task may clean up before the shell goes on without it.
const cleanUp = 2 * time.Second

// foreground waits for a server that was started without '&'. An interrupt ends
// it.
func (sh *Shell) foreground(ctx context.Context, t *session.Task, f frame) error {
	if f.task {
		return nil
	}
	t.Begin()
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
// task that nobody joined is the failure of the run, and so is a deadlock of all
// that are left.
func (sh *Shell) settle(ctx context.Context, wait bool, f frame) (code int) {
	if !wait {
		for _, t := range sh.unfinishedTasks() {
			t.Join()
			t.Cancel()
		}
		return 0
	}
	if err := sh.awaitTasks(ctx); err != nil {
		return sh.report(err, "", f)
	}
	if err := sh.session.Unseen(); err != nil { // noted already
		return primitive.KindOf(err).ExitCode()
	}
	return 0
}

// awaitTasks waits for the tasks and gives the first failure that nobody was
// told.
func (sh *Shell) awaitTasks(ctx context.Context) (failed error) {
	running := sh.unfinishedTasks()
	if len(running) == 0 {
		return nil
	}
	ctx, stop := sh.untilDeadlock(ctx)
	defer stop()
	for _, t := range running {
		untold := t.Join()
		_, err := t.Wait(ctx)
		if ctx.Err() != nil {
			t.Cancel()
		} else if untold && failed == nil && primitive.KindOf(err) != primitive.Canceled { // that was on purpose
			failed = err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return failed
}

// untilDeadlock gives a context that also ends, with the reason as its cause,
// when the tasks of scripts wait only for each other.
func (sh *Shell) untilDeadlock(ctx context.Context) (context.Context, func()) {
	ctx, end := context.WithCancelCause(ctx)
	var watch sync.WaitGroup
	if sh.lua != nil {
		watch.Go(func() {
			defer sh.guard()
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
