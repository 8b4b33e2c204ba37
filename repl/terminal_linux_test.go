package repl_test

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// cooked checks that the terminal is as it was: lines, echo and signals.
func (x *terminal) cooked() {
	x.t.Helper()
	state, err := unix.IoctlGetTermios(int(x.tty.Fd()), unix.TCGETS)
	if err != nil {
		x.t.Fatal(err)
	}
	const want = unix.ICANON | unix.ECHO | unix.ISIG
	if state.Lflag&want != want || state.Oflag&unix.OPOST == 0 || state.Iflag&unix.ICRNL == 0 {
		x.t.Errorf("the terminal is left raw: %+v", state)
	}
}

// However it ends, with a line half typed or a command running, the terminal is
// given back.
func TestTerminalGivenBack(t *testing.T) {
	for _, c := range []struct {
		name string
		keys string // typed first
		seen string // is waited for then
		sig  syscall.Signal
		code int
	}{
		{"TERM", "half", "half", syscall.SIGTERM, 143},
		{"HUP", "half", "half", syscall.SIGHUP, 129},
		{"QUIT", "half", "half", syscall.SIGQUIT, 131},
		{"TERM while a command runs", "listen 0; accept\r", "waiting for a client", syscall.SIGTERM, 143},
		{"HUP while a command runs", "listen 0; accept\r", "waiting for a client", syscall.SIGHUP, 129},
		{"menu", "tcp \t", "connect", syscall.SIGTERM, 143},
		{"panic", "crash(\r", "as the test wants", 0, 2},
		{"exit", "exit 3\r", "exit", 0, 3},
		{"Ctrl-D", "\x04", "", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := openTerminal(t)
			x.types("sosh> ", c.keys)
			x.sees(c.seen)
			if c.sig != 0 {
				x.cmd.Process.Signal(c.sig)
			}
			if code := x.ends(); code != c.code {
				t.Errorf("code %d, want %d: %q", code, c.code, x.seen.String())
			}
			x.cooked()
			if all := x.seen.String(); c.code != 0 && strings.LastIndex(all, "\x1b[?2004l") < strings.LastIndex(all, "\x1b[?2004h") {
				t.Errorf("pastes are still marked: %q", all)
			}
		})
	}
}

// A panic in a task is that task's failure; the prompt goes on.
func TestTerminalAfterPanicInTask(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", "serve 0 $panics &\r")
	x.sees(" on 127.0.0.1:")
	port, _, _ := strings.Cut(x.sees("\r\n"), " ")
	x.types("sosh> ", "tcp connect 127.0.0.1 "+port+"\r")
	x.sees("internal error: as the test wants")
	x.types("> ", "exit\r") // the server may have named its end of the connection first
	x.ends()
	x.cooked()
}

// What is typed while a command runs waits, unseen, for the next prompt.
func TestTypeAhead(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", "sleep 300ms\rversion\r")
	before := x.sees("sosh test")
	if n := strings.Count(before, "\n"); n < 2 || strings.Contains(before[:strings.Index(before, "\n")], "version") {
		t.Errorf("shown %q", before)
	}
	x.types("sosh> ", "sleep 1000\r\x03") // in one go
	x.sees("interrupted")
	x.types("sosh> ", "\x04")
	x.ends()
}

// SIGINT from elsewhere ends the command, and at the prompt nothing.
func TestKillInterrupt(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", "listen 0; accept\r")
	x.sees("waiting for a client")
	x.cmd.Process.Signal(os.Interrupt)
	x.sees("interrupted")
	x.sees("sosh l1> ")
	x.cmd.Process.Signal(os.Interrupt)
	x.types("", "version\r")
	x.sees("sosh test")
	x.types("sosh l1> ", "\x04")
	if code := x.ends(); code != 0 {
		t.Errorf("code %d", code)
	}
}

// Programs get the terminal as they know it, and the prompt gets it back.
func TestTerminalLent(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", "!stty -a\r")
	x.sees("speed ")
	if state := x.sees("sosh> "); !strings.Contains(state, " icanon ") || !strings.Contains(state, " echo ") {
		t.Errorf("a program finds %q", state)
	}
	x.types("", "!sed s/a/b/\r")
	x.sees("!sed s/a/b/\r\n")
	x.types("\x1b[?2004l", "abc\n")
	x.types("bbc", "\x04")
	x.types("sosh> ", "hexdump A | head -c 4 \r")
	x.sees("0000")
	x.types("sosh> ", "!sleep 100 &\r")
	x.types("sosh> ", "version\r")
	x.sees("sosh test")
	x.types("sosh> ", "exit\r")
	x.ends()
	x.cooked()
}

// A command may ask; Ctrl-C ends it then.
func TestAskAtPrompt(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", "ask which port\r")
	x.types("which port ", "80\r")
	x.sees("80\r\n80")
	x.types("sosh> ", "ask which port\r")
	x.types("which port ", "8\x03")
	x.sees("interrupted")
	x.types("sosh> ", "exit\r")
	x.ends()
}
