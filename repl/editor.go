package repl

import (
	"context"
	"errors"
	"os"

	"sosh/repl/complete"
	"sosh/repl/lineedit"
	"sosh/repl/term"
)

// A lineEditor is the prompt on a terminal.
type lineEditor struct {
	sh     *Shell
	term   *term.Terminal
	editor *lineedit.Editor
}

// openEditor takes the terminal of the shell; nil when it has none that can be
// used.
func (sh *Shell) openEditor() (*lineEditor, error) {
	in, isFile := sh.opts.In.(*os.File)
	out, outFile := sh.opts.Out.(*os.File)
	if !isFile || !outFile || !sh.opts.InTTY || !sh.opts.OutTTY || os.Getenv("TERM") == "dumb" {
		return nil, nil
	}
	t, err := term.Open(in, out, term.Options{Color: os.Getenv("NO_COLOR") == "", Tmux: os.Getenv("TMUX") != ""})
	if err != nil {
		return nil, err
	}
	editor, err := lineedit.New(t)
	if err != nil {
		t.Close()
		return nil, err
	}
	return &lineEditor{sh: sh, term: t, editor: editor}, nil
}

// Line asks for an answer.
func (e *lineEditor) Line(ctx context.Context, prompt string) (string, error) {
	return e.ask(ctx, lineedit.Prompt{Text: prompt})
}

// Statement asks for a command.
func (e *lineEditor) Statement(ctx context.Context, prompt string) (string, error) {
	return e.ask(ctx, lineedit.Prompt{
		Text: prompt, More: morePrompt, Complete: e.complete, Hint: e.sh.completer.Hint, Paint: e.paint,
		Continues: e.sh.lacksEnd, Further: e.sh.completer.Continue, History: e.sh.history,
	})
}

func (e *lineEditor) ask(ctx context.Context, p lineedit.Prompt) (string, error) {
	defer e.term.Keys.Editing()()
	line, err := e.editor.Line(ctx, p)
	if errors.Is(err, lineedit.ErrInterrupt) {
		err = ErrInterrupt
	}
	return line, err
}

// complete lists what the word before the cursor may become.
func (e *lineEditor) complete(ctx context.Context, line string, pos int) (int, []lineedit.Candidate) {
	start, found := e.sh.completer.Complete(ctx, line, pos)
	list := make([]lineedit.Candidate, len(found))
	for i, c := range found {
		list[i] = lineedit.Candidate(c)
	}
	return start, list
}

// paint gives the pieces of a line the look of what they are.
func (e *lineEditor) paint(line string) []lineedit.Span {
	var list []lineedit.Span
	for _, s := range e.sh.completer.Paint(line) {
		list = append(list, lineedit.Span{Start: s.Start, End: s.End, Style: look(s.Style)})
	}
	return list
}

// look is how a piece of a line is shown.
func look(s complete.Style) lineedit.Style {
	switch s {
	case complete.StyleCommand, complete.StyleKeyword:
		return lineedit.StyleCommand
	case complete.StyleUnknown:
		return lineedit.StyleUnknown
	case complete.StyleFlag:
		return lineedit.StyleFlag
	case complete.StyleString:
		return lineedit.StyleString
	case complete.StyleVariable, complete.StyleHandle:
		return lineedit.StyleHandle
	case complete.StyleNumber:
		return lineedit.StyleNumber
	case complete.StyleDead, complete.StyleComment:
		return lineedit.StyleComment
	}
	return lineedit.StylePlain
}

// Write shows text above the line being typed.
func (e *lineEditor) Write(text []byte) (int, error) { return e.term.Screen.Write(text) }

// Busy is told that a command runs.
func (e *lineEditor) Busy(interrupt func()) (over func()) { return e.term.Keys.Busy(interrupt) }

// Lend leaves the terminal to a program.
func (e *lineEditor) Lend(quiet bool) (back func()) { return e.term.Pause(quiet) }

// Restore gives the terminal back for good, although a line may be typed.
func (e *lineEditor) Restore() { e.term.Restore() }

// Close gives the terminal back. What is left in a line under way is lost.
func (e *lineEditor) Close() error {
	e.editor.Close()
	return e.term.Close()
}
