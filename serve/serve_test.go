package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

// A world is a server under test and what it noted.
type world struct {
	*Server
	mu    sync.Mutex
	notes []session.Note
	heard chan struct{}
}

// start serves what make gives, over TCP and, with datagrams, UDP.
func start(t *testing.T, s *Server, make func(Host) Runner) *world {
	t.Helper()
	w := &world{Server: s, heard: newSignal()}
	s.Session = session.New(session.Options{Notes: w.note})
	t.Cleanup(s.Session.Close)
	s.Name, s.Runner = "it", make(s)
	at := primitive.Addr{Host: "127.0.0.1"}
	var err error
	if s.Runner.Client != nil {
		if s.Listener, err = sock.ListenStream(t.Context(), at, sock.ListenOptions{}); err != nil {
			t.Fatal(err)
		}
		s.Session.Adopt(s.Listener)
		at = s.Listener.Addr()
	}
	if s.Runner.Packets != nil {
		if s.Datagram, err = sock.BindDatagram(t.Context(), at, sock.DatagramOptions{}); err != nil {
			t.Fatal(err)
		}
		s.Session.Adopt(s.Datagram)
	}
	s.Start(t.Context())
	return w
}

func newSignal() chan struct{} { return make(chan struct{}, 1) }

func (w *world) note(n session.Note) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notes = append(w.notes, n)
	select {
	case w.heard <- struct{}{}:
	default:
	}
}

// says waits until a note holds the text.
func (w *world) says(t *testing.T, text string) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		w.mu.Lock()
		var all []string
		for _, n := range w.notes {
			all = append(all, n.Text)
		}
		w.mu.Unlock()
		if strings.Contains(strings.Join(all, "\n"), text) {
			return
		}
		select {
		case <-w.heard:
		case <-late:
			t.Fatalf("nothing says %q:\n%s", text, strings.Join(all, "\n"))
		}
	}
}

func (w *world) dial(t *testing.T, network string) net.Conn {
	t.Helper()
	c, err := net.Dial(network, w.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// end ends the client's side and gives all that comes.
func end(t *testing.T, c net.Conn) string {
	t.Helper()
	c.(*net.TCPConn).CloseWrite()
	all, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func exchange(t *testing.T, c net.Conn, text string) string {
	t.Helper()
	io.WriteString(c, text)
	buf := make([]byte, 2048)
	n, err := c.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n])
}

func TestEcho(t *testing.T) {
	w := start(t, &Server{}, Echo)
	c := w.dial(t, "tcp")
	io.WriteString(c, "hello")
	if got := end(t, c); got != "hello" {
		t.Errorf("got %q", got)
	}
	w.says(t, "closed: 5 bytes received, 5 sent")
	if got := exchange(t, w.dial(t, "udp"), "hi"); got != "hi" {
		t.Errorf("over UDP: %q", got)
	}
	w.says(t, "2 bytes sent back")
}

func TestDiscard(t *testing.T) {
	w := start(t, &Server{}, Discard)
	c := w.dial(t, "tcp")
	io.WriteString(c, "hello")
	if got := end(t, c); got != "" {
		t.Errorf("got %q", got)
	}
	io.WriteString(w.dial(t, "udp"), "abc")
	w.says(t, "3 bytes taken")
}

func TestReply(t *testing.T) {
	w := start(t, &Server{}, func(h Host) Runner { return Reply(h, []byte("see you")) })
	if got := end(t, w.dial(t, "tcp")); got != "see you" {
		t.Errorf("got %q", got)
	}
	if got := exchange(t, w.dial(t, "udp"), "x"); got != "see you" {
		t.Errorf("over UDP: %q", got)
	}
}

func TestDaytime(t *testing.T) {
	at := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	w := start(t, &Server{}, func(h Host) Runner { return Daytime(h, at) })
	const want = "Friday, January 2, 2026 03:04:05-UTC\r\n"
	if got := end(t, w.dial(t, "tcp")); got != want {
		t.Errorf("got %q", got)
	}
	if got := exchange(t, w.dial(t, "udp"), "x"); got != want {
		t.Errorf("over UDP: %q", got)
	}
}

func TestChargen(t *testing.T) {
	w := start(t, &Server{}, func(h Host) Runner { return Chargen(h, 150) })
	got := end(t, w.dial(t, "tcp"))
	lines := strings.Split(got, "\r\n")
	if len(got) != 150 || lines[0] != ` !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`+"`abcdefg" || lines[1][:3] != `!"#` {
		t.Errorf("got %q", got)
	}
	if !bytes.Equal(pattern(0, 100), pattern(period, 100)) {
		t.Error("the pattern does not repeat after its period")
	}
	for size, want := range map[int]int{1: 1, 100: 100, 2000: maxGenerated} {
		if got := exchange(t, w.dial(t, "udp"), strings.Repeat("x", size)); len(got) != want {
			t.Errorf("a datagram of %d bytes got %d", size, len(got))
		}
	}
}

// Without a limit it goes on until the client ends.
func TestChargenWithoutEnd(t *testing.T) {
	w := start(t, &Server{}, func(h Host) Runner { return Chargen(h, 0) })
	c := w.dial(t, "tcp")
	if n, err := io.CopyN(io.Discard, c, 1<<20); err != nil {
		t.Errorf("after %d bytes: %v", n, err)
	}
	c.Close()
	w.says(t, "c1 ")
	w.says(t, "closed")
}

// What comes from the port of another such server is not answered.
func TestNoLoops(t *testing.T) {
	asked := 0
	answer := answersOnce(func(context.Context, sock.Packet) []byte { asked++; return []byte("x") })
	u, err := sock.BindDatagram(t.Context(), primitive.Addr{Host: "127.0.0.1"}, sock.DatagramOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- answer(ctx, u) }()
	cancel()
	if err := <-ended; primitive.KindOf(err) != primitive.Canceled || asked != 0 {
		t.Errorf("ended with %v after %d questions", err, asked)
	}
	for _, port := range []int{7, 13, 17, 19, 37} {
		if !isSmall(port) {
			t.Errorf("port %d is answered", port)
		}
	}
	if isSmall(50000) {
		t.Error("port 50000 is not answered")
	}
}

func TestIdle(t *testing.T) {
	w := start(t, &Server{Idle: 20 * time.Millisecond}, Echo)
	if got, err := io.ReadAll(w.dial(t, "tcp")); err != nil || len(got) > 0 {
		t.Errorf("got %q, %v", got, err)
	}
	w.says(t, "was idle for 20ms and is closed")
}

// isReset holds that a client is reset, which it may see when it connects.
func isReset(t *testing.T, w *world) {
	t.Helper()
	c, err := net.Dial("tcp", w.Addr().String())
	if err == nil {
		_, err = io.ReadAll(c)
		c.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v", err)
	}
}

func TestFaults(t *testing.T) {
	reply := func(h Host) Runner { return Reply(h, []byte("hello world")) }
	t.Run("truncate", func(t *testing.T) {
		c := start(t, &Server{Faults: Faults{Truncate: 5}}, reply).dial(t, "tcp")
		io.WriteString(c, "what is not read must not reset the connection")
		if got := end(t, c); got != "hello" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("reset", func(t *testing.T) {
		w := start(t, &Server{Faults: Faults{Reset: true}}, reply)
		isReset(t, w)
	})
	t.Run("reset after some", func(t *testing.T) {
		w := start(t, &Server{Faults: Faults{Reset: true, Truncate: 5}}, reply)
		isReset(t, w)
		w.says(t, "(reset after 5 bytes)")
		w.says(t, "5 sent")
	})
	t.Run("delay", func(t *testing.T) {
		begun := time.Now()
		end(t, start(t, &Server{Faults: Faults{Delay: 30 * time.Millisecond}}, reply).dial(t, "tcp"))
		if time.Since(begun) < 30*time.Millisecond {
			t.Error("it was not delayed")
		}
	})
	t.Run("every", func(t *testing.T) {
		w := start(t, &Server{Faults: Faults{Truncate: 1, Every: 3}, Iterative: true}, reply)
		for i, want := range []string{"hello world", "hello world", "h", "hello world", "hello world", "h"} {
			if got := end(t, w.dial(t, "tcp")); got != want {
				t.Errorf("client %d got %q", i+1, got)
			}
		}
	})
}

// The same seed makes the same choices, and the share is about what was asked for.
func TestChance(t *testing.T) {
	a, b := Faults{Chance: 0.3, Seed: 7}.chooser(), Faults{Chance: 0.3, Seed: 7}.chooser()
	hits := 0
	for range 1000 {
		hit := a.hit()
		if hit != b.hit() {
			t.Fatal("the same seed chose differently")
		}
		if hit {
			hits++
		}
	}
	if hits < 200 || hits > 400 {
		t.Errorf("%d of 1000 were hit", hits)
	}
}

// A service that fails to serve datagrams ends with its error, and so does the
// other socket.
func TestBothEnd(t *testing.T) {
	broken := primitive.Newf(primitive.Failed, "broken")
	s := &Server{}
	w := start(t, s, func(Host) Runner {
		return Runner{Client: echo, Packets: func(context.Context, *sock.Datagram) error { return broken }}
	})
	w.says(t, "broken")
	if !s.Listener.Closed() || !s.Datagram.Closed() {
		t.Error("a socket is open still")
	}
}
