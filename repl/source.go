package repl

import (
	"context"
	"errors"
	"io"

	"sosh/primitive"
)

// A LineSource is where the prompt gets its lines from.
type LineSource interface {
	// Line shows the prompt and waits for a line, which it gives without its
	// end. ErrInterrupt after Ctrl-C, with what was typed until then; io.EOF
	// after Ctrl-D; the context's error.
	Line(ctx context.Context, prompt string) (string, error)
	// Statement is Line for a command, which may have several lines.
	Statement(ctx context.Context, prompt string) (string, error)
	// Write shows text above the line being typed, from any goroutine.
	Write(text []byte) (int, error)
	// Busy says that a command runs, which interrupt would end, until over.
	Busy(interrupt func()) (over func())
	// Lend leaves the terminal to a program until back; with quiet, nothing else
	// is shown meanwhile.
	Lend(quiet bool) (back func())
	// Restore gives the terminal back at once; only Close may follow.
	Restore()
	Close() error
}

// What stands before a further line of a statement.
const morePrompt = ".. "

// ErrInterrupt is what a LineSource gives for Ctrl-C.
var ErrInterrupt = errors.New("interrupted at the prompt")

// A plainSource reads lines as they are, where no line can be edited: no
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

// Statement reads as many lines as make complete statements.
func (p *plainSource) Statement(ctx context.Context, prompt string) (string, error) {
	text, err := p.Line(ctx, prompt)
	for err == nil && p.sh.lacksEnd(text) {
		var line string
		if line, err = p.Line(ctx, morePrompt); err == nil || line != "" {
			text += "\n" + line
		}
		if len(text) > maxLine {
			return "", primitive.Newf(primitive.Oversized, "a statement is longer than %d bytes", maxLine)
		}
		if errors.Is(err, io.EOF) {
			return text, nil // parsing it tells what is missing
		}
	}
	return text, err
}

func (p *plainSource) Write(text []byte) (int, error) { return p.sh.opts.Out.Write(text) }
func (p *plainSource) Busy(func()) (over func())      { return func() {} }
func (p *plainSource) Lend(bool) (back func())        { return func() {} }
func (p *plainSource) Restore()                       {}
func (p *plainSource) Close() error                   { return nil }
