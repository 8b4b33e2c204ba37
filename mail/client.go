package mail

import (
	"context"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"sosh/dialogue"
	"sosh/primitive"
	"sosh/tlsinfo"
)

// Options says how to talk to a mail server.
type Options struct {
	dialogue.Options        // with a user it logs in
	StartTLS         string // "auto" when the server offers it, "always", "never"
	Name             string // what to call oneself; "" is the name of this machine
}

// A client is one talk with a server.
type client struct {
	*dialogue.Client
	o          Options
	extensions []string // as the server lists them: "SIZE 1000"
	extended   bool     // EHLO was understood
}

// open connects, hears the greeting, and says who is there.
func open(ctx context.Context, o Options) (*client, error) {
	c := &client{o: o}
	c.Client = dialogue.New(dialogue.Protocol{Name: "SMTP", Words: words(), Advise: c.advise}, o.Options)
	return c, c.Open(ctx, c.begin)
}

// advise says what could be done about a reply that says no.
func (c *client) advise(r dialogue.Reply, e *primitive.Error) *primitive.Error {
	switch {
	case r.Code == 535:
		return e.WithHint("is the user right, and the password? they are given by --user NAME --password-file FILE")
	case e.Kind == primitive.Denied:
		return e.WithHint("the server wants to know who sends: --user NAME --password-file FILE; over TLS: --starttls always")
	case r.Code/100 == 4:
		return e.WithHint("a code of 400 and more is for now: try again later; to see the talk: --show")
	}
	return e.WithHint("to see the talk: --show; what the server offers: smtp check %s", c.Target())
}

func (c *client) begin(ctx context.Context) error {
	if err := c.hello(ctx); err != nil || !c.wantsTLS() {
		return err
	}
	return c.startTLS(ctx)
}

// hello says EHLO, and HELO to a server that knows no better.
func (c *client) hello(ctx context.Context) error {
	r, err := c.Command(ctx, "EHLO "+c.name())
	if err != nil {
		return err
	}
	if r.Code == 250 {
		c.extended, c.extensions = true, r.Lines[1:]
		return nil
	}
	c.extended, c.extensions = false, nil
	if r.Code/100 == 5 {
		_, err = c.Say(ctx, "HELO "+c.name(), 2)
		return err
	}
	return c.Want(r, "EHLO", 2)
}

// name is what this machine calls itself: a name with a dot, else its address in
// brackets (RFC 5321 section 4.1.4).
func (c *client) name() string {
	if c.o.Name != "" {
		return c.o.Name
	}
	if name, err := os.Hostname(); err == nil && strings.Contains(name, ".") && ascii(name) && !strings.ContainsAny(name, " \r\n") {
		return name
	}
	host := c.Stream().Laddr().Host
	if strings.Contains(host, ":") {
		return "[IPv6:" + host + "]"
	}
	return "[" + host + "]"
}

// extension is the parameters of an extension, and whether it is offered.
func (c *client) extension(name string) (string, bool) {
	for _, line := range c.extensions {
		head, rest, _ := strings.Cut(line, " ")
		if strings.EqualFold(head, name) {
			return rest, true
		}
	}
	return "", false
}

func (c *client) wantsTLS() bool {
	_, offered := c.extension("STARTTLS")
	return c.o.StartTLS == "always" || c.o.StartTLS == "auto" && offered
}

// startTLS goes over to TLS, after which the server is asked anew what it offers.
func (c *client) startTLS(ctx context.Context) error {
	if _, offered := c.extension("STARTTLS"); !offered {
		return primitive.Newf(primitive.Unsupported, "the server offers no STARTTLS").On(c.Target()).
			WithHint("without encryption, if that may be: --starttls never; what it offers: smtp check %s", c.Target())
	}
	if _, err := c.Say(ctx, "STARTTLS", 2); err != nil {
		return err
	}
	if err := c.StartTLS(ctx, c.o.Trust.Config(c.o.Addr.Host)); err != nil {
		return err
	}
	return c.hello(ctx)
}

// size is the largest message the server says it takes; 0 is no limit.
func (c *client) size() int64 {
	text, _ := c.extension("SIZE")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// private is whether nobody between here and the server can read.
func (c *client) private() bool {
	ip, err := netip.ParseAddr(c.Stream().Raddr().Host)
	return tlsinfo.Version(c.Stream()) != "" || err == nil && ip.IsLoopback()
}
