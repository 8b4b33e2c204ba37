package ftp

import (
	"context"
	"crypto/tls"
	"strings"

	"sosh/dialogue"
	"sosh/primitive"
)

// Options says how to talk to a server.
type Options struct {
	dialogue.Options      // a user of "" is anonymous; the timeout is for silence in the data, too
	Active           bool // the server connects for the data
	TLS              bool // AUTH TLS before the login
}

// A client is one talk with a server.
type client struct {
	*dialogue.Client
	o        Options
	tls      *tls.Config // of the data connections; nil without
	features []string    // as the server lists them: "REST STREAM"
	noEPSV   bool        // the server does not know it
}

// open connects, logs in, and asks what the server can.
func open(ctx context.Context, o Options) (*client, error) {
	c := &client{o: o}
	c.Client = dialogue.New(dialogue.Protocol{Name: "FTP", Words: words(), Advise: c.advise}, o.Options)
	return c, c.Open(ctx, c.begin)
}

func (c *client) begin(ctx context.Context) (err error) {
	if c.o.TLS {
		err = c.authTLS(ctx)
	}
	if err == nil {
		err = c.login(ctx)
	}
	if err == nil && c.o.TLS {
		err = c.protect(ctx)
	}
	if err == nil {
		err = c.learn(ctx)
	}
	return err
}

// advise says what could be done about a reply that says no.
func (c *client) advise(r dialogue.Reply, e *primitive.Error) *primitive.Error {
	switch {
	case r.Code == 530 || r.Code == 430:
		e.Kind = primitive.Denied
		return e.WithHint("is the user right, and the password? they are given by --user NAME --password-file FILE")
	case r.Code == 550:
		e.Kind = primitive.NotFound
		return e.WithHint("what there is: ftp list %s", c.Target())
	case r.Code == 425 || r.Code == 426:
		return e.WithHint("a firewall may be in the way of the data; the other way round: %s", map[bool]string{true: "leave out --active", false: "--active"}[c.o.Active])
	}
	return e.WithHint("to see the talk: --show")
}

func (c *client) login(ctx context.Context) error {
	user, password := c.o.User, c.o.Password
	if user == "" {
		user, password = "anonymous", "anonymous@"
	}
	r, err := c.say2or3(ctx, "USER "+user, "USER "+user)
	if err != nil || r.Code/100 == 2 {
		return err
	}
	r, err = c.say2or3(ctx, "PASS "+password, "PASS ***")
	if err == nil && r.Code/100 == 3 {
		return primitive.Newf(primitive.Unsupported, "the server wants an account beside the user").On(c.Target()).WithHint("another client is needed: !curl ftp://HOST/")
	}
	return err
}

func (c *client) say2or3(ctx context.Context, line, shown string) (dialogue.Reply, error) {
	r, err := c.Secret(ctx, line, shown)
	if err == nil {
		err = c.Want(r, shown, 2, 3)
	}
	return r, err
}

// authTLS goes on over TLS (RFC 4217).
func (c *client) authTLS(ctx context.Context) error {
	r, err := c.Command(ctx, "AUTH TLS")
	if err != nil {
		return err
	}
	if r.Code != 234 {
		return c.Refused(r, "AUTH TLS").WithHint("without encryption, if that may be: leave out --tls")
	}
	c.tls = c.o.Trust.Config(c.o.Addr.Host)
	c.tls.ClientSessionCache = tls.NewLRUClientSessionCache(2) // some want that of the talk for the data
	return c.StartTLS(ctx, c.tls)
}

// protect asks for TLS on the data connections, too.
func (c *client) protect(ctx context.Context) error {
	if _, err := c.Say(ctx, "PBSZ 0", 2); err != nil {
		return err
	}
	_, err := c.Say(ctx, "PROT P", 2)
	return err
}

// learn asks for bytes as they are, and what else the server can (RFC 2389). Old
// servers know no FEAT.
func (c *client) learn(ctx context.Context) error {
	if _, err := c.Say(ctx, "TYPE I", 2); err != nil {
		return err
	}
	r, err := c.Command(ctx, "FEAT")
	if err != nil {
		return err
	}
	if r.Code/100 == 2 && len(r.Lines) > 2 {
		c.features = r.Lines[1 : len(r.Lines)-1]
	}
	return nil
}

// can is whether the server lists a feature.
func (c *client) can(feature string) bool {
	for _, f := range c.features {
		word, _, _ := strings.Cut(strings.TrimSpace(f), " ")
		if strings.EqualFold(word, feature) {
			return true
		}
	}
	return false
}
