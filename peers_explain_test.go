package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"sosh/internal/nettest"
	"sosh/verbs"
)

// Calls that Go's net package and runtime make beside those that are told: the
// explanation says so in words.
var unasked = regexp.MustCompile(`^(fcntl|getsockname|getpeername|getsockopt\(\d+, (SOL_SOCKET, SO_(TYPE|PROTOCOL)|SOL_TCP, TCP_INFO)|setsockopt\(\d+, (SOL_TCP, TCP_(NODELAY|KEEP\w+)|SOL_SOCKET, SO_KEEPALIVE)|close\()`)

// withoutReason is a call without the words behind an errno, which differ, and
// without what strace(1) abbreviates in another way.
func withoutReason(line string) string {
	line, _, _ = strings.Cut(line, " (")
	line = hopLimit.ReplaceAllString(strings.TrimSpace(line), "cmsg_type=0x34")
	line = unfilled.ReplaceAllString(line, `$1, ""`)
	line = nobody.ReplaceAllString(line, `$1, NULL, NULL`)
	line = queuedError.ReplaceAllString(line, "cmsg_type=0x19}")
	return icmpFilter.ReplaceAllString(line, "SOL_ICMPV6, filter, 32")
}

// What strace has no names for: control messages and the filter of ICMP of IPv6;
// and buffers that nothing was read into, of which it shows the place.
var (
	unfilled    = regexp.MustCompile(`^((?:read|recvfrom)\(\d+), 0x[0-9a-f]+`)
	nobody      = regexp.MustCompile(`^(recvfrom\(\d+, "", \d+, 0|accept4?\(\d+), 0x[0-9a-f]+, \[\d+\]`)
	hopLimit    = regexp.MustCompile(`cmsg_type=IPV6_HOPLIMIT, cmsg_data=\[\d+\]`)
	queuedError = regexp.MustCompile(`cmsg_type=IPV6_RECVERR, cmsg_data=\{.*\}\}\}`)
	icmpFilter  = regexp.MustCompile(`SOL_ICMPV6, .*, 32`)
)

// straced are commands of other families: ECHO, READY, HTTP and SECURE are the ports
// of servers outside, UDP that of one over UDP, CLOSED that of nobody.
var straced = []string{
	"ping 127.0.0.1 --count 1", "ping 127.0.0.1 --count 1 --ttl 3", "ping ::1 --count 1", "ping ::1 --count 1 --ttl 3",
	"ping 127.0.0.1 --count 1 --tcp ECHO", "ping 127.0.0.1 --count 2 --interval 10ms --tcp CLOSED",
	"ping 127.0.0.1 --count 1 --udp UDP", "ping 127.0.0.1 --count 1 --udp CLOSED", "ping 127.0.0.1 --count 1 --http http://127.0.0.1:HTTP/",
	"trace 127.0.0.1 --queries 1 --max-hops 1", "trace ::1 --queries 1 --max-hops 1",
	"trace 127.0.0.1 --queries 1 --max-hops 1 --icmp", "trace ::1 --queries 1 --max-hops 1 --icmp",
	"trace 127.0.0.1 --queries 1 --max-hops 1 --tcp ECHO", "trace 127.0.0.1 --queries 1 --max-hops 1 --tcp CLOSED",
	"scan 127.0.0.1 ECHO,CLOSED", "scan 127.0.0.1 UDP --udp", "scan 127.0.0.1 READY --banner",
	"tcp check 127.0.0.1 ECHO", "udp check 127.0.0.1 UDP", "banner 127.0.0.1 READY", "banner 127.0.0.1 ECHO --wait 20ms",
	"probe 127.0.0.1 READY", "probe 127.0.0.1 UDP --udp", "script run echo 127.0.0.1 ECHO",
	"tcp load 127.0.0.1 ECHO --clients 1 --time 20ms --send hello --expect hello",
	"tls info 127.0.0.1 SECURE --insecure", "tls connect 127.0.0.1 SECURE --insecure", "http get http://127.0.0.1:HTTP/",
}

// outside starts the servers, and fills in their ports.
func outside(t *testing.T) *strings.Replacer {
	t.Helper()
	port := func(addr string) string { _, port, _ := net.SplitHostPort(addr); return port }
	web := httptest.NewServer(http.NotFoundHandler())
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	t.Cleanup(secure.Close)
	ready := nettest.Serve(t, func(c net.Conn) { fmt.Fprint(c, "220 ready\r\n") })
	return strings.NewReplacer("ECHO", port(nettest.Echo(t)), "READY", port(ready), "UDP", port(nettest.UDPEcho(t)), "CLOSED", nettest.FreePort(t),
		"HTTP", port(web.Listener.Addr().String()), "SECURE", port(secure.Listener.Addr().String()))
}

// TestStrace holds that the calls that explain shows are those that strace sees,
// word for word and in order, and that nothing was left out but what the
// explanation leaves to Go.
func TestStrace(t *testing.T) {
	t.Parallel()
	needs(t, "strace")
	if runtime.GOOS != "linux" {
		t.Skip("strace is for Linux")
	}
	for _, c := range explained {
		t.Run(c.command, func(t *testing.T) {
			if strings.Contains(c.command, "shutdown") && c.command != "shutdown c1 write" {
				return // there are two
			}
			before := c.before
			if before != "" {
				before += "; "
			}
			fill := strings.NewReplacer("NAME", filepath.Join(t.TempDir(), "s"))
			agrees(t, fill.Replace(before), fill.Replace(c.command))
		})
	}
	fill := outside(t)
	for _, command := range straced {
		t.Run(command, func(t *testing.T) { agrees(t, "", fill.Replace(command)) })
	}
}

// agrees explains a command under strace, and compares.
func agrees(t *testing.T, before, command string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	lines := before + "!true BEGIN; try explain --only calls " + command + "; !true END"
	cmd := exec.Command(needs(t, "strace"), "-f", "-qq", "-s", "64", "-e", "trace=network,read,write,close,fcntl,execve", "-o", log, "sosh", "--quiet", "--no-wait", "-c", lines)
	cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+t.TempDir())
	out, err := cmd.Output()
	if err != nil {
		nettest.Missing(t, "the right to trace: "+err.Error())
	}
	told := toldCalls(string(out))
	if len(told) == 0 && !strings.Contains(string(out), "no system call") {
		t.Fatalf("nothing is told: %s", out)
	}
	seen := seenCalls(t, log)
	sockets := slices.DeleteFunc(slices.Clone(seen), func(s string) bool { return !slices.Contains(told, s) && unasked.MatchString(s) })
	compare(t, told, sockets)
}

// compare holds that what was told was seen in that order, and no more about
// sockets.
func compare(t *testing.T, told, sockets []string) {
	t.Helper()
	at := 0
	for _, want := range told {
		i := slices.Index(sockets[at:], want)
		if i < 0 {
			t.Fatalf("strace did not see, in its place:\n%s\nit saw\n%s\nwe told\n%s", want, strings.Join(sockets, "\n"), strings.Join(told, "\n"))
		}
		for _, other := range sockets[at : at+i] {
			if aboutSockets(other) {
				t.Errorf("not told: %s", other)
			}
		}
		at += i + 1
	}
}

// aboutSockets is whether a call is one that makes or uses a socket, and no read
// or write of a pipe.
func aboutSockets(call string) bool {
	return !strings.HasPrefix(call, "read(") && !strings.HasPrefix(call, "write(") && !strings.HasPrefix(call, "close(") && !strings.HasPrefix(call, "fcntl(") && !strings.HasPrefix(call, "socketpair(")
}

func toldCalls(out string) (calls []string) {
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "--") {
			calls = append(calls, withoutReason(line))
		}
	}
	return calls
}

// seenCalls are those between the two programs that mark the place. Calls that
// another thread interrupted are put together again.
func seenCalls(t *testing.T, log string) (calls []string) {
	t.Helper()
	data, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	begun, ended := false, false
	open, others := map[string]string{}, map[string]bool{}
	for line := range strings.Lines(string(data)) {
		pid, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		text = strings.TrimSpace(text)
		if head, cut := strings.CutSuffix(text, " <unfinished ...>"); cut {
			open[pid] = head
			continue
		}
		if _, rest, resumed := strings.Cut(text, " resumed>"); resumed {
			text = open[pid] + rest
		}
		switch {
		case strings.Contains(text, `"BEGIN"`):
			begun, others[pid] = true, true
		case strings.Contains(text, `"END"`):
			ended, others[pid] = true, true
		case begun && !ended && !others[pid] && blanks.MatchString(text):
			calls = append(calls, withoutReason(blanks.ReplaceAllString(text, ") = ")))
		}
	}
	if !begun || !ended {
		t.Fatalf("the marks are missing in %.1000s", data)
	}
	return calls
}

var blanks = regexp.MustCompile(`\)\s+= `)

// A listener for programs: what they say, and what they are told.
func programServer(t *testing.T, talk func(net.Conn)) (port string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				talk(c)
				c.Close()
			})
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

// programs make a program that runs of what explain gives.
func programs() map[string]func(t *testing.T, source string) *exec.Cmd {
	return map[string]func(*testing.T, string) *exec.Cmd{
		"python": func(t *testing.T, source string) *exec.Cmd {
			path := filepath.Join(t.TempDir(), "x.py")
			written(t, path, source)
			return exec.Command(needs(t, "python3"), path)
		},
		"c": func(t *testing.T, source string) *exec.Cmd {
			dir := t.TempDir()
			written(t, filepath.Join(dir, "x.c"), source)
			out, err := exec.Command(needs(t, "gcc"), "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o", filepath.Join(dir, "x"), filepath.Join(dir, "x.c")).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, out, source)
			}
			return exec.Command(filepath.Join(dir, "x"))
		},
	}
}

func written(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// source is one part of an explanation.
func source(t *testing.T, w *world, only, command string) string {
	t.Helper()
	w.out.b.Reset()
	if code := w.shell.Main(t.Context(), []string{"--no-wait", "-c", "explain --dry-run --only " + only + " " + command}); code != 0 {
		t.Fatalf("%s: %s", command, w.all.String())
	}
	return w.out.String()
}

// everyByte is a text with all of them, as a shell word in its own escapes.
func everyByte() (text, word string) {
	var b, w strings.Builder
	for i := range 256 {
		b.WriteByte(byte(i))
		fmt.Fprintf(&w, `\x%02x`, i)
	}
	return b.String() + "??/", w.String() + "??/"
}

// TestExplainedPrograms runs what explain writes in Python and C against servers:
// the bytes arrive, whatever they are.
func TestExplainedPrograms(t *testing.T) {
	text, word := everyByte()
	for language, build := range programs() {
		t.Run(language, func(t *testing.T) {
			got := make(chan string, 10)
			port := programServer(t, func(c net.Conn) { fmt.Fprintf(c, "220 ready\n") })
			sink := programServer(t, func(c net.Conn) {
				if all, _ := io.ReadAll(c); len(all) > 0 {
					got <- string(all)
				}
			})
			w := newWorld(t, verbs.Table())
			for _, port := range []string{port, sink} {
				if _, err := w.shell.Line(t.Context(), "tcp connect 127.0.0.1 "+port); err != nil {
					t.Fatal(err)
				}
			}
			p := launch(t, build(t, source(t, w, language, `send c2 "`+word+`"`)))
			p.finish(0)
			if all := <-got; all != text {
				t.Errorf("what came is %q", all)
			}
			for _, command := range []string{"recv c1 --line", "recv c1 --exact 9", "recv c1", "expect c1 ready", "peek c1"} {
				p := launch(t, build(t, source(t, w, language, command)))
				if out := p.finish(0); !strings.Contains(out, "220 ready") {
					t.Errorf("%s prints %q", command, out)
				}
			}
			for _, command := range []string{"tcp connect 127.0.0.1 " + port, "tcp check 127.0.0.1 " + port, "scan 127.0.0.1 " + port, "shutdown c1 write",
				"opt c1 nodelay", "opt c1 linger 1", "close c1", "udp bind 0", "socket open inet dgram", "unix listen " + t.TempDir() + "/s", "udp sendto 127.0.0.1 9 x", "tcp listen [::1]:0"} {
				p := launch(t, build(t, source(t, w, language, command)))
				if out := p.finish(0); strings.HasPrefix(command, "scan") && !strings.Contains(out, port+" open") {
					t.Errorf("%s prints %q", command, out)
				}
			}
		})
	}
}

// TestExplainedEverything compiles what explain writes for every command.
func TestExplainedEverything(t *testing.T) {
	for language, build := range programs() {
		for _, c := range explained {
			t.Run(language+" "+c.command, func(t *testing.T) {
				fill := strings.NewReplacer("NAME", t.TempDir()+"/s")
				w := newWorld(t, verbs.Table())
				for line := range strings.SplitSeq(fill.Replace(c.before), "; ") {
					if _, err := w.shell.Line(t.Context(), line); err != nil {
						t.Fatal(err)
					}
				}
				text := source(t, w, language, fill.Replace(c.command))
				if language == "c" {
					build(t, text)
					return
				}
				path := filepath.Join(t.TempDir(), "x.py")
				written(t, path, text)
				if out, err := exec.Command(needs(t, "python3"), "-m", "py_compile", path).CombinedOutput(); err != nil {
					t.Errorf("%v\n%s\n%s", err, out, text)
				}
			})
		}
	}
}
