package repl

import (
	"context"
	"errors"
	"fmt"
	"io"

	"sosh/primitive"
)

// Stdin is the input of scripts: that of the program, or at the prompt what a
// person types for the command that runs, line by line. Ctrl-C ends that command.
func (sh *Shell) Stdin() io.Reader { return &typedInput{sh: sh} }

type typedInput struct {
	sh   *Shell
	rest []byte
}

// Read is called by one goroutine at a time.
func (r *typedInput) Read(p []byte) (int, error) {
	source := r.sh.source.Load()
	if source == nil && r.sh.opts.In == nil {
		return 0, io.EOF
	}
	if source == nil {
		return r.sh.opts.In.Read(p)
	}
	if len(r.rest) == 0 {
		line, err := r.line(*source)
		if err != nil {
			return 0, err
		}
		r.rest = fmt.Appendln(nil, line)
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *typedInput) line(source LineSource) (string, error) {
	if !r.sh.asking.TryLock() {
		return "", primitive.Newf(primitive.NotReady, "the prompt is in use").WithHint("read in the foreground")
	}
	defer r.sh.asking.Unlock()
	running := r.sh.interrupts.Load()
	return r.sh.answer(running.ctx, source, "")
}

// answer asks for a line on behalf of the command that runs, which Ctrl-C ends.
func (sh *Shell) answer(ctx context.Context, source LineSource, prompt string) (string, error) {
	line, err := source.Line(ctx, prompt)
	if errors.Is(err, ErrInterrupt) {
		sh.interrupts.Load().interrupt()
		err = context.Canceled
	}
	return line, err
}

// Stderr is where scripts write what is no data: above the line being typed, as
// all that the shell says.
func (sh *Shell) Stderr() io.Writer { return sh.err }
