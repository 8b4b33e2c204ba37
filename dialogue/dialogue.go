package dialogue

import (
	"context"
	"strings"

	"sosh/primitive"
	"sosh/sock"
)

// What a reply may take. RFC 5321 allows 512 bytes a line and real servers more;
// nothing says how many lines there may be.
const (
	maxLine  = 4 << 10
	maxLines = 1000
)

// A Client is the side that gives commands and reads replies. One call at a time.
type Client struct {
	Greeting Reply // what the server said first

	protocol Protocol
	o        Options
	stream   *sock.Stream
	first    *sock.Stream // the stream below TLS; the same as stream without
	lines    []string
}

// Stream is what is talked over: the connection, or TLS over it.
func (c *Client) Stream() *sock.Stream { return c.stream }

// Close ends the connection.
func (c *Client) Close() error {
	err := c.stream.Close()
	if c.first != c.stream {
		_ = c.first.Close() // closed by TLS already; this wakes who waits for it
	}
	return err
}

// Command says a line and reads the reply to it. A line that holds a line end or
// a NUL is kind Usage: it would be two commands.
func (c *Client) Command(ctx context.Context, line string) (Reply, error) {
	return c.Secret(ctx, line, line)
}

// Secret is Command for a line that is shown as another one: "PASS ***".
func (c *Client) Secret(ctx context.Context, line, shown string) (Reply, error) {
	if strings.ContainsAny(line, "\r\n\x00") {
		return Reply{}, primitive.Usagef("%s holds a line end or a zero byte, and would be two commands", primitive.Quote(shown))
	}
	c.Tell("> " + primitive.Escape(shown, false))
	if _, err := c.stream.Send(ctx, []byte(line+"\r\n")); err != nil {
		return Reply{}, err
	}
	return c.Read(ctx)
}

// Read reads one reply. Kind Failed when what comes is none, Oversized when it
// has no end; EOF, Reset, Timeout.
func (c *Client) Read(ctx context.Context) (Reply, error) {
	var p parser
	for range maxLines {
		line, err := c.stream.RecvLine(ctx, maxLine)
		if err != nil {
			return Reply{}, c.unread(err)
		}
		c.Tell("< " + primitive.Escape(string(line), false))
		done, ok := p.line(string(line))
		if !ok {
			return Reply{}, primitive.Newf(primitive.Failed, "that is no reply of %s: %s", c.protocol.Name, primitive.Quote(shorten(string(line)))).
				On(c.target()).WithHint("is it the right port? to see what it says: banner %s", c.target())
		}
		if done {
			return p.reply, nil
		}
	}
	return Reply{}, primitive.Newf(primitive.Oversized, "a reply of more than %d lines", maxLines).
		On(c.target()).WithHint("no %s server says so much; to see what it says: banner %s", c.protocol.Name, c.target())
}

// unread says more of a reply that did not come.
func (c *Client) unread(err error) error {
	e := *primitive.AsError(err)
	e.Target = c.target()
	switch e.Kind {
	case primitive.EOF: // in the middle of a dialogue it is a failure
		e.Kind, e.Cause = primitive.Reset, "the server ended the connection instead of a reply"
		e.Hint = "to see what it says: banner " + c.target()
	case primitive.Oversized:
		e.Cause = "a line of more than 4096 bytes instead of a reply"
		e.Hint = "is it the right port? to see what it says: banner " + c.target()
	case primitive.Timeout:
		e.Cause = "no reply in time"
		e.Hint = "to wait longer: --timeout 60s; to see the talk: --show"
	}
	return &e
}

func (c *Client) target() string { return c.first.Raddr().String() }

// Target is the server's address, for errors.
func (c *Client) Target() string { return c.target() }

// Most lines of a talk that are kept; a mailing to a thousand people has more.
const maxKept = 4000

// Tell keeps a line that is safe already, and shows it.
func (c *Client) Tell(line string) {
	line = c.hidden(line)
	if c.o.Show != nil {
		c.o.Show(line)
	}
	if len(c.lines) < maxKept {
		c.lines = append(c.lines, line)
	}
}

// hidden is a text without the secret. One of three letters would take words
// apart that have nothing to do with it.
func (c *Client) hidden(text string) string {
	if len(c.o.Password) < 4 {
		return text
	}
	return strings.ReplaceAll(text, primitive.Escape(c.o.Password, false), "***")
}

// Lines is what was said so far, shown or not.
func (c *Client) Lines() []string { return c.lines }

func shorten(s string) string {
	const most = 80
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
