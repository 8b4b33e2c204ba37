//go:build unix

package repl_test

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"sosh/internal/nettest"
	"sosh/internal/vt"
	"sosh/repl"
)

// A sitting is a person at a shell of this process: a pty, and a model of what
// its terminal shows.
type sitting struct {
	*world
	t      *testing.T
	keys   *os.File
	tty    *os.File
	screen *vt.Terminal
	done   chan struct{} // the shell has ended
	code   int
	shown  chan struct{}
}

func sitDown(t *testing.T, args ...string) *sitting {
	t.Helper()
	keys, tty, err := pty.Open()
	if err != nil {
		nettest.Missing(t, "a pty: "+err.Error())
	}
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 40, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	x := &sitting{t: t, keys: keys, tty: tty, screen: vt.New(100, 40), done: make(chan struct{}), shown: make(chan struct{})}
	x.world = newWorld(t, tty, func(o *repl.Options) {
		o.Out, o.Err, o.InTTY, o.OutTTY, o.ErrTTY = tty, tty, true, true, true
	})
	go func() {
		defer close(x.shown)
		io.Copy(x.screen, keys) // ends when both ends of the pty are closed
	}()
	go func() {
		defer close(x.done)
		x.code = x.sh.Main(t.Context(), args)
	}()
	t.Cleanup(x.standUp)
	return x
}

// standUp waits for the shell, which the end of the test's context ends, whatever
// it does.
func (x *sitting) standUp() {
	<-x.done
	x.tty.Close()
	x.keys.Close()
	<-x.shown
}

// until waits for a state of the screen.
func (x *sitting) until(what string, there func() bool) {
	x.t.Helper()
	limit := time.After(10 * time.Second)
	for {
		changed := x.screen.Changed()
		if there() {
			return
		}
		select {
		case <-changed:
		case <-limit:
			rows, row, col := x.screen.Screen()
			x.t.Fatalf("%s did not come; cursor at %d,%d:\n%s", what, row, col, strings.Join(rows, "\n"))
		}
	}
}

// sees waits until something stands on the screen.
func (x *sitting) sees(text string) {
	x.t.Helper()
	x.until(text, func() bool { return strings.Contains(x.screen.Text(), text) })
}

// types types when the cursor stands behind the prompt.
func (x *sitting) types(prompt, keys string) {
	x.t.Helper()
	x.until("the prompt "+prompt, func() bool {
		rows, row, col := x.screen.Screen()
		return row < len(rows) && col == len(prompt) && rows[row] == strings.TrimRight(prompt, " ")
	})
	x.press(keys)
}

func (x *sitting) press(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.keys, keys); err != nil {
		x.t.Fatal(err)
	}
}

// ends waits for the shell, and compares its exit code.
func (x *sitting) ends(want int) {
	x.t.Helper()
	select {
	case <-x.done:
		if x.code != want {
			x.t.Errorf("code %d, not %d:\n%s", x.code, want, x.screen.Text())
		}
	case <-time.After(10 * time.Second):
		x.t.Fatalf("it does not end:\n%s", x.screen.Text())
	}
}

// times is how often something was shown.
func (x *sitting) times(text string, want int) {
	x.t.Helper()
	if n := strings.Count(x.screen.Text(), text); n != want {
		x.t.Errorf("%q was shown %d times, not %d:\n%s", text, n, want, x.screen.Text())
	}
}
