package main

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"sosh/internal/leak"
)

// The test binary is sosh too: dialogues and lessons run it as a command. Each of
// these runs must end without a goroutine or a descriptor left.
func TestMain(m *testing.M) {
	if os.Getenv("GORACE") == "" {
		os.Setenv("GORACE", "atexit_sleep_ms=0") // with -race each of these runs would end a second late
	}
	testscript.Main(m, map[string]func(){"sosh": func() { os.Exit(leavingNothing(run)) }})
}

// leaky is the exit code of a run that left something.
const leaky = 99

func leavingNothing(run func() int) int {
	nothingLeft := heldNow()
	code := run()
	if err := nothingLeft(); err != nil {
		fmt.Fprintln(os.Stderr, "left at the end:", err)
		return leaky
	}
	return code
}

// How long what was closed may take to be gone.
const settling = 5 * time.Second

// heldNow notes the goroutines and descriptors there are; the returned function
// says what has come and is not gone.
func heldNow() (nothingLeft func() error) {
	before, others := leak.Now(), goleak.IgnoreCurrent()
	return func() error {
		return errors.Join(before.WaitDescriptors(settling), goleak.Find(
			others,
			// A Read of the input that is under way cannot be taken back.
			goleak.IgnoreAnyFunction("sosh/repl.(*input).fetch"),
		))
	}
}
