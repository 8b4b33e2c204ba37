package sock

import (
	"path/filepath"
	"testing"

	"sosh/primitive"
)

func bindUDP(t *testing.T) *Datagram {
	t.Helper()
	u := must(BindDatagram(within(t), loopback4(), DatagramOptions{}))(t)
	t.Cleanup(func() { _ = u.Close() })
	return u
}

func TestDatagramConversation(t *testing.T) {
	server := bindUDP(t)
	client := must(OpenDatagram(Inet))(t)
	defer client.Close()
	ctx := within(t)
	if onLinux {
		e := wantKind(t, second(client.RecvFrom(ctx, 0)), primitive.NotReady)
		if e.Hint == "" || infoOf(client).State != "open" {
			t.Errorf("%+v %+v", e, infoOf(client))
		}
	}
	for _, text := range []string{"hello UDP server", "", "\x00\xff"} {
		if n, err := client.SendTo(ctx, server.Addr(), []byte(text)); n != len(text) || err != nil {
			t.Fatalf("sent %d, %v", n, err)
		}
		p := must(server.RecvFrom(ctx, 4096))(t)
		if string(p.Data) != text || p.Length != len(text) || p.Truncated || p.Host != "127.0.0.1" || p.Port != client.Addr().Port {
			t.Errorf("got %+v", p)
		}
		must(server.SendTo(ctx, primitive.Addr{Host: p.Host, Port: p.Port}, p.Data))(t)
		got, err := client.Recv(ctx, 4096)
		wantBytes(t, got, err, text)
	}
	if i := infoOf(client); i.State != "bound" || i.Received != 18 || i.Sent != 18 {
		t.Errorf("%+v", i)
	}
}

func TestDatagramCut(t *testing.T) {
	server := bindUDP(t)
	client := must(DialDatagram(within(t), server.Addr()))(t)
	defer client.Close()
	must(client.Send(within(t), []byte("0123456789")))(t)
	must(client.Send(within(t), []byte("next")))(t)
	p := must(server.RecvFrom(within(t), 4))(t)
	if string(p.Data) != "0123" || !p.Truncated || onLinux && p.Length != 10 {
		t.Errorf("got %+v", p)
	}
	p = must(server.RecvFrom(within(t), 4))(t)
	if string(p.Data) != "next" || p.Truncated {
		t.Errorf("got %+v", p)
	}
}

func TestDatagramRefusedOnce(t *testing.T) {
	gone := bindUDP(t)
	addr := gone.Addr()
	check(t, gone.Close())
	u := must(DialDatagram(within(t), addr))(t)
	defer u.Close()
	if !u.Connected() || infoOf(u).Raddr != addr.String() {
		t.Errorf("%+v", infoOf(u))
	}
	must(u.Send(within(t), []byte("x")))(t)
	e := wantKind(t, second(u.Recv(within(t), 0)), primitive.Refused)
	if e.Errno != "ECONNREFUSED" {
		t.Errorf("%+v", e)
	}
	wantKind(t, second(u.Recv(soon(t), 0)), primitive.Timeout)
}

func TestDatagramErrors(t *testing.T) {
	u := bindUDP(t)
	ctx := within(t)
	e := wantKind(t, second(BindDatagram(ctx, u.Addr(), DatagramOptions{})), primitive.InUse)
	if e.Errno != "EADDRINUSE" {
		t.Errorf("%+v", e)
	}
	wantKind(t, second(u.Send(ctx, []byte("x"))), primitive.NotReady)
	e = wantKind(t, second(u.SendTo(ctx, u.Addr(), make([]byte, 70_000))), primitive.Oversized)
	wantCause(t, e, "70000 bytes are too long for one datagram")
	wantKind(t, second(u.SendTo(ctx, primitive.Addr{Host: "x.invalid", Port: 1}, nil)), primitive.NotFound)
	wantKind(t, second(u.SendTo(ctx, primitive.Addr{Host: "::1", Port: 1}, nil)), primitive.NotFound)
	wantKind(t, second(u.SendTo(ctx, primitive.Addr{Path: "/x"}, nil)), primitive.Unsupported)
	c := must(DialDatagram(ctx, u.Addr()))(t)
	defer c.Close()
	wantKind(t, second(c.SendTo(ctx, u.Addr(), nil)), primitive.Failed)

	got := blocked(t, func() error { return second(u.RecvFrom(ctx, 0)) }, func() bool { return u.receiving.held.Load() })
	check(t, u.Close())
	wantKind(t, <-got, primitive.Closed)
	wantKind(t, second(u.SendTo(ctx, c.Addr(), nil)), primitive.Closed)
	wantKind(t, second(u.RecvFrom(ctx, 0)), primitive.Closed)
}

func TestUnixDatagram(t *testing.T) {
	dir := t.TempDir()
	ctx := within(t)
	a := must(BindDatagram(ctx, primitive.Addr{Path: filepath.Join(dir, "a")}, DatagramOptions{}))(t)
	defer a.Close()
	b := must(BindDatagram(ctx, primitive.Addr{Path: filepath.Join(dir, "b")}, DatagramOptions{}))(t)
	must(b.SendTo(ctx, a.Addr(), []byte("hi")))(t)
	p := must(a.RecvFrom(ctx, 0))(t)
	if string(p.Data) != "hi" || p.Host != b.Addr().Path || a.Family() != Unix {
		t.Errorf("got %+v", p)
	}
	check(t, b.Close())
	c := must(DialDatagram(ctx, a.Addr()))(t)
	defer c.Close()
	must(c.Send(ctx, []byte("anonymous")))(t)
	if p := must(a.RecvFrom(ctx, 0))(t); p.Host != "" || string(p.Data) != "anonymous" {
		t.Errorf("got %+v", p)
	}
	again := must(BindDatagram(ctx, primitive.Addr{Path: filepath.Join(dir, "b")}, DatagramOptions{}))(t)
	check(t, again.Close())
}
