package session

import (
	"context"

	"sosh/primitive"
)

// Lines is a face that runs lines of the shell.
type Lines interface {
	// Check finds what is wrong with a line before it is run.
	Check(line string) error
	// Do runs a line about a handle, which it and _ mean there; nil for none.
	Do(ctx context.Context, line string, it primitive.Handle) error
	// Bind gives the one command of a line with its arguments, ready to run.
	Bind(ctx context.Context, line string) (*primitive.Row, *primitive.Args, error)
	// Script writes calls in the language of scripts.
	Script(calls []primitive.Call) string
}

// Lines is the face that runs lines; nil where there is none.
func (s *Session) Lines() Lines { return s.lines }

// SetLines says who runs lines, before anything runs.
func (s *Session) SetLines(l Lines) { s.lines = l }

// Scripts is a face that runs scripts which declare something.
type Scripts interface {
	// Module runs the source of a script and gives what it returns as plain data:
	// tables as map[string]any and []any, functions as primitive.Callable. What it
	// assigns are no globals of others.
	Module(ctx context.Context, file, source string) (any, error)
}

// SetScripts says who runs scripts, before anything runs.
func (s *Session) SetScripts(f Scripts) { s.scripts = f }

// Module is what Scripts gives; kind unsupported where there are no scripts.
func (s *Session) Module(ctx context.Context, file, source string) (any, error) {
	if s.scripts == nil {
		return nil, primitive.Newf(primitive.Unsupported, "there are no scripts here")
	}
	return s.scripts.Module(ctx, file, source)
}

// Attend runs fn as a task and waits for its end: what it opened and left open is
// closed then, and what it called is not recorded. A panic ends only the task, and
// is the error.
func (s *Session) Attend(ctx context.Context, what string, fn func(context.Context) ([]any, error)) ([]any, error) {
	var results []any
	var err error
	ctx = primitive.WithNoter(Held(ctx, true), func(*primitive.Call) bool { return false })
	t := s.GoWithin(ctx, what, func(ctx context.Context) ([]any, error) {
		results, err = contained(ctx, fn)
		return nil, nil // nobody else is told of a failure
	})
	t.Begin()
	<-t.Done()
	s.abandon(t)
	if results == nil && err == nil {
		_, err = t.Outcome() // the session was closing, and it never ran
	}
	return results, err
}

// abandon closes what a task that has ended took care of.
func (s *Session) abandon(t *Task) {
	s.mu.Lock()
	var left []primitive.Handle
	for _, h := range s.inOrder() {
		if s.entries[h].owner == t {
			left = append(left, h)
		}
	}
	s.mu.Unlock()
	for _, h := range left {
		h.Close()
		s.Forget(h)
	}
}

// CheckAction finds what is wrong with an action before anything happens.
func (s *Session) CheckAction(a primitive.Action) error {
	switch {
	case a.Fn != nil:
		return nil
	case s.lines == nil:
		return primitive.Newf(primitive.Unsupported, "there is no shell to run a command")
	}
	return s.lines.Check(a.Line)
}

// Perform does an action about a handle, nil for none. A function that returns
// false wants no further time.
func (s *Session) Perform(ctx context.Context, a primitive.Action, it primitive.Handle) (enough bool, err error) {
	ctx = context.WithValue(ctx, subjectKey{}, it)
	if a.Fn == nil {
		return false, s.lines.Do(ctx, a.Line, it)
	}
	var args []any
	if it != nil {
		args = append(args, it)
	}
	results, err := a.Fn.Call(ctx, args...)
	return len(results) > 0 && results[0] == false, err
}

type subjectKey struct{}

// Subject is the handle that an action under this context is about; nil outside
// of any.
func Subject(ctx context.Context) primitive.Handle {
	h, _ := ctx.Value(subjectKey{}).(primitive.Handle)
	return h
}

// Own says that the task of this context takes care of a handle, until it ends;
// without a task it says nothing.
func (s *Session) Own(ctx context.Context, h primitive.Handle) {
	t := TaskFrom(ctx)
	if t == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[h]; e != nil && h != primitive.Handle(t) {
		e.owner = t
	}
}

// Owner is the running task that takes care of a handle; nil when it is left to
// the person.
func (s *Session) Owner(h primitive.Handle) *Task {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[h]; e != nil && e.owner != nil && !e.owner.Closed() {
		return e.owner
	}
	return nil
}
