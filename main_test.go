package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The test binary is sosh too: dialogues run it as a command.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sosh": func() { os.Exit(run()) }})
}
