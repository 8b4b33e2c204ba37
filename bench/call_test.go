package main

import (
	"io"
	"net"
	"testing"

	"sosh/luabind"
	"sosh/session"
	"sosh/verbs"
)

// What a call of a primitive from a script costs beside the system calls: each
// benchmark has a plain Go twin that makes the same ones.

func runLua(b *testing.B, before, body string) {
	s := session.New(session.Options{Out: io.Discard})
	l := luabind.New(verbs.Table(), s, luabind.Options{})
	defer l.Close()
	defer s.Close()
	if _, err := l.Run(b.Context(), before, "before"); err != nil {
		b.Fatal(err)
	}
	l.Set("n", b.N)
	b.ReportAllocs()
	b.ResetTimer()
	if _, err := l.Run(b.Context(), "local n = n; for i = 1, n do "+body+" end", "loop"); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkDatagramLua(b *testing.B) {
	runLua(b, `u = udp.bind("127.0.0.1:0"); port = u.lport; data = ("x"):rep(64); for i = 1, 50 do u:sendto("127.0.0.1", port, data) end`,
		`local data, host, port = u:recvfrom(2048) u:sendto(host, port, data)`)
}

func BenchmarkDatagramGo(b *testing.B) {
	u, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		b.Fatal(err)
	}
	defer u.Close()
	to := u.LocalAddr().(*net.UDPAddr).AddrPort()
	data := make([]byte, 2048)
	for range 50 {
		if _, err := u.WriteToUDPAddrPort(data[:64], to); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		n, from, _ := u.ReadFromUDPAddrPort(data)
		if _, err := u.WriteToUDPAddrPort(data[:n], from); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStreamLua(b *testing.B) {
	runLua(b, `l = listen(0); c = tcp.connect("127.0.0.1", l.lport); d = l:accept(); data = ("x"):rep(64)`,
		`c:send(data) d:recv(1024)`)
}

func BenchmarkStreamGo(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	d, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	data := make([]byte, 1024)
	for b.Loop() {
		if _, err := c.Write(data[:64]); err != nil {
			b.Fatal(err)
		}
		if _, err := d.Read(data); err != nil {
			b.Fatal(err)
		}
	}
}
