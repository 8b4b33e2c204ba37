package sock

import (
	"strings"
	"testing"

	"sosh/internal/nettest"
	"sosh/primitive"
)

func TestOptions(t *testing.T) {
	c, _ := pair(t)
	u := bindUDP(t)
	tests := []struct {
		h           primitive.Handle
		name, value string
		want        any
	}{
		{c, "nodelay", "off", false},
		{c, "nodelay", "on", true},
		{c, "keepalive", "off", false},
		{c, "linger", "3", 3},
		{c, "linger", "off", "off"},
		{c, "ttl", "5", 5},
		{c, "tos", "16", 16},
		{u, "broadcast", "off", false},
		{u, "multicast-loop", "off", false},
		{u, "multicast-ttl", "3", 3},
	}
	for _, tt := range tests {
		check(t, SetOption(tt.h, tt.name, tt.value))
		if got := must(GetOption(tt.h, tt.name))(t); got != tt.want {
			t.Errorf("%s %s: got %v (%T)", tt.name, tt.value, got, got)
		}
	}
	check(t, SetOption(c, "sndbuf", "16k"))
	if n := must(GetOption(c, "sndbuf"))(t).(int); n < 16<<10 {
		t.Errorf("sndbuf is %d", n)
	}
}

func TestOptionErrors(t *testing.T) {
	c, _ := pair(t)
	u := bindUDP(t)
	e := wantKind(t, SetOption(c, "nodely", "on"), primitive.Usage)
	if e.Hint != "did you mean nodelay?" {
		t.Errorf("%+v", e)
	}
	e = wantKind(t, second(GetOption(c, "xyzzy")), primitive.Usage)
	if !strings.Contains(e.Hint, "sndbuf") {
		t.Errorf("%+v", e)
	}
	for name, value := range map[string]string{"nodelay": "maybe", "ttl": "256", "sndbuf": "-1", "linger": "x", "join": "10.0.0.1", "rcvbuf": "99999M"} {
		wantKind(t, SetOption(c, name, value), primitive.Usage)
	}
	wantKind(t, second(GetOption(u, "nodelay")), primitive.Unsupported)
	wantKind(t, second(GetOption(u, "join")), primitive.Unsupported)
	check(t, c.Close())
	wantKind(t, second(GetOption(c, "nodelay")), primitive.Closed)
	wantKind(t, SetOption(c, "nodelay", "on"), primitive.Closed)
	if len(Options()) < 11 {
		t.Errorf("only %d options", len(Options()))
	}
}

func TestMulticast(t *testing.T) {
	u := must(BindDatagram(within(t), primitive.Addr{Host: "0.0.0.0"}, DatagramOptions{}))(t)
	defer u.Close()
	if err := SetOption(u, "join", "224.0.0.251%lo"); err != nil {
		nettest.Missing(t, "multicast: "+err.Error())
	}
	if e := wantKind(t, SetOption(u, "join", "224.0.0.251%lo"), primitive.InUse); e.Errno != "EADDRINUSE" {
		t.Errorf("%+v", e)
	}
	check(t, SetOption(u, "leave", "224.0.0.251%lo"))
}
