package probe

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sosh/internal/nettest"
)

// listenShort listens on a port of 127.0.0.1 with a queue of none.
func listenShort(t *testing.T) (string, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return "", err
	}
	if err := unix.Listen(fd, 0); err != nil {
		return "", err
	}
	ip, port := localName(fd)
	return netip.AddrPortFrom(ip, uint16(port)).String(), nil
}

// A scan that runs out of descriptors goes on with fewer, says so, and loses
// nothing.
func TestOutOfDescriptors(t *testing.T) {
	const servers = 120
	var ports []string
	for range servers {
		_, port, _ := net.SplitHostPort(nettest.Serve(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }))
		ports = append(ports, port)
	}
	p := planOf(t, "127.0.0.1", strings.Join(ports, ","))
	o := Options{Greet: &Greet{Wait: 50 * time.Millisecond, Max: 10}, Timeout: 5 * time.Second, descriptors: 100_000}
	notices, got := 0, map[uint16]State{}
	s := newScanner(&p, o)
	few(t, 20)
	for b := range s.batches(t.Context()) {
		if b.notice != "" {
			notices++
			if !strings.Contains(b.notice, "out of descriptors") {
				t.Error(b.notice)
			}
		}
		for _, r := range b.results {
			got[r.Port] = r.State
		}
	}
	for _, port := range p.Ports {
		if got[port] != Open {
			t.Errorf("%d is %s", port, got[port])
		}
	}
	if len(got) != servers || notices != 1 {
		t.Errorf("%d results, %d notices", len(got), notices)
	}
}

// few leaves this process n descriptors until the test ends.
func few(t *testing.T, n int) {
	t.Helper()
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &was); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Dup(0) // the lowest that is free
	if err != nil {
		t.Fatal(err)
	}
	unix.Close(fd)
	lower := was
	lower.Cur = uint64(fd + n)
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &lower); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sync.OnceFunc(func() { _ = unix.Setrlimit(unix.RLIMIT_NOFILE, &was) }))
}

// A probe in flight takes less than a kilobyte of our memory.
func BenchmarkInFlight(b *testing.B) {
	w := &worker{scanner: &scanner{}}
	b.ReportAllocs()
	for b.Loop() {
		w.slots = append(w.slots, slot{})
		w.due.push(w.slots, int32(len(w.slots)-1))
	}
}

// A socket that met itself, or another probe, is no open port: whatever ports the
// system gives to our own sockets while all of its range is probed.
func TestMeetsNoneOfOurs(t *testing.T) {
	if !ownNetwork(t) {
		return
	}
	for range 3 {
		p := planOf(t, "127.0.0.1", "1-65535")
		for addr, r := range results(t, way{}, p, Options{}) {
			if r.State != Closed {
				t.Errorf("%s is %s: %s", addr, r.State, r.Reason())
			}
		}
	}
}
