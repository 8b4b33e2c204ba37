package lineedit

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/chzyer/readline"

	"sosh/repl/term"
)

// An Editor reads lines from a terminal, one at a time.
//
// Locks are taken in this order: readline's own, mu, those of package term. No
// method of readline is called with mu held.
type Editor struct {
	term     *term.Terminal
	rl       *readline.Instance
	bindings map[chord]action
	ctx      context.Context
	cancel   context.CancelFunc

	lines sync.Mutex // held while a line is read
	vi    bool       // readline's mode

	mu      sync.Mutex
	changed *sync.Cond
	wantVi  bool
	typing  *typing // nil between lines
	feed    []rune  // what readline gets next
	held    bool    // an action of ours is under way: readline waits
	pending func()  // that action
	late    bool    // readline is done with the last key of the line
	closed  bool
	state   viState
	killed  []rune // what Ctrl-Y brings back
}

// New makes an Editor on a terminal, which it does not close.
func New(t *term.Terminal) (*Editor, error) {
	e := &Editor{term: t, bindings: bindings()}
	e.changed = sync.NewCond(&e.mu)
	e.ctx, e.cancel = context.WithCancel(context.Background())
	rl, err := readline.NewEx(e.config())
	if err != nil {
		return nil, err
	}
	e.rl = rl
	return e, nil
}

// SetVi turns vi's keys on or off, from the next line on. They are readline's own
// and not complete.
func (e *Editor) SetVi(on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wantVi = on
}

// Line asks for a line, or for several that belong together. With ErrInterrupt
// comes what was typed until then. The end of the context ends the line; what was
// typed is lost.
func (e *Editor) Line(ctx context.Context, p Prompt) (string, error) {
	e.lines.Lock()
	defer e.lines.Unlock()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.ctx, cancel)()
	e.setVi(p)
	t, err := e.begin(ctx, p)
	if err != nil {
		return "", err
	}
	text, err := e.rl.Readline()
	e.end(t)
	return e.outcome(t, text, err)
}

// setVi brings readline into the wanted mode. It is idle: it was done with the
// last line before that was given.
func (e *Editor) setVi(p Prompt) {
	e.mu.Lock()
	want := e.wantVi && !p.Mask // what vi cuts out it keeps
	e.mu.Unlock()
	if want != e.vi {
		e.vi = want
		e.rl.SetVimMode(want)
	}
}

func (e *Editor) begin(ctx context.Context, p Prompt) (*typing, error) {
	if p.More == "" {
		p.More = ".. "
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, ErrClosed
	}
	e.typing = &typing{ctx: ctx, prompt: p, vi: e.vi}
	e.feed, e.held, e.late, e.state = nil, false, false, viState{}
	e.changed.Broadcast()
	return e.typing, nil
}

// end waits until readline is done with the key that ended the line, and leaves
// the line on the screen.
func (e *Editor) end(t *typing) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for !e.late {
		e.changed.Wait()
	}
	e.typing = nil
	e.leave(t)
}

// leave leaves a line on the screen; of one that was taken back before there was
// anything to see, nothing, nor of an empty one that was not to be sent.
func (e *Editor) leave(t *typing) {
	b, mark := t.block(), ""
	if t.err == ErrInterrupt {
		mark = "^C"
	}
	gone := b.Prompt == "" && t.ctx.Err() != nil || t.prompt.Leave != 0 && (t.ctx.Err() != nil || t.err == ErrLeave)
	if b.Text == "" && gone {
		e.term.Screen.Drop()
		return
	}
	e.term.Screen.Commit(b, mark)
}

func (e *Editor) outcome(t *typing, text string, err error) (string, error) {
	switch {
	case t.err == nil && errors.Is(err, io.EOF):
		return "", io.EOF
	case t.err == nil:
		return text, err
	case e.ctx.Err() != nil:
		return "", ErrClosed
	case t.err == ErrInterrupt || t.err == ErrLeave:
		return t.buf.String(), t.err
	}
	return "", t.err
}

// Close ends a Line under way, and the Editor. Later Lines give ErrClosed.
func (e *Editor) Close() {
	e.cancel()
	e.lines.Lock()
	defer e.lines.Unlock()
	e.mu.Lock()
	closed := e.closed
	e.closed = true
	e.changed.Broadcast()
	e.mu.Unlock()
	if closed {
		return
	}
	e.rl.Terminal.KickRead()
	_, _ = e.rl.Readline() // io.EOF: its goroutine has ended
	_ = e.rl.Config.Stdin.Close()
	_ = e.rl.Terminal.Close()
}
