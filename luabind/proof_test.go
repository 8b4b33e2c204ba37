package luabind

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/session"
	"sosh/verbs"
)

// newReal is a fixture with the program's own primitives.
func newReal(t testing.TB) *fixture {
	t.Helper()
	return fixtureOf(t, verbs.Table(), Options{})
}

// Ten thousand tasks wait on one queue, are woken and joined; nothing is lost.
func TestTenThousand(t *testing.T) {
	f := newFixture(t, Options{})
	begun := time.Now()
	if err := f.RunFile(t.Context(), "testdata/tenthousand.lua", []string{"10000"}); err != nil {
		t.Fatal(err)
	}
	t.Logf("10,000 tasks spawned, woken and joined in %v", time.Since(begun).Round(time.Millisecond))
}

// interruptions are what a script may be in when Ctrl-C comes; each says when it
// is there, and gives how often it was told.
var interruptions = map[string]string{
	"loop":         `busy()`,
	"coroutine":    `coroutine.wrap(busy)()`,
	"pcall":        `local ok, _, kind = pcall(busy) assert(not ok and kind == "canceled") told = told + 1 error("told", 0)`,
	"twice pcall":  `pcall(pcall, busy) told = told + 1 for i = 1, 1e4 do told = told + 0 end error("told", 0)`,
	"handler":      `callback(busy)`,
	"comparator":   `table.sort({3, 1, 2}, busy)`,
	"gsub":         `("abc"):gsub(".", busy)`,
	"metamethod":   `local _ = setmetatable({}, {__index = busy}).x`,
	"iterator":     `for _ in busy do end`,
	"blocked":      `ready() nap(100)`,
	"pcall wait":   `ready() pcall(nap, 100) told = told + 1 error("told", 0)`,
	"join":         `local t = task.spawn(nap, 100) ready() t:join()`,
	"queue":        `task.spawn(nap, 100) ready() task.queue():get()`,
	"group":        `task.group(function(g) g:spawn(nap, 100) ready() end)`,
	"timeout":      `task.timeout(100, busy)`,
	"inside every": `task.every(0.001, busy):join()`,
}

// An interruption ends a script wherever it is, and is told once.
func TestInterrupted(t *testing.T) {
	for name, source := range interruptions {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, Options{})
			told, took, err := f.interrupt(t, source)
			if kind := primitive.KindOf(err); err == nil || kind != primitive.Canceled && err.Error() != "told" {
				t.Errorf("ended with %v", err)
			}
			if told > 1 {
				t.Errorf("told %v times", told)
			}
			t.Logf("ended after %v", took)
		})
	}
}

// interrupt runs a source until it says that it is ready, and cancels it.
func (f *fixture) interrupt(t testing.TB, source string) (told float64, took time.Duration, err error) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var at time.Time
	f.Set("ready", primitive.Callable(goFunc(func() { at = time.Now(); cancel() })))
	_, err = f.Run(ctx, "told = 0 busy = function() ready() while true do end end "+source, "prompt")
	took = time.Since(at)
	for _, h := range f.session.Tasks() {
		h.Cancel() // what the script left behind
		<-h.Done()
	}
	v, _ := f.Get("told")
	return v.(float64), took, err
}

// A goFunc is a function of Go that scripts can call.
type goFunc func()

func (f goFunc) Call(context.Context, ...any) ([]any, error) { f(); return nil, nil }
func (f goFunc) String() string                              { return "function of the test" }

// A task that computes leaves the clients of a server served.
func TestBusyBeside(t *testing.T) {
	f := newReal(t)
	f.eval(t, `server = serve(0, function(c) while true do local d = c:recv() if not d then return end c:send(d) end end)`)
	f.eval(t, `busy = task.spawn(function() while true do end end)`)
	port, _ := f.eval(t, `server.lport`)[0].(float64)
	c := dialEcho(t, int(port))
	defer c.Close()
	var longest time.Duration
	for range 5 {
		begun := time.Now()
		roundTrip(t, c)
		longest = max(longest, time.Since(begun))
	}
	t.Logf("longest round trip beside a busy task: %v", longest.Round(time.Millisecond))
}

func dialEcho(t testing.TB, port int) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func roundTrip(t testing.TB, c net.Conn) {
	t.Helper()
	if _, err := c.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
}

const serverScript = `
local server = serve(0, function(c)
  while true do
    local d = c:recv()
    if not d then return end
    c:send(d)
  end
end)
started(server.lport)
server:join()`

// A server with a thousand clients that is interrupted is gone in no time, with
// all of its goroutines and descriptors.
func TestServerInterrupted(t *testing.T) {
	const clients = 1000
	needDescriptors(t, 2*clients+100)
	goroutines, files := runtime.NumGoroutine(), descriptors(t)
	f := newReal(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	port := make(chan int, 1)
	f.Set("started", primitive.Callable(portFunc(port)))
	ended := make(chan error, 1)
	go func() { _, err := f.Run(ctx, serverScript, "server"); ended <- err }()
	conns := make([]net.Conn, clients)
	to := <-port
	for i := range conns {
		conns[i] = dialEcho(t, to)
	}
	for _, c := range conns {
		roundTrip(t, c)
	}
	begun := time.Now()
	cancel()
	if err := <-ended; primitive.KindOf(err) != primitive.Canceled {
		t.Errorf("ended with %v", err)
	}
	f.session.Close()
	f.State.Close()
	t.Logf("1,000 clients: ended after %v", time.Since(begun).Round(time.Millisecond))
	for _, c := range conns {
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("a client was not let go")
		}
		c.Close()
	}
	waitFor(t, func() bool { return runtime.NumGoroutine() <= goroutines && descriptors(t) <= files })
}

type portFunc chan int

func (f portFunc) Call(_ context.Context, args ...any) ([]any, error) {
	f <- int(args[0].(float64))
	return nil, nil
}
func (f portFunc) String() string { return "function of the test" }

// descriptors counts what is open; where that cannot be seen it is always 0.
func descriptors(t testing.TB) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(list)
}

// needDescriptors skips where the system gives fewer descriptors.
func needDescriptors(t testing.TB, n int) {
	t.Helper()
	files := make([]*os.File, 0, n)
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	for range n {
		f, err := os.Open(os.DevNull)
		if err != nil {
			nettest.Missing(t, fmt.Sprintf("%d descriptors: %v", n, err))
		}
		files = append(files, f)
	}
}

// Neither the session's notes nor its output hold a lock that Lua needs: what
// is called there may look into Lua.
func TestLockOrder(t *testing.T) {
	var f *fixture
	f = fixtureWith(t, testTable(t), Options{}, session.Options{
		Out:   writerFunc(func(p []byte) (int, error) { f.Show([]any{1}); f.Fields("", false); return len(p), nil }),
		Notes: func(session.Note) { f.Set("noted", true) },
	})
	stop := make(chan struct{})
	outside := make(chan struct{})
	go func() {
		defer close(outside)
		for {
			select {
			case <-stop:
				return
			default:
				f.Set("n", 1)
				f.Get("n")
				l := newLine()
				f.session.Adopt(l)
				f.Show(l)
				f.session.Forget(l)
				f.session.Tasks()
			}
		}
	}()
	f.eval(t, `for i = 1, 200 do
		task.spawn(function() print(i, #task.list()) error("noted") end)
		local c = line.open("127.0.0.1:7") tostring(c) c:close()
	end`)
	for _, h := range f.session.Tasks() {
		<-h.Done()
	}
	close(stop)
	<-outside
	waitFor(t, func() bool { v, _ := f.Get("noted"); return v == true })
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// A panic in Go below a script ends only the task that is in it.
func TestPanicsContained(t *testing.T) {
	f := newFixture(t, Options{})
	f.Set("explode", primitive.Callable(goFunc(func() { panic("inside") })))
	got := f.eval(t, `(function()
		local m, q = task.mutex(), task.queue(1)
		local t = task.spawn(function() m:lock() explode() end)
		local none, message, kind = t:join()
		local group = select(3, task.group(function(g) g:spawn(explode) g:spawn(nap, 100) end))
		local timed = select(2, pcall(task.timeout, 100, explode))
		return none, message, kind, m:lock(), group, timed, pcall(coroutine.wrap(explode))
	end)()`)
	if got[0] != nil || !strings.Contains(got[1].(string), "inside") || got[2] != "failed" || got[3] != true || got[4] != "failed" {
		t.Errorf("%v", got)
	}
	if !strings.Contains(fmt.Sprint(got[5]), "inside") || got[6] != false {
		t.Errorf("%v", got[5:])
	}
	if got := f.eval(t, "select(2, task.spawn(boom):join()), select(3, boom())"); got[1] != "failed" {
		t.Errorf("%v", got)
	}
}

// What Go may still do is no deadlock; when nothing is left that could, it is.
func TestDeadlockOutside(t *testing.T) {
	f := newFixture(t, Options{})
	f.eval(t, `q = task.queue(1); put = function(v) q:put(v) end`)
	put, _ := f.Get("put")
	release := make(chan struct{})
	f.session.Go(t.Context(), "server", func(ctx context.Context) ([]any, error) {
		<-release
		return put.(primitive.Callable).Call(ctx, "from outside")
	})
	time.AfterFunc(3*deadlockLook, func() { close(release) })
	if got := f.eval(t, "q:get()"); got[0] != "from outside" {
		t.Errorf("%v", got)
	}
	f.fails(t, "q:get()", primitive.Failed, "deadlock: ", "the script waits for a value in a queue at prompt:1")
}

// At the prompt a waiting task is none: something may still be typed.
func TestDeadlockAtPrompt(t *testing.T) {
	f := newFixture(t, Options{})
	h := f.eval(t, "task.spawn(function(q) return q:get() end, (function() q = task.queue(1) return q end)())")[0].(*session.Task)
	ctx, cancel := context.WithTimeout(t.Context(), 3*deadlockLook)
	defer cancel()
	err := f.Deadlock(ctx) // for the end of a program
	if err == nil || !strings.Contains(err.Error(), "t1 waits for a value in a queue at prompt:1") {
		t.Errorf("%v", err)
	}
	f.eval(t, "q:put(5)")
	if got, err := h.Wait(t.Context()); err != nil || got[0] != 5.0 {
		t.Errorf("%v %v", got, err)
	}
	quiet, stop := context.WithTimeout(t.Context(), 2*deadlockLook)
	defer stop()
	if err := f.Deadlock(quiet); err != nil {
		t.Errorf("with nobody waiting: %v", err)
	}
}

// BenchmarkInterrupt is the time from Ctrl-C to the end of the script.
func BenchmarkInterrupt(b *testing.B) {
	for name, source := range interruptions {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			f := newFixture(b, Options{})
			var sum time.Duration
			for range b.N {
				_, took, _ := f.interrupt(b, source)
				sum += took
			}
			b.ReportMetric(float64(sum.Nanoseconds())/float64(b.N), "ns/interrupt")
		})
	}
}
