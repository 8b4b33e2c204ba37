package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"

	"sosh/primitive"
)

// A pipeline is a command line cut at its operators.
type pipeline struct {
	words      []word
	programs   [][]word // behind each '|'
	file       *word    // behind '>' or '>>'
	appending  bool
	background bool
}

// cutOperators finds > >> | & that are words of their own.
func cutOperators(words []word) (p pipeline, err error) {
	stage := &p.words
	for i := 0; i < len(words) && err == nil; i++ {
		w := words[i]
		op := w.bare()
		if w.arg {
			op = ""
		}
		switch {
		case p.background:
			err = primitive.Usagef("& ends a command").WithHint(`write "&" with quotes to send it, or ; between commands`)
		case op == "&":
			p.background = true
		case op == ">" || op == ">>":
			i++
			err = p.redirect(words, i, op)
		case p.file != nil:
			err = primitive.Usagef("only one file can follow >").WithHint(`write ">" with quotes to send it`)
		case op == "|":
			p.programs = append(p.programs, nil)
			stage = &p.programs[len(p.programs)-1]
		default:
			*stage = append(*stage, w)
		}
	}
	for _, prog := range p.programs {
		if err == nil && len(prog) == 0 {
			err = primitive.Usagef("a program must follow |").WithHint(`write "|" with quotes to send it`)
		}
	}
	return p, err
}

func (p *pipeline) redirect(words []word, i int, op string) error {
	if p.file != nil || i >= len(words) {
		return primitive.Usagef("one file name must follow %s", op).WithHint(`write "%s" with quotes to send it`, op)
	}
	p.file, p.appending = &words[i], op == ">>"
	return nil
}

// sent runs a job with its data sent where the operators say.
func (sh *Shell) sent(ctx context.Context, p pipeline, j job, f frame) (result any, err error) {
	if p.file == nil && len(p.programs) == 0 {
		return j.run(ctx, f)
	}
	err = sh.into(ctx, p, f, func(ctx context.Context, out io.Writer) error {
		f.out, f.tty = out, false
		if !f.task {
			defer sh.out.redirect(out)()
		}
		result, err = j.run(ctx, f)
		return err
	})
	return result, err
}

// into runs fn with the file or the programs of a pipeline as its output.
func (sh *Shell) into(ctx context.Context, p pipeline, f frame, fn func(context.Context, io.Writer) error) error {
	out := f.out
	if p.file != nil {
		file, err := sh.create(ctx, p)
		if err != nil {
			return err
		}
		defer file.Close()
		out = file
	}
	if len(p.programs) == 0 {
		err := fn(ctx, out)
		if file, ok := out.(*os.File); ok && err == nil {
			err = file.Close() // a full disk may show only now
		}
		return err
	}
	if !f.task {
		defer sh.lend(false)() // a pager reads the keys
	}
	return sh.through(ctx, p.programs, out, fn, f)
}

func (sh *Shell) create(ctx context.Context, p pipeline) (*os.File, error) {
	name, err := sh.text(ctx, *p.file)
	if err != nil {
		return nil, err
	}
	mode := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if p.appending {
		mode = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	file, err := os.OpenFile(name, mode, 0o666)
	if err != nil {
		return nil, fileError(name, err)
	}
	return file, nil
}

// through runs fn with its output going through programs to out. When the first
// program has read enough, fn is cancelled and that is no failure.
func (sh *Shell) through(ctx context.Context, programs [][]word, out io.Writer, fn func(context.Context, io.Writer) error, f frame) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer w.Close()
	running, err := sh.start(ctx, programs, r, out, f)
	if err != nil {
		r.Close()
		return err
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	enough := &pipeEnd{w: w, cancel: cancel}
	err = fn(inner, enough)
	w.Close()
	if enough.shut && ctx.Err() == nil {
		err = nil
	}
	return errors.Join(err, running.wait(ctx))
}

// A pipeEnd is the writing end of a pipe that nobody may read any more.
type pipeEnd struct {
	w      io.Writer
	cancel context.CancelFunc
	shut   bool
}

func (p *pipeEnd) Write(b []byte) (int, error) {
	n, err := p.w.Write(b)
	if err != nil && (errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed)) {
		p.shut = true
		p.cancel()
	}
	return n, err
}
