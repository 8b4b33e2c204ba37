package main

import (
	"os/exec"
	"strings"
	"testing"
)

// onScreen starts a command on a terminal that can move its cursor.
func onScreen(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	return startOn(t, "xterm", cmd)
}

// TestPasswordIsAskedFor types a password that nobody sees, at the prompt and
// outside of it.
func TestPasswordIsAskedFor(t *testing.T) {
	_, port := serving(t, "smtp", "--user", "ann", "--password", "open sesame")
	line := []string{"smtp", "send", "127.0.0.1:" + port, "--from", "ann@example.org", "--to", "bob@example.org", "--user", "ann"}
	outside := onScreen(t, sosh(t, line...))
	outside.answers("password of ann?", "open sesame")
	if got := outside.finish(0); !strings.Contains(got, "taken for 1 recipient") || strings.Contains(got, "sesame") {
		t.Errorf("the terminal shows %q", got)
	}
	inside := onScreen(t, sosh(t))
	inside.answers("sosh", strings.Join(line, " "))
	inside.answers("password of ann?", "open sesame")
	inside.answers("taken for 1 recipient", "exit")
	if got := inside.finish(0); strings.Contains(got, "sesame") {
		t.Errorf("the terminal shows %q", got)
	}
}
