package probe

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sosh/internal/leak"
	"sosh/internal/nettest"
	"sosh/primitive"
)

// A way is one of the engines. Every test of states runs on each.
type way struct {
	name    string
	dialers bool
}

func ways() []way {
	list := []way{{"net", true}}
	if runtime.GOOS == "linux" {
		list = append(list, way{"epoll", false})
	}
	return list
}

// onEach runs a test on both engines.
func onEach(t *testing.T, test func(t *testing.T, w way)) {
	for _, w := range ways() {
		t.Run(w.name, func(t *testing.T) { test(t, w) })
	}
}

// results scans and gives what came, by address and port.
func results(t testing.TB, w way, p Plan, o Options) map[string]Result {
	t.Helper()
	o.viaNet = w.dialers
	got := map[string]Result{}
	for b := range newScanner(&p, o).batches(t.Context()) {
		for _, r := range b.results {
			if _, twice := got[r.Address()]; twice {
				t.Errorf("%s comes twice", r.Address())
			}
			got[r.Address()] = r
		}
	}
	return got
}

func one(t testing.TB, w way, addr string, udp bool, o Options) Result {
	t.Helper()
	host, port, _ := net.SplitHostPort(addr)
	p := planOf(t, host, port)
	p.UDP = udp
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	list := results(t, w, p, o)
	if len(list) != 1 {
		t.Fatalf("%d results", len(list))
	}
	return list[addr]
}

func TestStates(t *testing.T) {
	onEach(t, func(t *testing.T, w way) {
		open := one(t, w, nettest.Echo(t), false, Options{})
		if open.State != Open || open.RTT <= 0 || open.Reason() != "connected" || *open.Millis() <= 0 {
			t.Errorf("open: %+v", open)
		}
		closed := one(t, w, "127.0.0.1:"+nettest.FreePort(t), false, Options{})
		if closed.State != Closed || closed.Reason() != "connection refused" || closed.RTT <= 0 {
			t.Errorf("closed: %+v", closed)
		}
		six := one(t, w, listenSix(t), false, Options{})
		if six.State != Open {
			t.Errorf("IPv6: %+v", six)
		}
		if six = one(t, w, "[::1]:"+nettest.FreePort(t), false, Options{}); six.State != Closed {
			t.Errorf("IPv6, closed: %+v", six)
		}
		full := one(t, w, fullQueue(t), false, Options{Timeout: 50 * time.Millisecond, Retries: 1})
		if full.State != Timeout || full.Tries != 2 || full.Millis() != nil {
			t.Errorf("no answer: %+v", full)
		}
	})
}

func listenSix(t *testing.T) string {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		nettest.Missing(t, fmt.Sprintf("IPv6: %v", err))
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

// Whoever is reset, or hears nothing, after the handshake has found an open port.
func TestRudeServers(t *testing.T) {
	reset := func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }
	silent := func(c net.Conn) { io.Copy(io.Discard, c) }
	onEach(t, func(t *testing.T, w way) {
		for name, handle := range map[string]func(net.Conn){"reset": reset, "silent": silent, "closed": func(net.Conn) {}} {
			for range 20 {
				if r := one(t, w, nettest.Serve(t, handle), false, Options{}); r.State != Open {
					t.Fatalf("%s: %+v, %s", name, r, r.Reason())
				}
			}
		}
	})
}

func TestBanners(t *testing.T) {
	const limit = 64
	greet := &Greet{Wait: 400 * time.Millisecond, Max: limit}
	hold := func(c net.Conn) { io.Copy(io.Discard, c) } // until the client ends
	for _, c := range []struct {
		name         string
		serve        func(net.Conn)
		data, waited string
	}{
		{"greets", func(c net.Conn) { io.WriteString(c, "220 ready\r\n"); hold(c) }, "220 ready\r\n", "a pause of"},
		{"ends", func(c net.Conn) { io.WriteString(c, "SSH-2.0-x\r\n") }, "SSH-2.0-x\r\n", "the peer's end"},
		{"silent", hold, "", "nothing came"},
		{"endless", func(c net.Conn) { flood(c) }, strings.Repeat("x", limit), "the limit of 64 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			onEach(t, func(t *testing.T, w way) {
				r := one(t, w, nettest.Serve(t, c.serve), false, Options{Greet: greet})
				if r.State != Open || r.Banner == nil || string(r.Banner.Data) != c.data || !strings.Contains(r.Banner.Waited, c.waited) {
					t.Errorf("%+v, %+v", r, r.Banner)
				}
			})
		})
	}
}

// flood sends a gigabyte to whoever takes it.
func flood(c net.Conn) {
	block := []byte(strings.Repeat("x", 1<<20))
	for range 1 << 10 {
		if _, err := c.Write(block); err != nil {
			return
		}
	}
}

// A banner that trickles is cut when the time is over, and the memory is bounded
// whatever the server sends.
func TestBannerBounds(t *testing.T) {
	slow := func(c net.Conn) {
		for i := 0; ; i++ {
			if _, err := fmt.Fprintf(c, "%d,", i); err != nil {
				return
			}
			if err := awaitPeer(c, 20*time.Millisecond); err != nil {
				return
			}
		}
	}
	addr, _ := primitive.ParseAddr(nettest.Serve(t, slow), false)
	said, err := Banner(t.Context(), addr, "", time.Second, Greet{Wait: 300 * time.Millisecond, Max: 1 << 20})
	if err != nil || !strings.HasPrefix(string(said.Data), "0,1,2") || !strings.Contains(said.Waited, "more was coming") {
		t.Errorf("%q, %q, %v", said.Data, said.Waited, err)
	}
	addr, _ = primitive.ParseAddr(nettest.Serve(t, flood), false)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	said, err = Banner(t.Context(), addr, "", time.Second, Greet{Wait: 5 * time.Second, Max: 4096})
	runtime.ReadMemStats(&after)
	if err != nil || len(said.Data) != 4096 || after.TotalAlloc-before.TotalAlloc > 64<<20 {
		t.Errorf("%d bytes, %v, %d allocated", len(said.Data), err, after.TotalAlloc-before.TotalAlloc)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Banner(ctx, addr, "", time.Second, Greet{Wait: time.Hour, Max: 1}); primitive.KindOf(err) != primitive.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}

// awaitPeer passes time as a slow server does: it waits for the peer's end.
func awaitPeer(c net.Conn, d time.Duration) error {
	_ = c.SetReadDeadline(time.Now().Add(d))
	if _, err := c.Read(make([]byte, 1)); err != nil && primitive.KindOf(err) != primitive.Timeout {
		return err
	}
	return nil
}

func TestUDP(t *testing.T) {
	quiet, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer quiet.Close()
	onEach(t, func(t *testing.T, w way) {
		if r := one(t, w, nettest.UDPEcho(t), true, Options{}); r.State != Open || r.Reason() != "answered" || r.RTT <= 0 {
			t.Errorf("open: %+v", r)
		}
		if r := one(t, w, "127.0.0.1:"+nettest.FreePort(t), true, Options{}); r.State != Closed && runtime.GOOS == "linux" {
			t.Errorf("closed: %+v", r)
		}
		r := one(t, w, quiet.LocalAddr().String(), true, Options{Timeout: 30 * time.Millisecond, Retries: 2})
		if r.State != Silent || r.Tries != 3 || r.Millis() != nil {
			t.Errorf("silent: %+v", r)
		}
	})
}

// A bound rate holds: so many tries take so long.
func TestRate(t *testing.T) {
	port := nettest.FreePort(t)
	onEach(t, func(t *testing.T, w way) {
		start := time.Now()
		results(t, w, planOf(t, "127.0.0.1-100", port), Options{Rate: 500, Timeout: time.Second})
		if took := time.Since(start); took < 150*time.Millisecond {
			t.Errorf("100 tries at 500 a second took %s", took)
		}
	})
}

// Stopping early, or by the context, leaves nothing behind and gives what is
// known.
func TestStops(t *testing.T) {
	port := nettest.FreePort(t)
	onEach(t, func(t *testing.T, w way) {
		before := leak.Now()
		p := planOf(t, "127.0.0.0/22", port)
		for range newScanner(&p, Options{viaNet: w.dialers}).batches(t.Context()) {
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		for b := range newScanner(&p, Options{viaNet: w.dialers, Rate: 200}).batches(ctx) {
			if n += len(b.results); n > 0 {
				cancel()
			}
		}
		cancel()
		if n == 0 || n == 1024 {
			t.Errorf("%d results after a cancellation", n)
		}
		if err := before.Wait(5 * time.Second); err != nil {
			t.Error(err)
		}
	})
}

// fullQueue is an address whose listener's queue is full: what asks it gets no
// answer, as behind a filter that drops.
func fullQueue(t *testing.T) string {
	t.Helper()
	l, err := listenShort(t)
	if err != nil {
		nettest.Missing(t, fmt.Sprintf("a queue that can be filled: %v", err))
	}
	for range 64 {
		c, err := net.DialTimeout("tcp", l, 100*time.Millisecond)
		if err != nil {
			return l
		}
		t.Cleanup(func() { c.Close() })
	}
	nettest.Missing(t, "a queue that fills")
	return ""
}

// Scans run beside each other.
func TestTogether(t *testing.T) {
	addr := netip.MustParseAddrPort(nettest.Echo(t))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			p := planOf(t, "127.0.0.1-200", strconv.Itoa(int(addr.Port())))
			if r := results(t, ways()[len(ways())-1], p, Options{Timeout: 5 * time.Second})[addr.String()]; r.State != Open {
				t.Errorf("%+v", r)
			}
		})
	}
	wg.Wait()
}
