package sock

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"sosh/primitive"
)

func TestGuests(t *testing.T) {
	net := func(texts ...string) (list []netip.Prefix) {
		for _, text := range texts {
			list = append(list, netip.MustParsePrefix(text))
		}
		return list
	}
	for _, c := range []struct {
		guests Guests
		ip     string
		want   bool
	}{
		{Guests{}, "192.0.2.1", true},
		{Guests{Allow: net("192.0.2.0/24")}, "192.0.2.1", true}, {Guests{Allow: net("192.0.2.0/24")}, "::ffff:192.0.2.1", true},
		{Guests{Allow: net("192.0.2.0/24")}, "192.0.3.1", false}, {Guests{Allow: net("192.0.2.0/24")}, "::1", false},
		{Guests{Deny: net("192.0.2.0/24")}, "192.0.2.1", false}, {Guests{Deny: net("192.0.2.0/24")}, "192.0.3.1", true},
		{Guests{Allow: net("0.0.0.0/0"), Deny: net("192.0.2.1/32")}, "192.0.2.1", false}, {Guests{Allow: net("fe80::/10")}, "fe80::1%eth0", true},
	} {
		if got := c.guests.admits(netip.MustParseAddr(c.ip)); got != c.want {
			t.Errorf("%v: %s is admitted: %v", c.guests, c.ip, got)
		}
	}
}

// Datagrams of others are as if they had never come, however many they are, and
// hold nobody up beyond his time.
func TestDatagramGuests(t *testing.T) {
	guest, err := BindDatagram(t.Context(), primitive.Addr{Host: "127.0.0.1"}, DatagramOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer guest.Close()
	other, err := BindDatagram(t.Context(), primitive.Addr{Host: "127.0.0.2"}, DatagramOptions{})
	if err != nil {
		t.Skip("needs a second loopback address")
	}
	defer other.Close()
	u, err := BindDatagram(t.Context(), primitive.Addr{Host: "127.0.0.1"}, DatagramOptions{Guests: Guests{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}})
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	say := func(from *Datagram, text string) {
		t.Helper()
		if _, err := from.SendTo(ctx, u.Addr(), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, round := range []string{"one", "two"} {
		for range 20 {
			say(other, "let me in")
		}
		say(guest, round)
		say(other, "and me")
		if p, err := u.RecvFrom(ctx, 0); err != nil || string(p.Data) != round || p.Port != guest.Addr().Port {
			t.Errorf("%q from %s %d, %v", p.Data, p.Host, p.Port, err)
		}
	}
	say(other, "still here")
	short, done := context.WithTimeout(ctx, 20*time.Millisecond)
	defer done()
	if p, err := u.RecvFrom(short, 0); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("%q, %v", p.Data, err)
	}
}
