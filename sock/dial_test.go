package sock

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"sosh/primitive"
)

const onLinux = runtime.GOOS == "linux"

// deadAddr is a port of loopback that nobody listens on.
func deadAddr(t *testing.T) primitive.Addr {
	t.Helper()
	l := listen(t)
	check(t, l.Close())
	return l.Addr()
}

func TestDialRefused(t *testing.T) {
	addr := deadAddr(t)
	_, err := DialStream(within(t), addr, DialOptions{})
	e := wantKind(t, err, primitive.Refused)
	wantCause(t, e, "connection refused")
	if e.Errno != "ECONNREFUSED" || e.Target != addr.String() || !strings.Contains(e.Hint, "listen ") {
		t.Errorf("%+v", e)
	}
}

func TestDialTriesEveryAddress(t *testing.T) {
	addr := deadAddr(t)
	ips := must(Resolve(within(t), "localhost", ""))(t)
	addr.Host = "localhost"
	_, err := DialStream(within(t), addr, DialOptions{})
	e := wantKind(t, err, primitive.Refused)
	for _, ip := range ips {
		if len(ips) > 1 && !strings.Contains(e.Cause, ip.String()+" ") {
			t.Errorf("%q does not tell of %v", e.Cause, ip)
		}
	}
	l := listen(t)
	c := must(DialStream(within(t), primitive.Addr{Host: "localhost", Port: l.Addr().Port}, DialOptions{}))(t)
	check(t, c.Close())
}

func TestDialLocalAddress(t *testing.T) {
	l := listen(t)
	local := deadAddr(t)
	c := must(DialStream(within(t), l.Addr(), DialOptions{Local: local}))(t)
	defer c.Close()
	if c.Laddr() != local {
		t.Errorf("local address %v, want %v", c.Laddr(), local)
	}
	_, err := DialStream(within(t), l.Addr(), DialOptions{Local: primitive.Addr{Host: "192.0.2.1"}})
	if e := wantKind(t, err, primitive.Failed); e.Errno != "EADDRNOTAVAIL" {
		t.Errorf("%+v", e)
	}
}

func TestDialCanceledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := DialStream(ctx, deadAddr(t), DialOptions{})
	wantCause(t, wantKind(t, err, primitive.Canceled), "interrupted")
}

func TestResolve(t *testing.T) {
	tests := []struct {
		host   string
		family Family
		want   string
	}{
		{"127.0.0.1", "", "127.0.0.1"},
		{"::1", "", "::1"},
		{"", "", "127.0.0.1"},
		{"", Inet6, "::1"},
		{"localhost", Inet, "127.0.0.1"},
	}
	for _, tt := range tests {
		ips, err := Resolve(within(t), tt.host, tt.family)
		if err != nil || len(ips) == 0 || ips[0].String() != tt.want {
			t.Errorf("%q %s: %v, %v", tt.host, tt.family, ips, err)
		}
	}
	if e := wantKind(t, second(Resolve(within(t), "127.0.0.1", Inet6)), primitive.NotFound); e.Errno != "EAI_ADDRFAMILY" {
		t.Errorf("%+v", e)
	}
}

func TestInvalidNamesNeverAsk(t *testing.T) {
	for _, host := range []string{"invalid", "www.abc.invalid", "X.Invalid."} {
		e := wantKind(t, second(Resolve(within(t), host, "")), primitive.NotFound)
		wantCause(t, e, "name or service not known")
		if e.Errno != "EAI_NONAME" || e.Target != host {
			t.Errorf("%+v", e)
		}
	}
	_, err := DialStream(within(t), primitive.Addr{Host: "www.abc.invalid", Port: 80}, DialOptions{})
	wantKind(t, err, primitive.NotFound)
}

func TestErrnosHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range meanings {
		if seen[m.name] || m.cause == "" || strings.HasSuffix(m.cause, ".") {
			t.Errorf("bad row %+v", m)
		}
		seen[m.name] = true
	}
}
