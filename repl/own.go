package repl

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"sosh/docgen"
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
		{names: []string{"help"}, usage: "help [command|family] [--json]", short: "Show the commands, or all about one", run: runHelp},
		{names: []string{"run"}, usage: "run [lesson|file] [args…]", short: "Run a lesson or a script; alone: list the lessons", run: runRun},
		{names: []string{"attach"}, usage: "attach [stream]", short: "Talk with the peer line by line, until its end or Ctrl-C", run: runAttach},
		{names: []string{"jobs"}, usage: "jobs [--json]", short: "List the tasks: what runs beside the prompt", yields: true, run: runJobs},
		{names: []string{"fg"}, usage: "fg [task]", short: "Wait for a task in the foreground; Ctrl-C ends it", run: runForeground},
		{names: []string{"notify"}, usage: "notify [on|summary|off]", short: "Say what is told above the prompt", run: runNotify},
		{names: []string{"lua"}, usage: "lua code", short: "Run the rest of the line as Lua", run: runWords},
		{names: []string{"try"}, usage: "try command", short: "Run a command and go on if it fails", run: runWords},
		{names: []string{"history"}, usage: "history [n] | history --save FILE.lua|FILE.sosh [--force]", short: "Show what was typed, or save what was done as a script", run: runHistory},
		{names: []string{"record"}, usage: "record [on|off]", short: "Keep what is done for history --save, or not; on at the prompt", run: runRecord},
		{names: []string{"completion"}, usage: "completion bash|zsh|fish", short: "Print a script that completes our words in that shell", run: runCompletion},
		{names: []string{"man"}, usage: "man", short: "Print the manual page; to read it: sosh man | man -l -", run: runMan},
		{names: []string{"version"}, usage: "version", short: "Show the version", run: runVersion},
		{names: []string{"exit", "quit", "exit()", "quit()"}, usage: "exit [code]", short: "Leave the shell", run: runExit},
		{names: []string{"nc", "ncat", "netcat"}, usage: "nc [-l] [-k] [-u] [-z] [-w secs] [host] port", short: "Do what netcat would, and say how it is typed here", yields: true, run: runNetcat},
		{names: []string{"telnet"}, usage: "telnet host [port]", short: "Open a TCP connection, and say how it is typed here", yields: true, run: runTelnet},
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
			return nil, sh.help(f, own.names[0])
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

func runHelp(_ context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words := slices.DeleteFunc(texts, func(w string) bool { return w == "--json" })
	if c.f.json || len(words) < len(c.args) {
		return nil, sh.helpJSON(c.f, words)
	}
	return nil, sh.help(c.f, strings.Join(words, " "))
}

// help shows the help of a command or a family, or of all when the name is "".
func (sh *Shell) help(f frame, name string) error {
	words := strings.Fields(name)
	if len(words) == 0 {
		return f.text(sh.overview())
	}
	if row, used := sh.table.Find(words...); row != nil && used == len(words) {
		return f.text(docgen.Help(row))
	}
	if len(words) == 1 && len(sh.table.Family(name)) > 0 {
		return f.text(docgen.Family(sh.table, name))
	}
	if own := sh.own[name]; own != nil {
		return f.text(own.names[0] + ": " + own.short + "\n\nusage: " + own.usage)
	}
	return sh.table.Unknown(name, sh.commandNames()...)
}

// overview lists all commands.
func (sh *Shell) overview() string {
	var b strings.Builder
	b.WriteString("commands, in the shell and in Lua:\n" + docgen.Overview(sh.table) + "\nof the shell alone:\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, c := range ownCommands() {
		fmt.Fprintf(w, "  %s\t%s\n", c.names[0], c.short)
	}
	w.Flush()
	b.WriteString("\nhelp COMMAND tells all about one; anything that is no command is Lua\n")
	return b.String()
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
		err = sh.runLesson(inside(ctx), texts[0], texts[1:])
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

func (sh *Shell) runLesson(ctx context.Context, name string, args []string) error {
	var names []string
	for _, l := range sh.lessons() {
		if l.Name == name && sh.lua != nil {
			return sh.lua.RunLesson(ctx, name, args)
		}
		names = append(names, l.Name)
	}
	e := primitive.Usagef("there is no lesson %s", primitive.Escape(name, false))
	if near := primitive.Nearest(name, names); near != "" {
		return e.WithHint("did you mean %s?", near)
	}
	return e.WithHint("run alone lists them; a file has a / or ends in .lua or .sosh: run ./%s", primitive.Escape(name, false))
}
