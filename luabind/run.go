package luabind

import (
	"context"

	lua "github.com/yuin/gopher-lua"

	"sosh/session"
)

// A loader finds what a task runs; it is called under the baton.
type loader func() (*lua.LFunction, []lua.LValue, error)

// execute runs a task on the calling goroutine, from its loading to the release
// of what it holds.
func (s *State) execute(t *task, load loader) (results []any, err error) {
	t.begin(s)
	defer func() {
		streams := t.end(s, results, err)
		for st := range streams {
			st.close()
		}
	}()
	fn, args, err := load()
	if err != nil {
		return nil, err
	}
	values, err := s.protected(t, fn, args)
	if t.exit != nil && t.root != t && t.root.thread != nil {
		return nil, nil // the run is still on and ends with the code; this task just ends
	}
	if err != nil || t.exit != nil {
		return nil, s.failure(t, err)
	}
	return s.exportAll(values), nil
}

// begin takes the baton for a new task.
func (t *task) begin(s *State) {
	s.take()
	if t.root == nil {
		t.root = t
	}
	if h := session.TaskFrom(t.ctx); h != nil && s.tasks[h] == nil {
		s.tasks[h] = t
	}
	if !t.counted {
		t.counted = true
		s.live++
	}
	t.thread = s.thread(t.large)
	s.resumeAs(t, t.thread)
}

// end gives back the baton and everything else the task has; the streams are to
// be closed without the baton.
func (t *task) end(s *State, results []any, err error) map[*stream]struct{} {
	s.ended(t, results, err)
	if t.prompt {
		s.failures = t.failures
	}
	for _, m := range t.held {
		m.release()
	}
	if h := session.TaskFrom(t.ctx); h != nil && s.tasks[h] == t {
		delete(s.tasks, h)
	}
	if t.relent != nil {
		t.relent()
	}
	s.recycle(t, err == nil)
	streams := t.streams
	t.streams = nil
	s.cur = nil
	s.give()
	return streams
}

// protected calls a function and contains its errors.
func (s *State) protected(t *task, fn *lua.LFunction, args []lua.LValue) ([]lua.LValue, error) {
	return callOn(t.thread, fn, args, nil)
}

// run executes a task that belongs to no other: a line, a file, a lesson.
func (s *State) run(ctx context.Context, t *task, load loader) ([]any, error) {
	s.runs.Add(1)
	defer s.runs.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t.ctx, t.cancel, t.large, t.patience = ctx, cancel, true, s.opts.grace
	return s.execute(t, func() (*lua.LFunction, []lua.LValue, error) {
		s.roots[t] = true
		return load()
	})
}

// Run executes a line of the prompt: an expression, whose values come back, or
// statements, whose local variables at the top level stay as globals. A mistake
// in the source is an error of kind usage.
func (s *State) Run(ctx context.Context, source, chunk string) ([]any, error) {
	t := &task{place: s.here(), strict: s.opts.Strict, prompt: true}
	defer s.forgetRoot(t)
	values, err := s.run(ctx, t, func() (*lua.LFunction, []lua.LValue, error) {
		t.failures = s.failures
		fn, err := s.compilePrompt(source, chunk)
		return fn, nil, err
	})
	return values, withoutTraceback(err)
}

// withoutTraceback leaves it out where the whole source is in sight.
func withoutTraceback(err error) error {
	e, ok := err.(*ScriptError)
	if !ok {
		return err
	}
	if e.Excerpt == "" {
		return e.Err
	}
	return &ScriptError{Err: e.Err, Excerpt: e.Excerpt}
}

// RunFile runs a script file with its arguments in arg and in "…".
func (s *State) RunFile(ctx context.Context, path string, args []string) error {
	return s.runScript(ctx, &task{place: placeOf(path), strict: s.opts.Strict}, path, args)
}

// RunLesson runs a script built into the program, always strict.
func (s *State) RunLesson(ctx context.Context, name string, args []string) error {
	p := &place{fsys: s.opts.Lessons, dir: "."}
	return s.runScript(ctx, &task{place: p, strict: true}, lessonFile(name), args)
}

func (s *State) runScript(ctx context.Context, t *task, path string, args []string) error {
	defer s.forgetRoot(t)
	_, err := s.run(ctx, t, func() (*lua.LFunction, []lua.LValue, error) {
		fn, err := s.loadFile(t.place, path)
		if err != nil {
			return nil, nil, err
		}
		return fn, s.setArg(path, args), nil
	})
	return err
}

// setArg fills the global arg and returns the arguments.
func (s *State) setArg(path string, args []string) []lua.LValue {
	values := make([]lua.LValue, len(args))
	arg := s.main.CreateTable(len(args), 1)
	arg.RawSetInt(0, lua.LString(path))
	for i, a := range args {
		values[i] = lua.LString(a)
		arg.RawSetInt(i+1, values[i])
	}
	s.main.G.Global.RawSetString("arg", arg)
	return values
}

func (s *State) forgetRoot(t *task) {
	s.take()
	delete(s.roots, t)
	s.give()
}
