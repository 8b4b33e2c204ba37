package repl_test

import (
	"io"
	"net"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// Without a terminal the lines of the input are sent as the options say, and what
// comes goes out as it is.
func TestAttachPipe(t *testing.T) {
	for _, c := range []struct{ options, in, want string }{
		{"", "one\ntwo", "one\ntwo"},
		{"--mode raw", "one\ntwo\x1d\x00", "one\ntwo\x1d\x00"},
		{"--mode line", "one\ntwo", "one\ntwo\n"},
		{"--eol crlf", "one\ntwo\n", "one\r\ntwo\r\n"},
		{"--eol none", "one\ntwo\n", "onetwo"},
		{"--mode=hex", "6869\n\\x0a 7\n", "00000000  68 69 0a 07                                       |hi..|\n"},
	} {
		addr := nettest.Serve(t, func(c net.Conn) {
			data, _ := io.ReadAll(c) // what came is enough
			c.Write(data)
		})
		w := newWorld(t, strings.NewReader(c.in))
		code := w.run(t, "-c", "tcp connect "+addr+"; attach "+c.options)
		if code != 0 || w.out.String() != c.want {
			t.Errorf("attach %s: code %d, %q, not %q: %s", c.options, code, w.out.String(), c.want, w.err.String())
		}
	}
}

func TestAttachPipeDatagrams(t *testing.T) {
	w := newWorld(t, strings.NewReader("one\n"))
	code := w.run(t, "-c", "udp bind 0; attach u1 --mode line --to "+nettest.UDPEcho(t))
	if code != 0 || w.out.String() != "one\n" {
		t.Errorf("code %d, %q: %s", code, w.out.String(), w.err.String())
	}
}

func TestAttachUsage(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"attach", "there is nobody to talk with"},
		{"attach c1", "there is no c1"},
		{"attach nobody", "nobody"},
		{"attach --mode lines", "--mode is one of line, raw, hex"},
		{"attach --mode lien", "did you mean line?"},
		{"attach --mod raw", "did you mean --mode?"},
		{"attach --mode", "--mode needs a value"},
		{"attach --mode hex --eol lf", "in mode hex there are none"},
		{"listen 0; tcp connect $p; attach c1 --to 127.0.0.1:9", "--to is for datagram sockets without a peer"},
		{"listen 0; tcp connect $p; attach c1 l1", "it takes one handle"},
		{"listen 0; tcp connect $p; attach c1 &", "only the foreground has"},
		{"sleep 1ms &; attach t1", "t1 is a task, with nobody at its other side"},
	} {
		w := newWorld(t, strings.NewReader(""))
		w.portOf()
		code := w.run(t, "-c", c.line)
		if code == 0 || !strings.Contains(w.err.String(), c.want) {
			t.Errorf("%s: code %d, %q", c.line, code, w.err.String())
		}
	}
}
