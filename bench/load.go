//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// Traffic is ping-pong: each client sends pingSize bytes, waits until they are
// back, and sends the next. One thread does all of it, so that the server can have
// the other processors.
const (
	pingSize  = 64
	retry     = 200 * time.Millisecond // a datagram not back by then counts as lost
	firstWait = 5 * time.Second        // for a connection and its first echo
)

// A loadReport is what the generator prints twice, as JSON: when all clients are
// connected, and when the time is over. Then it holds the connections until its
// standard input ends.
type loadReport struct {
	Clients int     // connected
	Pings   int     // that came back
	Seconds float64 // of load
	Lost    int     // datagrams
	Broken  int     // connections that ended
	Wrong   int     // answers with other bytes
	Median  float64 // of the round trips, in microseconds
	P99     float64
}

// load is the generator: tcp|udp ADDRESS CLIENTS SECONDS.
func load(args []string) (code int) {
	debug.SetGCPercent(-1) // nothing here grows for longer than the load lasts
	runtime.LockOSThread()
	if err := generate(args); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		return 1
	}
	return 0
}

func generate(args []string) error {
	if len(args) != 4 {
		return fmt.Errorf("want tcp|udp ADDRESS CLIENTS SECONDS, got %q", args)
	}
	to, err1 := netip.ParseAddrPort(args[1])
	clients, err2 := strconv.Atoi(args[2])
	seconds, err3 := strconv.ParseFloat(args[3], 64)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return err
		}
	}
	t := &traffic{udp: args[0] == "udp", length: time.Duration(seconds * float64(time.Second))}
	if err := t.connect(to, clients); err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(t.report); err != nil {
		return err
	}
	if err := t.run(); err != nil {
		return err
	}
	if err := out.Encode(t.report); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// A client has one ping on its way at a time, all of whose bytes are its mark.
type client struct {
	fd   int
	mark byte
	sent time.Duration // since the start
	got  int           // bytes that are back
}

// traffic is the state of the generator.
type traffic struct {
	udp     bool
	length  time.Duration
	start   time.Time
	poll    int
	clients []client
	trips   []time.Duration
	report  loadReport
}

// connect opens the connections, each with an echo to be sure that it is served.
// Those that fail are missing in the report; none at all is an error.
func (t *traffic) connect(to netip.AddrPort, clients int) (err error) {
	if t.poll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return os.NewSyscallError("epoll_create1", err)
	}
	failed := 0
	for range clients {
		fd, dialErr := dial(t.udp, to)
		if dialErr != nil {
			err = dialErr
			if failed++; failed > 2 {
				break
			}
			continue
		}
		t.clients = append(t.clients, client{fd: fd})
	}
	if t.report.Clients = len(t.clients); t.report.Clients == 0 {
		return err
	}
	return nil
}

// dial makes a socket, and sends one ping through it with blocking calls.
func dial(udp bool, to netip.AddrPort) (fd int, err error) {
	kind := syscall.SOCK_STREAM
	if udp {
		kind = syscall.SOCK_DGRAM
	}
	if fd, err = syscall.Socket(syscall.AF_INET, kind|syscall.SOCK_CLOEXEC, 0); err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	defer func() {
		if err != nil {
			syscall.Close(fd)
		}
	}()
	wait := syscall.NsecToTimeval(int64(firstWait))
	if err := syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &wait); err != nil {
		return -1, os.NewSyscallError("setsockopt", err)
	}
	if err := syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}); err != nil {
		return -1, os.NewSyscallError("connect", err)
	}
	if !udp {
		syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
	}
	return fd, firstEcho(fd)
}

func firstEcho(fd int) error {
	if _, err := syscall.Write(fd, make([]byte, pingSize)); err != nil {
		return os.NewSyscallError("write", err)
	}
	buf := make([]byte, pingSize)
	for got := 0; got < pingSize; {
		n, err := syscall.Read(fd, buf)
		if err != nil {
			return os.NewSyscallError("read", err)
		}
		if n == 0 {
			return io.ErrUnexpectedEOF
		}
		got += n
	}
	return nil
}

// run makes the load and completes the report.
func (t *traffic) run() error {
	t.trips = make([]time.Duration, 0, 1<<21)
	t.start = time.Now()
	for i := range t.clients {
		if err := t.begin(i); err != nil {
			return err
		}
	}
	if err := t.loop(); err != nil {
		return err
	}
	t.report.Seconds = time.Since(t.start).Seconds()
	t.report.Pings = len(t.trips)
	if slices.Sort(t.trips); len(t.trips) > 0 {
		t.report.Median = microseconds(t.trips[len(t.trips)/2])
		t.report.P99 = microseconds(t.trips[len(t.trips)*99/100])
	}
	return nil
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// begin has the kernel tell of a client, and sends its first ping.
func (t *traffic) begin(i int) error {
	fd := t.clients[i].fd
	if err := syscall.SetNonblock(fd, true); err != nil {
		return os.NewSyscallError("fcntl", err)
	}
	event := syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(i)}
	if err := syscall.EpollCtl(t.poll, syscall.EPOLL_CTL_ADD, fd, &event); err != nil {
		return os.NewSyscallError("epoll_ctl", err)
	}
	t.ping(&t.clients[i])
	return nil
}

func (t *traffic) loop() error {
	events := make([]syscall.EpollEvent, 256)
	var swept time.Duration
	for now := time.Duration(0); now < t.length; now = time.Since(t.start) {
		n, err := syscall.EpollWait(t.poll, events, 100)
		if err != nil && err != syscall.EINTR {
			return os.NewSyscallError("epoll_wait", err)
		}
		for _, e := range events[:max(n, 0)] {
			t.pong(&t.clients[e.Fd])
		}
		if t.udp && now-swept > retry/2 {
			swept = now
			t.resend(now)
		}
	}
	return nil
}

// ping sends; what cannot be sent is missed later.
func (t *traffic) ping(c *client) {
	var out [pingSize]byte
	c.mark++
	for i := range out {
		out[i] = c.mark
	}
	c.got, c.sent = 0, time.Since(t.start)
	syscall.Write(c.fd, out[:])
}

// pong takes what is back, and sends the next ping when that is all.
func (t *traffic) pong(c *client) {
	var buf [4096]byte
	n, err := syscall.Read(c.fd, buf[:])
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return
	}
	if n <= 0 && !t.udp {
		t.report.Broken++
		syscall.Close(c.fd)
		return
	}
	t.check(c, buf[:max(n, 0)])
	if c.got += n; c.got >= pingSize {
		t.trips = append(t.trips, time.Since(t.start)-c.sent)
		t.ping(c)
	}
}

func (t *traffic) check(c *client, data []byte) {
	for _, b := range data {
		if b != c.mark {
			t.report.Wrong++
			return
		}
	}
}

// resend gives up the datagrams that are late.
func (t *traffic) resend(now time.Duration) {
	for i := range t.clients {
		if c := &t.clients[i]; now-c.sent > retry {
			t.report.Lost++
			t.ping(c)
		}
	}
}
