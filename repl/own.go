package repl

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"sosh/primitive"
)

// An ownCommand is a command of the shell alone: it is about typing, and no
// script needs it.
type ownCommand struct {
	names  []string
	usage  string
	short  string
	yields bool // has a result that can be assigned
	run    func(context.Context, *Shell, ownCall) (any, error)
}

// An ownCall is one use of a command of the shell's own.
type ownCall struct {
	name string
	args []argument
	st   statement
	f    frame
}

// ownCommands is the one list of them.
func ownCommands() []*ownCommand {
	return []*ownCommand{
		{names: []string{"help"}, usage: "help [command|family|topic] [--run] [--json]", short: "Show the commands, all about one, or a topic; --run runs its example", run: runHelp},
		{names: []string{"run"}, usage: "run [lesson|file] [args…]", short: "Run a lesson or a script; alone: list the lessons", run: runRun},
		{names: []string{"lesson"}, usage: lessonUsage, short: "List the lessons, or go through one step by step", run: runLessons},
		{names: []string{"grade"}, usage: gradeUsage, short: "Play the other side of a student's program, and count points", run: runGrade},
		{names: []string{"attach"}, usage: attachUsage, short: "Talk with the peer of a handle; Ctrl-] leaves, Ctrl-D ends sending", run: runAttach},
		{names: []string{"jobs"}, usage: "jobs [--json]", short: "List the tasks: what runs beside the prompt", yields: true, run: runJobs},
		{names: []string{"fg"}, usage: "fg [task]", short: "Wait for a task in the foreground; Ctrl-C ends it", run: runForeground},
		{names: []string{"notify"}, usage: "notify [on|summary|off]", short: "Say what is told above the prompt", run: runNotify},
		{names: []string{"lua"}, usage: "lua code", short: "Run the rest of the line as Lua", run: runWords},
		{names: []string{"try"}, usage: "try command", short: "Run a command and go on if it fails", run: runWords},
		{names: []string{"history"}, usage: "history [n] | history --save FILE.lua|FILE.sosh [--force]", short: "Show what was typed, or save what was done as a script", run: runHistory},
		{names: []string{"record"}, usage: "record [on|off]", short: "Keep what is done for history --save, or not; on at the prompt", run: runRecord},
		{names: []string{"alias"}, usage: "alias [name = command…]", short: "Name the beginning of a command; alone: list the names", run: runAlias},
		{names: []string{"unalias"}, usage: "unalias name…", short: "Forget aliases", run: runUnalias},
		{names: []string{"set"}, usage: "set [option [value]]", short: "Show or change an option of the shell", run: runSet},
		{names: []string{"completion"}, usage: "completion bash|zsh|fish", short: "Print a script that completes our words in that shell", run: runCompletion},
		{names: []string{"man"}, usage: "man", short: "Print the manual page; to read it: sosh man | man -l -", run: runMan},
		{names: []string{"version"}, usage: "version", short: "Show the version", run: runVersion},
		{names: []string{"exit", "quit", "exit()", "quit()"}, usage: "exit [code]", short: "Leave the shell", run: runExit},
		{names: []string{"nc", "ncat", "netcat"}, usage: "nc [-l] [-k] [-u] [-z] [-w secs] [host] port", short: "Do what netcat would, and say how it is typed here", yields: true, run: runNetcat},
		{names: []string{"telnet"}, usage: "telnet host [port]", short: "Open a TCP connection, and say how it is typed here", yields: true, run: runTelnet},
		{names: []string{"curl"}, usage: "curl [-ILkisvfO] [-X method] [-d data] [-H line] [-o file] [-u user:password] url", short: "Make an HTTP request, and say how it is typed here", yields: true, run: runCurl},
		{names: []string{"load"}, usage: "load host port [options]", short: "Send many clients to a server: tcp load", yields: true, run: runLoad},
		{names: []string{"ifconfig"}, usage: "ifconfig [-a] [interface]", short: "List interfaces, and say how it is typed here", yields: true, run: runIfconfig},
		{names: []string{"ipconfig"}, usage: "ipconfig [/all]", short: "List interfaces, and say how it is typed here", yields: true, run: runIpconfig},
		{names: []string{"ss", "netstat"}, usage: "ss [-tuxlnap]", short: "List sockets, and say how it is typed here", yields: true, run: runSS},
	}
}

// prepareOwn makes a job of a command of the shell's own.
func (sh *Shell) prepareOwn(own *ownCommand, st statement, words []word) job {
	return job{run: func(ctx context.Context, f frame) (any, error) {
		args, err := sh.expand(ctx, words[1:])
		if err != nil {
			return nil, err
		}
		call := ownCall{name: words[0].bare(), args: args, st: st, f: f}
		if len(args) == 1 && args[0].bare && (args[0].text == "?" || args[0].text == "--help") {
			return nil, sh.help(ctx, f, own.names[0])
		}
		result, err := own.run(ctx, sh, call)
		return result, named(err, own)
	}}
}

// named says which of the shell's own commands failed.
func named(err error, own *ownCommand) error {
	e, ok := err.(*primitive.Error)
	if !ok || e.Op != "" {
		return err
	}
	c := *e
	c.Op = own.names[0]
	if c.Kind == primitive.Usage && c.Hint == "" {
		c.Hint = "usage: " + own.usage
	}
	return &c
}

// texts are the arguments as text.
func (c ownCall) texts() ([]string, error) {
	var list []string
	for _, a := range c.args {
		if a.value != nil {
			return nil, primitive.Usagef("a handle or function cannot stand here")
		}
		list = append(list, a.text)
	}
	return list, nil
}

// listing is the call without --json, where that is all there is: a list.
func (c ownCall) listing() ownCall {
	if len(c.args) == 1 && c.args[0].bare && c.args[0].text == "--json" {
		c.args, c.f.json = nil, true
	}
	return c
}

func runWords(context.Context, *Shell, ownCall) (any, error) {
	return nil, primitive.Usagef("nothing follows it")
}

func runVersion(_ context.Context, sh *Shell, c ownCall) (any, error) {
	return nil, c.f.text("sosh " + sh.version())
}

func runExit(_ context.Context, _ *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil || len(texts) == 0 {
		return nil, orElse(err, leave{0})
	}
	code, err := strconv.ParseUint(texts[0], 10, 8)
	if err != nil || len(texts) > 1 {
		return nil, primitive.Usagef("the code is a number from 0 to 255")
	}
	return nil, leave{int(code)}
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func runHistory(_ context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	if len(texts) > 0 && strings.HasPrefix(texts[0], "--") {
		return nil, sh.save(texts, c.f)
	}
	lines := sh.history.List()
	if len(texts) > 0 {
		n, err := strconv.Atoi(texts[0])
		if err != nil || n < 0 || len(texts) > 1 {
			return nil, primitive.Usagef("how many lines?")
		}
		lines = lines[max(0, len(lines)-n):]
	}
	for _, line := range lines {
		if err := c.f.text(primitive.Escape(line, true)); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// runRun runs a script or a lesson; every further word is the script's.
func runRun(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	sh.heed()
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, sh.listLessons(c.f.out)
	}
	if isFile(texts[0]) {
		err = sh.runFile(inside(ctx), texts[0], texts[1:], c.f)
	} else {
		err = sh.runLesson(inside(ctx), texts[0], texts[1:], c.f)
	}
	if !leaves(err) {
		sh.record(ctx, primitive.Call{Line: c.st.text, Err: err})
	}
	return nil, err
}

func (sh *Shell) listLessons(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, l := range sh.lessons() {
		fmt.Fprintf(w, "%s\t%s\n", l.Name, l.Title)
	}
	return w.Flush()
}
