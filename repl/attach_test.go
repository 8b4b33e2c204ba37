//go:build unix

package repl_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"sosh/internal/nettest"
	"sosh/primitive"
)

const (
	leave = "\x1d" // Ctrl-]
	up    = "\x1b[A"
)

// repeater is a server that says what it got, quoted, and answers the end of it.
// Its backslashes are shown double.
func repeater(t *testing.T) string {
	return words(nettest.Serve(t, func(c net.Conn) {
		buf := make([]byte, 4096)
		io.WriteString(c, "login: ")
		for {
			n, err := c.Read(buf)
			if err != nil {
				io.WriteString(c, "you have ended\n")
				return
			}
			fmt.Fprintf(c, "got %q\n", buf[:n])
		}
	}))
}

// words is an address as host and port.
func words(addr string) string { return strings.Replace(addr, ":", " ", 1) }

func TestAttachLine(t *testing.T) {
	x := sitDown(t)
	x.types("sosh> ", "tcp connect "+repeater(t)+"\r")
	x.types("sosh c1> ", "attach\r")
	x.sees("attached to c1; Ctrl-] leaves, Ctrl-D ends sending, Ctrl-C gives the prompt back")
	x.sees("login:")
	x.types("c1> ", "hello worlx\x7fd\r")
	x.sees(`got "hello world\\n"`)
	x.types("c1> ", "version"+leave) // not sent
	x.sees("left c1, which stays open; to come back: attach c1")
	x.types("sosh c1> ", "attach c1 --eol crlf\r")
	x.types("c1> ", up)
	x.types("c1> hello world", "\r")
	x.sees(`got "hello world\\r\\n"`)
	x.types("c1> ", "\x1b[200~two\nlines\x1b[201~\r")
	x.sees(`got "two\\r\\nlines\\r\\n"`)
	x.types("c1> ", "\x03")
	x.types("sosh c1> ", up)
	x.types("sosh c1> attach c1 --eol crlf", "\x15set edit vi\r")
	x.types("sosh c1> ", "attach --eol=none\r")
	x.types("c1> ", "xvi\x1b[27u0x\r") // Esc, to the beginning, delete
	x.sees(`got "vi"`)
	x.types("c1> ", "\x04")
	x.sees("sending has ended; c1 only receives now")
	x.sees("you have ended")
	x.sees("the peer of c1 has ended; to close this end too: close c1")
	x.types("sosh c1> ", "\x04")
	x.ends(0)
	x.times("version", 1) // as it was typed
	x.times("closed by the peer", 0)
}

// After the end of what is sent, what comes is still shown until one leaves.
func TestAttachReceivingOnly(t *testing.T) {
	x := sitDown(t)
	more := make(chan string)
	addr := nettest.Serve(t, func(c net.Conn) {
		io.Copy(io.Discard, c)
		for text := range more {
			io.WriteString(c, text)
		}
	})
	defer close(more)
	x.types("sosh> ", "tcp connect "+words(addr)+"\r")
	x.types("sosh c1> ", "attach\r")
	x.types("c1> ", "\x04")
	more <- "still here\n"
	x.sees("still here")
	x.types("c1 (receiving only)> ", "hello\r")
	x.sees("nothing was sent: c1 only receives now")
	x.types("c1 (receiving only)> ", "\x04")
	x.sees("left c1")
	x.types("sosh c1> ", "exit\r")
	x.ends(0)
}

func TestAttachRaw(t *testing.T) {
	x := sitDown(t)
	x.types("sosh> ", "tcp connect "+repeater(t)+"\r")
	x.types("sosh c1> ", "attach c1 --mode raw\r")
	x.sees("every key is sent as it is; Ctrl-] leaves")
	for _, c := range []struct{ keys, got string }{
		{"a", `got "a"`}, {up, `got "\\x1b[A"`}, {"\x03", `got "\\x03"`}, {"\x04", `got "\\x04"`}, {"\x1a", `got "\\x1a"`},
		{"é\r", `got "é\\r"`},
	} {
		x.press(c.keys)
		x.sees(c.got)
	}
	x.press(leave + "version\r") // what follows is for the prompt
	x.sees("left c1")
	x.sees("sosh 1")
	x.types("sosh c1> ", "\x04")
	x.ends(0)
}

func TestAttachHex(t *testing.T) {
	x := sitDown(t)
	x.types("sosh> ", "tcp connect "+words(nettest.Echo(t))+"\r")
	x.types("sosh c1> ", "attach --mode hex\r")
	x.types("c1 hex> ", "48 65 0x6c,6C:6f\r")
	x.sees("00000000  48 65 6c 6c 6f                                    |Hello|")
	x.types("c1 hex> ", "1b5b324a")
	x.sees(`4 bytes: "\x1b[2J"`)
	x.press("\r")
	x.sees("00000005  1b 5b 32 4a                                       |.[2J|")
	x.types("c1 hex> ", "4z\r")
	x.sees(`nothing was sent: "4z" is not hexadecimal`)
	x.types("c1 hex> ", "486\r")
	x.sees("nothing was sent: 486 has an odd number of digits")
	x.types("c1 hex> ", leave)
	x.types("sosh c1> ", "attach\r")
	x.types("c1> ", up) // lines and bytes have each their history
	x.press("x\r")
	x.sees("\nx\n")
	x.types("c1> ", leave)
	x.types("sosh c1> ", "\x04")
	x.ends(0)
}

// Whatever a peer sends changes nothing but the rows it is shown in.
func TestAttachHostile(t *testing.T) {
	for _, mode := range []string{"line", "raw"} {
		x := sitDown(t)
		addr := nettest.Serve(t, func(c net.Conn) {
			io.WriteString(c, "\x1b]0;title\a\x1b[2J\x1b[H\x9b31m\u009b5n\x1bP$q\x1b\\\x1b[6n\x1b[c\b\b\b\r\u202e\xc3")
			in := bufio.NewReader(c)
			in.ReadByte() // the other half comes later
			io.WriteString(c, "\xa9 done\n")
			io.Copy(io.Discard, in)
		})
		x.types("sosh> ", "tcp connect "+words(addr)+"\r")
		x.types("sosh c1> ", "attach --mode "+mode+"\r")
		x.sees(`\x1b]0;title\x07\x1b[2J\x1b[H\x9b31m\u{9b}5n\x1bP$q\x1b\\\x1b[6n\x1b[c\x08\x08\x08\r\u{202e}`)
		x.press("x\r")
		x.sees("é done")
		x.press(leave)
		x.types("sosh c1> ", "exit\r")
		x.ends(0)
		x.sees("sosh> tcp connect") // nothing was erased
		if odd := x.screen.Strange(); len(odd) > 0 {
			t.Errorf("mode %s: the terminal was sent %q", mode, odd)
		}
	}
}

func TestAttachDatagrams(t *testing.T) {
	x := sitDown(t)
	x.types("sosh> ", "udp connect "+words(nettest.UDPEcho(t))+"\r")
	x.types("sosh u1> ", "attach\r")
	x.types("u1> ", "hello\r")
	x.sees("u1> hello\nhello\n")
	x.types("u1> ", "\x04") // a datagram socket has no end to send
	x.types("sosh u1> ", "udp bind 0\r")
	x.types("sosh u2> ", "attach u2\r")
	x.types("u2> ", "too early\r")
	x.sees("hint: say where to: attach u2 --to HOST:PORT")
	peer, err := net.Dial("udp", x.laddr("u2"))
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	io.WriteString(peer, "knock\x1b[2J")
	x.sees(peer.LocalAddr().String() + ` knock\x1b[2J`)
	x.types("u2> ", "who is there\r")
	buf := make([]byte, 100)
	if n, err := peer.Read(buf); err != nil || string(buf[:n]) != "who is there\n" {
		t.Errorf("answered %q, %v", buf[:n], err)
	}
	x.types("u2> ", leave)
	x.types("sosh u2> ", "attach --eol none --to "+nettest.UDPEcho(t)+"\r")
	x.types("u2> ", "far\r")
	x.sees(" far\n")
	x.types("u2> ", leave)
	x.types("sosh u2> ", "exit\r")
	x.ends(0)
}

// laddr is the address of a handle.
func (x *sitting) laddr(name string) string {
	h, err := x.s.Lookup(name)
	if err != nil || h == nil {
		x.t.Fatalf("%s: %v", name, err)
	}
	return h.(interface{ Addr() primitive.Addr }).Addr().String()
}

// A listener gives the one client that it accepts.
func TestAttachListener(t *testing.T) {
	x := sitDown(t)
	x.types("sosh> ", "listen 0\r")
	x.types("sosh l1> ", "attach\r")
	peer, err := net.Dial("tcp", x.laddr("l1"))
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	x.types("c1> ", "welcome\r")
	if line, err := bufio.NewReader(peer).ReadString('\n'); line != "welcome\n" {
		t.Errorf("%q, %v", line, err)
	}
	x.types("c1> ", leave)
	x.types("sosh c1> ", "exit\r")
	x.ends(0)
}

// What happens at other handles is told meanwhile, and ends the line that the peer
// has begun; what happens at this one is not.
func TestAttachNotices(t *testing.T) {
	x := sitDown(t)
	x.types("sosh> ", "listen 0; udp bind 0; tcp connect "+repeater(t)+"\r")
	x.types("sosh c1> ", "attach\r")
	x.sees("login:")
	peer, err := net.Dial("udp", x.laddr("u1"))
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	x.types("c1> ", "half")
	io.WriteString(peer, "x")
	x.sees("login:\nu1 1 datagram waiting\n")
	x.types("c1> half", "\r")
	x.sees(`got "half\\n"`)
	x.types("c1> ", leave)
	x.types("sosh c1> ", "exit\r")
	x.ends(0)
	x.times("waiting", 1)
}

// A peer that takes nothing keeps nobody from leaving.
func TestAttachStuck(t *testing.T) {
	x := sitDown(t)
	over := make(chan struct{})
	addr := nettest.Serve(t, func(net.Conn) { <-over })
	defer close(over)
	x.types("sosh> ", "tcp connect "+words(addr)+"\r")
	x.types("sosh c1> ", "opt sndbuf 4096; opt rcvbuf 4096\r")
	x.types("sosh c1> ", "attach --mode raw\r")
	x.sees("every key is sent")
	chunk := string(bytes.Repeat([]byte("x"), 4096))
	for !strings.Contains(x.screen.Text(), "c1 takes nothing at the moment") {
		x.press(chunk)
	}
	x.press(leave)
	x.sees(" were not sent\n")
	x.types("sosh c1> ", "exit\r")
	x.ends(0)
}

// The peer's reset ends it, and tells why.
func TestAttachReset(t *testing.T) {
	x := sitDown(t)
	addr := nettest.Serve(t, func(c net.Conn) {
		c.Read(make([]byte, 1))
		c.(*net.TCPConn).SetLinger(0)
	})
	x.types("sosh> ", "tcp connect "+words(addr)+"\r")
	x.types("sosh c1> ", "attach\r")
	x.types("c1> ", "x\r")
	x.sees("attach c1: connection reset")
	x.types("sosh c1> ", "exit\r")
	x.ends(0)
}

// A peer that says a lot is read no faster than it can be shown: nothing is
// skipped.
func TestAttachFlood(t *testing.T) {
	x := sitDown(t)
	const lines = 40_000
	addr := nettest.Serve(t, func(c net.Conn) {
		w := bufio.NewWriter(c)
		for n := range lines {
			fmt.Fprintf(w, "%d %s\n", n, strings.Repeat("-", 60))
		}
		io.WriteString(w, "that is all")
		w.Flush()
	})
	x.types("sosh> ", "tcp connect "+words(addr)+"\r")
	x.types("sosh c1> ", "attach\r")
	x.until("the last line", func() bool {
		rows, _, _ := x.screen.Screen()
		return strings.Contains(strings.Join(rows, "\n"), "that is all")
	})
	x.types("sosh c1> ", "exit\r")
	x.ends(0)
	x.times("skipped", 0)
	x.times(strings.Repeat("-", 60)+"\n", lines)
}
