package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/chzyer/readline"

	"sosh/primitive"
)

// A lineEditor is the prompt on a terminal. Readline v1.5.1 edits the line; its
// own history file, completion lists and signal handling are not used, because
// the first is world-readable, the second panic on wide characters and narrow
// windows, and the last suspends the parent too.
type lineEditor struct {
	sh      *Shell
	rl      *readline.Instance
	keys    *keys
	editing atomic.Bool
}

// newReadline takes the terminal of the shell. It must be one.
func newReadline(sh *Shell) (LineSource, error) {
	e := &lineEditor{sh: sh, keys: newKeys(sh.in)}
	fd := fileDescriptor(sh.opts.In)
	var state *readline.State
	cfg := &readline.Config{
		Stdin: e.keys, Stdout: sh.opts.Out, Stderr: sh.opts.Out,
		DisableAutoSaveHistory: true, HistoryLimit: maxHistoryLines,
		AutoComplete:    e,
		InterruptPrompt: "^C", EOFPrompt: "\n",
		FuncIsTerminal: func() bool { return true },
		FuncGetWidth:   func() int { return terminalWidth(sh.opts.Out) },
		FuncMakeRaw:    func() (err error) { state, err = readline.MakeRaw(fd); return err },
		FuncExitRaw:    func() error { return restore(fd, state) },
	}
	cfg.SetListener(e.keys.watch)
	rl, err := readline.NewEx(cfg)
	if err != nil {
		return nil, err
	}
	e.rl = rl
	for _, line := range sh.history.list() {
		e.Remember(line)
	}
	return e, nil
}

func restore(fd int, state *readline.State) error {
	if state == nil {
		return nil
	}
	return readline.Restore(fd, state)
}

func fileDescriptor(x any) int {
	if f, ok := x.(*os.File); ok {
		return int(f.Fd())
	}
	return -1
}

// Width where the terminal does not tell; readline cannot work with 0.
const defaultWidth = 80

func terminalWidth(out io.Writer) int {
	if width, _, err := readline.GetSize(fileDescriptor(out)); err == nil && width > 0 {
		return width
	}
	return defaultWidth
}

// Line reads a line. The end of the context is like Ctrl-C.
func (e *lineEditor) Line(ctx context.Context, prompt string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, e.keys.begin())()
	e.rl.SetPrompt(prompt)
	e.editing.Store(true)
	line, err := e.rl.Readline()
	e.editing.Store(false)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, readline.ErrInterrupt):
		return line, ErrInterrupt
	}
	return line, err
}

// Write shows text above the line being typed.
func (e *lineEditor) Write(text []byte) (int, error) {
	if !e.editing.Load() {
		return e.sh.opts.Out.Write(text)
	}
	return e.rl.Stdout().Write(text)
}

// Remember keeps a line for the arrow keys; one of several lines cannot be shown.
func (e *lineEditor) Remember(line string) {
	if worthKeeping(line) && !strings.Contains(line, "\n") {
		e.keys.remembered.Store(true)
		_ = e.rl.SaveHistory(line) // writes no file
	}
}

// SetVi chooses the keys of vi.
func (e *lineEditor) SetVi(on bool) { e.rl.SetVimMode(on) }

// Close gives the terminal back. No Line may be waiting.
func (e *lineEditor) Close() error {
	e.keys.Close()
	return e.rl.Close()
}

// Most candidates that are listed at once.
const maxListed = 40

// Do completes for readline: it gives what can be added for sure, and lists the
// candidates itself, with what they mean.
func (e *lineEditor) Do(line []rune, pos int) ([][]rune, int) {
	text := string(line)
	at := len(string(line[:pos]))
	text, at = e.sh.unaliased(text, at)
	list := Complete(e.sh.table, e.sh.session, e.sh.lua, text, at, e.sh.completing()...)
	if len(list) == 0 {
		return nil, 0
	}
	start := currentWord(text[:at])
	common := list[0].Text
	for _, c := range list {
		common = commonPrefix(common, c.Text)
	}
	if len(list) == 1 && !strings.HasSuffix(common, "/") {
		common += " "
	}
	if added := strings.TrimPrefix(common, text[start:at]); added != "" && strings.HasPrefix(common, text[start:at]) {
		return [][]rune{[]rune(added)}, 0
	}
	e.list(list)
	return nil, 0
}

func (e *lineEditor) list(candidates []Candidate) {
	var b strings.Builder
	for i, c := range candidates {
		if i == maxListed {
			fmt.Fprintf(&b, "… and %d more\n", len(candidates)-i)
			break
		}
		fmt.Fprintf(&b, "%-20s %s\n", primitive.Escape(c.Text, false), primitive.Escape(c.Help, false))
	}
	_, _ = e.Write([]byte(b.String())) // a list that cannot be shown is no failure
}

func commonPrefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return strings.ToValidUTF8(a[:n], "")
}
