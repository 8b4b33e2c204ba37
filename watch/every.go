package watch

import (
	"context"
	"fmt"
	"time"

	"sosh/primitive"
	"sosh/session"
)

// A Repeat does an action again and again, beginning at once. A time that comes
// while the action still runs is left out.
type Repeat struct {
	Session *session.Session
	Every   time.Duration
	Count   int           // how often; 0 is for ever
	For     time.Duration // no more after this long; 0 is for ever
	Action  primitive.Action
}

// Start does it as a task. A failure is told and the task goes on; one that would
// come each time ends it. Usage.
func (r Repeat) Start(ctx context.Context) (*session.Task, error) {
	if err := r.Session.CheckAction(r.Action); err != nil {
		return nil, err
	}
	what := fmt.Sprintf("every %s: %s", r.Every, primitive.Escape(r.Action.String(), false))
	return r.Session.Go(ctx, what, func(ctx context.Context) ([]any, error) { return nil, r.run(ctx) }), nil
}

func (r Repeat) run(ctx context.Context) error {
	ticker := time.NewTicker(r.Every)
	defer ticker.Stop()
	var over <-chan time.Time
	if r.For > 0 {
		timer := time.NewTimer(r.For)
		defer timer.Stop()
		over = timer.C
	}
	var tally failures
	for n := 1; ; n++ {
		enough, err := r.Session.Perform(ctx, r.Action, nil)
		if err = passing(err); err != nil && final(ctx, err) {
			return err
		}
		tally.add(ctx, r.Session, err)
		if enough || n == r.Count {
			return tally.outcome(n)
		}
		select {
		case <-ticker.C:
		case <-over:
			return tally.outcome(n)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// failures counts those of a repeated action.
type failures struct {
	n    int
	last error
}

func (f *failures) add(ctx context.Context, s *session.Session, err error) {
	if err != nil {
		f.n++
		f.last = err
		tellFailure(ctx, s, err)
	}
}

// outcome is the failure of the whole; nil when the action never failed.
func (f *failures) outcome(of int) error {
	if f.n == 0 {
		return nil
	}
	e := *primitive.AsError(f.last)
	e.Op, e.Target, e.Cause = "", "", fmt.Sprintf("failed %d of %d times, last: %v", f.n, of, f.last)
	return &e
}
