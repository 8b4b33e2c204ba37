//go:build linux

package repl_test

import (
	"context"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sosh/primitive"
	"sosh/repl"
	"sosh/sock"
)

// A typist types lines at the prompt of a shell in memory.
type typist struct {
	*world
	t     *testing.T
	lines chan string
	ready chan struct{} // the prompt waits
	code  chan int
}

func newTypist(t *testing.T, change ...func(*repl.Options)) *typist {
	x := &typist{t: t, lines: make(chan string), ready: make(chan struct{}), code: make(chan int, 1)}
	x.world = newWorld(t, strings.NewReader(""), append(change, func(o *repl.Options) { o.Lines = x })...)
	x.portOf()
	go func() { x.code <- x.sh.Main(t.Context(), nil) }()
	<-x.ready
	return x
}

func (x *typist) Line(ctx context.Context, _ string) (string, error) {
	select {
	case x.ready <- struct{}{}:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	line, open := <-x.lines
	if !open {
		return "", io.EOF
	}
	return line, nil
}

func (x *typist) Write(p []byte) (int, error) { return x.err.Write(p) }
func (x *typist) Busy(func()) func()          { return func() {} }
func (x *typist) Lend(bool) func()            { return func() {} }
func (x *typist) Restore()                    {}
func (x *typist) Close() error                { return nil }

func (x *typist) Statement(ctx context.Context, prompt string) (string, error) {
	return x.Line(ctx, prompt)
}

// types types a line and waits until the prompt is back.
func (x *typist) types(line string) {
	x.t.Helper()
	x.lines <- line
	select {
	case <-x.ready:
	case <-time.After(20 * time.Second):
		x.t.Fatalf("%s does not end; %q", line, x.err.String())
	}
}

// leaves ends the shell.
func (x *typist) leaves() {
	x.t.Helper()
	close(x.lines)
	for {
		select {
		case <-x.ready:
		case code := <-x.code:
			if code != 0 {
				x.t.Errorf("code %d: %q", code, x.err.String())
			}
			return
		}
	}
}

func TestNotices(t *testing.T) {
	x := newTypist(t)
	x.types("listen 0")
	x.types("tcp connect $p")
	x.err.until(t, "l1 connection waiting from 127.0.0.1:")
	x.err.until(t, "(type: accept l1)")
	x.types("accept")
	x.types("send c1 hello")
	x.err.until(t, "c2 5 bytes waiting\n")
	x.types("recv c2 2")
	x.err.until(t, "c2 3 bytes waiting\n")
	x.types("close c1")
	x.err.until(t, "c2 closed by the peer\n")
	x.types("sleep 1ms &")
	x.err.until(t, "t1 done\n")
	x.types("try kill t9")
	x.types("sleep x &")
	x.types("udp bind 0")
	x.types("udp sendto ${u1.laddr} x")
	x.leaves()
	for _, once := range []string{"l1 connection waiting", "c2 closed by the peer", "t1 done"} {
		if n := strings.Count(x.err.String(), once); n != 1 {
			t.Errorf("%q was told %d times: %q", once, n, x.err.String())
		}
	}
}

// A task's own handles, and what is read at once, are nobody's business.
func TestNoticesOfTasks(t *testing.T) {
	x := newTypist(t)
	x.types("serve 0 echo &")
	x.types("mine = tcp connect $p")
	x.err.until(t, "connected from")
	for range 20 {
		x.types("send mine hello")
		x.types("recv mine --exact 5")
	}
	x.types("close mine")
	x.err.until(t, "closed: 100 bytes received, 100 sent")
	x.leaves()
	if strings.Contains(x.err.String(), "waiting") {
		t.Errorf("told: %q", x.err.String())
	}
}

func TestNotify(t *testing.T) {
	x := newTypist(t)
	x.types("notify")
	if got := x.out.String(); !strings.HasPrefix(got, "notify is on") {
		t.Errorf("%q", got)
	}
	x.types("notify off")
	x.types("sleep 1ms &")
	x.types("wait")
	x.types("listen 0")
	x.types("tcp connect $p")
	x.types("accept")
	x.types("notify summary")
	x.types("send c1 hello")
	x.err.until(t, "in 1s: 1 waiting (c2)\n")
	x.types("notify maybe")
	x.err.until(t, "on, summary or off?")
	x.leaves()
	if strings.Contains(x.err.String(), "c2 5 bytes") {
		t.Errorf("%q", x.err.String())
	}
}

// Colours are for terminals, and what a peer sent is never one.
func TestNoticesInColour(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	x := newTypist(t, func(o *repl.Options) { o.ErrTTY = true })
	x.types("sleep 1ms &")
	x.err.until(t, "t1\x1b[0m done\n")
	x.leaves()
	for _, env := range []string{"NO_COLOR=1", "TERM=dumb"} {
		name, value, _ := strings.Cut(env, "=")
		t.Setenv(name, value)
		x := newTypist(t, func(o *repl.Options) { o.ErrTTY = true })
		x.types("sleep 1ms &")
		x.err.until(t, "t1 done\n")
		x.leaves()
	}
}

const flood = 100_000

// A flood to handles that nobody reads: all of it is accounted for, in few lines,
// and a server beside it is served as ever.
func TestFlood(t *testing.T) {
	x := newTypist(t)
	sizes := map[string]int{"u1": flood, "u2": flood / 5, "u3": flood / 10}
	for range sizes {
		x.types("udp bind 0")
	}
	x.types("listen 0")
	x.types("tcp connect $p")
	x.types("accept")
	var senders sync.WaitGroup
	for name, size := range sizes {
		senders.Go(func() { x.floods(name, size) })
	}
	senders.Go(func() { x.floodsStream() })
	for range 20 { // the prompt and its commands go on
		x.types("sleep 1ms")
	}
	senders.Wait()
	for name, size := range sizes {
		x.accounted(name, size)
	}
	x.err.until(t, " waiting\n")
	x.types("recv c2 --exact 1000000 > /dev/null") // nothing of the stream is lost
	x.leaves()
	if lines := strings.Count(x.err.String(), " waiting"); lines > 40 {
		t.Errorf("%d lines: %s", lines, x.err.String())
	}
}

func (x *typist) handle(name string) primitive.Handle {
	h, err := x.s.Lookup(name)
	if err != nil {
		x.t.Error(err)
	}
	return h
}

func (x *typist) floods(name string, size int) {
	to, err := sock.DialDatagram(x.t.Context(), x.handle(name).(*sock.Datagram).Addr())
	if err != nil {
		x.t.Error(err)
		return
	}
	defer to.Close()
	for range size {
		if _, err := to.Send(x.t.Context(), []byte("0123456789")); err != nil {
			x.t.Error(err)
			return
		}
	}
}

func (x *typist) floodsStream() {
	c := x.handle("c1").(*sock.Stream)
	for range flood {
		if _, err := c.Send(x.t.Context(), []byte("0123456789")); err != nil {
			x.t.Error(err)
			return
		}
	}
}

// accounted waits until the notices of a handle add up.
func (x *typist) accounted(name string, want int) {
	x.t.Helper()
	line := regexp.MustCompile(`(?m)^` + name + ` ([0-9,]+)( more)? datagrams?(?: waiting(?:, ([0-9,]+) dropped)?)?`)
	limit := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		sum := 0
		for _, m := range line.FindAllStringSubmatch(x.err.String(), -1) {
			sum += number(m[1])
			if m[2] == "" {
				sum += number(m[3])
			}
		}
		if sum == want {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			x.t.Errorf("%s: %d accounted for, not %d: %s", name, sum, want, x.err.String())
			return
		}
	}
}

func number(text string) int {
	n, _ := strconv.Atoi(strings.ReplaceAll(text, ",", "")) // none is 0
	return n
}

// More clients come and go than anybody can read.
func TestFloodOfClients(t *testing.T) {
	x := newTypist(t)
	x.types("serve 0 echo &")
	x.types("mine = tcp connect $p")
	at := x.handle("mine").(*sock.Stream).Raddr()
	x.types("close mine")
	const clients = 500
	for range clients {
		c, err := sock.DialStream(t.Context(), at, sock.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	count := func() (n int) {
		for _, m := range regexp.MustCompile(`([0-9,]+) accepted \(`).FindAllStringSubmatch(x.err.String(), -1) {
			n += number(m[1])
		}
		return n + strings.Count(x.err.String(), "connected from")
	}
	limit := time.Now().Add(20 * time.Second)
	for tick := time.NewTicker(10 * time.Millisecond); count() != clients+1 && time.Now().Before(limit); {
		<-tick.C
	}
	if got := count(); got != clients+1 {
		t.Errorf("%d told, not %d: %s", got, clients+1, x.err.String())
	}
	x.leaves()
	if lines := strings.Count(x.err.String(), "\n"); lines > 150 {
		t.Errorf("%d lines", lines)
	}
}
