package identify

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/tlsinfo"
)

// asking is how a test asks a server at an address.
func asking(address string) Options {
	return Options{
		Dial: func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "tcp", address) },
		Host: "127.0.0.1", Wait: 600 * time.Millisecond,
	}
}

func ask(t *testing.T, o Options) Speaker {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	s, err := TCP(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answers serves who answers a line with something, and nothing else.
func answers(t *testing.T, greeting string, reply func(line string) string) string {
	return nettest.Serve(t, func(c net.Conn) {
		io.WriteString(c, greeting)
		for r := bufio.NewReader(c); ; {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			io.WriteString(c, reply(strings.TrimSpace(line)))
		}
	})
}

func want(t *testing.T, s Speaker, protocol string, sure Sure, by, version string) {
	t.Helper()
	if s.Protocol != protocol || s.Sure != sure || s.By != by || s.Version != version {
		t.Errorf("%s, %s by %s, version %q (%s), want %s, %s by %s, version %q", s.Protocol, s.Sure, s.By, s.Version, s.Why, protocol, sure, by, version)
	}
}

func TestWhoSpeaksFirstIsNotAsked(t *testing.T) {
	var said atomic.Int64
	address := nettest.Serve(t, func(c net.Conn) {
		io.WriteString(c, "SSH-2.0-OpenSSH_9.2p1\r\n")
		n, _ := io.Copy(io.Discard, c)
		said.Add(n)
	})
	want(t, ask(t, asking(address)), "ssh", Certain, "greeting", "9.2p1")
	if said.Load() > 0 {
		t.Errorf("%d bytes were sent to a server that had said all", said.Load())
	}
}

func TestAmbiguousGreetingIsAskedInWords(t *testing.T) {
	address := answers(t, "220 welcome\r\n", func(line string) string {
		if strings.HasPrefix(line, "EHLO") {
			return "250 hello\r\n"
		}
		return "502 what?\r\n"
	})
	want(t, ask(t, asking(address)), "smtp", Certain, "ehlo", "")
}

func TestVersionIsAskedFor(t *testing.T) {
	memcached := answers(t, "", func(line string) string {
		if line == "version" {
			return "VERSION 1.6.18\r\n"
		}
		return "ERROR\r\n"
	})
	want(t, ask(t, asking(memcached)), "memcached", Certain, "memcached", "1.6.18")
}

// Every protocol that is only asked about is found by the question it has, on any
// port: the server answers that one and hangs up on the others.
func TestEveryQuestionFinds(t *testing.T) {
	var all sync.WaitGroup
	defer all.Wait()
	for _, c := range transcripts(t) {
		if c.question == "greeting" || c.question == "tls" || c.question != c.protocol {
			continue
		}
		address := nettest.Serve(t, func(conn net.Conn) { answersOne(conn, c) })
		all.Go(func() { // at once: it is waiting, most of the time
			s, err := TCP(t.Context(), asking(address))
			if err != nil {
				t.Error(err)
			}
			want(t, s, c.protocol, Sure(c.sure), c.question, c.version)
		})
	}
}

// answersOne plays a transcript, if it is asked the very question.
func answersOne(conn net.Conn, c transcript) {
	heard := make([]byte, 4<<10)
	n, _ := conn.Read(heard)
	for _, q := range questions() {
		if q.name == c.question && q.say == string(heard[:n]) {
			io.WriteString(conn, c.answer)
			io.Copy(io.Discard, conn)
		}
	}
}

func TestInsideTLS(t *testing.T) {
	cert, err := tlsinfo.AdHoc()
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"imap"}} // it refuses HTTP's
	address := nettest.Serve(t, func(c net.Conn) {
		s := tls.Server(c, config)
		io.WriteString(s, "* OK Dovecot ready\r\n")
		io.Copy(io.Discard, s)
	})
	s := ask(t, asking(address))
	if s.Protocol != "tls" || s.Inside == nil || s.TLS == nil || s.TLS.Ok || len(s.TLS.Chain) != 1 {
		t.Fatalf("%+v", s)
	}
	want(t, *s.Inside, "imap", Certain, "greeting", "")
}

func TestHTTP2AloneIsTold(t *testing.T) {
	cert, err := tlsinfo.AdHoc()
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2"}}
	address := nettest.Serve(t, func(c net.Conn) { io.Copy(io.Discard, tls.Server(c, config)) })
	s := ask(t, asking(address))
	if s.Inside == nil {
		t.Fatalf("%+v", s)
	}
	want(t, *s.Inside, "http", Certain, "alpn", "2")
}

// Bounds: an endless greeting, one that drips, silence, a server that hangs up,
// and bytes that mean nothing.
func TestBounds(t *testing.T) {
	endless := nettest.Serve(t, func(c net.Conn) {
		for line := []byte(strings.Repeat("x", 1000) + "\n"); ; {
			if _, err := c.Write(line); err != nil {
				return
			}
		}
	})
	drip := nettest.Serve(t, func(c net.Conn) {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for range tick.C {
			if _, err := c.Write([]byte{'\x1b'}); err != nil {
				return
			}
		}
	})
	mute := nettest.Serve(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	gone := nettest.Serve(t, func(net.Conn) {})
	for name, address := range map[string]string{"endless": endless, "drip": drip, "mute": mute, "gone": gone} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := asking(address)
			o.Wait = 200 * time.Millisecond
			s := ask(t, o)
			if s.Protocol != "" || s.Why == "" || len(s.Evidence) > mostAnswer {
				t.Errorf("%s: %q, %s, %d bytes", name, s.Protocol, s.Why, len(s.Evidence))
			}
		})
	}
}

func TestEndOfTheTime(t *testing.T) {
	mute := nettest.Serve(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := TCP(ctx, asking(mute)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	refused := asking("127.0.0.1:" + nettest.FreePort(t))
	if _, err := TCP(t.Context(), refused); err == nil {
		t.Error("nobody is there, and speaks")
	}
}

func TestUDP(t *testing.T) {
	overUDP := func(address string) Options {
		o := asking(address)
		o.Dial = func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "udp", address) }
		return o
	}
	s, err := UDP(t.Context(), overUDP(nettest.UDPEcho(t)))
	if err != nil || s.Protocol != "echo" {
		t.Errorf("%+v, %v", s, err)
	}
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	silent := overUDP(l.LocalAddr().String())
	silent.Wait = 40 * time.Millisecond
	if _, err := UDP(t.Context(), silent); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("%v", err)
	}
}
