// Sosh is a scriptable network shell: socket commands typed at a prompt, and the
// same primitives in Lua scripts.
package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime/debug"

	"golang.org/x/term"

	"sosh/luabind"
	"sosh/primitive"
	"sosh/repl"
	"sosh/scripts"
	"sosh/session"
	"sosh/verbs"
)

// version is set by release builds: -ldflags "-X main.version=v1.2.3".
var version = ""

// Most steps that history --save knows of.
const maxRecorded = 10_000

func main() {
	roomForAll()
	os.Exit(run())
}

// roomForAll makes the stack as large as a command needs at once: growing by
// doubling copies it three times, and that was a twentieth of a start.
//
//go:noinline
func roomForAll() byte {
	var room [16 << 10]byte
	return room[len(os.Args)&1]
}

// run wires the two faces to one table and one session.
func run() int {
	table := verbs.Table()
	var shell *repl.Shell
	// On at the prompt, where a person may want to keep what was done; elsewhere
	// the lines are there already, and it costs.
	cpus := newProcessors()
	recorder := primitive.NewRecorder(maxRecorded)
	recorder.Turn(false)
	options := session.Options{ // the shell is the only writer to the terminal
		Out:   writerFunc(func(p []byte) (int, error) { return shell.Write(p) }),
		Notes: func(n session.Note) { shell.Note(n) }, Recorder: recorder, Parallel: cpus.use,
	}
	if isTerminal(os.Stdin) {
		options.Ask = func(ctx context.Context, question string) (string, error) { return shell.Ask(ctx, question) }
		options.Secret = func(ctx context.Context, question string) (string, error) { return shell.AskSecret(ctx, question) }
	}
	s := session.New(options)
	defer s.Close()
	shell = repl.New(repl.Options{
		Table: table, Session: s, In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY: isTerminal(os.Stdin), OutTTY: isTerminal(os.Stdout), ErrTTY: isTerminal(os.Stderr),
		Lessons: scripts.List, HistoryFile: filepath.Join(stateHome(), "sosh", "history"), Version: versionText, Recorder: recorder,
		Progress: filepath.Join(stateHome(), "sosh", "lessons.json"), Width: terminalWidth,
		InitFile: filepath.Join(configHome(), "sosh", "init.lua"),
	})
	lua := repl.NewLater(func() repl.Lua {
		economize()
		cpus.scripts()
		return luabind.New(table, s, luabind.Options{
			Lessons: scripts.FS(), Shell: shell.Line, Taken: shell.IsOwn, Stdin: shell.Stdin(), Stderr: shell.Stderr(), Terminal: isTerminal(os.Stdout),
		})
	})
	defer lua.Close()
	shell.SetLua(lua)
	return shell.Main(context.Background(), os.Args[1:])
}

// Scripts hold a thousand clients, each a stack and little garbage: collecting
// at less than half the usual growth costs them nothing that can be measured, and saves a
// third of their memory. GOGC of the environment overrides it.
const growth = 40

func economize() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(growth)
	}
}

// A writerFunc is a function as an io.Writer.
type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// terminalWidth is the columns of the terminal; 0 where there is none.
func terminalWidth() int {
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil {
		return 0
	}
	return width
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// versionText is the release's version, else what the build knows of its source.
func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
