package repl_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sosh/primitive"
	"sosh/repl"
	"sosh/session"
	"sosh/verbs"
)

// asProgram in the environment makes the test binary the program itself: a
// shell on its standard files, with the fake Lua.
const asProgram = "SOSH_REPL_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(program())
	}
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("os/signal.loop"),
	)
}

func program() int {
	tty := os.Getenv(asProgram) == "tty"
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var sh *repl.Shell
	s := session.New(session.Options{
		Out:   repl.WriterFunc(func(p []byte) (int, error) { return sh.Write(p) }),
		Notes: func(n session.Note) { sh.Note(n) },
		Ask:   func(ctx context.Context, q string) (string, error) { return sh.Ask(ctx, q) },
	})
	defer s.Close()
	table := verbs.Table()
	lua := newFakeLua()
	lua.Set("panics", fakeFunction(func(context.Context) ([]any, error) { panic("as the test wants") }))
	sh = repl.New(repl.Options{
		Table: table, Session: s, Lua: lua, In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTTY: tty, OutTTY: tty, ErrTTY: tty, HistoryFile: os.Getenv("SOSH_REPL_TEST_HISTORY"), Version: func() string { return "test" },
		Lessons: func() []repl.Lesson { return []repl.Lesson{{Name: "tcp-server", Title: "A TCP server"}} },
	})
	return sh.Main(ctx, os.Args[1:])
}

// A buffer is written and read by several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

// drop forgets the first bytes.
func (b *buffer) drop(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.b.Next(n)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// until waits for a text; the test's own time limit ends a vain wait.
func (b *buffer) until(t *testing.T, text string) string {
	t.Helper()
	limit := time.After(10 * time.Second)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		if got := b.String(); strings.Contains(got, text) {
			return got
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%q did not come, but %q", text, b.String())
		}
	}
}

// A world is a shell in memory.
type world struct {
	sh       *repl.Shell
	s        *session.Session
	lua      *fakeLua
	out, err *buffer
}

func newWorld(t *testing.T, in io.Reader, change ...func(*repl.Options)) *world {
	t.Helper()
	w := &world{lua: newFakeLua(), out: &buffer{}, err: &buffer{}}
	w.s = session.New(session.Options{
		Out:   repl.WriterFunc(func(p []byte) (int, error) { return w.sh.Write(p) }),
		Notes: func(n session.Note) { w.sh.Note(n) },
	})
	t.Cleanup(w.s.Close)
	table := verbs.Table()
	o := repl.Options{
		Table: table, Session: w.s, Lua: w.lua, In: in, Out: w.out, Err: w.err, Version: func() string { return "1" },
		Lessons: func() []repl.Lesson {
			return []repl.Lesson{{Name: "tcp-server", Title: "A TCP server"}, {Name: "udp-server", Title: "A UDP server"}}
		},
	}
	for _, f := range change {
		f(&o)
	}
	w.sh = repl.New(o)
	return w
}

// run runs the program arguments and gives the exit code.
func (w *world) run(t *testing.T, args ...string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	return w.sh.Main(ctx, args)
}

// portOf makes $p the address of the first listener, once there is one.
func (w *world) portOf() {
	w.lua.Set("p", nil)
	w.lua.lookup = func(name string) any {
		if name != "p" {
			return nil
		}
		for _, h := range w.s.Handles() {
			if rec, ok := primitive.Plain(h.Info()).(primitive.Record); ok && h.Type() == "listener" {
				laddr, _ := rec.Get("laddr")
				return laddr
			}
		}
		return nil
	}
}
