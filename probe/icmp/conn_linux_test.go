package icmp

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sosh/internal/nettest"
	"sosh/primitive"
)

// each runs a test with every kind of socket that this user may have.
func each(t *testing.T, test func(t *testing.T, c Conn, to netip.Addr)) {
	for name, raw := range map[string]bool{"unprivileged": false, "raw": true} {
		for ip, v6 := range map[string]bool{"127.0.0.1": false, "::1": true} {
			t.Run(name+" "+ip, func(t *testing.T) {
				c, err := open(nil, v6, raw)
				if err != nil {
					if raw {
						nettest.Missing(t, "the right to raw sockets: "+err.Error())
					}
					t.Skip("net.ipv4.ping_group_range gives this user none: ", err)
				}
				defer c.Close()
				if c.Raw() != raw {
					t.Errorf("raw: %v", c.Raw())
				}
				test(t, c, netip.MustParseAddr(ip))
			})
		}
	}
}

func TestEchoOnLoopback(t *testing.T) {
	each(t, func(t *testing.T, c Conn, to netip.Addr) {
		for seq := range uint16(3) {
			if err := c.Send(to, 33, seq, []byte("payload")); err != nil {
				t.Fatal(err)
			}
			p, err := c.Receive()
			if err != nil || p.Kind != Answer || p.Seq != seq || string(p.Payload) != "payload" || p.From != to || !p.Checksum || p.TTL < 1 || time.Since(p.At) > time.Minute {
				t.Errorf("%+v, %v", p, err)
			}
		}
	})
}

// A Conn does not get what is another's.
func TestOthersAreLeftOut(t *testing.T) {
	each(t, func(t *testing.T, c Conn, to netip.Addr) {
		other, err := open(nil, to.Is6(), c.Raw())
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		for range 5 {
			if err := other.Send(to, 0, 1, []byte("not for you")); err != nil {
				t.Fatal(err)
			}
			if _, err := other.Receive(); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Send(to, 0, 2, []byte("for you")); err != nil {
			t.Fatal(err)
		}
		if p, err := c.Receive(); err != nil || p.Seq != 2 || string(p.Payload) != "for you" {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestCloseEndsReceive(t *testing.T) {
	each(t, func(t *testing.T, c Conn, _ netip.Addr) {
		ended := make(chan error)
		go func() {
			_, err := c.Receive()
			ended <- err
		}()
		c.Close()
		if err := <-ended; err == nil {
			t.Error("no error")
		}
	})
}

// The error says what is to be set, whoever asks.
func TestRefused(t *testing.T) {
	e := primitive.AsError(refused(wrong(unix.EACCES), false))
	if e.Kind != primitive.Denied || e.Hint != allowing() {
		t.Errorf("%+v", e)
	}
	if e = primitive.AsError(refused(wrong(unix.EAFNOSUPPORT), true)); e.Kind != primitive.Unsupported {
		t.Errorf("%+v", e)
	}
}

func FuzzExtended(f *testing.F) {
	b := make([]byte, 16+unix.SizeofSockaddrInet6)
	binary.NativeEndian.PutUint32(b, uint32(unix.EHOSTUNREACH))
	b[4], b[5] = unix.SO_EE_ORIGIN_ICMP, 11
	binary.NativeEndian.PutUint16(b[16:], unix.AF_INET)
	copy(b[20:], []byte{192, 0, 2, 1})
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		e := extended(b)
		if e == nil {
			return
		}
		m := Message{Error: e, From: netip.MustParseAddrPort("192.0.2.1:33434")}
		if p, ok := m.Failure(e.Origin == unix.SO_EE_ORIGIN_ICMP6); ok && p.Code.String() == "" {
			t.Errorf("%+v", p)
		}
		m.control(b) // any bytes
		c := &conn{id: 7}
		c.read(Message{Error: e, Data: b})
	})
}

func TestExtended(t *testing.T) {
	b := make([]byte, 16+unix.SizeofSockaddrInet4)
	binary.NativeEndian.PutUint32(b, uint32(unix.EHOSTUNREACH))
	b[4], b[5] = unix.SO_EE_ORIGIN_ICMP, 11
	binary.NativeEndian.PutUint16(b[16:], unix.AF_INET)
	copy(b[20:], []byte{192, 0, 2, 1})
	m := Message{Error: extended(b), From: netip.MustParseAddrPort("198.51.100.9:33436")}
	p, ok := m.Failure(false)
	if !ok || p.From != router4 || p.To != host4 || p.Port != 33436 || !p.Code.Exceeded() {
		t.Errorf("%+v, %v", p, ok)
	}
	b[4] = unix.SO_EE_ORIGIN_LOCAL
	if m.Error = extended(b); m.Error == nil {
		t.Fatal("it is an error")
	}
	if _, ok := m.Failure(false); ok {
		t.Error("what this machine noticed is no router's")
	}
}
