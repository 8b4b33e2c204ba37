package primitive

import (
	"strconv"
	"strings"
	"sync"
	"testing"
)

func toldBy(t *Trace) string {
	calls, _ := t.End()
	var list []string
	for _, c := range calls {
		list = append(list, c.String())
	}
	return strings.Join(list, "; ")
}

func gave(name, args string, fd int) SystemCall {
	return SystemCall{Name: name, Args: args, Result: strconv.Itoa(fd)}
}

// A close stands behind what was done with the descriptor, and before its number was
// given out again, whenever it is told.
func TestTraceOfClosing(t *testing.T) {
	trace := new(Trace)
	trace.Add(gave("socket", "", 7))
	closed := trace.Closing(7)
	trace.Add(gave("recvmsg", "7", 0)) // was under way
	trace.Add(gave("socket", "", 7))   // another's
	other := trace.Closing(7)
	trace.Moved("it is 7 from now on", 7)
	trace.Add(gave("read", "7", 1))
	other(gave("close", "7", 0))
	closed(gave("close", "7", 0))
	want := "socket() = 7; recvmsg(7) = 0; close(7) = 0; socket() = 7; close(7) = 0; -- it is 7 from now on; read(7) = 1"
	if got := toldBy(trace); got != want {
		t.Errorf("it tells %s\nwant %s", got, want)
	}
}

// Calls of several goroutines stand in the order in which they were made, and no
// more of them are kept than there is room for.
func TestTraceOfMany(t *testing.T) {
	trace := new(Trace)
	made := 0 // nobody else makes a call meanwhile
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 100 {
				trace.Make(func() SystemCall { made++; return gave("write", "", made) })
				trace.Closing(1)(SystemCall{Words: "closed"})
			}
		})
	}
	all.Wait()
	calls, lost := trace.End()
	if len(calls) != maxCalls || lost != 800-maxCalls {
		t.Fatalf("%d calls, %d lost", len(calls), lost)
	}
	last := 0
	for _, c := range calls {
		if n, err := strconv.Atoi(c.Result); err == nil && n != last+1 {
			t.Fatalf("%d comes after %d", n, last)
		} else if err == nil {
			last = n
		}
	}
	trace.Add(gave("late", "", 1))
	trace.Closing(1)(gave("close", "1", 0))
	if after, _ := trace.End(); len(after) != maxCalls {
		t.Errorf("%d calls after the end", len(after))
	}
}
