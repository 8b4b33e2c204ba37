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

func TestBench(t *testing.T) {
	for _, mode := range []string{"up", "down", "both", "rr"} {
		t.Run(mode, func(t *testing.T) {
			addr, logged := benchServer(t)
			plan := Plan{Mode: mode, Streams: 2, Time: 60 * time.Millisecond, Interval: 20 * time.Millisecond}
			list, err := collect(t, Bench(t.Context(), dialTo(t, addr), plan))
			if err != nil || len(list) != 4 {
				t.Fatalf("%d results, %v", len(list), err)
			}
			total := list[3]
			if !total.Total || list[2].Total || total.Rate <= 0 || total.Streams != 2 {
				t.Errorf("the total is %+v", total)
			}
			checkMode(t, total)
			checkSums(t, list[:3], total)
			<-logged
			if !strings.HasPrefix(total.Words().Line, "total ") || !strings.Contains(list[0].Words().Line, "0.0-0.") {
				t.Errorf("%q, %q", total.Words().Line, list[0].Words().Line)
			}
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

func crowdOf(c Crowd) Crowd {
	c.Clients, c.Interval, c.Timeout = 5, 30*time.Millisecond, 20*time.Second
	if c.Time == 0 {
		c.Time = 60 * time.Millisecond
	}
	return c
}

func TestLoad(t *testing.T) {
	list, err := collect(t, Run(t.Context(), dialTo(t, nettest.Echo(t)), crowdOf(Crowd{Requests: 2, Send: []byte("hello"), Expect: []byte("hello")})))
	if err != nil || len(list) != 3 {
		t.Fatalf("%d results, %v", len(list), err)
	}
	total := list[2]
	if !total.Total || total.Failed != 0 || total.Answered == 0 || total.Connected == 0 || total.InFlight < 1 || total.InFlight > 5 || total.AnswerP50 == nil {
		t.Errorf("the total is %+v", total)
	}
	if got := list[0].Answered + list[1].Answered; got > total.Answered || total.Answered > 2*total.Connected {
		t.Errorf("%d answers in the intervals, %d in all, %d connections", got, total.Answered, total.Connected)
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
			list, err := collect(t, Run(t.Context(), dialTo(t, test.addr), crowdOf(Crowd{Requests: 1, Send: []byte("x"), Expect: []byte("y")})))
			if err != nil {
				t.Fatal(err)
			}
			total := list[len(list)-1]
			found := slices.ContainsFunc(total.Failures, func(f Failure) bool { return f.Step+" "+string(f.Kind) == test.want })
			if !found || total.Answered != 0 || total.Failed == 0 || !strings.Contains(total.Words().Line, "×") {
				t.Errorf("%+v", total)
			}
		})
	}
}

// A rate holds the clients back: in a short time there are few connections.
func TestLoadRate(t *testing.T) {
	list, err := collect(t, Run(t.Context(), dialTo(t, nettest.Echo(t)), crowdOf(Crowd{Requests: 1, Rate: 100, Time: 50 * time.Millisecond})))
	if total := list[len(list)-1]; err != nil || total.Connected > 6 || total.Connected < 1 {
		t.Errorf("%+v, %v", total, err)
	}
}

// Connections that stay are as many as there are clients.
func TestLoadStays(t *testing.T) {
	list, err := collect(t, Run(t.Context(), dialTo(t, nettest.Echo(t)), crowdOf(Crowd{Requests: 0, Time: 300 * time.Millisecond})))
	if total := list[len(list)-1]; err != nil || total.Connected != 5 || total.InFlight != 5 {
		t.Errorf("%+v, %v", total, err)
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
	list, err := collect(t, Run(t.Context(), dial, crowdOf(Crowd{Requests: 0})))
	total := list[len(list)-1]
	if err != nil || total.Short != 3 || total.Failed != 0 || total.Connected != 2 || !strings.Contains(total.Words().Line, "3 clients were given up") {
		t.Errorf("%+v, %v", total, err)
	}
}

func TestLoadStopped(t *testing.T) {
	for range Run(t.Context(), dialTo(t, nettest.Echo(t)), crowdOf(Crowd{Requests: 0, Time: time.Hour})) {
		break
	}
}
