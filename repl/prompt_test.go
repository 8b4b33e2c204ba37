//go:build unix

package repl_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"sosh/internal/nettest"
)

// A terminal is the program on a pty.
type terminal struct {
	t    *testing.T
	tty  *os.File
	seen *buffer
	cmd  *exec.Cmd
	done chan struct{}
}

func openTerminal(t *testing.T, env ...string) *terminal {
	t.Helper()
	return openTerminalFor(t, nil, env...)
}

// openTerminalFor is openTerminal with arguments of the program.
func openTerminalFor(t *testing.T, args []string, env ...string) *terminal {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), append([]string{asProgram + "=tty", "TERM=xterm", "NO_COLOR=1"}, env...)...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		nettest.Missing(t, "a pty: "+err.Error())
	}
	term := &terminal{t: t, tty: tty, seen: &buffer{}, cmd: cmd, done: make(chan struct{})}
	go func() {
		defer close(term.done)
		io.Copy(term.seen, tty) // ends with EIO when the program does
	}()
	t.Cleanup(func() {
		cmd.Process.Kill() // it may have ended by itself
		cmd.Wait()
		tty.Close()
		<-term.done
	})
	return term
}

// types types, after the text was seen.
func (x *terminal) types(after, keys string) {
	x.t.Helper()
	x.sees(after)
	if _, err := io.WriteString(x.tty, keys); err != nil {
		x.t.Fatal(err)
	}
}

// sees waits for a text, and forgets what came until then.
func (x *terminal) sees(text string) string {
	x.t.Helper()
	all := x.seen.until(x.t, text)
	i := strings.Index(all, text) + len(text)
	x.seen.drop(i)
	return all[:i]
}

// ends waits for the program and gives its exit code.
func (x *terminal) ends() int {
	x.t.Helper()
	select {
	case <-x.done:
	case <-time.After(10 * time.Second):
		x.cmd.Process.Signal(syscall.SIGQUIT) // show where it hangs
		<-x.done
		x.t.Fatalf("it does not end: %q", x.seen.String())
	}
	x.cmd.Wait()
	return x.cmd.ProcessState.ExitCode()
}

func TestPrompt(t *testing.T) {
	history := filepath.Join(t.TempDir(), "state", "history")
	x := openTerminal(t, "SOSH_REPL_TEST_HISTORY="+history)
	x.types("sosh> ", "listen 0\r")
	x.sees("l1 listening on 127.0.0.1:")
	x.types("sosh l1> ", "acc\t")
	x.types("accept ", "\r")
	x.sees("in this shell: tcp connect first, then accept") // the advice for who waits
	x.types("", "\x03")
	x.sees("interrupted")
	x.types("sosh l1> ", "hexdump 'a\r")
	x.types(".. ", "b'\r")
	x.sees("61 0a 62")
	x.types("sosh l1> ", "\x03")
	x.sees("to leave: exit, or Ctrl-D")
	x.types("sosh l1> ", "hexdump --password x\r")
	x.sees("no options")
	x.types("sosh l1> ", " hexdump hidden\r")
	x.sees("|hidden|")
	x.types("sosh l1> ", "\x1b[3~version\r") // Delete is not the end
	x.sees("sosh test")
	x.types("sosh l1> ", "\x04")
	if code := x.ends(); code != 0 {
		t.Errorf("code %d: %q", code, x.seen.String())
	}
	info, err := os.Stat(history)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("history: %v, %v", info, err)
	}
	data, _ := os.ReadFile(history)
	if want := `"listen 0"` + "\n" + `"accept"` + "\n" + `"hexdump 'a\nb'"` + "\n" + `"hexdump --password ***"` + "\n" + `"version"` + "\n"; string(data) != want {
		t.Errorf("history %q, want %q", data, want)
	}
}

func TestPromptInterrupts(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", "sleep 1000\r")
	for _, line := range []string{
		"udp bind 0; recvfrom", "serve 0 echo", "!sleep 1000", "sleep 1000 | cat", "listen 0; accept",
	} {
		x.interrupt()
		x.types("> ", line+"\r")
		x.sees("\r\n")
	}
	x.interrupt()
	x.types("> ", "exit 5\r")
	if code := x.ends(); code != 5 {
		t.Errorf("code %d: %q", code, x.seen.String())
	}
}

// interrupt types Ctrl-C until the command that runs is gone: one typed before
// it began belongs to no command.
func (x *terminal) interrupt() {
	x.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 500 {
		if strings.Contains(x.seen.String(), "interrupted") {
			break
		}
		io.WriteString(x.tty, "\x03")
		<-tick.C
	}
	x.sees("interrupted")
}

func TestPromptNotes(t *testing.T) {
	x := openTerminal(t)
	x.types("sosh> ", "\x12\x13\x03") // a search without a history does not panic
	x.types("sosh> ", "sleep x &\r")
	x.types("sosh> ", "sleep 200ms &\r")
	x.types("sosh> ", "serve 0 echo &\r")
	x.types("sosh> ", "tcp con")
	x.types("tcp con", "\t")
	x.types("tcp connect ", "\t\t")
	x.sees("127.0.0.1")
	x.types("this machine", "\x03")
	x.sees("^C")
	x.types("sosh> ", "\x04")
	x.types("leave all the same? [y/N] ", "n\r")
	x.types("sosh> ", "\x04")
	x.types("leave all the same? [y/N] ", "\x04")
	if code := x.ends(); code != 0 {
		t.Errorf("code %d: %q", code, x.seen.String())
	}
}

func TestPromptAttach(t *testing.T) {
	x := openTerminal(t)
	addr := strings.Replace(echo(t), ":", " ", 1)
	x.types("sosh> ", "tcp connect "+addr+"\r")
	x.types("sosh c1> ", "attach\r")
	x.types("gives the prompt back", "hello\r")
	x.sees("hello\r\n")
	x.sees("hello\r\n")
	x.types("", "\x03")
	x.types("sosh c1> ", "exit\r")
	if code := x.ends(); code != 0 {
		t.Errorf("code %d: %q", code, x.seen.String())
	}
}

func TestDumbTerminal(t *testing.T) {
	x := openTerminal(t, "TERM=dumb")
	x.types("sosh> ", "version\n")
	x.types("sosh test", "\x04")
	if code := x.ends(); code != 0 || strings.Contains(x.seen.String(), "\x1b") {
		t.Errorf("code %d: %q", code, x.seen.String())
	}
}
