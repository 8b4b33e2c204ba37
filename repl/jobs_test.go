//go:build !windows

package repl_test

import "testing"

// runs types a command at the prompt and waits for what it prints.
func (x *terminal) runs(line, prints string) {
	x.t.Helper()
	x.types("sosh> ", line+"\r")
	x.sees(line)
	x.sees("\r\n")
	x.sees(prints)
}

// Ctrl-C ends what is in the foreground and nothing else; notices leave the line
// being typed alone.
func TestPromptJobs(t *testing.T) {
	x := openTerminal(t)
	x.runs("serve 0 echo &", "this machine only")
	x.runs("sleep 1000", "")
	x.interrupt()
	x.runs("jobs", "running")
	x.runs("sleep 500ms &", "t2 sleep")
	x.types("sosh> ", "hexdump A")
	x.sees("t2 done")
	x.types("", "B\r")
	x.sees("41 42")
	x.runs("fg", "serve echo on")
	x.interrupt()
	x.runs("jobs", "canceled")
	x.runs("fg", "no task is running")
	x.runs("fg t9", "there is no t9")
	x.types("sosh> ", "notify s\t\r")
	x.runs("notify", "notify is summary")
	x.runs("every 10ms --count 3 sleep 1ms", "t3 every")
	x.runs("every 1s sleep 1ms", "t4 every")
	x.interrupt()
	x.types("sosh> ", "exit 5\r")
	if code := x.ends(); code != 5 {
		t.Errorf("code %d: %q", code, x.seen.String())
	}
}
