package repl

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"sosh/primitive"
	"sosh/repl/style"
	"sosh/session"
)

// A frame is how a line is run: where its data goes, and what the flags of the
// program or the command ask for.
type frame struct {
	out         io.Writer
	tty         bool // out is a terminal
	look        style.Style
	columns     int // width of the terminal; 0 is no bound
	json, quiet bool
	silent      bool             // results are given back, not shown
	sent        bool             // by an operator, to a file or a program: never with colours
	piped       bool             // out is a program, which may have the terminal
	prompt      bool             // typed by a person who waits
	task        bool             // runs beside others: has no current handle
	it          primitive.Handle // what an action is about; it and _, and the current handle
	netcat      *netcatRun       // a stream result is attached to input and output
	chunk       string           // what Lua calls the source of this line
	line        int              // lines before this one there
}

// frame is how lines run by default.
func (sh *Shell) frame() frame {
	f := frame{out: sh.out, tty: sh.out.isTTY(), json: sh.json.Load(), quiet: sh.quiet.Load(), chunk: "line"}
	return sh.seen(f)
}

// seen is a frame with how its terminal is now: its width and colours may change
// between two lines.
func (sh *Shell) seen(f frame) frame {
	if f.sent {
		return f
	}
	f.look, f.columns = sh.look(f.tty), 0
	if f.tty {
		f.columns, _ = sh.windowSize()
	}
	return f
}

func (d *display) isTTY() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tty
}

// do runs one statement. Whatever panics is a failure of that statement.
func (sh *Shell) do(ctx context.Context, st statement, f frame) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = primitive.Newf(primitive.Failed, "internal error: %v\n%s", p, debug.Stack())
		}
	}()
	switch {
	case st.try:
		return nil, sh.try(ctx, st, f)
	case st.prog:
		return nil, sh.programs(ctx, st.words, f)
	case st.lua != "":
		return sh.doLua(ctx, st, f)
	}
	return sh.doCommand(ctx, st, f)
}

// try reports a failure and forgets it; not an interrupt, nor the end.
func (sh *Shell) try(ctx context.Context, st statement, f frame) error {
	st.try = false
	_, err := sh.do(ctx, st, f)
	if err == nil || ctx.Err() != nil || leaves(err) {
		return err
	}
	sh.report(err, "", f)
	return nil
}

// A job is a command ready to run: its words are read and bound.
type job struct {
	row  *primitive.Row // nil for the shell's own
	args *primitive.Args
	run  func(context.Context, frame) (any, error)
}

// doCommand runs a command where its operators send it.
func (sh *Shell) doCommand(ctx context.Context, st statement, f frame) (any, error) {
	st = sh.withAction(st)
	line, err := cutOperators(st.words)
	if err != nil {
		return nil, err
	}
	f.task = f.task || line.background
	j, err := sh.prepare(ctx, st, line.words, f)
	if err != nil {
		return nil, err
	}
	outer := ctx
	ctx = sh.noted(ctx, j.row, st, f)
	var result any
	if line.background && (j.row == nil || j.row.Result.Type != "task") {
		result, err = sh.background(ctx, st, func(ctx context.Context) (any, error) { return sh.sent(ctx, line, j, f) }, f)
		sh.begun(outer, j, st, result)
	} else {
		result, err = sh.sent(ctx, line, j, f)
	}
	switch {
	case st.name == "":
	case err == nil, answered(result, err): // closed is a result like open
		err = sh.assign(st.name, result)
	case sh.lua != nil:
		sh.lua.SetFailed(st.name, err)
	}
	return result, err
}

// answered is whether an error only repeats what the result says.
func answered(result any, err error) bool {
	return result != nil && err != nil && primitive.AsError(err).Told
}

// prepare finds the command and reads its words.
func (sh *Shell) prepare(ctx context.Context, st statement, words []word, f frame) (job, error) {
	if len(words) == 0 {
		return job{}, primitive.Usagef("there is no command").WithHint("help lists the commands")
	}
	first := words[0].bare()
	if own := sh.own[first]; own != nil {
		return sh.prepareOwn(own, st, words), nil
	}
	second := ""
	if len(words) > 1 {
		second = words[1].bare()
	}
	row, used := sh.table.Find(first, second)
	if row == nil && isIPHabit(first, second) {
		return sh.prepareOwn(ipCommand(), st, words), nil
	}
	if row == nil {
		if c := sh.luaCommand(first); c != nil {
			return sh.luaJob(c, st, words[1:]), nil
		}
		return sh.familyJob(first, second)
	}
	args, err := sh.expand(ctx, words[used:])
	if err != nil {
		return job{}, err
	}
	return sh.rowJob(row, args, st, f)
}

// rowJob binds the arguments of a row.
func (sh *Shell) rowJob(row *primitive.Row, args []argument, st statement, f frame) (job, error) {
	bound, flags, err := sh.bind(row, args, f)
	if err != nil {
		return job{}, flags.mark(err)
	}
	if flags.help {
		return job{run: func(ctx context.Context, f frame) (any, error) {
			return nil, sh.help(ctx, f, cmp.Or(flags.about, row.Name))
		}}, nil
	}
	return job{row: row, args: bound, run: func(ctx context.Context, f frame) (any, error) {
		f.json, f.quiet = flags.json, flags.quiet
		ctx, cancel := within(ctx, flags.maxTime)
		defer cancel()
		result, err := sh.call(ctx, row, bound, f)
		result, err = sh.finish(ctx, row, st, result, err, f)
		return result, flags.mark(err)
	}}, nil
}

// mark makes a failure be shown as the flags of its command ask.
func (c common) mark(err error) error {
	if err == nil || !c.json && !c.quiet {
		return err
	}
	return flagged{err, c.json, c.quiet}
}

// within bounds a command; zero is no bound.
func within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}

// call goes through the door.
func (sh *Shell) call(ctx context.Context, row *primitive.Row, args *primitive.Args, f frame) (any, error) {
	if row.Result.Type == "task" {
		sh.heed()
		ctx = session.Held(ctx, sh.waits(row, f))
	}
	if err := args.Complete(); err != nil {
		return row.Do(ctx, sh.session, args) // says so as the door does
	}
	defer sh.advise(row, args, f)()
	ctx, done := sh.metered(ctx, row, args, f)
	defer done()
	return row.Do(ctx, sh.session, args)
}

// finish shows a result, and makes a handle the current one. Bytes that came
// before a failure are shown too.
func (sh *Shell) finish(ctx context.Context, row *primitive.Row, st statement, result any, failed error, f frame) (any, error) {
	if t, ok := result.(*session.Task); ok {
		defer t.Begin() // what it prints comes behind its name
	}
	if failed == nil || answered(result, failed) {
		sh.keep(result, f)
	}
	if h, ok := result.(primitive.Handle); ok && st.name != "" {
		sh.session.Name(st.name, h)
	}
	if f.silent {
		return result, failed
	}
	if result != nil && (st.name == "" || passes(result)) {
		if err := sh.show(ctx, row, result, f); err != nil && failed == nil {
			failed = err
		}
	}
	if t, ok := result.(*session.Task); ok && failed == nil && sh.waits(row, f) {
		return result, sh.foreground(ctx, t, f)
	}
	return result, failed
}

// waits is whether the task of a row stays in the foreground.
func (sh *Shell) waits(row *primitive.Row, f frame) bool {
	return row != nil && row.Result.Type == "task" && !row.Beside && !f.task && !f.silent
}

// keep remembers a result as the last one, and a handle as the current one.
func (sh *Shell) keep(result any, f frame) {
	if f.task || result == nil {
		return
	}
	if _, stream := result.(primitive.Stream); stream {
		return
	}
	if s, ok := result.(primitive.Shown); ok {
		result = s.Data
	}
	sh.session.SetLast(result)
	if h, ok := result.(primitive.Handle); ok {
		sh.session.Use(h)
	}
	if f.prompt && sh.lua != nil {
		sh.lua.Set("_", result)
	}
}

// assign sets the Lua global of NAME = COMMAND.
func (sh *Shell) assign(name string, result any) error {
	if sh.lua == nil {
		return primitive.Newf(primitive.Unsupported, "there is no Lua here")
	}
	sh.lua.Set(name, result)
	if h, ok := result.(primitive.Handle); ok {
		sh.session.Name(name, h)
	}
	return nil
}

// familyJob is for a line without a row: "tcp ?", "tcp --help", or a mistake.
func (sh *Shell) familyJob(family, second string) (job, error) {
	rows := sh.table.Family(family)
	if len(rows) > 0 && (second == "?" || second == "--help") {
		return job{run: func(ctx context.Context, f frame) (any, error) { return nil, sh.help(ctx, f, family) }}, nil
	}
	if len(rows) == 0 {
		return job{}, sh.table.Unknown(family, sh.commandNames()...)
	}
	var names []string
	for _, r := range rows {
		names = append(names, r.Verb())
	}
	if second == "" {
		return job{}, primitive.Usagef("%s is a family of commands", family).WithHint("%s", choices(family, names))
	}
	e := primitive.Usagef("unknown command %s %s", family, primitive.Escape(second, false))
	if near := primitive.Nearest(second, names); near != "" {
		e.Cause += fmt.Sprintf(", did you mean %s %s", family, near)
		return job{}, e
	}
	return job{}, e.WithHint("%s", choices(family, names))
}

func choices(family string, names []string) string {
	text := "there is"
	for i, n := range names {
		if i > 0 {
			text += ","
		}
		text += " " + family + " " + n
	}
	return text
}
