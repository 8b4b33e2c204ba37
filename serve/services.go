package serve

import (
	"context"
	"errors"
	"io"
	"strings"

	"sosh/primitive"
	"sosh/sock"
)

// A Service is a built-in server: what one row of `serve` offers by name.
type Service struct {
	Name  string
	Usage string // with its arguments: "reply TEXT"
	Short string
	New   func(args []string) (Client, error)
}

// Services lists the built-in services.
func Services() []Service {
	return []Service{
		{"echo", "echo", "Send back what comes (RFC 862)", noArgs("echo", echo)},
		{"discard", "discard", "Take what comes and say nothing (RFC 863)", noArgs("discard", discard)},
		{"reply", "reply TEXT", "Send TEXT to each client, then take what comes until it ends", newReply},
	}
}

// Find makes the client function of a service with its arguments. An unknown
// name is an error of kind usage.
func Find(name string, args []string) (Client, error) {
	var names, usages []string
	for _, s := range Services() {
		if s.Name == name {
			return s.New(args)
		}
		names, usages = append(names, s.Name), append(usages, s.Usage)
	}
	e := primitive.Usagef("no service %s", primitive.Quote(name))
	if hint := primitive.DidYouMean(name, names); hint != "" {
		return nil, e.WithHint("%s", hint)
	}
	return nil, e.WithHint("services are: %s, or a Lua function", strings.Join(usages, ", "))
}

func noArgs(name string, c Client) func([]string) (Client, error) {
	return func(args []string) (Client, error) {
		if len(args) > 0 {
			return nil, primitive.Usagef("%s takes no argument, not %s", name, primitive.Quote(args[0]))
		}
		return c, nil
	}
}

const bufferSize = 32 << 10

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

func discard(ctx context.Context, c *sock.Stream) error {
	buf := make([]byte, bufferSize)
	for {
		if _, err := c.Read(ctx, buf); err != nil {
			return ended(err)
		}
	}
}

// newReply sends its text, ends its own side and takes the rest, so that closing
// with unread bytes does not reset the connection and lose the text.
func newReply(args []string) (Client, error) {
	if len(args) == 0 {
		return nil, primitive.Usagef("reply needs the text to send").WithHint("serve 9000 reply hello")
	}
	text := []byte(strings.Join(args, " "))
	return func(ctx context.Context, c *sock.Stream) error {
		if _, err := c.Send(ctx, text); err != nil {
			return err
		}
		if err := c.Shutdown("write"); err != nil {
			return err
		}
		return discard(ctx, c)
	}, nil
}

// ended makes the peer's end of the conversation a success.
func ended(err error) error {
	if errors.Is(err, io.EOF) || primitive.KindOf(err) == primitive.EOF {
		return nil
	}
	return err
}
