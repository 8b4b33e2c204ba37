//go:build !windows

package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTerminated holds that SIGTERM ends every way of running, quietly and with
// the code that shells give.
func TestTerminated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		sign string // shows on stdout or stderr that it runs
	}{
		{[]string{"-c", "listen 0; accept"}, "listening on"},
		{[]string{"-c", "print('up'); while true do end"}, "up"},
		{[]string{"run", "tcp-server", "--port", "0"}, "waiting for connection"},
		{[]string{"serve", "0", "echo"}, "serve echo on"},
		{[]string{"-c", "serve 0 echo &"}, "serve echo on"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			p := launch(t, sosh(t, c.args...))
			shown := p.err
			if c.args[0] == "run" || strings.Contains(c.args[1], "print") {
				shown = p.out
			}
			p.until(shown, c.sign, func(all string) bool { return strings.Contains(all, c.sign) })
			p.terminated()
			if errs, _ := p.err.look(); strings.Contains(errs, "interrupted") || strings.Contains(errs, "goroutine") {
				t.Errorf("not quiet: %q", errs)
			}
		})
	}
}

// terminated sends SIGTERM and waits for the end. A run takes the signal for
// itself only some time after its start; until then the system ends it, which a
// shell cannot tell apart.
func (p *program) terminated() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.fatal("SIGTERM: %v", err)
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.fatal("SIGTERM does not end it")
	}
	status, _ := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() && status.ExitStatus() != 128+int(syscall.SIGTERM) {
		p.fatal("exit code %d", status.ExitStatus())
	}
}

// TestTerminatedPrompt holds the same of the prompt.
func TestTerminatedPrompt(t *testing.T) {
	p := onTerminal(t, sosh(t))
	p.until(p.out, "the prompt", func(all string) bool { return strings.Contains(all, "sosh> ") })
	p.terminated()
}

// TestClosedOutput holds that a reader who has enough, as head -1, ends the
// program without a word, also when nobody reads its errors.
func TestClosedOutput(t *testing.T) {
	for _, args := range [][]string{
		{"-c", "for i = 1, 1e9 do print(i) end"},
		{"-c", "while true do pcall(print, 1) end"},
		{"-c", "for i = 1, 1e9 do sosh('try hexdump abc'); io.write('x\\n') end"},
	} {
		for _, errsToo := range []bool{false, true} {
			cmd := sosh(t, args...)
			errs := headOf(t, cmd, errsToo)
			if strings.Contains(errs, "goroutine") || strings.Contains(errs, "panic") {
				t.Errorf("%q says %.500q", args, errs)
			}
		}
	}
}

// headOf runs a command, reads one line of what it prints, and waits for its end.
func headOf(t *testing.T, cmd *exec.Cmd, errsToo bool) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	cmd.Stdout, cmd.Stderr = w, io.Writer(&errs)
	if errsToo {
		cmd.Stderr = w
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	_, err = bufio.NewReader(r).ReadString('\n')
	r.Close()
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	ended := cmd.Wait() // by SIGPIPE, or by itself
	if err != nil || !late.Stop() {
		t.Errorf("%q does not end by itself: %v, %v", cmd.Args, err, ended)
	}
	return errs.String()
}

// TestLeaksAreNoticed holds that a run which leaves something fails.
func TestLeaksAreNoticed(t *testing.T) {
	stop := make(chan struct{})
	defer close(stop)
	if code := leavingNothing(func() int { go func() { <-stop }(); return 0 }); code != leaky {
		t.Errorf("code %d", code)
	}
}
