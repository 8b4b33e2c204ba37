// Package nettest holds loopback peers for tests. Each lives as long as its test.
package nettest

import (
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
)

// Echo is the address of a TCP server that sends back what comes.
func Echo(t testing.TB) string {
	// As a mere Writer: for splice(2) Go would make pipes that it keeps until the
	// garbage is collected, and whoever looks for leaks would wait for that.
	return Serve(t, func(c net.Conn) { io.Copy(struct{ io.Writer }{c}, c) })
}

// Serve is the address of a TCP server that calls handle for each client, which
// is closed when it returns.
func Serve(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peers{conns: map[net.Conn]bool{}}
	p.wg.Go(func() { p.accept(l, handle) })
	t.Cleanup(func() {
		l.Close()
		p.close()
		p.wg.Wait()
	})
	return l.Addr().String()
}

// Peers are the clients being served, so that a test's end can close them.
type peers struct {
	wg     sync.WaitGroup
	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]bool
}

func (p *peers) accept(l net.Listener, handle func(net.Conn)) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		if !p.add(c) {
			c.Close()
			return
		}
		p.wg.Go(func() {
			defer c.Close()
			handle(c)
		})
	}
}

func (p *peers) add(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.conns[c] = true
	}
	return !p.closed
}

func (p *peers) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for c := range p.conns {
		c.Close()
	}
}

// UDPEcho is the address of a socket that sends every datagram back.
func UDPEcho(t testing.TB) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 64<<10)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			c.WriteTo(buf[:n], from)
		}
	})
	t.Cleanup(func() {
		c.Close()
		wg.Wait()
	})
	return c.LocalAddr().String()
}

// FreePort is a TCP and UDP port of 127.0.0.1 that nobody held a moment ago, and
// that no other test gets until this one ends. It is below those that systems give
// to whoever asks for any (ip(7): ip_local_port_range), so that nobody gets it by
// chance.
func FreePort(t testing.TB) string {
	t.Helper()
	const low, high = 10_000, 32_000
	for range 1000 {
		port := strconv.Itoa(low + rand.IntN(high-low))
		if free(net.JoinHostPort("127.0.0.1", port)) && claimed(t, port) {
			return port
		}
	}
	t.Fatal("no free port")
	return ""
}

func free(addr string) bool {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return false
	}
	defer l.Close()
	u, err := net.ListenPacket("udp", addr)
	if err != nil {
		return false
	}
	u.Close()
	return true
}

// claimed tells all other tests of this machine, by an abstract socket, that the
// port is taken; only Linux has those.
func claimed(t testing.TB, port string) bool {
	if runtime.GOOS != "linux" {
		return true
	}
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Net: "unixgram", Name: "@sosh/nettest/" + port})
	if err != nil {
		return false
	}
	t.Cleanup(func() { c.Close() })
	return true
}

// Missing skips a test for want of something: a program of others, or what this
// machine does not give. Where all of it is there (SOSH_PEERS=all, as .ci/run sets
// it) that is a failure.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("SOSH_PEERS") == "all" {
		t.Fatalf("needs %s; SOSH_PEERS=all says that all is there", what)
	}
	t.Skip("needs " + what)
}
