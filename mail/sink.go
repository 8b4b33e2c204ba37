package mail

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"sosh/primitive"
	"sosh/sock"
)

// A Config says what a sink takes. Zero values are no limit, but for those with
// a default.
type Config struct {
	Name     string      // what it calls itself; "" is localhost
	Dir      string      // also writes each letter here, as a file .eml
	User     string      // takes letters only after a login
	Password string      //
	Refuse   []string    // recipients it does not take: addresses, or *@DOMAIN for all of one
	Status   int         // a mock: what it answers to a letter instead of 250
	Hit      func() bool // … only when this says so; nil is always
	TLS      *tls.Config // offers it; nil does not

	MaxSize    int64         // bytes of a letter; 0 is 16 MiB
	MaxTo      int           // recipients of a letter; 0 is 100
	MaxLetters int           // letters kept in memory, the newest, and files written; 0 is 1000
	Idle       time.Duration // how long a client may take for a command, or for a letter; 0 is 5 minutes

	Log func(format string, args ...any) // a line for each letter; it escapes, and must be quick
}

// A Sink is a mail server that keeps what it gets and passes nothing on. Any
// number of clients may be served at once.
type Sink struct {
	c   Config
	box *mailbox
}

// NewSink checks the settings and opens the folder. Kind Usage for a status that
// no mail server gives, NotFound or Denied for the folder.
func NewSink(c Config) (*Sink, error) {
	if c.Status != 0 && (c.Status < 400 || c.Status > 599) {
		return nil, primitive.Usagef("status %d says no refusal", c.Status).WithHint("400 to 499 are for now, 500 to 599 for good: --status 451")
	}
	if (c.User == "") != (c.Password == "") {
		return nil, primitive.Usagef("a login has a user and a password").WithHint("--user ann --password secret")
	}
	c.defaults()
	box, err := openMailbox(c.Dir, c.MaxLetters)
	if err != nil {
		return nil, err
	}
	s := &Sink{c: c, box: box}
	return s, nil
}

func (c *Config) defaults() {
	if c.Name == "" {
		c.Name = "localhost"
	}
	if c.MaxSize == 0 {
		c.MaxSize = 16 << 20
	}
	if c.MaxTo == 0 {
		c.MaxTo = 100
	}
	if c.MaxLetters == 0 {
		c.MaxLetters = 1000
	}
	if c.Idle == 0 {
		c.Idle = 5 * time.Minute
	}
	if c.Log == nil {
		c.Log = func(string, ...any) {}
	}
}

// Letters are those kept, oldest first.
func (s *Sink) Letters() []Kept { return s.box.letters() }

// Close lets go of the folder.
func (s *Sink) Close() { s.box.close() }

// Serve serves one client until it leaves, is silent for too long, or ctx ends.
func (s *Sink) Serve(ctx context.Context, stream *sock.Stream) error {
	conn := newConn(ctx, stream)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &visit{sink: s, peer: stream.Raddr().Host}, nil
	}))
	server.Domain, server.TLSConfig = s.c.Name, s.c.TLS
	server.MaxMessageBytes, server.MaxRecipients = s.c.MaxSize, s.c.MaxTo
	server.ReadTimeout, server.WriteTimeout = s.c.Idle, s.c.Idle
	server.AllowInsecureAuth, server.EnableSMTPUTF8 = true, true
	server.ErrorLog = log.New(io.Discard, "", 0)
	_ = server.Serve(&single{conn: conn}) // it ends when the connection does
	_ = server.Shutdown(context.WithoutCancel(ctx))
	return conn.failure()
}

// A visit is what one client said since it came, as go-smtp tells it.
type visit struct {
	sink   *Sink
	peer   string
	from   string
	to     []string
	authed bool
}

// Reset forgets the letter that was begun.
func (v *visit) Reset() { v.from, v.to = "", nil }

// Logout ends the visit.
func (v *visit) Logout() error { return nil }

// Mail takes the sender.
func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if v.sink.c.User != "" && !v.authed {
		return refusal(530, smtp.EnhancedCode{5, 7, 0}, "say first who you are: AUTH")
	}
	v.from, v.to = from, nil
	return nil
}

// Rcpt takes a recipient, or does not.
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	for _, r := range v.sink.c.Refuse {
		if domain, all := strings.CutPrefix(strings.ToLower(r), "*"); strings.EqualFold(to, r) || all && strings.HasSuffix(strings.ToLower(to), domain) {
			v.sink.c.Log("from %s: <%s> to <%s> refused: 550", v.peer, v.from, to)
			return refusal(550, smtp.EnhancedCode{5, 1, 1}, "no such user here")
		}
	}
	v.to = append(v.to, to)
	return nil
}

// Data takes the letter itself.
func (v *visit) Data(r io.Reader) error {
	data, err := io.ReadAll(r) // at most MaxMessageBytes
	if err != nil {
		v.sink.c.Log("from %s: <%s> broke off after %d bytes: %s", v.peer, v.from, len(data), err)
		return err
	}
	subject := subjectOf(data)
	note := func(end string) {
		v.sink.c.Log("from %s: <%s> to %s: %d bytes, subject \"%s\": %s", v.peer, v.from, angled(v.to), len(data), subject, end)
	}
	if code := v.sink.mocked(); code != 0 {
		note(fmt.Sprint(code))
		return refusal(code, smtp.EnhancedCode{code / 100, 3, 0}, "not this one, says --status")
	}
	name, err := v.sink.box.keep(Kept{At: time.Now(), Peer: v.peer, From: v.from, To: v.to, Subject: subject, Data: data})
	if err != nil {
		note("452 " + err.Error())
		return refusal(452, smtp.EnhancedCode{4, 3, 1}, "no room to keep it")
	}
	note(strings.TrimSpace("250 " + name))
	return nil
}

func angled(to []string) string { return "<" + strings.Join(to, ">, <") + ">" }

// mocked is the status for the next letter; 0 is to take it.
func (s *Sink) mocked() int {
	if s.c.Status != 0 && (s.c.Hit == nil || s.c.Hit()) {
		return s.c.Status
	}
	return 0
}

func refusal(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}
