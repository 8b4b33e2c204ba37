package repl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"sosh/lesson"
	"sosh/primitive"
	"sosh/wire"
)

// Longest that a lesson may take that nobody watches.
const lessonLimit = 30 * time.Second

// theCourse is the name of all lessons in order.
const theCourse = "lecture"

// player plays lessons with what this shell has.
func (sh *Shell) player() (*lesson.Player, error) {
	if sh.lua == nil {
		return nil, primitive.Newf(primitive.Unsupported, "there is no Lua here")
	}
	return &lesson.Player{Load: sh.lua.Load, Type: sh.typeLines, Session: sh.session, Find: sh.findLesson, Limit: lessonLimit, Around: wire.Of(sh.session).Begin}, nil
}

// findLesson is the script of a lesson: a file, or one built into the program.
func (sh *Shell) findLesson(name string) (lesson.Script, error) {
	if isFile(name) {
		if _, err := os.Stat(name); err != nil {
			return lesson.Script{}, fileError(name, err)
		}
		return lesson.Script{Name: name}, nil
	}
	var names []string
	for _, l := range sh.course() {
		if l.Name == name {
			return lesson.Script{Name: name, Builtin: true}, nil
		}
		names = append(names, l.Name)
	}
	e := primitive.Usagef("there is no lesson %s", primitive.Escape(name, false))
	if near := primitive.Nearest(name, append(names, theCourse)); near != "" {
		return lesson.Script{}, e.WithHint("did you mean %s?", near)
	}
	return lesson.Script{}, e.WithHint("run alone lists them; a file has a / or ends in .lua or .sosh: run ./%s", primitive.Escape(name, false))
}

// typeLines does what lines at the prompt do, with what they show, notes too,
// written to out.
func (sh *Shell) typeLines(ctx context.Context, lines string, out io.Writer) error {
	list, err := sh.parse(lines)
	if err != nil {
		return err
	}
	defer sh.err.redirect(out)()
	f := sh.frame()
	f.out, f.tty, f.quiet = out, true, false // escaped, with a line feed at the end
	for _, st := range list {
		if _, err := sh.do(ctx, st, f); err != nil {
			return err
		}
	}
	return nil
}

// runLesson is `run NAME`: one program of two plays its side alone, as a program;
// another lesson goes through its steps.
func (sh *Shell) runLesson(ctx context.Context, name string, args []string, f frame) error {
	p, err := sh.player()
	if err != nil {
		return err
	}
	if name == theCourse {
		return p.Course(ctx, sh.course(), sh.screen(f))
	}
	script, err := p.Find(name)
	if err != nil {
		return err
	}
	script.Args = args
	if sh.isProgram(name) {
		return stopped(p.Alone(ctx, script), true)
	}
	how := lesson.Playing{Args: args, View: lesson.Brief{Screen: sh.screen(f)}}
	if sh.session.CanAsk() {
		how.Ask = sh.lessonAnswer
	}
	return stopped(p.Play(ctx, name, how), false)
}

// askInLesson asks for the next step: the end of the input leaves the lesson.
func (sh *Shell) askInLesson(ctx context.Context, question string) (string, error) {
	text, err := sh.Ask(ctx, question)
	switch {
	case errors.Is(err, io.EOF):
		return "", lesson.ErrLeft
	case errors.Is(err, ErrInterrupt):
		return "", context.Canceled
	}
	return text, err
}

// stopped makes the end by Ctrl-C a short one. A program of two has said itself
// that the user has left it.
func stopped(err error, told bool) error {
	switch {
	case lesson.Left(err) || primitive.KindOf(err) != primitive.Canceled || leaves(err):
		return err
	case told:
		return reported{primitive.Canceled.ExitCode()}
	}
	return context.Canceled
}

// isProgram is whether a lesson is one program, with a side of its own.
func (sh *Shell) isProgram(name string) bool {
	if source, err := os.ReadFile(name); err == nil && isFile(name) {
		h, _ := lesson.Describe(string(source))
		return h.Side != ""
	}
	return slices.ContainsFunc(sh.course(), func(l Lesson) bool { return l.Name == name && l.Side != "" })
}

// lessonAnswer asks the person a question of a lesson.
func (sh *Shell) lessonAnswer(ctx context.Context, question, otherwise string) (string, error) {
	if otherwise != "" {
		question += " [" + otherwise + "]"
	}
	text, err := sh.Ask(ctx, question)
	if err == nil && text == "" {
		text = otherwise
	}
	return text, err
}

func (sh *Shell) screen(f frame) *lesson.Screen {
	return &lesson.Screen{W: f.out, Terminal: f.tty, Width: sh.width()}
}

func (sh *Shell) width() int {
	if sh.opts.Width == nil {
		return 0
	}
	return sh.opts.Width()
}

// subshell is a prompt in the middle of a lesson: everything that is open can be
// used. It ends with exit or Ctrl-D.
func (sh *Shell) subshell(ctx context.Context) error {
	outer := sh.interrupts.Load()
	defer sh.interrupts.Store(outer)
	if sh.source.Load() == nil {
		source, err := sh.openSource()
		if err != nil {
			return err
		}
		sh.source.Store(&source)
		defer func() {
			sh.source.Store(nil)
			source.Close()
			_ = sh.history.Close() // what cannot be written is lost
		}()
	}
	source := *sh.source.Load()
	f := sh.frame()
	f.prompt = true
	sh.say("the lesson waits; handles lists what is open, exit or Ctrl-D goes back to it")
	for {
		text, err := sh.typed(ctx, source)
		switch {
		case errors.Is(err, ErrInterrupt):
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := sh.obey(context.WithoutCancel(ctx), text, f); leaves(err) {
			return nil
		}
	}
}

// A lessonCall is the words after `lesson VERB` or `grade`.
type lessonCall struct {
	names    []string
	rest     []string // of the lesson's script, or the command after --
	switches map[string]bool
	values   map[string]string
}

// readLessonCall reads flags: those that take a value, and switches. What is none
// of them is the script's, if scripts may have more.
func readLessonCall(words []string, valued, switches string, more bool) (lessonCall, error) {
	c := lessonCall{switches: map[string]bool{}, values: map[string]string{}}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		name, value, has := strings.Cut(word, "=")
		switch {
		case word == "--":
			c.rest = append(c.rest, words...)
			return c, nil
		case !strings.HasPrefix(word, "--"):
			if more && len(c.names) > 0 {
				c.rest = append(c.rest, word)
			} else {
				c.names = append(c.names, word)
			}
		case contains(switches, name):
			c.switches[name] = true
		case contains(valued, name):
			if !has {
				if len(words) == 0 {
					return c, primitive.Usagef("%s needs a value", name)
				}
				value, words = words[0], words[1:]
			}
			c.values[name] = value
		case more:
			c.rest = append(c.rest, word)
		default:
			e := primitive.Usagef("no option %s", primitive.Escape(name, false))
			return c, e.WithHint("it has %s", strings.Join(strings.Fields(valued+" "+switches), ", "))
		}
	}
	return c, nil
}

func contains(list, name string) bool { return slices.Contains(strings.Fields(list), name) }

// writeFile writes what a report says into a file.
func writeFile(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		return fileError(name, err)
	}
	return nil
}
