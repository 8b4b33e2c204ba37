//go:build unix

package sock

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sosh/primitive"
)

func open(t *testing.T, family Family, typ Type) *Socket {
	t.Helper()
	s := must(Open(family, typ))(t)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestRawSteps(t *testing.T) {
	ctx := within(t)
	s := open(t, Inet, StreamType)
	s.SetName("s1")
	if s.Role() != nil || infoOf(s).State != "open" {
		t.Errorf("%v %+v", s.Role(), infoOf(s))
	}
	e := wantKind(t, second(s.AsListener()), primitive.NotReady)
	if e.Hint != "listen first: socket listen s1 5" || e.Target != "s1" {
		t.Errorf("%+v", e)
	}
	check(t, s.Bind(ctx, loopback4()))
	if i := infoOf(s); i.State != "bound" || i.Lport == 0 {
		t.Errorf("%+v", i)
	}
	if e := wantKind(t, s.Bind(ctx, loopback4()), primitive.Failed); e.Errno != "EINVAL" {
		t.Errorf("%+v", e)
	}
	check(t, s.Listen(5))
	l := must(s.AsListener())(t)
	if i := infoOf(s); l.Name() != "s1" || i.State != "listening" || i.ID != "s1" || i.Type != "socket" || i.Backlog != 5 {
		t.Errorf("%+v", i)
	}

	c := open(t, Inet, StreamType)
	c.SetName("s2")
	check(t, c.Bind(ctx, loopback4()))
	local := infoOf(c).Laddr
	check(t, c.Connect(ctx, l.Addr()))
	stream := must(c.AsStream())(t)
	peer := must(l.Accept(ctx))(t)
	defer peer.Close()
	if stream.Name() != "s2" || stream.Laddr().String() != local || peer.Raddr().String() != local {
		t.Errorf("%+v %+v", infoOf(c), infoOf(peer))
	}
	send(t, stream, "hey server")
	got, err := peer.Recv(ctx, 1024)
	wantBytes(t, got, err, "hey server")
	if e := wantKind(t, c.Connect(ctx, l.Addr()), primitive.Failed); e.Errno != "EISCONN" {
		t.Errorf("%+v", e)
	}
	wantKind(t, c.Listen(1), primitive.Failed)
	check(t, s.Listen(7))
	if n := infoOf(s).Backlog; n != 7 {
		t.Errorf("backlog %d", n)
	}
}

func TestRawSetsNoOptions(t *testing.T) {
	ctx := within(t)
	s, c := open(t, Inet, StreamType), open(t, Inet, StreamType)
	check(t, s.Bind(ctx, loopback4()))
	check(t, s.Listen(1))
	l := must(s.AsListener())(t)
	check(t, SetOption(c, "keepalive", "on"))
	check(t, c.Connect(ctx, l.Addr()))
	peer := must(l.Accept(ctx))(t)
	defer peer.Close()
	for _, h := range []primitive.Handle{s, c, peer} {
		for _, name := range []string{"nodelay", "reuseaddr", "keepalive"} {
			want := h == primitive.Handle(c) && name == "keepalive"
			if v := must(GetOption(h, name))(t); v != want {
				t.Errorf("%s %s is %v", h.Type(), name, v)
			}
		}
	}
	d := must(DialStream(ctx, l.Addr(), DialOptions{}))(t)
	defer d.Close()
	if v := must(GetOption(d, "reuseaddr"))(t); v != true {
		t.Error("the short form does not set reuseaddr")
	}
}

func TestRawSecondBindFails(t *testing.T) {
	a, b := open(t, Inet, StreamType), open(t, Inet, StreamType)
	check(t, a.Bind(within(t), loopback4()))
	check(t, a.Listen(1))
	addr := must(a.AsListener())(t).Addr()
	if e := wantKind(t, b.Bind(within(t), addr), primitive.InUse); e.Errno != "EADDRINUSE" || e.Target != addr.String() {
		t.Errorf("%+v", e)
	}
	check(t, a.Close())
	check(t, b.Bind(within(t), addr))
}

func TestRawRefusedNeverHangs(t *testing.T) {
	addr := deadAddr(t)
	for range 50 {
		s := must(Open(Inet, StreamType))(t)
		e := wantKind(t, s.Connect(within(t), addr), primitive.Refused)
		if s.Role() != nil || !strings.Contains(e.Hint, "listen ") {
			t.Errorf("%+v", e)
		}
		check(t, s.Close())
	}
}

func TestRawConnectManyTimes(t *testing.T) {
	l := listen(t)
	for range 50 {
		s := must(Open(Inet, StreamType))(t)
		check(t, s.Connect(within(t), l.Addr()))
		peer := must(l.Accept(within(t)))(t)
		check(t, s.Close())
		wantKind(t, second(peer.Recv(within(t), 0)), primitive.EOF)
		check(t, peer.Close())
	}
}

func TestRawConnectWaits(t *testing.T) {
	if !onLinux {
		t.Skip("a full backlog lets connect wait on Linux only")
	}
	l := must(ListenStream(within(t), loopback4(), ListenOptions{Backlog: 1}))(t)
	defer l.Close()
	wantKind(t, fillBacklog(t, l), primitive.Timeout)

	timed := open(t, Inet, StreamType)
	wantKind(t, timed.Connect(soon(t), l.Addr()), primitive.Timeout)

	canceled := open(t, Inet, StreamType)
	ctx, cancel := context.WithCancel(t.Context())
	got := blocked(t, func() error { return canceled.Connect(ctx, l.Addr()) }, func() bool { return canceled.step.held.Load() })
	cancel()
	wantKind(t, <-got, primitive.Canceled)

	closed := open(t, Inet, StreamType)
	got = blocked(t, func() error { return closed.Connect(t.Context(), l.Addr()) }, func() bool { return closed.step.held.Load() })
	check(t, closed.Close())
	wantKind(t, <-got, primitive.Closed)
	wantKind(t, closed.Connect(t.Context(), l.Addr()), primitive.Closed)
}

func TestRawCloseEitherClosesBoth(t *testing.T) {
	for _, viaRole := range []bool{false, true} {
		s := open(t, Inet, StreamType)
		check(t, s.Listen(1)) // without bind the kernel chooses a port
		l := must(s.AsListener())(t)
		got := blocked(t, func() error { return second(l.Accept(t.Context())) }, func() bool { return l.accepting.held.Load() })
		if viaRole {
			check(t, l.Close())
		} else {
			check(t, s.Close())
		}
		wantKind(t, <-got, primitive.Closed)
		if !s.Closed() || !l.Closed() || infoOf(s).State != "closed" {
			t.Errorf("via role %v: %v %v", viaRole, s.Closed(), l.Closed())
		}
		wantKind(t, s.Bind(within(t), loopback4()), primitive.Closed)
		check(t, s.Close())
	}
}

func TestRawDatagram(t *testing.T) {
	ctx := within(t)
	server, client := open(t, Inet, DgramType), open(t, Inet, DgramType)
	server.SetName("s1")
	check(t, server.Bind(ctx, loopback4()))
	us := must(server.AsDatagram())(t)
	if e := wantKind(t, server.Listen(1), primitive.Unsupported); e.Errno != "EOPNOTSUPP" {
		t.Errorf("%+v", e)
	}
	uc := must(client.AsDatagram())(t)
	must(uc.SendTo(ctx, us.Addr(), []byte("hi")))(t)
	p := must(us.RecvFrom(ctx, 0))(t)
	if p.Port != uc.Addr().Port || us.Name() != "s1" || infoOf(server).State != "bound" {
		t.Errorf("%+v %+v", p, infoOf(server))
	}
	check(t, client.Connect(ctx, us.Addr()))
	if !uc.Connected() || infoOf(client).Raddr != us.Addr().String() {
		t.Errorf("%+v", infoOf(client))
	}
	must(uc.Send(ctx, []byte("again")))(t)
	got, err := us.Recv(ctx, 0)
	wantBytes(t, got, err, "again")
	if v := must(GetOption(server, "broadcast"))(t); v != false {
		t.Error("broadcast is on")
	}
}

func TestRawUnix(t *testing.T) {
	ctx := within(t)
	addr := primitive.Addr{Path: filepath.Join(t.TempDir(), "s")}
	s := open(t, Unix, StreamType)
	check(t, s.Bind(ctx, addr))
	c := open(t, Unix, StreamType)
	wantKind(t, c.Connect(ctx, addr), primitive.Refused)
	check(t, s.Listen(1))
	check(t, c.Connect(ctx, addr))
	peer := must(must(s.AsListener())(t).Accept(ctx))(t)
	defer peer.Close()
	send(t, peer, "hi")
	got, err := must(c.AsStream())(t).Recv(ctx, 0)
	wantBytes(t, got, err, "hi")
	d := open(t, Unix, DgramType)
	wantKind(t, d.Connect(ctx, loopback4()), primitive.Unsupported)
}

func TestOtherFamilies(t *testing.T) {
	wantKind(t, second(Open("ipx", StreamType)), primitive.Usage)
	wantKind(t, second(Open(Inet, "raw")), primitive.Usage)
	for _, family := range []Family{Vsock, Bluetooth} {
		s, err := Open(family, StreamType)
		if err != nil {
			if e := wantKind(t, err, primitive.Unsupported); e.Errno == "" {
				t.Errorf("%+v", e)
			}
			continue
		}
		wantKind(t, s.Connect(within(t), primitive.Addr{Path: "/x"}), primitive.Unsupported)
		check(t, s.Close())
	}
}

func TestPrivilegedPort(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may bind every port")
	}
	_, err := ListenStream(within(t), primitive.Addr{Host: "127.0.0.1", Port: 1}, ListenOptions{})
	if err == nil {
		t.Skip("this system lets everyone bind port 1")
	}
	if e := wantKind(t, err, primitive.Denied); !strings.Contains(e.Hint, "ip_unprivileged_port_start") {
		t.Errorf("%+v", e)
	}
}

// TestFileSockets runs the connections of families that the net package does
// not know over a Unix socket, which every system has.
func TestFileSockets(t *testing.T) {
	ctx := within(t)
	addr := primitive.Addr{Path: filepath.Join(t.TempDir(), "s")}
	s := open(t, Unix, StreamType)
	check(t, s.Bind(ctx, addr))
	s.kind = Vsock
	check(t, s.Listen(1))
	l := must(s.AsListener())(t)
	c := open(t, Unix, StreamType)
	check(t, connectFile(c.file, must(sockaddrOf(ctx, Unix, addr))(t), nil))
	client := NewStream(newFileConn(c.file, Vsock))
	defer client.Close()
	server := must(l.Accept(ctx))(t)
	defer server.Close()
	if i := infoOf(client); i.Raddr != addr.String() || i.Family != "vsock" || infoOf(l).Laddr != addr.String() {
		t.Errorf("%+v", i)
	}
	send(t, client, "hi\n")
	check(t, client.Shutdown("write"))
	got, err := server.RecvAll(ctx, 0)
	wantBytes(t, got, err, "hi\n")
	wantKind(t, second(client.Recv(soon(t), 0)), primitive.Timeout)
	reading := blocked(t, func() error { return second(client.Recv(ctx, 0)) }, func() bool { return client.reading.held.Load() })
	check(t, client.Close())
	wantKind(t, <-reading, primitive.Closed)
	accepting := blocked(t, func() error { return second(l.Accept(ctx)) }, func() bool { return l.accepting.held.Load() })
	check(t, s.Close())
	wantKind(t, <-accepting, primitive.Closed)
}
