package load

import (
	"context"
	"io"
	"iter"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/sock"
)

// dialTo connects to an address.
func dialTo(t *testing.T, addr string) Dial {
	t.Helper()
	at, err := primitive.ParseAddr(addr, false)
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context) (*sock.Stream, error) { return sock.DialStream(ctx, at, sock.DialOptions{}) }
}

// benchServer is the address of the other side of a bench, and what it logged.
func benchServer(t *testing.T) (addr string, logged chan string) {
	logged = make(chan string, 100)
	return nettest.Serve(t, func(c net.Conn) {
		s := sock.NewStream(c)
		_ = Serve(t.Context(), s, time.Minute, func(format string, _ ...any) { logged <- format })
		s.Close()
	}), logged
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) (list []T, err error) {
	t.Helper()
	for m, e := range seq {
		if e != nil {
			return list, e
		}
		list = append(list, m)
	}
	return list, nil
}

// The time is cut into intervals, and the total follows.
func TestBenchIntervals(t *testing.T) {
	addr, _ := benchServer(t)
	list, err := collect(t, Bench(t.Context(), dialTo(t, addr), Plan{Mode: "up", Streams: 1, Time: 50 * time.Millisecond, Interval: 20 * time.Millisecond}))
	if err != nil || len(list) != 4 || !list[3].Total || list[2].Total {
		t.Fatalf("%+v, %v", list, err)
	}
	checkSums(t, list[:3], list[3])
	if !strings.HasPrefix(list[3].Words().Line, "total ") || !strings.HasPrefix(list[0].Words().Line, "0.0-0.") {
		t.Errorf("%q, %q", list[3].Words().Line, list[0].Words().Line)
	}
}

func TestBench(t *testing.T) {
	for _, mode := range []string{"up", "down", "both", "rr"} {
		t.Run(mode, func(t *testing.T) {
			addr, logged := benchServer(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var list []Measure
			for m, err := range Bench(ctx, dialTo(t, addr), Plan{Mode: mode, Streams: 2, Time: time.Hour, Interval: 5 * time.Millisecond}) {
				if err == nil {
					list = append(list, m)
				}
				if moved := func(m Measure) bool { return m.Up > 0 == (mode != "down") && m.Down > 0 == (mode != "up") }; slices.ContainsFunc(list, moved) {
					cancel()
				}
			}
			total := list[len(list)-1]
			if !total.Total || total.Rate <= 0 || total.Streams != 2 {
				t.Errorf("the total is %+v", total)
			}
			checkMode(t, total)
			checkSums(t, list[:len(list)-1], total)
			<-logged
		})
	}
}

// checkMode holds that bytes moved where the mode says.
func checkMode(t *testing.T, m Measure) {
	t.Helper()
	if up := m.Mode != "down"; (m.Up > 0) != up {
		t.Errorf("up: %d bytes", m.Up)
	}
	if down := m.Mode != "up"; (m.Down > 0) != down {
		t.Errorf("down: %d bytes", m.Down)
	}
	if rr := m.Mode == "rr"; (m.Requests > 0) != rr || (m.P50 != nil) != rr || rr && (*m.P50 > *m.P99 || *m.P99 > *m.Max) {
		t.Errorf("answers: %+v", m)
	}
}

// checkSums holds that the intervals do not exceed the total, and follow each other.
func checkSums(t *testing.T, list []Measure, total Measure) {
	t.Helper()
	var up, down int64
	to := 0.0
	for _, m := range list {
		if up, down = up+m.Up, down+m.Down; m.From != to || m.To <= m.From {
			t.Errorf("from %v to %v after %v", m.From, m.To, to)
		}
		to = m.To
	}
	if up > total.Up || down > total.Down {
		t.Errorf("intervals have %d and %d, the total %d and %d", up, down, total.Up, total.Down)
	}
}

// Who stops listening ends the run, and everything that it started.
func TestBenchStopped(t *testing.T) {
	addr, logged := benchServer(t)
	for range Bench(t.Context(), dialTo(t, addr), Plan{Mode: "both", Streams: 3, Time: time.Hour, Interval: time.Millisecond}) {
		break
	}
	for range 6 {
		<-logged
	}
}

// An interrupt shows what is known so far.
func TestBenchCancelled(t *testing.T) {
	addr, _ := benchServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	list := []Measure{}
	var failed error
	for m, err := range Bench(ctx, dialTo(t, addr), Plan{Mode: "up", Streams: 1, Time: time.Hour, Interval: time.Millisecond}) {
		cancel()
		if failed = err; err == nil {
			list = append(list, m)
		}
	}
	if last := list[len(list)-1]; !last.Total || primitive.KindOf(failed) != primitive.Canceled {
		t.Errorf("it ended with %+v, %v", last, failed)
	}
}

func TestBenchNoBench(t *testing.T) {
	servers := map[string]func(net.Conn){
		"an echo":        func(c net.Conn) { io.Copy(c, c) },
		"one that ends":  func(net.Conn) {},
		"one that yells": func(c net.Conn) { c.Write([]byte(strings.Repeat("\x1b[2J", 1000))) },
	}
	for name, serve := range servers {
		_, err := collect(t, Bench(t.Context(), dialTo(t, nettest.Serve(t, serve)), Plan{Mode: "up", Streams: 1, Time: time.Second, Interval: time.Second}))
		if e := primitive.AsError(err); e.Kind != primitive.Unsupported || e.Hint == "" || strings.Contains(e.Cause, "\x1b") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A server that ends in the middle is a failure, with the total of before.
func TestBenchBroken(t *testing.T) {
	addr := nettest.Serve(t, func(c net.Conn) {
		io.ReadAtLeast(c, make([]byte, 100), 20)
		io.WriteString(c, "ok\nxxxxx")
	})
	list, err := collect(t, Bench(t.Context(), dialTo(t, addr), Plan{Mode: "down", Streams: 1, Time: time.Hour, Interval: time.Hour}))
	if err == nil || len(list) != 1 || !list[0].Total || list[0].Down != 5 {
		t.Errorf("%+v, %v", list, err)
	}
}

// run lets a crowd of five go on until the sum of what it did is enough, and gives
// the intervals and the total.
func run(t *testing.T, dial Dial, c Crowd, enough func(sum Result) bool) (list []Result, total Result) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.Clients, c.Time, c.Interval, c.Timeout = 5, time.Minute, 5*time.Millisecond, 20*time.Second
	var sum Result
	for x, err := range Run(ctx, dial, c) {
		switch {
		case err != nil && primitive.KindOf(err) != primitive.Canceled:
			t.Fatal(err)
		case x.Total:
			total = x
		case err == nil:
			list = append(list, x)
			sum.add(x)
		}
		if enough(sum) {
			cancel()
		}
	}
	return list, total
}

func TestLoad(t *testing.T) {
	list, total := run(t, dialTo(t, nettest.Echo(t)), Crowd{Requests: 2, Send: []byte("hello"), Expect: []byte("hello")}, func(x Result) bool { return x.Answered > 20 })
	if total.Failed != 0 || total.Answered <= 20 || total.InFlight < 1 || total.InFlight > 5 || total.AnswerP50 == nil || *total.ConnectP50 > *total.ConnectMax {
		t.Errorf("the total is %+v", total)
	}
	var sum Result
	for _, x := range list {
		sum.add(x)
	}
	if sum.Answered > total.Answered || total.Answered > 2*total.Connected || total.Received != 5*total.Answered {
		t.Errorf("the intervals have %+v, the total %+v", sum, total)
	}
}

func TestLoadFailures(t *testing.T) {
	reset := nettest.Serve(t, func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) })
	ends := nettest.Serve(t, func(c net.Conn) { io.ReadAtLeast(c, make([]byte, 10), 1) })
	for _, test := range []struct{ name, addr, want string }{
		{"refused", "127.0.0.1:" + nettest.FreePort(t), "connect refused"},
		{"reset", reset, "answer reset"},
		{"ended", ends, "answer eof"},
	} {
		t.Run(test.name, func(t *testing.T) {
			is := func(f Failure) bool { return f.Step+" "+string(f.Kind) == test.want }
			_, total := run(t, dialTo(t, test.addr), Crowd{Requests: 1, Send: []byte("x"), Expect: []byte("y")}, func(x Result) bool { return slices.ContainsFunc(x.Failures, is) })
			if !slices.ContainsFunc(total.Failures, is) || total.Answered != 0 || !strings.Contains(total.Words().Line, "×") {
				t.Errorf("%+v", total)
			}
		})
	}
}

// A rate holds the clients back: in a short time there are few connections.
func TestLoadRate(t *testing.T) {
	c := Crowd{Clients: 5, Time: 50 * time.Millisecond, Interval: time.Second, Timeout: time.Second, Requests: 1, Rate: 100}
	list, err := collect(t, Run(t.Context(), dialTo(t, nettest.Echo(t)), c))
	if err != nil || len(list) != 2 || list[1].Connected > 6 {
		t.Errorf("%+v, %v", list, err)
	}
}

// A server that stalls once keeps all those waiting that should have come meanwhile,
// and with a rate their waiting is measured, though no client was free to begin it.
func TestLoadRateCountsFromWhenItWasDue(t *testing.T) {
	const stall, calls = 100 * time.Millisecond, 100
	n := 0 // there is one client
	good := dialTo(t, nettest.Echo(t))
	dial := func(ctx context.Context) (*sock.Stream, error) {
		switch n++; {
		case n == 1:
			<-time.After(stall)
		case n > calls:
			<-ctx.Done()
		}
		return good(ctx)
	}
	c := Crowd{Clients: 1, Time: time.Minute, Interval: 5 * time.Millisecond, Timeout: time.Minute, Requests: 2, Rate: 1000, Send: []byte("x"), Expect: []byte("x")}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var sum, total Result
	for x, err := range Run(ctx, dial, c) {
		if sum.add(x); err == nil {
			total = x
		}
		if sum.Answered == 2*calls && !x.Total {
			cancel()
		}
	}
	// The k-th of them was due after k ms, and begun after the stall: it took 100-k ms
	// at least. Of the answers only the first on each connection waited for it.
	if total.Answered != 2*calls || *total.ConnectP50 < 48 || *total.ConnectP90 < 88 || *total.AnswerP90 < 78 || *total.ConnectMax < 100 {
		t.Errorf("%d answers, connects took %v, %v, %v, answers %v, %v", total.Answered, *total.ConnectP50, *total.ConnectP90, *total.ConnectMax, *total.AnswerP50, *total.AnswerP90)
	}
}

// Who never comes to begin what is due says so.
func TestLoadBehind(t *testing.T) {
	dial := func(ctx context.Context) (*sock.Stream, error) { <-ctx.Done(); return nil, ctx.Err() }
	list, err := collect(t, Run(t.Context(), dial, Crowd{Clients: 2, Time: 50 * time.Millisecond, Interval: time.Second, Timeout: time.Minute, Rate: 1000}))
	if total := list[len(list)-1]; err != nil || total.Behind < 48 || total.Behind > 49 || !strings.Contains(total.Words().Line, "were due and not begun") {
		t.Errorf("%+v, %v", total, err)
	}
}

// Connections that stay are as many as there are clients.
func TestLoadStays(t *testing.T) {
	_, total := run(t, dialTo(t, nettest.Echo(t)), Crowd{}, func(x Result) bool { return x.Connected == 5 })
	if total.Connected != 5 || total.InFlight != 5 {
		t.Errorf("%+v", total)
	}
}

// When descriptors or ports run out here, it is not the server that failed.
func TestLoadShort(t *testing.T) {
	good := dialTo(t, nettest.Echo(t))
	n := make(chan struct{}, 2)
	dial := func(ctx context.Context) (*sock.Stream, error) {
		select {
		case n <- struct{}{}:
			return good(ctx)
		default:
			return nil, &primitive.Error{Kind: primitive.Failed, Errno: "EMFILE", Cause: "too many open files"}
		}
	}
	_, total := run(t, dial, Crowd{}, func(x Result) bool { return x.Short == 3 && x.Connected == 2 })
	if total.Short != 3 || total.Failed != 0 || total.Connected != 2 || !strings.Contains(total.Words().Line, "3 clients were given up") {
		t.Errorf("%+v", total)
	}
}

func TestLoadStopped(t *testing.T) {
	for range Run(t.Context(), dialTo(t, nettest.Echo(t)), Crowd{Clients: 5, Time: time.Hour, Interval: time.Millisecond, Timeout: time.Second}) {
		break
	}
}
