package repl

import (
	"context"

	"sosh/primitive"
	"sosh/repl/lineedit"
)

// AskSecret is Ask for an answer that is neither shown nor kept.
func (sh *Shell) AskSecret(ctx context.Context, question string) (string, error) {
	if !sh.asking.TryLock() {
		return "", primitive.Newf(primitive.NotReady, "the prompt is in use").WithHint("ask in the foreground")
	}
	defer sh.asking.Unlock()
	defer sh.meter.hold()()
	editor, done, err := sh.secretEditor()
	if err != nil {
		return "", err
	}
	defer done()
	return sh.answer(ctx, secretSource{editor}, primitive.Visible(question)+" ")
}

// secretEditor is the editor of the prompt, or one for this question.
func (sh *Shell) secretEditor() (e *lineEditor, done func(), err error) {
	if source := sh.source.Load(); source != nil {
		e, _ = (*source).(*lineEditor)
		done = func() {}
	} else if e, err = sh.openEditor(); e != nil {
		done = func() { e.Close() }
	}
	if err == nil && e == nil {
		err = primitive.Newf(primitive.Unsupported, "this terminal would show what is typed").WithHint("a password can come from a file or the environment: --help")
	}
	return e, done, err
}

// A secretSource asks with the editor, and shows stars.
type secretSource struct{ *lineEditor }

// Line asks for an answer.
func (s secretSource) Line(ctx context.Context, prompt string) (string, error) {
	return s.ask(ctx, lineedit.Prompt{Text: prompt, Mask: true})
}
