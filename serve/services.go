package serve

import (
	"context"
	"errors"
	"io"

	"sosh/primitive"
	"sosh/sock"
)

const bufferSize = 32 << 10

// Echo sends back what comes (RFC 862), over TCP and UDP.
func Echo(host Host) Runner {
	return Runner{Client: echo, Packets: answersOnce(func(_ context.Context, p sock.Packet) []byte {
		host.Log("%s %d bytes sent back", from(p), len(p.Data))
		return p.Data
	})}
}

func echo(ctx context.Context, c *sock.Stream) error {
	buf := make([]byte, bufferSize)
	for {
		n, err := c.Read(ctx, buf)
		if n > 0 {
			if _, err := c.Send(ctx, buf[:n]); err != nil {
				return err
			}
		}
		if err != nil {
			return ended(err)
		}
	}
}

// Discard takes what comes and says nothing (RFC 863), over TCP and UDP.
func Discard(host Host) Runner {
	return Runner{Client: discard, Packets: answersOnce(func(_ context.Context, p sock.Packet) []byte {
		host.Log("%s %d bytes taken", from(p), len(p.Data))
		return nil
	})}
}

func discard(ctx context.Context, c *sock.Stream) error {
	buf := make([]byte, bufferSize)
	for {
		if _, err := c.Read(ctx, buf); err != nil {
			return ended(err)
		}
	}
}

// Reply sends its text to each client or answers each datagram with it.
func Reply(host Host, text []byte) Runner {
	return Runner{
		Client: func(ctx context.Context, c *sock.Stream) error { return say(ctx, c, text) },
		Packets: answersOnce(func(_ context.Context, p sock.Packet) []byte {
			host.Log("%s answered with %d bytes", from(p), len(text))
			return text
		}),
	}
}

// say sends a text, ends its own side and takes the rest, so that closing with
// unread bytes does not reset the connection and lose the text.
func say(ctx context.Context, c *sock.Stream, text []byte) error {
	if _, err := c.Send(ctx, text); err != nil {
		return err
	}
	if err := c.Shutdown("write"); err != nil {
		return err
	}
	return discard(ctx, c)
}

// from is the sender of a datagram in words.
func from(p sock.Packet) string {
	if p.Port == 0 {
		return p.Host
	}
	return primitive.Addr{Host: p.Host, Port: p.Port}.String()
}

// ended makes the peer's end of the conversation a success.
func ended(err error) error {
	if errors.Is(err, io.EOF) || primitive.KindOf(err) == primitive.EOF {
		return nil
	}
	return err
}
