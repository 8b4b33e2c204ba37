package main

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sosh/internal/nettest"
)

// The dialogues in testdata/script: what a person types, what comes back, and
// the exit code.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:      "testdata/script",
		Deadline: time.Now().Add(10 * time.Minute), // what hangs is told
		Setup:    func(e *testscript.Env) error { return setup(t, e) },
		Cmds:     map[string]func(*testscript.TestScript, bool, []string){"code": code},
	})
}

// setup gives a dialogue a live echo server ($ECHO, host and port), its UDP twin
// ($UDPECHO), ports nobody listens on ($PORT, $PORT2, $PORT3) and a home of its own.
func setup(t *testing.T, e *testscript.Env) error {
	host, port, _ := net.SplitHostPort(nettest.Echo(t))
	e.Setenv("ECHO", host+" "+port)
	e.Setenv("ECHOHOST", host)
	e.Setenv("ECHOPORT", port)
	host, port, _ = net.SplitHostPort(nettest.UDPEcho(t))
	e.Setenv("UDPECHO", host+" "+port)
	for _, name := range []string{"PORT", "PORT2", "PORT3"} {
		e.Setenv(name, nettest.FreePort(t))
	}
	e.Setenv("GORACE", os.Getenv("GORACE"))
	e.Setenv("HOME", e.WorkDir)
	e.Setenv("XDG_STATE_HOME", e.WorkDir)
	e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/config")
	return nil
}

// code runs a command that must end with an exit code: code 2 sosh -c 'tpc'.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command [args]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", strings.Join(args[1:], " "), err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
