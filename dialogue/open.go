package dialogue

import (
	"context"
	"slices"
	"time"

	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// A Protocol is what a Client has to know of one.
type Protocol struct {
	Name  string         // "SMTP", "FTP": for messages
	Words map[int]string // what codes mean, for messages
	// Advise says what to do about a reply that says no, and may know a better
	// kind for it.
	Advise func(r Reply, e *primitive.Error) *primitive.Error
}

// Options say how to talk to a server.
type Options struct {
	Addr     primitive.Addr
	User     string
	Password string            // shown as ***, also where the server repeats it
	Trust    tlsinfo.Trust     // where the talk goes on over TLS
	Timeout  time.Duration     // for all up to the work, and then for each reply; 0 waits for ever
	Show     func(line string) // gets every line, escaped, as "> …" and "< …"; or nil
}

// Bounded is a context for one exchange.
func (o Options) Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.Timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, o.Timeout)
}

// New makes a client that is to be opened.
func New(p Protocol, o Options) *Client { return &Client{protocol: p, o: o} }

// Open connects, hears the greeting, and lets begin say what comes before the
// work. A client that could not be opened is closed. The errors are those of
// sock.DialStream, Read, Want and begin.
func (c *Client) Open(ctx context.Context, begin func(context.Context) error) error {
	ctx, cancel := c.o.Bounded(ctx)
	defer cancel()
	stream, err := sock.DialStream(ctx, c.o.Addr, sock.DialOptions{})
	if err != nil {
		return err
	}
	c.stream, c.first = stream, stream
	if err = c.greeted(ctx); err == nil {
		err = begin(ctx)
	}
	if err != nil {
		_ = c.Close() // the first error is the one to tell
	}
	return err
}

// greeted reads the greeting: 120 of FTP says that another one comes in some
// minutes.
func (c *Client) greeted(ctx context.Context) (err error) {
	if c.Greeting, err = c.Read(ctx); err == nil && c.Greeting.Code == 120 {
		c.Greeting, err = c.Read(ctx)
	}
	if err == nil {
		err = c.Want(c.Greeting, "to talk", 2)
	}
	return err
}

// Say gives a command, and wants a reply of the given hundred: 1, 2 or 3. It takes
// no longer than the options allow for one.
func (c *Client) Say(ctx context.Context, line string, hundred int) (Reply, error) {
	ctx, cancel := c.o.Bounded(ctx)
	defer cancel()
	r, err := c.Command(ctx, line)
	if err == nil {
		err = c.Want(r, line, hundred)
	}
	return r, err
}

// Answer is the reply to what was sent beside commands; otherwise as Say.
func (c *Client) Answer(ctx context.Context, what string, hundred int) (Reply, error) {
	ctx, cancel := c.o.Bounded(ctx)
	defer cancel()
	r, err := c.Read(ctx)
	if err == nil {
		err = c.Want(r, what, hundred)
	}
	return r, err
}

// Want is nil for a reply of one of the hundreds; else the refusal of what was
// asked, with advice.
func (c *Client) Want(r Reply, what string, hundreds ...int) error {
	if slices.Contains(hundreds, r.Code/100) {
		return nil
	}
	e := c.Refused(r, what)
	if c.protocol.Advise != nil {
		e = c.protocol.Advise(r, e)
	}
	return e
}

// How long the goodbye may take.
const farewell = time.Second

// Quit says goodbye and closes. The work is done by then, whatever the answer is.
func (c *Client) Quit(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	_, _ = c.Command(ctx, "QUIT")
	_ = c.Close()
}
