package repl

import (
	"context"
	"sync"
	"sync/atomic"

	"sosh/lesson"
	"sosh/primitive"
)

// Later is a Lua that is made at its first use: most runs are one command, and
// making it costs as much as the rest of such a run.
type Later struct {
	make func() Lua
	once sync.Once
	made atomic.Pointer[Lua]
}

// NewLater makes the face with make when it is needed.
func NewLater(make func() Lua) *Later { return &Later{make: make} }

func (l *Later) lua() Lua {
	l.once.Do(func() {
		lua := l.make()
		l.made.Store(&lua)
	})
	return *l.made.Load()
}

// Close ends the face, if it was made.
func (l *Later) Close() {
	if p := l.made.Load(); p != nil {
		if c, ok := (*p).(interface{ Close() }); ok {
			c.Close()
		}
	}
}

// Stop does nothing to a face that was not made.
func (l *Later) Stop() {
	if p := l.made.Load(); p != nil {
		(*p).Stop()
	}
}

// Get finds nothing in a face that was not made: nobody has set a global.
func (l *Later) Get(name string) (any, bool) {
	if p := l.made.Load(); p != nil {
		return (*p).Get(name)
	}
	return nil, false
}

// Commands finds none in a face that was not made: no script defined any.
func (l *Later) Commands() []primitive.ScriptCommand {
	if p := l.made.Load(); p != nil {
		return (*p).Commands()
	}
	return nil
}

// Deadlock finds no tasks in a face that was not made.
func (l *Later) Deadlock(ctx context.Context) error {
	if p := l.made.Load(); p != nil {
		return (*p).Deadlock(ctx)
	}
	return nil
}

// The rest makes the face.

// Run is Lua's.
func (l *Later) Run(ctx context.Context, source, chunk string) ([]any, error) {
	return l.lua().Run(ctx, source, chunk)
}

// RunFile is Lua's.
func (l *Later) RunFile(ctx context.Context, path string, args []string) error {
	return l.lua().RunFile(ctx, path, args)
}

// Load is Lua's.
func (l *Later) Load(ctx context.Context, s lesson.Script) (any, func(), error) {
	return l.lua().Load(ctx, s)
}

// Module is Lua's.
func (l *Later) Module(ctx context.Context, file, source string) (any, error) {
	return l.lua().Module(ctx, file, source)
}

// Incomplete is Lua's.
func (l *Later) Incomplete(source string) bool { return l.lua().Incomplete(source) }

// Set is Lua's.
func (l *Later) Set(name string, value any) { l.lua().Set(name, value) }

// SetFailed is Lua's.
func (l *Later) SetFailed(name string, err error) { l.lua().SetFailed(name, err) }

// Fields is Lua's.
func (l *Later) Fields(path string, methods bool) []primitive.Candidate {
	return l.lua().Fields(path, methods)
}

// Show is Lua's.
func (l *Later) Show(value any) string { return l.lua().Show(value) }
