package repl

import (
	"context"

	"sosh/lesson"
	"sosh/primitive"
)

// Lua is the other face, as far as the shell needs it: lines that are no command
// are Lua, and words may name its globals. Values are plain data (see
// primitive.Plain) or Lua's own, which only Show understands.
type Lua interface {
	// Run executes a chunk: an expression, whose values come back, or statements.
	// A mistake in the source is an error of kind usage.
	Run(ctx context.Context, source, chunk string) ([]any, error)
	// RunFile runs a script file with its arguments in arg.
	RunFile(ctx context.Context, path string, args []string) error
	// Load runs a script that declares a lesson and gives what it returns as plain
	// data, its functions as primitive.Callable; release makes the globals what they
	// were before.
	Load(ctx context.Context, s lesson.Script) (value any, release func(), err error)
	// Module runs the source of a script in surroundings of its own, and gives what
	// it returns as Load does.
	Module(ctx context.Context, file, source string) (any, error)
	// Stop ends the scripts that run in the foreground for good: their time to
	// clean up after an interrupt is over.
	Stop()
	// Incomplete is whether the source only lacks its end.
	Incomplete(source string) bool
	// Get and Set read and write a global. Get never waits: while a script runs
	// it may find nothing.
	Get(name string) (value any, ok bool)
	Set(name string, value any)
	// SetFailed makes nil of a global that a failed command should have set, and
	// remembers why.
	SetFailed(name string, err error)
	// Deadlock waits until the tasks that are left wait only for each other, and
	// says where; nil when ctx ends first. It is for the end of a run.
	Deadlock(ctx context.Context) error
	// Commands lists the commands that scripts defined, by name; it never waits.
	Commands() []primitive.ScriptCommand
	// Fields lists what a value holds, for completion: that of a name, or of names
	// joined by dots ("t.field", "list.1"); "" is the globals. With methods, what
	// can be called on it with a colon. It never waits: while a script runs it
	// finds nothing, or what it found last.
	Fields(path string, methods bool) []primitive.Candidate
	// Show writes a value for a person: strings quoted and escaped, tables as
	// tables.
	Show(value any) string
}
