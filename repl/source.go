package repl

import (
	"context"
	"errors"
	"io"
)

// A LineSource is where the prompt gets its lines from.
type LineSource interface {
	// Line shows the prompt and waits for a line, which it gives without its
	// end. ErrInterrupt after Ctrl-C, io.EOF after Ctrl-D, the context's error.
	Line(ctx context.Context, prompt string) (string, error)
	// Write shows text above the line being typed, from any goroutine.
	Write(text []byte) (int, error)
	// Remember keeps a line to be called up again.
	Remember(line string)
	Close() error
}

// ErrInterrupt is what a LineSource gives for Ctrl-C.
var ErrInterrupt = errors.New("interrupted at the prompt")

// A plainSource reads lines as they are, where readline cannot be used: no
// terminal, or one without cursor movement.
type plainSource struct {
	sh      *Shell
	prompts bool // show the prompt
}

func (p *plainSource) Line(ctx context.Context, prompt string) (string, error) {
	if p.prompts {
		if _, err := io.WriteString(p.sh.opts.Err, prompt); err != nil {
			return "", err
		}
	}
	return p.sh.in.line(ctx)
}

func (p *plainSource) Write(text []byte) (int, error) { return p.sh.opts.Out.Write(text) }
func (p *plainSource) Remember(string)                {}
func (p *plainSource) Close() error                   { return nil }
