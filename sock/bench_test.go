package sock

import (
	"context"
	"net"
	"testing"
)

// BenchmarkRoundTrip is one small message there and back, by the ways a server
// can read, beside the net package alone.
func BenchmarkRoundTrip(b *testing.B) {
	ways := map[string]func(context.Context, *Stream){
		"recv": echo,
		"read": func(ctx context.Context, c *Stream) {
			p := make([]byte, 4096)
			for {
				n, err := c.Read(ctx, p)
				if err != nil {
					return
				}
				_, _ = c.Send(ctx, p[:n])
			}
		},
		"net": func(_ context.Context, c *Stream) {
			p := make([]byte, 4096)
			for {
				n, err := c.Conn().Read(p)
				if err != nil {
					return
				}
				_, _ = c.Conn().Write(p[:n])
			}
		},
	}
	for name, serve := range ways {
		b.Run(name, func(b *testing.B) { roundTrips(b, serve) })
	}
}

func roundTrips(b *testing.B, serve func(context.Context, *Stream)) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	l, err := ListenStream(ctx, loopback4(), ListenOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	c, err := l.Accept(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	go serve(ctx, c)
	p := make([]byte, 64)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(p); err != nil {
			b.Fatal(err)
		}
		if _, err := conn.Read(p); err != nil {
			b.Fatal(err)
		}
	}
}
