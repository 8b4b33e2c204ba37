//go:build unix

package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sosh/internal/vt"
)

// A tmux is a real terminal with a shell in it, which runs ours: a second opinion
// about wrapping, resizing and stopping.
type tmux struct {
	t      *testing.T
	socket string
	env    []string
}

func newTmux(t *testing.T, width, height int) *tmux {
	t.Helper()
	needs(t, "tmux")
	bash := needs(t, "bash")
	x := &tmux{t: t, socket: filepath.Join(t.TempDir(), "s")}
	for _, e := range append(sosh(t).Env, "HISTFILE=") {
		if !strings.HasPrefix(e, "TMUX") {
			x.env = append(x.env, e)
		}
	}
	t.Cleanup(func() { x.run("kill-server") })
	x.run("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), bash+" --norc --noprofile")
	x.run("set", "-g", "history-limit", "10000")
	x.sees("|") // it is there
	x.types("PS1='$ '; clear")
	x.keys("Enter")
	x.sees("$ |")
	return x
}

func (x *tmux) run(args ...string) string {
	x.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", x.socket}, args...)...)
	cmd.Env = x.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		x.t.Errorf("tmux %s: %v: %s", args, err, out)
	}
	return string(out)
}

func (x *tmux) keys(names ...string) { x.t.Helper(); x.run(append([]string{"send-keys"}, names...)...) }
func (x *tmux) types(text string)    { x.t.Helper(); x.keys("-l", text) }

// screen is what stands there, with '|' for the cursor.
func (x *tmux) screen() string {
	var row, col int
	rows := strings.Split(x.run("capture-pane", "-p"), "\n")
	fmt.Sscanf(x.run("display", "-p", "#{cursor_y} #{cursor_x}"), "%d %d", &row, &col)
	if row < len(rows) {
		rows[row] = cursorAt(rows[row], col)
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

// cursorAt marks a cell of a row.
func cursorAt(row string, col int) string {
	cells := 0
	for i, r := range row {
		if cells >= col {
			return row[:i] + "|" + row[i:]
		}
		cells += vt.Cells(r)
	}
	return row + strings.Repeat(" ", col-cells) + "|"
}

// sees waits until the screen ends with the text.
func (x *tmux) sees(text string) {
	x.t.Helper()
	limit := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		screen := x.screen()
		if strings.HasSuffix(screen, text) {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			x.t.Fatalf("not seen: %q; the screen is\n%s", text, screen)
		}
	}
}

// starts runs sosh in the shell.
func (x *tmux) starts() {
	x.t.Helper()
	x.types("clear; sosh")
	x.keys("Enter")
	x.sees("sosh> |")
}

func TestTmuxEdge(t *testing.T) {
	x := newTmux(t, 40, 12)
	x.starts()
	row := strings.Repeat("a", 40-len("sosh> "))
	x.types(row)
	x.sees("sosh> " + row + "\n|")
	x.types("b")
	x.sees("sosh> " + row + "\nb|")
	x.keys("BSpace", "BSpace")
	x.sees("sosh> " + row[1:] + "|")
	x.types("日x") // does not fit at the edge
	x.sees("sosh> " + row[1:] + "\n日x|")
	x.keys("Left", "Left")
	x.sees("sosh> " + row[1:] + "\n|日x")
	x.keys("Home", "C-k")
	x.sees("sosh> |")
}

// Notices come while the window changes; each is there once.
func TestTmuxResize(t *testing.T) {
	t.Parallel()
	x := newTmux(t, 60, 20)
	x.starts()
	x.types(`t = task.spawn(function() for i = 1, 100 do print("notice " .. i) task.sleep(0.005) end end)`)
	x.keys("Enter")
	line := strings.Repeat("0123456789", 8)
	x.types(line)
	for _, width := range []string{"30", "70", "25", "60"} {
		x.run("resize-window", "-x", width, "-y", "20")
	}
	x.sees("sosh> " + line[:54] + "\n" + line[54:] + "|")
	x.keys("C-u")
	x.types("t:join()")
	x.keys("Enter")
	x.sees("sosh> |")
	all := x.run("capture-pane", "-p", "-J", "-S", "-")
	for i := 1; i <= 100; i++ {
		if n := strings.Count(all, fmt.Sprintf("notice %d\n", i)); n != 1 {
			t.Errorf("notice %d is there %d times", i, n)
		}
	}
	x.run("resize-window", "-x", "30", "-y", "20")
	x.types(line)
	x.sees("sosh> " + line[:24] + "\n" + line[24:54] + "\n" + line[54:] + "|")
}

func TestTmuxSuspend(t *testing.T) {
	x := newTmux(t, 60, 12)
	x.starts()
	x.types("half")
	x.keys("C-z")
	x.sees("$ |")
	x.types("clear; stty -a | grep -o ' echo '; fg >/dev/null")
	x.keys("Enter")
	x.sees("sosh> half|")
	x.keys("C-u")
	x.types("sleep 100")
	x.keys("Enter")
	x.keys("C-z") // while a command runs
	x.sees("$ |")
	x.types("fg")
	x.keys("Enter")
	x.sees("fg\nsosh\n|")
	x.keys("C-c")
	x.sees("interrupted\nsosh> |")
	x.types("exit 4")
	x.keys("Enter")
	x.sees("$ |")
	x.types("clear; echo code $?")
	x.keys("Enter")
	x.sees("code 0\n$ |") // that of clear
}

// Scripts read what is typed for them.
func TestTmuxRead(t *testing.T) {
	x := newTmux(t, 60, 12)
	x.starts()
	x.types("line = io.read()")
	x.keys("Enter")
	x.types("日本")
	x.sees("\n日本|")
	x.keys("Left")
	x.types("x")
	x.keys("Enter")
	x.sees("sosh> |")
	x.types("print('got ' .. line)")
	x.keys("Enter")
	x.sees("got 日x本\nsosh> |")
	x.types("io.read()")
	x.keys("Enter", "C-c")
	x.sees("interrupted\nsosh> |")
	x.types("io.read()")
	x.keys("Enter")
	x.types("again")
	x.keys("Enter")
	x.sees("\"again\"\nsosh> |")
	x.keys("C-d")
	x.sees("\"again\"\nsosh>\n$ |") // nothing was left behind
}

// The terminal that is closed ends the program, whatever was half typed.
func TestTmuxClosed(t *testing.T) {
	x := newTmux(t, 60, 12)
	x.types("clear; exec sosh")
	x.keys("Enter")
	x.sees("sosh> |")
	x.types("half")
	x.sees("half|")
	var pid int
	if _, err := fmt.Sscan(x.run("display", "-p", "#{pane_pid}"), &pid); err != nil {
		t.Fatal(err)
	}
	x.run("new-window", "sleep 1000") // so that the server stays
	x.run("kill-window", "-t", ":0")
	limit := time.After(patience)
	for syscall.Kill(pid, 0) == nil {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-limit:
			t.Fatal("it still runs")
		}
	}
}
