package sock

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
)

func TestListener(t *testing.T) {
	l := listen(t)
	if a := l.Addr(); a.Host != "127.0.0.1" || a.Port == 0 {
		t.Errorf("address %v", a)
	}
	c := must(DialStream(within(t), l.Addr(), DialOptions{}))(t)
	defer c.Close()
	s := must(l.Accept(within(t)))(t)
	defer s.Close()
	ci, si := infoOf(c), infoOf(s)
	if ci.Laddr != si.Raddr || ci.Raddr != l.Addr().String() || ci.Rport != l.Addr().Port || ci.Family != "inet" || ci.State != "connected" {
		t.Errorf("client %+v, server %+v", ci, si)
	}
	if i := infoOf(l); i.Accepted != 1 || i.State != "listening" {
		t.Errorf("listener %+v", i)
	}
}

func TestListenInUse(t *testing.T) {
	l := listen(t)
	_, err := ListenStream(within(t), l.Addr(), ListenOptions{})
	e := wantKind(t, err, primitive.InUse)
	if e.Errno != "EADDRINUSE" || e.Hint == "" || e.Target != l.Addr().String() {
		t.Errorf("%+v", e)
	}
}

func TestCloseFreesThePort(t *testing.T) {
	l := listen(t)
	for range 20 {
		got := blocked(t, func() error { return second(l.Accept(within(t))) }, func() bool { return l.accepting.held.Load() })
		check(t, l.Close())
		wantKind(t, <-got, primitive.Closed)
		wantKind(t, second(l.Accept(within(t))), primitive.Closed)
		again, err := ListenStream(within(t), l.Addr(), ListenOptions{})
		check(t, err)
		l = again
	}
	check(t, l.Close())
}

func TestAcceptTimesOut(t *testing.T) {
	l := listen(t)
	e := wantKind(t, second(l.Accept(soon(t))), primitive.Timeout)
	wantCause(t, e, "timed out")
	c := must(DialStream(within(t), l.Addr(), DialOptions{}))(t)
	defer c.Close()
	s := must(l.Accept(within(t)))(t)
	check(t, s.Close())
}

func TestAllowAndDeny(t *testing.T) {
	home := netip.MustParsePrefix("127.0.0.0/8")
	tests := map[string]struct {
		o  ListenOptions
		in bool
	}{
		"allowed":     {ListenOptions{Guests: Guests{Allow: []netip.Prefix{home}}}, true},
		"not allowed": {ListenOptions{Guests: Guests{Allow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}, false},
		"denied":      {ListenOptions{Guests: Guests{Allow: []netip.Prefix{home}, Deny: []netip.Prefix{home}}}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			l := must(ListenStream(within(t), loopback4(), tt.o))(t)
			defer l.Close()
			c := must(DialStream(within(t), l.Addr(), DialOptions{}))(t)
			defer c.Close()
			if tt.in {
				s := must(l.Accept(within(t)))(t)
				check(t, s.Close())
				return
			}
			ctx, cancel := context.WithCancel(t.Context())
			got := blocked(t, func() error { return second(l.Accept(ctx)) }, func() bool { return l.accepting.held.Load() })
			wantKind(t, second(c.Recv(within(t), 0)), primitive.EOF)
			cancel()
			wantKind(t, <-got, primitive.Canceled)
		})
	}
}

func TestInet6AndDual(t *testing.T) {
	l, err := ListenStream(within(t), primitive.Addr{Host: "::1"}, ListenOptions{})
	if err != nil {
		nettest.Missing(t, "IPv6: "+err.Error())
	}
	defer l.Close()
	c := must(DialStream(within(t), l.Addr(), DialOptions{Family: Inet6}))(t)
	defer c.Close()
	if i := infoOf(c); i.Family != "inet6" || i.Rhost != "::1" {
		t.Errorf("%+v", i)
	}
	for _, dual := range []bool{false, true} {
		l := must(ListenStream(within(t), primitive.Addr{Host: "::"}, ListenOptions{Dual: dual}))(t)
		only := must(GetOption(l, "v6only"))(t)
		if only == dual {
			t.Errorf("dual %v: v6only is %v", dual, only)
		}
		c, err := DialStream(within(t), primitive.Addr{Host: "127.0.0.1", Port: l.Addr().Port}, DialOptions{})
		if dual {
			check(t, err)
			check(t, c.Close())
		} else {
			wantKind(t, err, primitive.Refused)
		}
		check(t, l.Close())
	}
}

func TestUnixStream(t *testing.T) {
	addr := primitive.Addr{Path: filepath.Join(t.TempDir(), "s")}
	_, err := DialStream(within(t), addr, DialOptions{})
	wantKind(t, err, primitive.NotFound)
	l := must(ListenStream(within(t), addr, ListenOptions{}))(t)
	wantKind(t, second(ListenStream(within(t), addr, ListenOptions{})), primitive.InUse)
	c := must(DialStream(within(t), addr, DialOptions{}))(t)
	defer c.Close()
	s := must(l.Accept(within(t)))(t)
	defer s.Close()
	send(t, c, "hi")
	got, err := s.Recv(within(t), 0)
	wantBytes(t, got, err, "hi")
	if i := infoOf(c); i.Raddr != addr.String() || i.Laddr != "" || i.Family != "unix" {
		t.Errorf("%+v", i)
	}
	check(t, l.Close())
	if _, err := os.Stat(addr.Path); err == nil {
		t.Error("the file is still there")
	}
}

// fillBacklog connects until a connect gets no answer any more.
func fillBacklog(t *testing.T, l *Listener) error {
	t.Helper()
	for range 10 {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		c, err := DialStream(ctx, l.Addr(), DialOptions{})
		cancel()
		if err != nil {
			return err
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	return nil
}

func TestBacklogFull(t *testing.T) {
	l := must(ListenStream(within(t), loopback4(), ListenOptions{Backlog: 1}))(t)
	defer l.Close()
	if onLinux && infoOf(l).Backlog != 1 {
		t.Errorf("backlog is %d", infoOf(l).Backlog)
	}
	if !onLinux {
		t.Skip("other systems refuse")
	}
	e := wantKind(t, fillBacklog(t, l), primitive.Timeout)
	wantCause(t, e, "timed out")
	if n := infoOf(l).Waiting; n != 2 { // the kernel admits one more than the backlog
		t.Errorf("%d wait", n)
	}
}
