package luabind

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"sosh/primitive"
	"sosh/session"
)

func TestExit(t *testing.T) {
	f := newFixture(t, Options{})
	for source, code := range map[string]int{
		"exit(3)":              3,
		"os.exit(false)":       1,
		"exit()":               0,
		"pcall(exit, 4) x = 5": 4,
		"while true do pcall(function() exit(5) end) end":                             5,
		"coroutine.wrap(function() exit(6) end)()":                                    6,
		"task.spawn(function() exit(7) end) nap(100)":                                 7,
		"task.spawn(function() exit(8) end) while true do end":                        8,
		"callback(function() exit(9) end)":                                            9,
		"local ok = xpcall(exit, function() while true do end end) while true do end": 0,
	} {
		_, err := f.Run(t.Context(), source, "prompt")
		var exit *ExitError
		if !errors.As(err, &exit) || exit.Code != code {
			t.Errorf("%s: %v", source, err)
		}
	}
	if got := f.eval(t, "x"); got[0] != nil {
		t.Error("the script went on after exit")
	}
	if notes := f.notes.String(); notes != "" {
		t.Errorf("notes: %q", notes)
	}
}

func TestCancel(t *testing.T) {
	for _, source := range []string{
		"while true do end",
		"nap(100)",
		"task.sleep(100)",
		"coroutine.wrap(function() nap(100) end)()",
		"coroutine.wrap(function() while true do end end)()",
		"for _ in count(0) do end",
		"callback(function() nap(100) end)",
		"while true do pcall(function() while true do end end) end",
		"while true do pcall(nap, 100) end",
		"while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
		"local ok, m, k = pcall(nap, 100); assert(k == 'canceled'); pcall(nap, 100)",
		"io.read()",
		"m = task.mutex() task.spawn(function() m:lock() nap(100) end) nap(0.01) m:lock()",
	} {
		t.Run(source, func(t *testing.T) {
			reader, writer, _ := os.Pipe()
			defer writer.Close()
			f := newFixture(t, Options{grace: 50 * time.Millisecond, Stdin: reader})
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(30*time.Millisecond, cancel)
			_, err := f.Run(ctx, source, "prompt")
			if kind := primitive.KindOf(err); kind != primitive.Canceled {
				t.Errorf("kind %s: %v", kind, err)
			}
			f.Run(t.Context(), "1", "prompt") // the state is free again
		})
	}
}

// exit in a task that outlives its run is the outcome of that task.
func TestExitOfTask(t *testing.T) {
	f := newFixture(t, Options{})
	h := f.eval(t, "task.spawn(function(q) q:get() exit(3) end, (function() q = task.queue(1) return q end)())")[0].(*session.Task)
	h.Join()
	f.eval(t, "q:put(1)")
	var exit *ExitError
	if _, err := h.Wait(t.Context()); !errors.As(err, &exit) || exit.Code != 3 {
		t.Errorf("%v", err)
	}
}

// A script that cleans up has its time for it, and then ends as it likes.
func TestCleanUp(t *testing.T) {
	f := newFixture(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	got, err := f.Run(ctx, `local ok, m, k = pcall(nap, 100); nap(0.001); print("exited by the user"); return k`, "prompt")
	if err != nil || got[0] != "canceled" || f.out.String() != "exited by the user\n" {
		t.Errorf("%v %v %q", got, err, f.out)
	}
}

func TestStop(t *testing.T) {
	f := newFixture(t, Options{grace: time.Hour})
	time.AfterFunc(20*time.Millisecond, f.Stop)
	f.fails(t, "while true do pcall(nap, 100) end", primitive.Canceled)
	time.AfterFunc(20*time.Millisecond, f.Stop)
	f.fails(t, "while true do pcall(function() while true do end end) end", primitive.Canceled)
}

func TestMaxTime(t *testing.T) {
	f := newFixture(t, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := f.Run(ctx, "while true do end", "prompt"); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("%v", err)
	}
}
