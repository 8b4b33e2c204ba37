// Package repl is the face for people: a line in, a result out. It reads the one
// grammar of the prompt, of -c, of .sosh files, of pipes and of the program's own
// arguments, and calls the rows through the one door. What is no command is Lua,
// which it knows only as the interface Lua.
package repl

import (
	"context"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"sosh/lesson"
	"sosh/primitive"
	"sosh/repl/complete"
	"sosh/repl/history"
	"sosh/session"
)

// Options is what a shell works with.
type Options struct {
	Table   *primitive.Table
	Session *session.Session
	Lua     Lua // may be set later, see SetLua

	// What the program has for input and output, and whether they are
	// terminals. The shell never touches those of package os. A Read of In may
	// still be under way when the shell is done: nothing can take it back, it
	// ends with the next input or the program.
	In                    io.Reader
	Out, Err              io.Writer
	InTTY, OutTTY, ErrTTY bool

	Lines LineSource // of the prompt; nil: readline on a terminal, else plain lines

	Recorder *primitive.Recorder // of the session, for history --save; nil: there is none

	Lessons     func() []Lesson          // what `run` alone lists
	HistoryFile string                   // "" for none
	Progress    string                   // file that remembers how far one got with the lessons; "" for none
	Width       func() int               // columns of the terminal; nil or 0 where that is not known
	InitFile    string                   // a Lua script, run when the prompt begins; "" for none
	Env         func(name string) string // variables of the environment; nil: those of the program
	Version     func() string
}

// A Lesson is a script built into the program.
type Lesson = lesson.Head

// A Shell reads lines and does what they say. Its methods may be called by any
// goroutine, Main once.
type Shell struct {
	table   *primitive.Table
	session *session.Session
	lua     Lua
	opts    Options
	own     map[string]*ownCommand // the shell's own commands by name
	in      *input
	out     *display // data
	err     *display // everything else
	history *history.History
	said    said // lines sent to peers
	notices *notices
	lookout atomic.Pointer[lookout] // of the prompt; nil otherwise

	settings settings
	aliases  aliases
	meter    meter
	advised  sync.Map // waits that advice was given for, by group

	completer *complete.Completer    // completion, hints and colours of lines
	lines     int                    // typed at the prompt so far
	open      atomic.Pointer[string] // the Lua that was last found to lack its end

	interrupts atomic.Pointer[interrupts] // of the run, or of the command at the prompt
	terminated atomic.Bool                // by SIGTERM
	midline    atomic.Bool                // what was written to the terminal last had no end of line
	asking     sync.Mutex                 // held while a line is read from the person
	source     atomic.Pointer[LineSource] // of the prompt; nil otherwise
	quiet      atomic.Bool                // --quiet for the whole run
	json       atomic.Bool                // --json for the whole run
	keepGoing  bool                       // --keep-going; set before anything runs
	status     atomic.Int32               // exit code of the last line typed
	noInit     bool                       // --no-init; set before anything runs
}

// New makes a shell. Wire it to its session with Write, Note and Ask:
//
//	var sh *repl.Shell
//	s := session.New(session.Options{
//		Out:   repl.WriterFunc(func(p []byte) (int, error) { return sh.Write(p) }),
//		Notes: func(n session.Note) { sh.Note(n) },
//		Ask:   func(ctx context.Context, q string) (string, error) { return sh.Ask(ctx, q) }, // on a terminal only
//	})
//	sh = repl.New(repl.Options{Session: s, …})
func New(o Options) *Shell {
	if o.Env == nil {
		o.Env = os.Getenv
	}
	sh := &Shell{table: o.Table, session: o.Session, lua: o.Lua, opts: o, in: newInput(o.In, o.InTTY)}
	sh.out = &display{sh: sh, w: o.Out, tty: o.OutTTY}
	sh.err = &display{sh: sh, w: o.Err, tty: o.ErrTTY}
	sh.completer = newCompleter(sh)
	sh.history = history.New(history.Options{Path: o.HistoryFile, Redact: sh.redact})
	sh.said = newSaid()
	sh.notices = newNotices(sh)
	if o.Session != nil {
		o.Session.SetLines(lineRunner{sh})
	}
	sh.own = map[string]*ownCommand{}
	for _, c := range ownCommands() {
		for _, name := range c.names {
			sh.own[name] = c
		}
	}
	return sh
}

// A WriterFunc is a function as an io.Writer.
type WriterFunc func([]byte) (int, error)

// Write calls the function.
func (f WriterFunc) Write(p []byte) (int, error) { return f(p) }

// course is the lessons built into the program, in order.
func (sh *Shell) course() []Lesson {
	if sh.opts.Lessons == nil {
		return nil
	}
	return sh.opts.Lessons()
}

// lessons are what `run` takes by name: each of the course, and all of it.
func (sh *Shell) lessons() []Lesson {
	return append(sh.course(), Lesson{Name: theCourse, Title: "The whole course, every lesson in order"})
}

// version is that of the program.
func (sh *Shell) version() string {
	if sh.opts.Version == nil {
		return "unknown"
	}
	return sh.opts.Version()
}

// SetLua gives the shell its other face, before Main.
func (sh *Shell) SetLua(l Lua) { sh.lua = l }

// IsOwn is whether a name is a command of the shell's own.
func (sh *Shell) IsOwn(name string) bool { return sh.own[name] != nil }

// Completer knows the lines of this shell: completion, hints and colours.
func (sh *Shell) Completer() *complete.Completer { return sh.completer }

// Write writes data where the shell writes its own: to the output, or to the
// file or program that `run … > file` names, and above a line being typed.
func (sh *Shell) Write(p []byte) (int, error) { return sh.out.Write(p) }

// Note shows a note in one line, unless --quiet.
func (sh *Shell) Note(n session.Note) {
	switch {
	case sh.quiet.Load():
	case n.Asked:
		sh.tell(n)
	case !sh.notices.take(n) && !n.Minor:
		sh.tell(n)
	}
}

// Line runs one line as typed and gives the last result instead of showing it:
// nil, plain data, a handle or a primitive.Stream. It is what sosh("…") does in
// Lua.
func (sh *Shell) Line(ctx context.Context, line string) (result any, err error) {
	list, err := sh.parse(line)
	if err != nil {
		return nil, err
	}
	f := sh.frame()
	f.silent = true
	for _, st := range list {
		if result, err = sh.do(ctx, st, f); err != nil {
			return result, err
		}
	}
	return result, nil
}

// Ask puts a question to the person at the terminal and gives the answer without
// its end of line. Only one question or prompt can be open at a time.
func (sh *Shell) Ask(ctx context.Context, question string) (string, error) {
	if !sh.asking.TryLock() {
		return "", primitive.Newf(primitive.NotReady, "the prompt is in use").WithHint("ask in the foreground")
	}
	defer sh.asking.Unlock()
	defer sh.meter.hold()()
	prompt := primitive.Visible(question) + " "
	if source := sh.source.Load(); source != nil {
		return sh.answer(ctx, *source, prompt)
	}
	line, err := (&plainSource{sh: sh, prompts: true}).Line(ctx, prompt)
	return line, err
}
