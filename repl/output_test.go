//go:build !windows

package repl_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"sosh/repl/style"
)

var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

// Colours stand on a terminal and nowhere else.
func TestTerminalColours(t *testing.T) {
	for _, c := range []struct {
		env     string
		colours bool
	}{
		{"NO_COLOR=", true}, {"NO_COLOR=1", false},
	} {
		x := openTerminal(t, c.env)
		x.types("sosh> ", "listen 0\r")
		x.types("sosh l1> ", "handles\r")
		x.sees("names")
		if shown := x.sees("listening"); strings.Contains(shown, "\x1b[1mtype") != c.colours {
			t.Errorf("%s: %q", c.env, shown)
		}
		x.types("sosh l1> ", "send c9 x\r")
		if shown := x.sees("there is no c9"); strings.Contains(shown, "\x1b[31m") != c.colours {
			t.Errorf("%s: %q", c.env, shown)
		}
		x.types("sosh l1> ", "set color always; handles\r")
		x.sees("\x1b[1mtype\x1b[0m")
		x.types("sosh l1> ", "exit\r")
		x.ends()
	}
}

// What is longer than the window goes through the pager; the terminal is as
// before, however that ends.
func TestPager(t *testing.T) {
	log := filepath.Join(t.TempDir(), "paged")
	program := filepath.Join(t.TempDir(), "pager")
	// A pager that spoils the terminal and is killed.
	script := "#!/bin/sh\ncat > " + log + "\nstty raw -echo < /dev/tty\necho PAGED\nkill -9 $$\n"
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	x := openTerminal(t, "PAGER="+program)
	x.types("sosh> ", "version\r") // shorter than the window
	x.types("sosh test", "help\r")
	x.types("PAGED", "hexdump ab\r")
	x.sees("|ab|\r\n") // with a carriage return: the terminal is not raw
	x.types("sosh> ", "help | wc -l\r")
	x.types("sosh> ", "exit\r")
	x.ends()
	if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), "of the shell alone") {
		t.Errorf("the pager got %q, %v", text, err)
	}
}

// Without a program there is a pager of our own.
func TestOwnPager(t *testing.T) {
	x := openTerminal(t, "PAGER=/no/such/program")
	x.types("sosh> ", "help\r")
	x.types("-- more --", "\r")
	x.types("-- more --", "q\r")
	x.types("sosh> ", "help\r")
	x.types("-- more --", "\x03") // Ctrl-C
	x.types("sosh> ", "set pager off\r")
	x.types("sosh> ", "help\r")
	x.sees("help COMMAND tells")
	x.types("sosh> ", "exit\r")
	if code := x.ends(); code != 0 {
		t.Errorf("code %d: %q", code, x.seen.String())
	}
}

// No line of a table is wider than the window.
func TestNarrow(t *testing.T) {
	for _, width := range []uint16{20, 40, 60} {
		x := openTerminal(t)
		x.types("sosh> ", "listen 0\r")
		if err := pty.Setsize(x.tty, &pty.Winsize{Rows: 24, Cols: width}); err != nil {
			t.Fatal(err)
		}
		x.types("l1> ", "udp bind 0\r")
		x.sees("u1 datagram")
		x.types("u1> ", "handles\r")
		x.sees("handles\r\n")
		for line := range strings.SplitSeq(x.sees("127.0."), "\r\n") {
			if n := style.Width(escapes.ReplaceAllString(line, "")); n > int(width) {
				t.Errorf("%q is %d wide in a window of %d", line, n, width)
			}
		}
		x.types("u1> ", "exit\r")
		x.ends()
	}
}

// What takes long is told on a terminal, gives way to other lines, and is gone
// when it is done.
func TestProgress(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", "sleep 300ms &\r")
	x.types("sosh> ", "sleep 1500ms\r")
	x.sees("\rsleep … 0 s\x1b[K")
	x.sees("\rsleep … 1 s\x1b[K")
	x.sees("\r\x1b[K")
	x.types("sosh> ", "ask sure?\r")
	x.sees("sure? ")
	time.AfterFunc(700*time.Millisecond, func() { x.tty.WriteString("yes\r") }) // a person who thinks
	if got := x.sees("yes\r\nyes"); strings.Contains(got, "ask … ") {
		t.Errorf("progress was told over a question: %q", got)
	}
	x.types("sosh> ", "sleep 700ms --quiet; sleep 700ms --json; sleep 700ms | cat; hexdump x\r")
	if got := x.sees("|x|"); strings.Contains(got, "sleep … ") {
		t.Errorf("progress was told: %q", got)
	}
	x.types("sosh> ", "exit\r")
	x.ends()
}

func TestDumbTerminalOutput(t *testing.T) {
	x := openTerminal(t, "TERM=dumb", "NO_COLOR=")
	x.types("sosh> ", "listen 0\n")
	x.types("sosh l1> ", "help\n")
	x.types("help COMMAND tells", "sleep 700ms\n")
	x.types("sosh l1> ", "exit\n")
	x.ends()
	if got := x.seen.String(); strings.Contains(got, "\x1b") || strings.Contains(got, "…") {
		t.Errorf("escapes: %q", got)
	}
}

// Who waits for data is told what may be typed, and whom to.
func TestAdvice(t *testing.T) {
	x := openTerminal(t)
	addr := strings.Replace(echo(t), ":", " ", 1)
	x.types("sosh> ", "tcp connect "+addr+"\r")
	x.types("sosh c1> ", "recv\r")
	x.types("the peer has sent nothing yet", "\x03")
	x.types("sosh c1> ", "udp bind 0; recvfrom\r")
	x.types("in this shell: udp sendto first", "\x03")
	x.types("sosh u1> ", "recv c1\r") // only once
	x.types("recv c1 … 1 s", "\x03")
	if got := x.sees("sosh u1> "); strings.Contains(got, "waiting") {
		t.Errorf("the advice came twice: %q", got)
	}
	x.types("", "exit\r")
	x.ends()
}

// The prompt is filled in before each line.
func TestPromptFormat(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", `set prompt "{status} {handle} {{ {state}% "`+"\r")
	x.types("0 {% ", "listen 0\r")
	x.types("0 l1 { listening% ", "recv c9\r")
	x.types("1 l1 { listening% ", "set edit vi; set history-size 5\r")
	x.types("0 l1 { listening% ", "set prompt '{time}> '\r")
	at := x.sees(":")
	if hour := at[max(0, len(at)-3) : len(at)-1]; hour != time.Now().Format("15") {
		t.Logf("the hour is %q", hour) // it may just have changed
	}
	x.types("> ", "exit\r")
	x.ends()
}

// Completion knows aliases, options and their values.
func TestCompleteOwn(t *testing.T) {
	x := openTerminal(t, "PAGER=cat")
	x.types("sosh> ", "alias conn = tcp connect\r")
	x.types("sosh> ", "con\t")
	x.types("conn ", "--tim\t")
	x.types("--timeout ", "\x03")
	x.types("sosh> ", "set col\t")
	x.types("set color ", "alw\t")
	x.types("always ", "\x03")
	x.types("sosh> ", "unal\t")
	x.types("unalias ", "\t")
	x.types("conn ", "\r")
	x.types("sosh> ", "help sockets\r")
	x.sees("A socket is one end")
	x.types("sosh> ", "exit\r")
	x.ends()
}
