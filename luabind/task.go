package luabind

import (
	"context"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// A task is one flow of Lua: a run of a chunk, a spawned function, a call of a
// handler. Its fields are used under the baton.
type task struct {
	ctx    context.Context // ends when it is to be interrupted
	root   *task           // the run that it belongs to; itself for a run
	place  *place          // where its modules are
	strict bool            // an undefined global is an error
	prompt bool            // session names and _ are globals
	phase  phase
	busy   bool // it was made to pass, and has not waited since
	atomic int  // depth of task.atomic
	timed  int  // depth of task.timeout

	counted bool   // in State.live
	wait    *wait  // what it waits for from another task; or nil
	group   *group // that it is in, with its number there; or nil
	number  int

	patience time.Duration      // how long it may clean up
	grace    context.Context    // while it cleans up
	relent   context.CancelFunc // ends grace
	cancel   context.CancelFunc // of a run
	exit     *ExitError

	thread   *lua.LState
	large    bool                        // thread has room for deep recursion
	inner    map[*lua.LState]*lua.LState // threads of its protected calls, and who made each
	rethrown bool                        // the error under way left upvalues open
	errs     []remembered
	failures []failure
	streams  map[*stream]struct{}
	held     []*mutex
	values   []primitive.Value // scratch for arguments
}

// A phase is how far the interruption of a task has come.
type phase int

const (
	running  phase = iota
	cleaning       // it was told once, and may clean up
	final          // every further instruction raises
)

// Time to clean up after an interruption.
const graceTime = 2 * time.Second

// interrupted is whether the task must be told, now, to stop. It says so once,
// and at every instruction when the time for cleaning up is over.
func (s *State) interrupted(t *task) bool {
	stop := t.interrupted()
	if t.phase == final {
		s.hook.mask = 0
	}
	return stop
}

func (t *task) interrupted() bool {
	switch {
	case t.phase == running && t.ctx.Err() != nil:
		t.phase = cleaning
		t.grace, t.relent = context.WithTimeout(context.WithoutCancel(t.ctx), t.patience)
		return true
	case t.phase == cleaning && t.grace.Err() != nil:
		t.phase = final
	}
	return t.phase == final
}

// finalize ends the task's time to clean up, if it has been told already.
func (t *task) finalize() {
	t.phase = final
	if t.relent != nil {
		t.relent()
	}
}

// reason is why the task is interrupted, in words and with a kind.
func (t *task) reason() *primitive.Error {
	if t.exit != nil {
		return primitive.Newf(primitive.Canceled, "exit")
	}
	if cause := context.Cause(t.ctx); cause != nil {
		return primitive.AsError(cause)
	}
	return primitive.AsError(context.Canceled)
}

// context is what a blocking call of the task gets.
func (t *task) context() context.Context {
	if t.grace != nil {
		return t.grace
	}
	return t.ctx
}

// A remembered error is one a script got as text; if that text ends the script,
// the error says of what kind it is.
type remembered struct {
	text string
	err  *primitive.Error
}

const rememberedErrors = 8

func (t *task) remember(text string, err *primitive.Error) {
	if len(t.errs) >= rememberedErrors {
		t.errs = append(t.errs[:0], t.errs[1:]...)
	}
	t.errs = append(t.errs, remembered{text, err})
}

// recall finds the error behind a text that may begin with positions.
func (t *task) recall(text string) *remembered {
	for i := len(t.errs) - 1; i >= 0; i-- {
		if strings.HasSuffix(text, t.errs[i].text) {
			return &t.errs[i]
		}
	}
	return nil
}
