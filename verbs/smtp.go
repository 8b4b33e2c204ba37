package verbs

import (
	"context"
	"os"
	"time"

	"sosh/dialogue"
	"sosh/mail"
	"sosh/primitive"
	"sosh/serve"
	"sosh/session"
	"sosh/sock"
)

func smtpRows() []*primitive.Row {
	raises := []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound, primitive.Untrusted, primitive.Denied,
		primitive.Reset, primitive.Oversized, primitive.Unsupported}
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "smtp send", Short: "Hand a letter to a mail server",
			Doc: "Makes a letter of the text and the attachments and hands it to one server, on port 25 unless another is given. " +
				"A server that offers TLS gets it encrypted; --starttls always insists, never does not. " +
				"With a user it logs in, off this machine only over TLS. " +
				"Recipients that the server refuses are in the result; with --strict, or when it refuses all, that is an error, and nothing is sent. " +
				"--show tells each line of the protocol, as it is sent (>) and received (<); passwords are shown as ***.",
			Varies:  true,
			Example: "serve 12345 smtp &; smtp send 127.0.0.1:12345 --from ann@example.org --to bob@example.org --subject hello --body 'Dear Bob'",
			Raises:  raises,
		}, smtpSend),
		primitive.New(primitive.Spec{
			Name: "smtp check", Short: "Ask a mail server what it is and offers",
			Doc:     "Connects, hears the greeting, says EHLO and goodbye. With --starttls auto or always it asks again over TLS.",
			Example: "serve 12345 smtp &; smtp check 127.0.0.1:12345",
			Raises:  raises,
		}, smtpCheck),
	}
}

// smtpServices are those of serve.
func smtpServices() []*primitive.Row {
	return []*primitive.Row{
		serve.New(serve.Spec{
			Name: "smtp", Short: "Take letters and keep them",
			Doc: "A mail server that passes nothing on: RFC 5321 with AUTH, SIZE, 8BITMIME, CHUNKING and SMTPUTF8. " +
				"What it got is noted, a line a letter, and with --dir also kept, as files .eml whose first lines hold the envelope. " +
				"With --tls it offers STARTTLS; its certificate is made for the moment, so clients have to take any (--insecure), or to trust what --cert-out keeps (--cacert). " +
				"A mock: --refuse says no to recipients, --status to letters, to each third with --every 3.",
			Varies:  true,
			Example: "serve 12345 smtp --refuse nobody@example.org &; smtp send 127.0.0.1:12345 --from ann@example.org --to bob@example.org,nobody@example.org --body hello",
		}, smtpServe),
	}
}

// mailOptions are how to talk to a mail server.
type mailOptions struct {
	Starttls string        `default:"auto" enum:"auto,never,always" help:"encrypt: auto where the server offers it"`
	Insecure bool          `help:"believe any certificate, and log in where others can read"`
	Cacert   string        `help:"file of the authorities to trust, and no others (PEM)"`
	Helo     string        `help:"name to introduce this machine by; its own when left out"`
	Timeout  time.Duration `default:"30s" help:"give up when a reply takes longer; 0 is never"`
	Show     bool          `help:"tell each line of the protocol"`
}

// options are those of the engine.
func (o mailOptions) options(s *session.Session, to primitive.Server) (mail.Options, error) {
	trust, err := trustOptions{o.Insecure, o.Cacert}.trust()
	talk := dialogue.Options{Addr: to.Addr(25), Trust: trust, Timeout: o.Timeout, Show: tellOf(s, o.Show)}
	return mail.Options{Options: talk, StartTLS: o.Starttls, Name: o.Helo}, err
}

type smtpSendArgs struct {
	Server   primitive.Server `arg:"" help:"mail server, as HOST or HOST:PORT; 25 is the port of none"`
	From     string           `help:"sender, as ann@example.org or \"Ann <ann@example.org>\""`
	To       primitive.Many   `help:"recipient; again, or with commas, for more"`
	Subject  string           `help:"what it is about"`
	Body     primitive.Bytes  `help:"the text; @FILE is what a file holds"`
	BodyFile string           `help:"file with the text"`
	Attach   primitive.Many   `help:"file to go with it; again for more"`
	Strict   bool             `help:"send to all recipients or to none"`
	loginOptions
	mailOptions
}

func smtpSend(ctx context.Context, s *session.Session, a smtpSendArgs) (mail.Sent, error) {
	o, err := a.options(s, a.Server)
	if err != nil {
		return mail.Sent{}, err
	}
	if o.User, o.Password, err = a.login(ctx, s); err != nil {
		return mail.Sent{}, err
	}
	letter := mail.Letter{From: a.From, To: a.To, Subject: a.Subject, Body: a.Body, Attach: a.Attach}
	if a.BodyFile != "" {
		if letter.Body, err = mail.ReadText(a.BodyFile); err != nil {
			return mail.Sent{}, err
		}
	}
	message, err := letter.Compose(time.Now())
	if err != nil {
		return mail.Sent{}, err
	}
	return mail.Send(ctx, o, message, a.Strict)
}

type smtpCheckArgs struct {
	Server   primitive.Server `arg:"" help:"mail server, as HOST or HOST:PORT; 25 is the port of none"`
	Starttls string           `default:"never" enum:"auto,never,always" help:"ask again over TLS: auto where the server offers it"`
	Insecure bool             `with:"starttls" help:"believe any certificate: anybody may be the server"`
	Cacert   string           `with:"starttls" help:"file of the authorities to trust, and no others (PEM)"`
	Helo     string           `help:"name to introduce this machine by; its own when left out"`
	Timeout  time.Duration    `default:"10s" help:"give up when a reply takes longer; 0 is never"`
	Show     bool             `help:"tell each line of the protocol"`
}

func smtpCheck(ctx context.Context, s *session.Session, a smtpCheckArgs) (mail.Checked, error) {
	o, err := mailOptions{Starttls: a.Starttls, Insecure: a.Insecure, Cacert: a.Cacert, Helo: a.Helo, Timeout: a.Timeout, Show: a.Show}.options(s, a.Server)
	if err != nil {
		return mail.Checked{}, err
	}
	return mail.Check(ctx, o)
}

type smtpServeArgs struct {
	Dir         string         `help:"folder for what it gets, a file .eml each"`
	User        string         `help:"take letters only after a login as this user"`
	Password    string         `with:"user" secret:"" help:"password of the user"`
	PasswordEnv string         `with:"user" help:"variable of the environment that holds the password"`
	Refuse      primitive.Many `help:"refuse this recipient, or all of *@DOMAIN; again for more"`
	Status      int            `default:"0" min:"0" max:"599" help:"answer letters with this code, as 451"`
	MaxSize     primitive.Size `default:"16m" min:"1" max:"67108864" help:"most bytes of a letter"`
	MaxTo       int            `default:"100" min:"1" max:"10000" help:"most recipients of a letter"`
	MaxLetters  int            `default:"1000" min:"1" max:"1000000" help:"most letters that are kept"`
	certificateOptions
}

func smtpServe(_ context.Context, host serve.Host, a smtpServeArgs) (serve.Runner, error) {
	config, err := a.config()
	if err != nil {
		return serve.Runner{}, err
	}
	sink, err := mail.NewSink(mail.Config{
		Dir: a.Dir, User: a.User, Password: given(a.Password, a.PasswordEnv), Refuse: a.Refuse, Status: a.Status, Hit: host.Hit, Log: host.Log,
		MaxSize: int64(a.MaxSize), MaxTo: a.MaxTo, MaxLetters: a.MaxLetters, TLS: config,
	})
	if err != nil {
		return serve.Runner{}, err
	}
	return serve.Runner{Client: func(ctx context.Context, c *sock.Stream) error { return sink.Serve(ctx, c) }, Close: sink.Close}, nil
}

// given is a password, or that of the environment.
func given(password, env string) string {
	if password == "" && env != "" {
		return os.Getenv(env)
	}
	return password
}
