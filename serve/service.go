package serve

import (
	"context"

	"sosh/primitive"
	"sosh/sock"
)

// A Spec is what a person writes about a service: its Name, as typed behind the
// port; Short and Doc for its help; an Example that serves on port 12345 and asks
// itself, which a test runs in both faces.
type Spec = primitive.Spec

// New makes the row of a service. Its arguments are a tagged struct as those of
// every row: positionals stand behind the service's name, flags anywhere behind
// it. fn is called once, before anything listens: what is wrong with the arguments
// is told then, and the port is not touched.
func New[A any](spec Spec, fn func(ctx context.Context, host Host, a A) (Runner, error)) *primitive.Row {
	return primitive.NewService(spec, fn)
}

// A Runner is a service that was started. It has Client, Packets or both.
type Runner struct {
	// Client serves one client until it returns; many run at once. Its end, an error
	// or not, closes the stream; an end of the peer's (kind EOF) is no failure. The
	// context ends with the server.
	Client func(ctx context.Context, c *sock.Stream) error
	// Packets serves a datagram socket until the context ends; see Answers.
	Packets func(ctx context.Context, u *sock.Datagram) error
	// Both serves datagrams on the same port too, without being told with --udp. A
	// Runner without Client does anyway.
	Both bool
	// Close frees what fn opened, after the last client and datagram; may be nil.
	Close func()
}

// Answers serves datagrams one by one: fn gives the answer to one, or nil for
// none. That one sender cannot be answered does not end the service.
func Answers(fn func(ctx context.Context, p sock.Packet) []byte) func(context.Context, *sock.Datagram) error {
	return func(ctx context.Context, u *sock.Datagram) error {
		for {
			p, err := u.RecvFrom(ctx, 0)
			if err != nil && final(ctx, u, err) {
				return err
			}
			to, known := Sender(u, p)
			if err != nil || !known {
				continue
			}
			if answer := fn(ctx, p); answer != nil {
				_, _ = u.SendTo(ctx, to, answer) // what fails is that answer's end; RecvFrom tells of the socket's
			}
		}
	}
}

// final is whether a socket that fails to receive is done for, and not only told
// of what became of a datagram that it sent.
func final(ctx context.Context, u *sock.Datagram, err error) bool {
	switch primitive.KindOf(err) {
	case primitive.Refused, primitive.Unreachable, primitive.Oversized, primitive.Denied, primitive.Timeout:
		return ctx.Err() != nil || u.Closed()
	}
	return true
}

// Sender is the address that answers a datagram; false where it has none: port 0,
// or a Unix socket that is not bound.
func Sender(u *sock.Datagram, p sock.Packet) (primitive.Addr, bool) {
	if u.Family() == sock.Unix {
		return primitive.Addr{Path: p.Host}, p.Host != ""
	}
	return primitive.Addr{Host: p.Host, Port: p.Port}, p.Port != 0
}
