package mail

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"sosh/dialogue"
	"sosh/primitive"
	"sosh/tlsinfo"
)

// Sent is what came of a letter.
type Sent struct {
	Host     string        `help:"the server" volatile:""`
	Code     int           `help:"of the last reply to the letter: 250 is taken"`
	Reply    string        `help:"the words of that reply" volatile:""`
	Accepted []string      `help:"recipients the server takes it for"`
	Refused  []Refusal     `help:"recipients it does not: address, code, reply"`
	Size     int           `help:"bytes of the message as sent" volatile:""`
	ID       string        `help:"the Message-ID" volatile:""`
	TLS      string        `help:"version of TLS; empty without encryption"`
	Auth     string        `help:"mechanism of the login; empty without"`
	Connect  time.Duration `help:"time until the server had greeted and TLS was up" volatile:""`
	Total    time.Duration `help:"time of everything" volatile:""`
	Dialogue []string      `help:"each line sent (>) and received (<)" volatile:""`
}

// A Refusal is a recipient that the server does not take.
type Refusal struct {
	Address string `help:"the recipient"`
	Code    int    `help:"of the reply"`
	Reply   string `help:"the words of the reply"`
}

// Words are what a person is told.
func (s Sent) Words() primitive.Words {
	line := fmt.Sprintf("taken for %s: %d %s, %d bytes in %s", people(len(s.Accepted)), s.Code, primitive.Escape(s.Reply, false), s.Size, s.Total.Round(time.Millisecond/10))
	for _, r := range s.Refused {
		line += fmt.Sprintf("\nrefused for %s: %d %s", primitive.Escape(r.Address, false), r.Code, primitive.Escape(r.Reply, false))
	}
	return primitive.Words{Line: line}
}

func people(n int) string {
	if n == 1 {
		return "1 recipient"
	}
	return fmt.Sprintf("%d recipients", n)
}

// Send hands a message to a server. Recipients that it refuses are in the result;
// with strict, or when it refuses all, that is an error, and nothing is sent.
// Refused, Timeout, Unreachable, NotFound, Reset, Denied, Oversized, Unsupported,
// Failed.
func Send(ctx context.Context, o Options, m *Message, strict bool) (Sent, error) {
	start := time.Now()
	c, err := open(ctx, o)
	if err != nil {
		return Sent{}, err
	}
	s := Sent{Host: c.Target(), ID: m.ID, Size: len(m.Data), TLS: tlsinfo.Version(c.Stream()), Connect: time.Since(start)}
	err = c.hand(ctx, m, &s, strict)
	c.Quit(ctx)
	if err != nil {
		return Sent{}, err
	}
	s.Total, s.Dialogue = time.Since(start), c.Lines()
	return s, nil
}

// hand logs in, and hands over the message.
func (c *client) hand(ctx context.Context, m *Message, s *Sent, strict bool) (err error) {
	if c.o.User != "" {
		if s.Auth, err = c.login(ctx); err != nil {
			return err
		}
	}
	if err := c.envelope(ctx, m, s, strict); err != nil {
		return err
	}
	r, err := c.data(ctx, m.Data)
	s.Code, s.Reply = r.Code, r.Text()
	return err
}

// envelope says from whom and for whom.
func (c *client) envelope(ctx context.Context, m *Message, s *Sent, strict bool) error {
	from, err := c.mailFrom(m)
	if err != nil {
		return err
	}
	if _, err := c.Say(ctx, from, 2); err != nil {
		return err
	}
	var first error
	for _, to := range m.To {
		r, err := c.Say(ctx, "RCPT TO:<"+to+">", 2)
		if err == nil {
			s.Accepted = append(s.Accepted, to)
			continue
		}
		if r.Code == 0 { // no reply at all
			return err
		}
		s.Refused = append(s.Refused, Refusal{to, r.Code, r.Text()})
		if first == nil {
			first = err
		}
	}
	if first != nil && (strict || len(s.Accepted) == 0) {
		return first
	}
	return nil
}

// mailFrom is the command with what the server has to know beforehand.
func (c *client) mailFrom(m *Message) (string, error) {
	line := "MAIL FROM:<" + m.From + ">"
	if most := c.size(); most > 0 && int64(len(m.Data)) > most {
		return "", primitive.Newf(primitive.Oversized, "the message has %d bytes, the server takes at most %d", len(m.Data), most).
			On(c.Target()).WithHint("what it takes: smtp check %s", c.Target())
	}
	if _, ok := c.extension("SIZE"); ok {
		line += fmt.Sprintf(" SIZE=%d", len(m.Data))
	}
	if !m.UTF8 {
		return line, nil
	}
	if _, ok := c.extension("SMTPUTF8"); !ok {
		return "", primitive.Newf(primitive.Unsupported, "an address is not ASCII, and the server does not know SMTPUTF8").
			On(c.Target()).WithHint("use an address of ASCII letters; what the server offers: smtp check %s", c.Target())
	}
	return line + " SMTPUTF8", nil
}

// Bytes of a message that are sent between two reports of progress.
const piece = 64 << 10

// data sends the message, dots doubled, and a dot on a line of its own.
func (c *client) data(ctx context.Context, message []byte) (dialogue.Reply, error) {
	if r, err := c.Say(ctx, "DATA", 3); err != nil {
		return r, err
	}
	text := stuffed(message)
	c.Tell(fmt.Sprintf("> (%d bytes, and a dot on a line of its own)", len(message)))
	report := primitive.Progress(ctx)
	for done := 0; done < len(text); {
		n, err := c.send(ctx, text[done:min(done+piece, len(text))])
		if err != nil {
			return dialogue.Reply{}, err
		}
		if done += n; report != nil {
			report(int64(done), int64(len(text)))
		}
	}
	return c.Answer(ctx, "the message", 2)
}

func (c *client) send(ctx context.Context, data []byte) (int, error) {
	ctx, cancel := c.o.Bounded(ctx)
	defer cancel()
	return c.Stream().Send(ctx, data)
}

// stuffed doubles the dots that begin a line and adds the one that ends it (RFC
// 5321 section 4.5.2). A line feed or carriage return alone would let somebody
// smuggle in an end: all become \r\n.
func stuffed(message []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(message) + len(message)/50 + 8)
	message = bytes.ReplaceAll(message, []byte("\r\n"), []byte("\n"))
	message = bytes.ReplaceAll(message, []byte("\r"), []byte("\n"))
	for line := range bytes.Lines(message) {
		if line[0] == '.' {
			b.WriteByte('.')
		}
		b.Write(bytes.TrimSuffix(line, []byte("\n")))
		b.WriteString("\r\n")
	}
	b.WriteString(".\r\n")
	return b.Bytes()
}
