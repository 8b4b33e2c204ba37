package repl

import (
	"context"
	"errors"

	"sosh/primitive"
	"sosh/repl/history"
	"sosh/repl/lineedit"
)

// A keyboard is a LineSource on a terminal, as a conversation with a peer needs
// it.
type keyboard interface {
	LineSource
	// Reply asks for a line to send; errLeft after Ctrl-].
	Reply(ctx context.Context, r replyPrompt) (string, error)
	// Raw makes the keys bytes, which read gives as they were typed, until over;
	// what was read and is not used goes back to it.
	Raw() (read reader, over func(unused []byte))
	// WriteLine is Write from the beginning of a row.
	WriteLine(text []byte) (int, error)
	// Drain waits until what was written is shown, but not for ever.
	Drain()
}

// A replyPrompt is what a line to send is asked for with.
type replyPrompt struct {
	text string
	said *history.History
	hint func(line string, pos int) string // may be nil
}

// Ctrl-], which leaves a conversation.
const leaveKey = 0x1d

// errLeft is what a keyboard gives for Ctrl-].
var errLeft = errors.New("left by Ctrl-]")

// keyboard is that of the prompt; nil where there is none.
func (sh *Shell) keyboard() keyboard {
	if source := sh.source.Load(); source != nil {
		keys, _ := (*source).(keyboard)
		return keys
	}
	return nil
}

// Reply asks for a line to send.
func (e *lineEditor) Reply(ctx context.Context, r replyPrompt) (string, error) {
	line, err := e.ask(ctx, lineedit.Prompt{Text: r.text, Leave: leaveKey, History: r.said, Hint: r.hint})
	if errors.Is(err, lineedit.ErrLeave) {
		err = errLeft
	}
	return line, err
}

// Raw makes the keys bytes.
func (e *lineEditor) Raw() (read reader, over func(unused []byte)) {
	back := e.term.Raw()
	return e.term.Keys.ReadRaw, func(unused []byte) {
		e.term.Keys.Unread(unused)
		back()
	}
}

// WriteLine shows text above the line being typed, from the beginning of a row.
func (e *lineEditor) WriteLine(text []byte) (int, error) { return e.term.Screen.WriteLine(text) }

// Drain waits until what was written is shown, but not for ever.
func (e *lineEditor) Drain() { e.term.Screen.Drain() }

// onTerminal takes the terminal of a run, with the signals that a prompt has, for
// as long as talk needs it; done is false where there is none that can be used.
func (sh *Shell) onTerminal(ctx context.Context, f frame, talk func(context.Context) error) (done bool, err error) {
	if !f.tty {
		return false, nil
	}
	e, err := sh.openEditor()
	if e == nil || err != nil {
		return false, nil // as where there is no terminal
	}
	var source LineSource = e
	inner, ended := sh.untilSignal(ctx, source)
	defer ended()
	sh.heed()
	sh.source.Store(&source)
	defer func() {
		sh.source.Store(nil)
		source.Close()
	}()
	sh.applySettings()
	if running := sh.interrupts.Load(); running != nil {
		defer source.Busy(running.interrupt)()
	}
	err = talk(inner)
	if inner.Err() != nil && ctx.Err() == nil {
		return true, leave{ended()} // by a signal
	}
	return true, err
}

// asks takes the right to ask the person; the returned function gives it back.
func (sh *Shell) asks() (done func(), err error) {
	if !sh.asking.TryLock() {
		return nil, primitive.Newf(primitive.NotReady, "the prompt is in use").WithHint("attach in the foreground")
	}
	return sh.asking.Unlock, nil
}
