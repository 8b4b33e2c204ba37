package repl

import (
	"bytes"
	"io"
	"testing"
)

// A notice begins on a row of its own, whoever wrote last to the terminal.
func TestNoticeAfterUnfinishedLine(t *testing.T) {
	var screen bytes.Buffer
	sh := New(Options{Out: &screen, Err: &screen, OutTTY: true, ErrTTY: true})
	io.WriteString(sh.out, "no end")
	sh.say("t1 failed")
	sh.say("t2 failed")
	io.WriteString(sh.out, "end\n")
	sh.say("t3 failed")
	if got, want := screen.String(), "no end\nt1 failed\nt2 failed\nend\nt3 failed\n"; got != want {
		t.Errorf("the screen shows %q, want %q", got, want)
	}
}
