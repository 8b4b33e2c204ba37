package repl_test

import (
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"sosh/internal/nettest"
)

// As a command of the program, a stream is talked with as at the prompt.
func TestNetcatTerminal(t *testing.T) {
	connect := func() []string { return append([]string{"tcp", "connect"}, strings.Fields(repeater(t))...) }
	x := sitDown(t, connect()...)
	x.sees("attached to c1; Ctrl-] leaves, Ctrl-D ends sending, Ctrl-C ends")
	x.types("c1> ", "one\r")
	x.sees(`got "one\\n"`)
	x.types("c1> ", up)
	x.types("c1> one", "\r")
	x.types("c1> ", "\x04")
	x.sees("you have ended")
	x.sees("the peer of c1 has ended")
	x.ends(0)

	x = sitDown(t, connect()...)
	x.types("c1> ", "half\x03")
	x.sees("attach c1: interrupted")
	x.ends(130)

	x = sitDown(t, connect()...)
	x.types("c1> ", "half"+leave)
	x.ends(0)
	x.times("got", 0)
}

func TestNetcatTerminalDatagrams(t *testing.T) {
	x := sitDown(t, append([]string{"udp", "connect"}, strings.Fields(words(nettest.UDPEcho(t)))...)...)
	x.types("u1> ", "hello\r")
	x.sees("u1> hello\nhello\n")
	x.types("u1> ", "\x03")
	x.ends(130)
}

// After the end of what is sent, --linger bounds the wait for the peer.
func TestNetcatTerminalLingers(t *testing.T) {
	addr := nettest.Serve(t, func(c net.Conn) {
		io.Copy(io.Discard, c)
		c.Read(make([]byte, 1))
		<-t.Context().Done()
	})
	x := sitDown(t, append([]string{"--linger", "10ms", "tcp", "connect"}, strings.Fields(words(addr))...)...)
	x.types("c1> ", "\x04")
	x.ends(0)
}

// With --keep, a listener gives one client after another.
func TestNetcatTerminalKeeps(t *testing.T) {
	x := sitDown(t, "--keep", "listen", "0")
	x.sees("l1 listening on ")
	for _, name := range []string{"c1", "c2"} {
		c, err := net.Dial("tcp", x.laddr("l1"))
		if err != nil {
			t.Fatal(err)
		}
		x.types(name+"> ", "welcome\r")
		io.ReadFull(c, make([]byte, len("welcome\n")))
		c.Close()
		x.sees("the peer of " + name + " has ended")
	}
	c, err := net.Dial("tcp", x.laddr("l1"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	x.types("c3> ", "\x03")
	x.ends(130)
}

// A signal gives the terminal back, in every mode.
func TestNetcatTerminalSignals(t *testing.T) {
	for sig, code := range map[syscall.Signal]int{syscall.SIGTERM: 143, syscall.SIGHUP: 129} {
		x := openTerminalFor(t, append([]string{"tcp", "connect"}, strings.Fields(repeater(t))...))
		x.types("c1> ", "half")
		x.sees("half")
		x.cmd.Process.Signal(sig)
		if got := x.ends(); got != code {
			t.Errorf("code %d, not %d: %q", got, code, x.seen.String())
		}
		x.cooked()
	}
	x := openTerminal(t)
	x.types("sosh> ", "tcp connect "+repeater(t)+"\r")
	x.types("sosh c1> ", "attach --mode raw\r")
	x.sees("every key is sent")
	x.cmd.Process.Signal(os.Signal(syscall.SIGTERM))
	if got := x.ends(); got != 143 {
		t.Errorf("code %d: %q", got, x.seen.String())
	}
	x.cooked()
}
