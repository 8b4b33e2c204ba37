package repl_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sosh/repl"
)

func TestArguments(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "a.sosh")
	write(t, script, "#!/usr/bin/env sosh\nhexdump A\nsleep x\nhexdump B\n")
	write(t, filepath.Join(dir, "b.lua"), "print(1)")
	for _, c := range []struct {
		args []string
		in   string
		out  string
		err  string
		ran  string // by Lua
		code int
	}{
		{args: []string{"version"}, out: "sosh 1\n"},
		{args: []string{"--version"}, out: "sosh 1\n"},
		{args: []string{"--help"}, out: "tcp connect"},
		{args: []string{"help", "tcp", "connect"}, out: "usage: tcp connect"},
		{args: []string{"hexdump", "$a 'b'"}, out: "24 61 20 27 62 27"},
		{args: []string{"hexdump", ">", "x", ";", "&"}, out: "3e 20 78 20 3b 20 26"},
		{args: []string{"hexdump", `a\n`}, out: `5c 6e`},
		{args: []string{"--escapes", "hexdump", `a\n`}, out: "61 0a"},
		{args: []string{"hexdump", `a\n`, "--escapes"}, out: "61 0a"},
		{args: []string{"hexdump", "--", "--escapes"}, out: "2d 2d 65"},
		{args: []string{"--nope"}, err: "unknown option --nope", code: 2},
		{args: []string{"--jso"}, err: "did you mean --json?", code: 2},
		{args: []string{"tpc"}, err: "sosh: unknown command tpc, did you mean tcp", code: 2},
		{args: []string{"sleep", "100", "--max-time", "20ms"}, err: "timed out", code: 1},
		{args: []string{"--max-time", "20ms", "-c", "try sleep 1ms; sleep 100"}, err: "timed out", code: 1},
		{args: []string{"run", "tcp-server", "--port", "5", "-i"}, out: "-- One step", ran: "lesson tcp-server --port 5 -i"},
		{args: []string{script}, out: "00000000  41", err: "a.sosh:3: sleep: ", code: 2},
		{args: []string{"--keep-going", script}, out: "00000000  42", err: "a.sosh:3: sleep: ", code: 2},
		{args: []string{filepath.Join(dir, "b.lua"), "x", "--json"}, ran: "b.lua x --json"},
		{args: []string{"./no.sosh"}, err: "no such file", code: 1},
		{in: "hexdump A\n sleep x\nhexdump B", out: "00000000  41", err: "stdin:2: sleep: ", code: 2},
		{in: "hexdump A", out: "00000000  41"},
		{args: []string{"-i", "-c", "sleep x"}, in: "hexdump A", out: "00000000  41", err: "-c:1:"},
		{args: []string{"lua", "3"}, out: "3\n"},
		{args: []string{"-c"}, err: "-c needs a value", code: 2},
		{args: []string{"-c", "x", "y"}, err: "-c takes one word", code: 2},
		{args: []string{"sleep", "x", "--json"}, err: `"kind":"usage"`, code: 2},
		{args: []string{"--no-wait", "-c", "sleep 1000 &"}},
		{args: []string{"--quiet", "-c", "sleep 1ms &"}},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			w := newWorld(t, strings.NewReader(c.in))
			code := w.run(t, c.args...)
			out, err, ran := w.out.String(), w.err.String(), strings.Join(w.lua.ran, "\n")
			if code != c.code || !strings.Contains(out, c.out) || c.out == "" && out != "" ||
				!strings.Contains(err, c.err) || !strings.Contains(ran, c.ran) {
				t.Errorf("code %d, want %d\nout %q, want %q\nerr %q, want %q\nran %q", code, c.code, out, c.out, err, c.err, ran)
			}
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// echo is a server for one client that gives back what it gets.
func echo(t *testing.T) string {
	return serveOne(t, func(c net.Conn) { io.Copy(c, c) })
}

func serveOne(t *testing.T, f func(net.Conn)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	conns := make(chan net.Conn, 1)
	go func() {
		defer close(done)
		if c, err := l.Accept(); err == nil {
			conns <- c
			f(c)
			c.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		select {
		case c := <-conns:
			c.Close()
		default:
		}
		<-done
	})
	return l.Addr().String()
}

func random(t *testing.T) []byte {
	data := make([]byte, 300_000)
	if _, err := rand.Read(data); err != nil {
		t.Fatal(err)
	}
	copy(data, "\x00\xff\n\r\x1b")
	return data
}

func TestConnectBothWays(t *testing.T) {
	data := random(t)
	w := newWorld(t, bytes.NewReader(data))
	if code := w.run(t, "tcp", "connect", echo(t)); code != 0 || w.out.String() != string(data) {
		t.Errorf("code %d, %d of %d bytes came back; %s", code, len(w.out.String()), len(data), w.err.String())
	}
}

func TestListenBothWays(t *testing.T) {
	data, back := random(t), random(t)
	w := newWorld(t, bytes.NewReader(data))
	code := make(chan int, 1)
	go func() { code <- w.run(t, "listen", "0") }()
	conn := dial(t, w)
	got := make(chan []byte, 1)
	go func() { b, _ := io.ReadAll(conn); got <- b }()
	if _, err := conn.Write(back); err != nil {
		t.Fatal(err)
	}
	conn.(*net.TCPConn).CloseWrite()
	if g := <-got; !bytes.Equal(g, data) {
		t.Errorf("%d of %d bytes came", len(g), len(data))
	}
	if c := <-code; c != 0 || w.out.String() != string(back) {
		t.Errorf("code %d, %d of %d bytes came; %s", c, len(w.out.String()), len(back), w.err.String())
	}
}

// dial connects to what the shell says it listens on.
func dial(t *testing.T, w *world) net.Conn {
	t.Helper()
	line := w.err.until(t, "127.0.0.1:")
	_, rest, _ := strings.Cut(line, "listening on ")
	conn, err := net.Dial("tcp", strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// openInput never gives anything, like a terminal where nobody types.
func openInput(t *testing.T) io.Reader {
	r, wr := io.Pipe()
	t.Cleanup(func() { wr.Close() })
	return r
}

func TestPeerEndsFirst(t *testing.T) {
	addr := serveOne(t, func(c net.Conn) { c.Write([]byte("bye")) })
	w := newWorld(t, openInput(t))
	if code := w.run(t, "tcp", "connect", addr); code != 0 || w.out.String() != "bye" {
		t.Errorf("code %d, out %q, err %q", code, w.out.String(), w.err.String())
	}
}

func TestLinger(t *testing.T) {
	gone := make(chan struct{})
	addr := serveOne(t, func(net.Conn) { <-gone })
	defer close(gone)
	w := newWorld(t, strings.NewReader("x"))
	if code := w.run(t, "tcp", "connect", addr, "--linger", "30ms"); code != 0 {
		t.Errorf("code %d, err %q", code, w.err.String())
	}
}

func TestKeep(t *testing.T) {
	w := newWorld(t, openInput(t))
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() { code <- w.sh.Main(ctx, []string{"listen", "0", "--keep"}) }()
	for i := range 3 {
		conn := dial(t, w)
		fmt.Fprintf(conn, "client %d\n", i)
		conn.Close()
		w.out.until(t, fmt.Sprintf("client %d\n", i))
	}
	cancel()
	if c := <-code; c != 130 {
		t.Errorf("code %d, %q", c, w.err.String())
	}
}

func TestUDPBindPrints(t *testing.T) {
	w := newWorld(t, openInput(t))
	ctx, cancel := context.WithCancel(t.Context())
	code := make(chan int, 1)
	go func() { code <- w.sh.Main(ctx, []string{"udp", "bind", "0"}) }()
	line := w.err.until(t, "127.0.0.1:")
	_, rest, _ := strings.Cut(line, "datagram ")
	conn, err := net.Dial("udp", strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.Write([]byte("one\n"))
	conn.Write([]byte("two\x00\xff"))
	w.out.until(t, "one\ntwo\x00\xff")
	cancel()
	if c := <-code; c != 130 {
		t.Errorf("code %d", c)
	}
}

func TestUDPConnect(t *testing.T) {
	peer, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 100)
		n, addr, err := peer.ReadFrom(buf)
		if err == nil {
			peer.WriteTo(append([]byte("back: "), buf[:n]...), addr)
		}
	}()
	defer func() { peer.Close(); <-done }()
	w := newWorld(t, strings.NewReader("hi"))
	if code := w.run(t, "udp", "connect", peer.LocalAddr().String(), "--linger", "300ms"); code != 0 || w.out.String() != "back: hi" {
		t.Errorf("code %d, %q, %q", code, w.out.String(), w.err.String())
	}
}

func TestHabits(t *testing.T) {
	for _, c := range []struct{ typed, here string }{
		{"nc ADDR", "nc is here: tcp connect ADDR"},
		{"nc -w 3 ADDR", "nc is here: tcp connect ADDR --timeout 3"},
		{"telnet ADDR", "telnet is here: tcp connect ADDR"},
		{"nc -l 0", "nc is here: listen 0"},
		{"nc -lk -p 0", "nc is here: listen 0"},
		{"nc -u ADDR", "nc is here: udp connect ADDR"},
		{"nc -zv ADDR", "nc is here: tcp check ADDR"},
		{"nc -z -w 3 ADDR", "nc is here: tcp check ADDR --timeout 3"},
		{"nc -z ADDR-PORT", "nc is here: scan ADDR-PORT"},
		{"nc -z4v -w 2 ADDR", "nc is here: tcp check ADDR --timeout 2 --family inet"},
		{"nc -z -4 ADDR,PORT", "nc is here: scan ADDR,PORT --family inet"},
		{"nc -4 ADDR", "nc is here: tcp connect ADDR --family inet"},
		{"nmap -n -Pn -sT -p PORT 127.0.0.1", "nmap is here: scan 127.0.0.1 PORT --no-discovery"},
	} {
		addr := strings.Replace(echo(t), ":", " ", 1)
		w := newWorld(t, strings.NewReader(""))
		live := strings.NewReplacer("ADDR", addr, "PORT", strings.Fields(addr)[1])
		code := w.run(t, "-c", live.Replace(c.typed))
		want := live.Replace(c.here)
		if code != 0 || !strings.HasPrefix(w.err.String(), want+"\n") {
			t.Errorf("%s: code %d, %q, want %q", c.typed, code, w.err.String(), want)
		}
	}
}

func TestRedirect(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out")
	w := newWorld(t, nil)
	w.lua.Set("f", name)
	w.portOf()
	line := "listen 0; tcp connect $p; accept; send c1 \"a\\0\\xff\"; recv c2 > $f; send c1 b; recv c2 >> $f; recv c9 > $f"
	if code := w.run(t, "-c", line); code != 1 {
		t.Errorf("code %d, %s", code, w.err.String())
	}
	if data, _ := os.ReadFile(name); string(data) != "a\x00\xffb" {
		t.Errorf("got %q", data)
	}
}

func TestFileArgument(t *testing.T) {
	name := filepath.Join(t.TempDir(), "in")
	write(t, name, "a\x00\xff")
	w := newWorld(t, nil)
	if code := w.run(t, "-c", "hexdump @"+name); code != 0 || !strings.Contains(w.out.String(), "61 00 ff") {
		t.Errorf("code %d, %q %q", code, w.out.String(), w.err.String())
	}
}

func TestLine(t *testing.T) {
	w := newWorld(t, nil)
	w.portOf()
	got, err := w.sh.Line(t.Context(), "listen 0; tcp connect $p; accept; send c1 hi; recv c2")
	if err != nil || fmt.Sprintf("%s", got) != "hi" || w.out.String() != "" {
		t.Errorf("got %v, %v, out %q", got, err, w.out.String())
	}
	if _, err := w.sh.Line(t.Context(), "send 'x"); err == nil {
		t.Error("an unfinished line must fail")
	}
}

func TestInterruptedRun(t *testing.T) {
	for _, line := range []string{"listen 0; accept", "sleep 1000", "serve 0 echo", "udp bind 0; recvfrom", "sleep 1000 &"} {
		w := newWorld(t, nil)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		code := w.sh.Main(ctx, []string{"-c", line})
		cancel()
		if code != 1 { // a time limit, not Ctrl-C
			t.Errorf("%s: code %d, %s", line, code, w.err.String())
		}
	}
}

func TestPanicInLua(t *testing.T) {
	w := newWorld(t, nil)
	w.lua.Set("f", fakeFunction(func(context.Context) ([]any, error) { panic("oops") }))
	if code := w.run(t, "-c", "try f()\nhexdump A"); code != 0 || !strings.Contains(w.err.String(), "internal error: oops") {
		t.Errorf("code %d, %q", code, w.err.String())
	}
}

func TestTerminalIsSafe(t *testing.T) {
	addr := serveOne(t, func(c net.Conn) { c.Write([]byte("\x1b]0;x\x07\u202e\xff\n\u00e9")) })
	w := newWorld(t, openInput(t), func(o *repl.Options) { o.OutTTY = true })
	if code := w.run(t, "tcp", "connect", addr); code != 0 || w.out.String() != "\\x1b]0;x\\x07\\u{202e}\\xff\n\u00e9\n" {
		t.Errorf("code %d, %q", code, w.out.String())
	}
}
