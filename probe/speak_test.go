package probe

import (
	"context"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
)

func speaking(t *testing.T, addresses ...string) *Speaking {
	t.Helper()
	hosts, err := Targets{Text: "127.0.0.1"}.Resolve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := &Speaking{Hosts: hosts, Wait: 400 * time.Millisecond, Connect: 5 * time.Second, Limit: 20 * time.Second}
	for _, a := range addresses {
		p.Ports = append(p.Ports, netip.MustParseAddrPort(a).Port())
	}
	return p
}

func greeter(t *testing.T, text string) string {
	return nettest.Serve(t, func(c net.Conn) {
		io.WriteString(c, text)
		io.Copy(io.Discard, c)
	})
}

// Many ports are asked beside each other, and told in their order.
func TestSpeakingIsInOrder(t *testing.T) {
	var addresses []string
	for i := range 20 {
		addresses = append(addresses, greeter(t, map[bool]string{true: "SSH-2.0-x_1\r\n", false: "* OK ready\r\n"}[i%2 == 0]))
	}
	p := speaking(t, addresses...)
	i := 0
	for s, err := range p.Each(t.Context()) {
		want := map[bool]string{true: "ssh", false: "imap"}[i%2 == 0]
		if err != nil || s.Port != int(p.Ports[i]) || s.Protocol != want || s.Sure != "certain" {
			t.Errorf("%d: %+v, %v, want %s", i, s, err, want)
		}
		i++
	}
	if i != len(addresses) {
		t.Errorf("%d answers", i)
	}
}

// Who stops early waits for nothing more, and leaves nobody behind.
func TestSpeakingStopsEarly(t *testing.T) {
	mute := nettest.Serve(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	p := speaking(t, greeter(t, "RFB 003.008\n"), mute, mute, mute)
	p.Wait = time.Minute
	for s, err := range p.Each(t.Context()) {
		if err != nil || s.Protocol != "vnc" {
			t.Errorf("%+v, %v", s, err)
		}
		break
	}
}

// Nothing from anybody is an error that the answers have told.
func TestSpeakingOfNobody(t *testing.T) {
	mute := nettest.Serve(t, func(c net.Conn) { c.Read(make([]byte, 1)) })
	for name, c := range map[string]struct {
		address, reason string
		kind            primitive.Kind
	}{
		"closed": {"127.0.0.1:" + nettest.FreePort(t), "connection refused", primitive.Refused},
		"mute":   {mute, "speaks none of the protocols known here", primitive.Failed},
	} {
		var last Spoken
		for s, err := range speaking(t, c.address).Each(t.Context()) {
			if err == nil {
				last = s
				continue
			}
			if e := primitive.AsError(err); e.Kind != c.kind || !e.Told {
				t.Errorf("%s: %v, %q", name, err, e.Kind)
			}
		}
		if !strings.Contains(last.Reason, c.reason) || last.Protocol != "" {
			t.Errorf("%s: %+v", name, last)
		}
	}
}

func TestSpeakingEndsWithItsContext(t *testing.T) {
	mute := nettest.Serve(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	p := speaking(t, mute)
	p.Wait = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var last error
	for _, err := range p.Each(ctx) {
		last = err
	}
	if primitive.KindOf(last) != primitive.Timeout {
		t.Errorf("%v", last)
	}
}

func TestSpeakingOverUDP(t *testing.T) {
	p := speaking(t, nettest.UDPEcho(t))
	p.UDP = true
	for s, err := range p.Each(t.Context()) {
		if err != nil || s.Protocol != "echo" || s.Proto != "udp" || s.State != "open" {
			t.Errorf("%+v, %v", s, err)
		}
	}
}
