//go:build unix

package lineedit_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"go.uber.org/goleak"

	"sosh/internal/nettest"
	"sosh/internal/vt"
	"sosh/repl/lineedit"
	"sosh/repl/term"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/signal.loop"))
}

// A desk is an editor on a pty, whose other side is a model of a terminal.
type desk struct {
	t      testing.TB
	keys   *os.File // the keyboard
	tty    *os.File
	screen *vt.Terminal
	term   *term.Terminal
	editor *lineedit.Editor
	shown  sync.WaitGroup
}

func newDesk(t testing.TB, width, height int) *desk {
	t.Helper()
	keys, tty, err := pty.Open()
	if err != nil {
		nettest.Missing(t, "a pty: "+err.Error())
	}
	d := &desk{t: t, keys: keys, tty: tty, screen: vt.New(width, height)}
	d.size(width, height)
	d.shown.Go(func() { io.Copy(d.screen, keys) }) // ends when the terminal is closed
	if d.term, err = term.Open(tty, tty, term.Options{}); err != nil {
		t.Fatal(err)
	}
	if d.editor, err = lineedit.New(d.term); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.close)
	return d
}

func (d *desk) close() {
	d.editor.Close()
	d.term.Close()
	d.tty.Close()
	d.keys.Close()
	d.shown.Wait()
	if odd := d.screen.Strange(); len(odd) > 0 {
		d.t.Errorf("sent to the terminal: %q", odd)
	}
}

func (d *desk) size(width, height int) {
	d.screen.Resize(width, height)
	if err := pty.Setsize(d.keys, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		d.t.Fatal(err)
	}
	// The system tells only those whose terminal it is.
	if err := syscall.Kill(os.Getpid(), syscall.SIGWINCH); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) types(keys string) {
	d.t.Helper()
	if _, err := io.WriteString(d.keys, keys); err != nil {
		d.t.Fatal(err)
	}
}

// A result is what a Line gave.
type result struct {
	line string
	err  error
}

// asks begins a Line.
func (d *desk) asks(p lineedit.Prompt) <-chan result {
	done := make(chan result, 1)
	go func() {
		line, err := d.editor.Line(context.Background(), p)
		done <- result{line, err}
	}()
	return done
}

// gives waits for the line.
func (d *desk) gives(done <-chan result, line string, err error) {
	d.t.Helper()
	select {
	case got := <-done:
		if got.line != line || !errors.Is(got.err, err) {
			d.t.Errorf("got %q, %v, want %q, %v", got.line, got.err, line, err)
		}
	case <-time.After(10 * time.Second):
		d.t.Fatalf("no line; the screen is\n%s", d.view())
	}
}

// until waits until the screen is as it should be.
func (d *desk) until(what string, holds func(rows []string, row, col int) bool) {
	d.t.Helper()
	limit := time.After(10 * time.Second)
	for {
		changed := d.screen.Changed()
		if holds(d.screen.Screen()) {
			return
		}
		select {
		case <-changed:
		case <-limit:
			d.t.Fatalf("not seen: %s; the screen is\n%s", what, d.view())
		}
	}
}

// sees waits for a screen: rows from the first, '|' where the cursor is.
func (d *desk) sees(want string) {
	d.t.Helper()
	d.until(want, func(rows []string, row, col int) bool { return picture(rows, row, col) == want })
}

func (d *desk) view() string { return picture(d.screen.Screen()) }

func picture(rows []string, row, col int) string {
	rows = append([]string(nil), rows...)
	for row >= len(rows) {
		rows = append(rows, "")
	}
	rows[row] = withCursor(rows[row], col)
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

func withCursor(text string, col int) string {
	at := 0
	for i, r := range text {
		if at >= col && vt.Cells(r) > 0 {
			return text[:i] + "|" + text[i:]
		}
		at += vt.Cells(r)
	}
	return text + strings.Repeat(" ", max(0, col-at)) + "|"
}
