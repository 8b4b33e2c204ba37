package repl

import (
	"context"
	"strings"
	"time"

	"sosh/primitive"
)

// An invocation is what the program arguments say.
type invocation struct {
	lines     *string // of -c
	words     []string
	stay      bool // -i
	keepGoing bool
	noWait    bool
	noInit    bool
	escapes   bool
	help      bool
	version   bool
	common    common
	netcat    netcatRun
}

// Main runs the shell with the program arguments after argv[0] and gives the
// exit code. The end of the context ends the program. Interrupts (Ctrl-C) are
// taken here: in a run they cancel its context, at the prompt that of the command
// alone. Whatever is cancelled may clean up; a second interrupt does no more.
func (sh *Shell) Main(ctx context.Context, args []string) int {
	inv, err := sh.readArgs(args)
	f := sh.frame()
	f.json, f.quiet = inv.common.json, inv.common.quiet
	if err != nil {
		return sh.report(err, "", f)
	}
	sh.quiet.Store(inv.common.quiet)
	sh.json.Store(inv.common.json)
	sh.keepGoing, sh.noInit = inv.keepGoing, inv.noInit
	f.netcat = &inv.netcat
	defer sh.in.take()
	return sh.main(ctx, inv, f)
}

func (sh *Shell) main(ctx context.Context, inv invocation, f frame) int {
	switch {
	case inv.version:
		return sh.report(f.text("sosh "+sh.version()), "", f)
	case inv.help:
		return sh.report(sh.usage(ctx, f, inv.words), "", f)
	}
	if inv.lines == nil && len(inv.words) == 0 && (inv.stay || sh.opts.InTTY || sh.opts.Lines != nil) {
		return sh.prompt(ctx, f)
	}
	code, done := sh.invoke(ctx, inv, f)
	switch {
	case sh.terminated.Load():
		return terminated
	case inv.stay && !done:
		return sh.prompt(ctx, f)
	}
	return code
}

// invoke does what the arguments say; done is whether the shell was left.
func (sh *Shell) invoke(ctx context.Context, inv invocation, f frame) (code int, done bool) {
	ctx, stop := sh.interruptible(ctx, handlerAfter)
	defer stop()
	ctx, cancel := within(ctx, inv.common.maxTime)
	defer cancel()
	var err error
	switch {
	case inv.lines != nil:
		f.netcat = nil
		err = sh.runLines(ctx, "-c", textInput(*inv.lines), f)
	case len(inv.words) > 0:
		_, err = sh.runArgs(ctx, inv, f)
	default:
		f.netcat = nil
		err = sh.runLines(ctx, "stdin", sh.in, f)
	}
	code = sh.report(err, "", f)
	if leaves(err) {
		sh.settle(ctx, false, f)
		return code, true
	}
	if inv.stay {
		return code, false
	}
	failed := code != 0 && !sh.keepGoing
	if c := sh.settle(ctx, !inv.noWait && !failed, f); code == 0 {
		code = c
	}
	return code, false
}

// runArgs runs the one command, file or lesson that the arguments name.
func (sh *Shell) runArgs(ctx context.Context, inv invocation, f frame) (any, error) {
	words := inv.words
	if words[0] == "lua" || words[0] == "try" {
		list, err := sh.parse(strings.Join(words, " "))
		if err != nil || len(list) == 0 {
			return nil, orElse(err, primitive.Usagef("%s: nothing follows it", words[0]))
		}
		if words[0] == "lua" {
			f.chunk = "lua"
			return sh.do(ctx, list[0], f)
		}
		words = words[1:]
	}
	if !sh.isCommand(words[0]) && isFile(words[0]) {
		words = append([]string{"run"}, words...)
	}
	st := statement{text: quoteLine(words), try: inv.words[0] == "try"}
	for _, text := range words {
		if inv.escapes {
			var err error
			if text, err = decodeEscapes(text); err != nil {
				return nil, err
			}
		}
		st.words = append(st.words, word{parts: []part{{text: text}}, arg: true})
	}
	return sh.do(ctx, st, f)
}

// readArgs reads the options before the command, and those of the program that
// may stand behind it.
func (sh *Shell) readArgs(args []string) (inv invocation, err error) {
	inv.netcat.linger = forEver
	for len(args) > 0 {
		used, known, err := inv.option(args, func(string) bool { return true })
		if err != nil {
			return inv, err
		}
		if !known {
			break
		}
		args = args[used:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	} else if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		return inv, unknownOption(args[0])
	}
	if inv.lines != nil && len(args) > 0 {
		return inv, primitive.Usagef("-c takes one word: put the commands in quotes").WithHint("sosh -c 'listen 12345; accept'")
	}
	if inv.words, err = sh.behind(&inv, args); err != nil {
		return inv, err
	}
	return inv, nil
}

// behind takes the program's options from behind a command; the words of a
// script are its own.
func (sh *Shell) behind(inv *invocation, args []string) (words []string, err error) {
	if len(args) == 0 || args[0] == "run" || args[0] == "lua" || !sh.isCommand(args[0]) {
		return args, nil
	}
	row, _ := sh.table.Find(args...)
	words = args[:1:1]
	for args = args[1:]; len(args) > 0; {
		if args[0] == "--" {
			return append(words, args...), nil
		}
		name, _, _ := strings.Cut(strings.TrimLeft(args[0], "-"), "=")
		used, known := 1, false
		if strings.HasPrefix(args[0], "--") && !hasFlag(row, name) {
			if used, known, err = inv.option(args, behindCommand); err != nil {
				return nil, err
			}
		}
		if !known {
			used = 1
			words = append(words, args[0])
		}
		args = args[used:]
	}
	return words, nil
}

func hasFlag(row *primitive.Row, name string) bool {
	if row == nil {
		return false
	}
	_, err := row.Flag(name)
	return err == nil
}

// behindCommand is whether an option of the program may stand behind a command.
// The common flags are left to the command itself.
func behindCommand(name string) bool {
	switch name {
	case "--keep-going", "--no-wait", "--escapes", "--keep", "--linger", "--max-time":
		return true
	}
	return false
}

// option reads the option that args begin with.
func (inv *invocation) option(args []string, allowed func(string) bool) (used int, known bool, err error) {
	name, value, has := strings.Cut(args[0], "=")
	if !strings.HasPrefix(name, "-") || !allowed(name) {
		return 0, false, nil
	}
	if on := inv.switches()[name]; on != nil {
		if *on = true; has {
			*on, err = onOff(strings.TrimLeft(name, "-"), value)
		}
		return 1, true, err
	}
	if name != "-c" && name != "--max-time" && name != "--linger" {
		return 0, false, nil
	}
	if used = 1; !has {
		if len(args) < 2 {
			return 0, false, primitive.Usagef("%s needs a value", name)
		}
		value, used = args[1], 2
	}
	return used, true, inv.set(name, value)
}

// switches are the options without a value.
func (inv *invocation) switches() map[string]*bool {
	return map[string]*bool{
		"-i": &inv.stay, "--keep-going": &inv.keepGoing, "--no-wait": &inv.noWait, "--escapes": &inv.escapes,
		"--json": &inv.common.json, "--quiet": &inv.common.quiet, "-q": &inv.common.quiet,
		"--no-init": &inv.noInit, "--help": &inv.help, "-h": &inv.help, "--version": &inv.version, "--keep": &inv.netcat.keep,
	}
}

func (inv *invocation) set(name, value string) (err error) {
	var d time.Duration
	switch name {
	case "-c":
		inv.lines = &value
		return nil
	case "--linger":
		d, err = primitive.ParseDuration(value)
		inv.netcat.linger = d
	case "--max-time":
		d, err = primitive.ParseDuration(value)
		inv.common.maxTime = d
	}
	return err
}

func unknownOption(text string) error {
	name, _, _ := strings.Cut(text, "=")
	e := primitive.Usagef("unknown option %s", primitive.Escape(name, false))
	var all []string
	for _, o := range programOptions() {
		all = append(all, o.Name)
	}
	if near := primitive.Nearest(name, all); near != "" {
		return e.WithHint("did you mean %s?", near)
	}
	return e.WithHint("sosh --help lists them")
}

const programUsage = `sosh: a scriptable network shell

usage:
  sosh [options]                       the shell; without a terminal, commands from the input
  sosh [options] COMMAND [ARGS…]       one command; a stream is attached to input and output
  sosh [options] -c 'COMMAND; …'       several commands
  sosh [options] run LESSON [ARGS…]    a lesson; run alone lists them
  sosh [options] FILE.lua [ARGS…]      a Lua script; FILE.sosh is one of commands

`

// usage shows the help of the program, or of a command.
func (sh *Shell) usage(ctx context.Context, f frame, words []string) error {
	if len(words) > 0 {
		return sh.help(ctx, f, strings.Join(words, " "))
	}
	return f.text(programUsage + optionsText() + sh.overview())
}
