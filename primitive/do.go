package primitive

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// A Call is one run of a primitive, as it is recorded; or a piece of Lua, or a
// line of the shell, that a person typed.
type Call struct {
	Row    *Row // nil for Lua and Line
	Given  []Given
	Result any
	Err    error
	Task   string // the task it ran in; empty for the caller's own line
	At     time.Time
	Took   time.Duration

	Lua   string // a piece of Lua, as typed
	Shows bool   // it is an expression, whose values were shown
	Line  string // a line of the shell that is no call of a row: "run ./x.lua"
	Name  string // NAME = COMMAND
	Into  string // where the output went: "> file", "| program"
	Waits bool   // a task that the caller waited for in the foreground
	Begun bool   // this is the start of a command in the background, whose end is recorded too

	port int // see Port
}

// Do is the one door: both faces call every primitive through it. It fills in
// the current handle, refuses what is missing, runs the primitive, gives the
// error its shape, names new handles and records the call. A result may come
// with an error: bytes taken before a failure. Items do not: what fails while they
// come is their own last one.
func (r *Row) Do(ctx context.Context, env Env, a *Args) (any, error) {
	v, err := r.DoTyped(ctx, env, a)
	return r.Result.Plain(v), err
}

// DoTyped is Do for who takes the result as the primitive returned it, a struct
// or a plain Go value, instead of plain data.
func (r *Row) DoTyped(ctx context.Context, env Env, a *Args) (any, error) {
	if err := a.Complete(); err != nil {
		return nil, r.wrap(err, "")
	}
	if env.Recording() {
		return r.recorded(ctx, env, a)
	}
	return r.finished(ctx, env, a)
}

// An Eager argument struct can run its primitive at once when that takes no
// waiting. Otherwise done is false, and Do goes on with the same arguments. A
// script then need not let go of what it holds around every call, which for a
// short one is most of its cost. It adopts no handle.
type Eager interface {
	Eager() (result any, err error, done bool)
}

// Attempt is DoTyped for a call that is over without waiting; else done is false,
// and DoTyped must follow.
func (r *Row) Attempt(env Env, a *Args) (result any, err error, done bool) {
	if a.eager == nil || env.Recording() || a.Complete() != nil {
		return nil, nil, false
	}
	if result, err, done = a.eager.Eager(); err != nil {
		err = r.wrap(err, a.Target())
	}
	return result, err, done
}

// An Awaiter is an Eager that can wait until another attempt is worth it. What it
// finds instead, the end or an error, DoTyped says. A thousand scripts that wait
// here stand on a shallower stack than inside the door; each woken one pays for
// what it has to read of its own.
type Awaiter interface {
	Eager
	Awaits() bool // whether Await is for these arguments
	Await(ctx context.Context)
}

// Awaits is whether Await may come between an Attempt that was not done and
// another one. Nobody hears of the call meanwhile.
func (r *Row) Awaits(env Env, a *Args) bool {
	return a.awaiter != nil && env.Tap() == nil && !env.Recording() && a.awaiter.Awaits()
}

// Await waits until an Attempt is worth it, or the context ends.
func (a *Args) Await(ctx context.Context) { a.awaiter.Await(ctx) }

func (r *Row) recorded(ctx context.Context, env Env, a *Args) (any, error) {
	start := time.Now()
	result, err := r.finished(ctx, env, a)
	env.Record(ctx, Call{Row: r, Given: a.Given(), Result: r.Result.Plain(result), Err: err, At: start, Took: time.Since(start)})
	return result, err
}

// finished runs the primitive; new handles have their names when it returns.
func (r *Row) finished(ctx context.Context, env Env, a *Args) (any, error) {
	if tap := env.Tap(); tap != nil && TapFrom(ctx) == nil {
		ctx = WithTap(ctx, tap)
	}
	result, err := r.guarded(ctx, env, a)
	if err != nil {
		err = r.wrap(err, a.Target())
		if r.Result.Type == "items" {
			result = nil // who drew it would do the work of a call that failed
		}
	}
	if r.Result.holds {
		adopt(ctx, env, r.Result.Plain(result))
	}
	return result, err
}

// guarded contains a panic of one primitive: it is a failure of that call.
func (r *Row) guarded(ctx context.Context, env Env, a *Args) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Kind: Failed, Cause: fmt.Sprintf("internal error: %v\n%s", p, debug.Stack())}
		}
	}()
	if r.wrapped != nil {
		return r.wrapped(ctx, env, a.ptr)
	}
	return r.fn.run(ctx, env, a.ptr)
}

// wrap makes any error one of this row's: "op target: cause".
func (r *Row) wrap(err error, target string) error {
	e := *AsError(err)
	if e.Op == "" {
		e.Op = r.Name
	}
	if e.Target == "" {
		e.Target = target
	}
	if e.Hint == "" && r.hint != nil {
		e.Hint = r.hint(e.Op, e.Target, e.Kind)
	}
	return &e
}

// adopt hands every handle of a result to the session.
func adopt(ctx context.Context, env Env, result any) {
	switch v := result.(type) {
	case Handle:
		if known := v.Name() != ""; !known {
			env.Adopt(v)
			env.Own(ctx, v)
		}
	case Record:
		for _, f := range v {
			adopt(ctx, env, f.Value)
		}
	}
}
