package main

import (
	"strings"
	"testing"
)

// A start of the program runs no init function of its own packages: each costs
// page faults for its code, its data and what it makes, whether that is needed or
// not. What is to be made goes into a lazy.Value.
func TestNothingIsMadeAtStart(t *testing.T) {
	cmd := sosh(t, "-c", "info")
	cmd.Env = append(cmd.Env, "GODEBUG=inittrace=1")
	out, _ := cmd.CombinedOutput() // there is no current handle
	if !strings.Contains(string(out), "init net @") {
		t.Fatalf("no trace:\n%s", out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "init sosh/") && !strings.HasPrefix(line, "init sosh/internal/") {
			t.Errorf("%s", line)
		}
	}
}
