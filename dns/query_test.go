package dns

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"sosh/internal/nettest"
	"sosh/primitive"
)

// A reaction is what a hostile server does with a question by datagram.
type reaction func(u net.PacketConn, from net.Addr, question []byte)

// hostile is a server of datagrams that reacts to each question, with a server of
// connections on the same port, if there is one for it.
func hostile(t *testing.T, udp reaction, tcp func(net.Conn)) primitive.Addr {
	t.Helper()
	if tcp == nil {
		tcp = func(net.Conn) {}
	}
	at, err := primitive.ParseAddr(nettest.Serve(t, tcp), false)
	if err != nil {
		t.Fatal(err)
	}
	u, err := net.ListenPacket("udp", at.String())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, from, err := u.ReadFrom(buf)
			if err != nil {
				return
			}
			if udp != nil {
				udp(u, from, buf[:n])
			}
		}
	}()
	t.Cleanup(func() { u.Close(); <-done })
	return at
}

// answered is an answer to a question as it came, changed by edit.
func answered(question []byte, edit func(m *dns.Msg)) []byte {
	q := new(dns.Msg)
	if q.Unpack(question) != nil {
		return nil
	}
	m := new(dns.Msg).SetReply(q)
	edit(m)
	wire, _ := m.Pack()
	return wire
}

func address(m *dns.Msg) {
	rr, _ := dns.NewRR("www.test. 60 IN A 192.0.2.80")
	m.Answer = append(m.Answer, rr)
}

func questionTo(at primitive.Addr) Query {
	return Query{Name: "www.test.", Type: dns.TypeA, Server: at, Recurse: true, Timeout: 10 * time.Second, Tries: 1}
}

// Whatever is no answer to this question is ignored, and the answer is taken.
func TestForgeries(t *testing.T) {
	for what, forge := range map[string]func([]byte) []byte{
		"another number": func(q []byte) []byte { return answered(q, func(m *dns.Msg) { m.Id++ }) },
		"another name":   func(q []byte) []byte { return answered(q, func(m *dns.Msg) { m.Question[0].Name = "evil.test." }) },
		"another type":   func(q []byte) []byte { return answered(q, func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeMX }) },
		"the question":   func(q []byte) []byte { return q },
		"too short":      func(q []byte) []byte { return q[:5] },
		"nothing":        func([]byte) []byte { return nil },
	} {
		t.Run(what, func(t *testing.T) {
			at := hostile(t, func(u net.PacketConn, from net.Addr, q []byte) {
				u.WriteTo(forge(q), from)
				u.WriteTo(answered(q, address), from)
			}, nil)
			r, err := questionTo(at).Ask(t.Context())
			if err != nil || len(r.Answer) != 1 || r.Ignored != 1 {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// What another address sends does not even reach the socket.
func TestWrongSource(t *testing.T) {
	other, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	at := hostile(t, func(u net.PacketConn, from net.Addr, q []byte) {
		other.WriteTo(answered(q, func(m *dns.Msg) { m.Rcode = dns.RcodeNameError }), from)
		u.WriteTo(answered(q, address), from)
	}, nil)
	r, err := questionTo(at).Ask(t.Context())
	if err != nil || len(r.Answer) != 1 || r.Ignored != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A flood of forgeries ends the question.
func TestFlood(t *testing.T) {
	at := hostile(t, func(u net.PacketConn, from net.Addr, q []byte) {
		for range 20 * mostIgnored {
			if _, err := u.WriteTo(q, from); err != nil {
				return
			}
		}
	}, nil)
	_, err := questionTo(at).Ask(t.Context())
	if k := primitive.KindOf(err); k != primitive.Oversized && k != primitive.Refused && k != primitive.Timeout {
		t.Errorf("%v", err)
	}
}

// Messages that cannot be read are errors, which quote nothing unescaped.
func TestMalformed(t *testing.T) {
	head := func(q []byte, answers byte, body ...byte) []byte {
		return append([]byte{q[0], q[1], 0x80, 0, 0, 0, 0, answers, 0, 0, 0, 0}, body...)
	}
	for what, forge := range map[string]func([]byte) []byte{
		"a pointer to itself":  func(q []byte) []byte { return head(q, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0) },
		"a loop of pointers":   func(q []byte) []byte { return head(q, 1, 0xc0, 14, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0) },
		"a pointer too far":    func(q []byte) []byte { return head(q, 1, 0xff, 0xff, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0) },
		"a label too long":     func(q []byte) []byte { return head(q, 1, 0x7f, 'a') },
		"more promised":        func(q []byte) []byte { return head(q, 200) },
		"data longer than all": func(q []byte) []byte { return head(q, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0xff, 0xff, 1) },
	} {
		t.Run(what, func(t *testing.T) {
			at := hostile(t, func(u net.PacketConn, from net.Addr, q []byte) { u.WriteTo(forge(q), from) }, nil)
			q := questionTo(at)
			r, err := q.Ask(t.Context())
			if r != nil || primitive.KindOf(err) != primitive.Failed || !strings.Contains(err.Error(), "malformed") {
				t.Errorf("%v, %v", r, err)
			}
			q.Show = true
			if r, err := q.Ask(t.Context()); err == nil || r == nil || r.Received == "" || !strings.Contains(r.Words().Line, "received, ") {
				t.Errorf("with --show: %v, %v", r, err)
			}
		})
	}
}

// What servers say of themselves: each has its kind, and a hint.
func TestFailures(t *testing.T) {
	for code, kind := range map[int]primitive.Kind{
		dns.RcodeNameError: primitive.NotFound, dns.RcodeServerFailure: primitive.Failed, dns.RcodeRefused: primitive.Denied,
		dns.RcodeNotImplemented: primitive.Unsupported, dns.RcodeFormatError: primitive.Failed, 11: primitive.Failed,
	} {
		at := hostile(t, func(u net.PacketConn, from net.Addr, q []byte) {
			u.WriteTo(answered(q, func(m *dns.Msg) { m.Rcode = code }), from)
		}, nil)
		r, err := questionTo(at).Ask(t.Context())
		e := primitive.AsError(err)
		if e.Kind != kind || !e.Told || e.Hint == "" || r == nil || r.Rcode != rcodeName(code) || r.Meaning == "" {
			t.Errorf("%s: %v, %+v", rcodeName(code), err, r)
		}
	}
}

func TestNoAnswer(t *testing.T) {
	silent := questionTo(hostile(t, nil, nil))
	silent.Timeout, silent.Tries = 20*time.Millisecond, 3
	_, err := silent.Ask(t.Context())
	if primitive.KindOf(err) != primitive.Timeout || !strings.Contains(err.Error(), "asked 3 times, waited 60ms") {
		t.Errorf("silence: %v", err)
	}
	closed, _ := primitive.ParseAddr("127.0.0.1:"+nettest.FreePort(t), false)
	if _, err := questionTo(closed).Ask(t.Context()); primitive.KindOf(err) != primitive.Refused {
		t.Errorf("nobody there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := silent.Ask(ctx); primitive.KindOf(err) != primitive.Canceled {
		t.Errorf("canceled: %v", err)
	}
}

// The second try is answered where the first was lost.
func TestRetry(t *testing.T) {
	asked := 0
	at := hostile(t, func(u net.PacketConn, from net.Addr, q []byte) {
		if asked++; asked > 1 {
			u.WriteTo(answered(q, address), from)
		}
	}, nil)
	q := questionTo(at)
	q.Timeout, q.Tries = 50*time.Millisecond, 20
	if r, err := q.Ask(t.Context()); err != nil || len(r.Answer) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func cut(u net.PacketConn, from net.Addr, q []byte) {
	u.WriteTo(answered(q, func(m *dns.Msg) { m.Truncated = true }), from)
}

// After a cut answer the server is asked over TCP, where it may misbehave too.
func TestHostileTCP(t *testing.T) {
	for what, c := range map[string]struct {
		serve func(c net.Conn, question []byte)
		kind  primitive.Kind
	}{
		"answers": {func(c net.Conn, q []byte) {
			wire, _ := framed(answered(q, address))
			c.Write(wire)
		}, ""},
		"answers another first": {func(c net.Conn, q []byte) {
			other, _ := framed(answered(q, func(m *dns.Msg) { m.Id++ }))
			wire, _ := framed(answered(q, address))
			c.Write(append(other, wire...))
		}, ""},
		"closes":               {func(net.Conn, []byte) {}, primitive.Reset},
		"closes in the middle": {func(c net.Conn, _ []byte) { c.Write([]byte{0, 100, 1, 2, 3}) }, primitive.Reset},
		"stops in the middle": {func(c net.Conn, _ []byte) {
			c.Write([]byte{0xff, 0xff, 1, 2, 3})
			io.Copy(io.Discard, c)
		}, primitive.Timeout},
		"drips": {func(c net.Conn, q []byte) {
			wire, _ := framed(answered(q, address))
			for _, b := range bytes.Repeat(wire, 1000) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(5 * time.Millisecond) // it is the slowness that is tried
			}
		}, primitive.Timeout},
		"floods": {func(c net.Conn, q []byte) {
			wire, _ := framed(q)
			for {
				if _, err := c.Write(bytes.Repeat(wire, 100)); err != nil {
					return
				}
			}
		}, primitive.Oversized},
		"says nothing that can be read": {func(c net.Conn, q []byte) {
			c.Write([]byte{0, 14, q[0], q[1], 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12})
		}, primitive.Failed},
	} {
		t.Run(what, func(t *testing.T) {
			at := hostile(t, cut, func(conn net.Conn) {
				length := make([]byte, 2)
				if _, err := io.ReadFull(conn, length); err != nil {
					return
				}
				q := make([]byte, binary.BigEndian.Uint16(length))
				if _, err := io.ReadFull(conn, q); err == nil {
					c.serve(conn, q)
				}
			})
			q := questionTo(at)
			if c.kind == primitive.Timeout {
				q.Timeout = 200 * time.Millisecond
			}
			r, err := q.Ask(t.Context())
			if primitive.KindOf(err) != c.kind || err == nil && (!r.Truncated || r.Transport != "tcp" || len(r.Answer) != 1) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// Nothing of a server drives a terminal.
func TestEscapes(t *testing.T) {
	at := hostile(t, func(u net.PacketConn, from net.Addr, q []byte) {
		u.WriteTo(answered(q, func(m *dns.Msg) {
			for _, text := range []string{`\027[2J.test. 60 IN CNAME \155\226\128\174.test.`, `www.test. 60 IN TXT "\027]0;x\007" "\255\226\128\174"`, `www.test. 60 IN CAA 0 issue "\027[31m"`} {
				rr, err := dns.NewRR(text)
				if err != nil {
					t.Error(err)
				}
				m.Answer = append(m.Answer, rr)
			}
		}), from)
	}, nil)
	q := questionTo(at)
	q.Show = true
	r, err := q.Ask(t.Context())
	if err != nil || len(r.Answer) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	if text := r.Words().Line; strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r > '~' }) {
		t.Errorf("%q", text)
	}
}

// Whatever is received, it is data or an error.
func FuzzReply(f *testing.F) {
	q := questionTo(primitive.Addr{Host: "127.0.0.1", Port: 53})
	wire, _ := q.message().Pack()
	f.Add(answered(wire, address))
	f.Add([]byte{0, 1, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1})
	f.Fuzz(func(t *testing.T, wire []byte) {
		if !answers(wire, q.message()) && len(wire) < headerSize {
			return
		}
		r, err := q.reply(received{wire: wire})
		if err != nil && primitive.KindOf(err) != primitive.Failed {
			t.Fatal(err)
		}
		r.show = true
		if text := r.Words().Line + dump("it", wire); strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r > '~' && r != 'µ' }) {
			t.Fatalf("%q", text)
		}
	})
}
