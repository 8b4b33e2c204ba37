package repl

import (
	"context"
	"sync"
	"sync/atomic"

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

// RunLesson is Lua's.
func (l *Later) RunLesson(ctx context.Context, name string, args []string) error {
	return l.lua().RunLesson(ctx, name, args)
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
