package repl

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"sosh/primitive"
)

// programs runs !program, with its operators.
func (sh *Shell) programs(ctx context.Context, words []word, f frame) error {
	p, err := cutOperators(words)
	if err != nil {
		return err
	}
	if len(p.words) == 0 {
		return primitive.Usagef("a program must follow !").WithHint("write !ls")
	}
	all := append([][]word{p.words}, p.programs...)
	p.programs = nil
	f.task = f.task || p.background
	run := func(ctx context.Context) (any, error) {
		return nil, sh.into(ctx, p, f, func(ctx context.Context, out io.Writer) error {
			in := sh.terminal(f)
			if in != nil {
				defer sh.lend(true)()
			}
			running, err := sh.start(ctx, all, in, out, f)
			if err != nil {
				return err
			}
			return running.wait(ctx)
		})
	}
	if p.background {
		name, _ := p.words[0].plain()
		_, err = sh.background(ctx, statement{text: "!" + name}, run, f)
		return err
	}
	_, err = run(ctx)
	return err
}

// terminal is what a program in the foreground reads; a script's lines are not
// for it.
func (sh *Shell) terminal(f frame) *os.File {
	if file, ok := sh.opts.In.(*os.File); ok && sh.opts.InTTY && !f.task {
		return file
	}
	return nil
}

// lend leaves the terminal of the prompt to programs until it is called back.
func (sh *Shell) lend(quiet bool) (back func()) {
	if source := sh.source.Load(); source != nil {
		return (*source).Lend(quiet)
	}
	return func() {}
}

// children are programs that run, each reading what the one before it writes.
type children []*exec.Cmd

// start starts programs, the first reading from in, the last writing to out. It
// owns in, unless that is the terminal.
func (sh *Shell) start(ctx context.Context, programs [][]word, in *os.File, out io.Writer, f frame) (children, error) {
	var list children
	if !f.task {
		out = direct(out)
	}
	for i, words := range programs {
		var next, w *os.File
		cmd, err := sh.program(ctx, words, in, f)
		if err == nil {
			cmd.Stdout = out
			if i < len(programs)-1 {
				next, w, err = os.Pipe()
				cmd.Stdout = w
			}
		}
		if err == nil {
			err = started(cmd)
		}
		if in != sh.terminal(f) {
			closeFile(in)
		}
		closeFile(w)
		if err != nil {
			closeFile(next)
			list.kill()
			return nil, err
		}
		list, in = append(list, cmd), next
	}
	return list, nil
}

func closeFile(f *os.File) {
	if f != nil {
		f.Close()
	}
}

// direct is the file behind a writer of ours, so that a program gets the
// terminal itself.
func direct(out io.Writer) io.Writer {
	if d, ok := out.(*display); ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		if file, ok := d.w.(*os.File); ok {
			return file
		}
	}
	return out
}

// program is the one that words name, not yet started.
func (sh *Shell) program(ctx context.Context, words []word, in *os.File, f frame) (*exec.Cmd, error) {
	var texts []string
	for _, w := range words {
		text, err := sh.text(ctx, w)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	cmd := exec.CommandContext(ctx, texts[0], texts[1:]...)
	cmd.WaitDelay = time.Second // what it left behind may hold the output open
	if cmd.Stderr = sh.err; !f.task {
		cmd.Stderr = direct(sh.err)
	}
	if in != nil {
		cmd.Stdin = in
	}
	return cmd, nil
}

func started(cmd *exec.Cmd) error {
	err := cmd.Start()
	if err == nil {
		return nil
	}
	e := primitive.AsError(fileError(cmd.Args[0], err))
	if errors.Is(err, exec.ErrNotFound) {
		e.Kind, e.Cause = primitive.NotFound, "no such program"
	}
	return e.On(primitive.Escape(cmd.Args[0], false))
}

// wait is the failure of the last program, or of the first before it.
func (c children) wait(ctx context.Context) error {
	var failed error
	for i, cmd := range c {
		err := cmd.Wait()
		var exit *exec.ExitError
		switch {
		case errors.As(err, &exit) && endedByInterrupt(exit):
			failed = context.Canceled // Ctrl-C reaches it too, and may do so first
		case err == nil || i < len(c)-1 && errors.As(err, &exit) && !exit.Exited():
			// ended by a signal: the program behind it had read enough
		case failed == nil || i == len(c)-1:
			failed = primitive.Newf(primitive.Failed, "%v", err).On(primitive.Escape(cmd.Args[0], false))
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return failed
}

func endedByInterrupt(e *exec.ExitError) bool {
	status, ok := e.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGINT
}

func (c children) kill() {
	for _, cmd := range c {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()
	}
}
