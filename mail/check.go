package mail

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/tlsinfo"
)

// Checked is what a server says of itself.
type Checked struct {
	Host       string        `help:"the server" volatile:""`
	Code       int           `help:"of the greeting: 220"`
	Greeting   string        `help:"its words"`
	Extended   bool          `help:"it knows EHLO, and so extensions"`
	Extensions []string      `help:"what it offers, line by line"`
	StartTLS   bool          `name:"starttls" help:"it offers TLS, or was offering it"`
	TLS        string        `help:"version of TLS that was agreed on; empty without"`
	Auth       []string      `help:"ways to log in"`
	Size       int64         `help:"most bytes of a message; 0 where it says nothing"`
	Total      time.Duration `help:"time of everything" volatile:""`
	Dialogue   []string      `help:"each line sent (>) and received (<)" volatile:""`
}

// Words are what a person is told.
func (c Checked) Words() primitive.Words {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", c.Code, primitive.Escape(c.Greeting, false))
	if c.TLS != "" {
		fmt.Fprintf(&b, "\n%s", c.TLS)
	}
	for _, e := range c.Extensions {
		b.WriteString("\n  " + primitive.Escape(e, false))
	}
	if !c.Extended {
		b.WriteString("\nit knows no extensions")
	}
	return primitive.Words{Line: b.String()}
}

// Check asks a server what it is and offers. The failures are those of Send.
func Check(ctx context.Context, o Options) (Checked, error) {
	start := time.Now()
	c, err := open(ctx, o)
	if err != nil {
		return Checked{}, err
	}
	_, offered := c.extension("STARTTLS")
	out := Checked{
		Host: c.Target(), Code: c.Greeting.Code, Greeting: c.Greeting.Text(), Extended: c.extended,
		TLS: tlsinfo.Version(c.Stream()), Auth: c.mechanisms(), Size: c.size(), Extensions: c.extensions,
	}
	out.StartTLS = offered || out.TLS != ""
	c.Quit(ctx)
	out.Total, out.Dialogue = time.Since(start), c.Lines()
	return out, nil
}
