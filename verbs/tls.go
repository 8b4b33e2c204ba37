package verbs

import (
	"context"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
	"sosh/tlsinfo"
)

func tlsRows() []*primitive.Row {
	dials := []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound, primitive.Reset, primitive.Untrusted, primitive.Failed}
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "tls info", Short: "Show a server's certificates and handshake",
			Doc: "The chain is shown whatever is wrong with it. The last line is verify: ok, or verify: failed: and why, which is exit code 1: " +
				"expired, not-yet-valid, wrong-name, self-signed, incomplete-chain, unknown-issuer and others, several if there are. " +
				"With --insecure that is no error. With --expires-in a certificate that ends earlier is an error of kind expectation, exit code 3. " +
				"--accepts asks, in some dozens of short connections, which versions and ciphers the server takes. " +
				"--starttls begins in plain text; the port is then the usual one of the protocol. Nothing is read from stdin. " +
				"In Lua the result comes whatever the verdict is: r.ok, r.verify, r.chain[1].names.",
			Example: "serve 12345 echo --secure &; tls info 127.0.0.1 12345 --insecure", Varies: true,
			Raises: append(dials, primitive.Expectation),
		}, tlsInfo),
		primitive.New(primitive.Spec{
			Name: "tls connect", Short: "Open a connection over TLS",
			Doc: "A stream whose bytes are encrypted on the way: send, recv, expect and the others work as on any. " +
				"The server must prove that it is who was asked for; --insecure does without, and says so. " +
				"A send or recv that is interrupted within a record may leave the connection unusable. " +
				"As an argument of the program itself it attaches the connection to standard input and output.",
			Example: "serve 12345 echo --secure &; tls connect 127.0.0.1 12345 --insecure; send hello; recv --exact 5",
			Raises:  dials,
		}, tlsConnect),
		primitive.New(primitive.Spec{
			Name: "tls certificate", Short: "Make a certificate, signed by itself or by another",
			Doc: "For tests, lessons and one's own network; nobody else trusts it. Without names it is for this machine: localhost, 127.0.0.1, ::1. " +
				"--authority makes one that may sign others, --issuer has one of these sign; --out writes the certificate and its key into a new file " +
				"that only its owner can read. --begins and --lasts make one that is over, or not yet valid. " +
				"In Lua, cert is the certificate and pem that with its key; both do wherever a file does: tls.connect(h, p, {cacert = ca.cert}).",
			Example: "tls certificate localhost --lasts 90d", Varies: true,
			Raises: []primitive.Kind{primitive.NotFound, primitive.InUse, primitive.Denied},
		}, tlsCertificate),
	}
}

type tlsInfoArgs struct {
	Addr      primitive.Addr `arg:"" port:"443" help:"host, and port if it is not 443"`
	Name      string         `help:"name to ask for and to check, if it is not the host"`
	ExpiresIn time.Duration  `help:"fail when a certificate ends within this time, as 14d"`
	Starttls  string         `enum:"smtp,imap,pop3,ftp,postgres" help:"begin in plain text, in that protocol"`
	Cacert    string         `help:"file with the authorities to trust, and no others"`
	Alpn      []string       `help:"protocols to offer, the liked ones first: h2,http/1.1"`
	Accepts   bool           `help:"also ask which versions and ciphers it accepts"`
	Insecure  bool           `help:"a failed verification is no error"`
	Timeout   time.Duration  `default:"10s" min:"0.001" help:"give up after this long; --accepts takes that six times"`
	Family    string         `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to use"`
}

// How much longer than one handshake all of --accepts may take.
const acceptsTimes = 6

func tlsInfo(ctx context.Context, _ *session.Session, a tlsInfoArgs) (tlsinfo.Report, error) {
	t, err := target(a.Addr, a.Name, a.Family, a.Starttls, a.Cacert, a.Alpn)
	if err != nil {
		return tlsinfo.Report{}, err
	}
	first, cancel := within(ctx, a.Timeout)
	defer cancel()
	r, err := tlsinfo.Inspect(first, t)
	if err != nil {
		return tlsinfo.Report{}, err
	}
	if a.Accepts {
		all, cancel := within(ctx, acceptsTimes*a.Timeout)
		defer cancel()
		if r.Accepts, err = tlsinfo.Ask(all, t); err != nil {
			return tlsinfo.Report{}, err
		}
	}
	err = r.Failure()
	if a.Insecure {
		err = nil
	}
	if err == nil && a.ExpiresIn > 0 {
		err = r.Lasts(a.ExpiresIn)
	}
	return *r, err
}

// target is what the rows of this family say of a server.
func target(addr primitive.Addr, name, family, starttls, cacert string, alpn []string) (tlsinfo.Target, error) {
	if usual := tlsinfo.StartTLSPort(starttls); usual != 0 && addr.Port == 443 { // nobody gave a port
		addr.Port = usual
	}
	roots, err := tlsinfo.Roots(cacert)
	return tlsinfo.Target{Addr: addr, Name: name, Family: familyOf(family), StartTLS: starttls, ALPN: alpn, Trust: tlsinfo.Trust{Roots: roots}}, err
}

type tlsConnectArgs struct {
	Addr     primitive.Addr `arg:"" port:"443" help:"host, and port if it is not 443"`
	Name     string         `help:"name to ask for and to check, if it is not the host"`
	Insecure bool           `help:"take any certificate: anybody may be at the other end"`
	Cacert   string         `help:"file with the authorities to trust, and no others"`
	Alpn     []string       `help:"protocols to offer, the liked ones first: h2,http/1.1"`
	Starttls string         `enum:"smtp,imap,pop3,ftp,postgres" help:"begin in plain text, in that protocol"`
	Timeout  time.Duration  `default:"10s" min:"0.001" help:"give up after this long"`
	Family   string         `default:"any" enum:"any,inet,inet6" alias:"4=inet,6=inet6,AF_INET=inet,AF_INET6=inet6" help:"address family to use"`
}

func tlsConnect(ctx context.Context, s *session.Session, a tlsConnectArgs) (*sock.Stream, error) {
	t, err := target(a.Addr, a.Name, a.Family, a.Starttls, a.Cacert, a.Alpn)
	if err != nil {
		return nil, err
	}
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	t.Insecure = a.Insecure
	conn, err := tlsinfo.Connect(ctx, t)
	if err != nil {
		return nil, err
	}
	if a.Insecure {
		s.Note(session.Note{What: "insecure", Text: "NOT VERIFIED: anybody may be at the other end of this connection to " +
			primitive.Escape(t.Addr.String(), false) + " (--insecure)"})
	}
	return sock.Secured(ctx, conn), nil
}

type tlsCertificateArgs struct {
	Names     primitive.Phrase `arg:"" rest:"" optional:"" help:"names and addresses it is for; none: this machine"`
	Authority bool             `help:"it may sign others; the name is its own"`
	Issuer    string           `help:"file of an authority and its key; none: it signs itself"`
	Begins    string           `help:"when it begins: 2026-01-31, or from now: -10d, 2h"`
	Lasts     time.Duration    `default:"365d" min:"1" help:"for how long it is valid"`
	Out       string           `help:"file to write the certificate and its key to, a new one"`
}

// certified is a certificate that was made.
type certified struct {
	Names     []string `help:"whom it is for"`
	Authority bool     `help:"it may sign others"`
	NotBefore string   `help:"valid from, as RFC 3339" volatile:""`
	NotAfter  string   `help:"valid until, as RFC 3339" volatile:""`
	Sha256    string   `help:"its SHA-256 fingerprint" volatile:""`
	File      string   `help:"file it was written to; empty where none was asked for"`
	Cert      string   `help:"the certificate with those of its issuers, in PEM form" volatile:""`
	Pem       string   `help:"that with its private key" volatile:""`
}

// Words tell everything but the key.
func (c certified) Words() primitive.Words {
	what, where := "certificate", "in Lua it is there as r.pem; for a file: --out FILE"
	if c.Authority {
		what = "authority"
	}
	if c.File != "" {
		where = "with its key in " + primitive.Quote(c.File)
	}
	return primitive.Words{Line: what + " for " + strings.Join(c.Names, ", ") + "\n  valid    " + c.NotBefore + " to " + c.NotAfter +
		"\n  sha-256  " + c.Sha256 + "\n  " + where}
}

func tlsCertificate(_ context.Context, _ *session.Session, a tlsCertificateArgs) (certified, error) {
	r := tlsinfo.Request{Names: a.names(), Authority: a.Authority, Lasts: a.Lasts}
	var err error
	if r.Begins, err = moment(a.Begins, time.Now()); err != nil {
		return certified{}, err
	}
	if a.Issuer != "" {
		if r.Issuer, err = tlsinfo.ReadMade(a.Issuer); err != nil {
			return certified{}, err
		}
	}
	made, err := tlsinfo.Make(r)
	if err != nil {
		return certified{}, err
	}
	all, err := made.PEM()
	if err == nil && a.Out != "" {
		err = tlsinfo.WriteFile(a.Out, all)
	}
	if err != nil {
		return certified{}, err
	}
	d := tlsinfo.Describe(made.Cert)
	c := certified{Names: d.Names, Authority: a.Authority, NotBefore: d.NotBefore, NotAfter: d.NotAfter, Sha256: d.Sha256,
		File: a.Out, Cert: string(made.CertPEM()), Pem: string(all)}
	if a.Authority {
		c.Names = []string{primitive.Escape(r.Names[0], false)}
	}
	return c, nil
}

func (a tlsCertificateArgs) names() []string {
	names := string(a.Names)
	switch {
	case names == "" && a.Authority:
		return []string{"ad-hoc authority"}
	case names == "":
		return tlsinfo.Local()
	case a.Authority:
		return []string{names}
	}
	return strings.FieldsFunc(names, func(c rune) bool { return c == ',' || c == ' ' })
}

// moment reads a date, or a time from now with a sign: -10d. Nothing is the zero
// time.
func moment(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(form, text); err == nil {
			return t, nil
		}
	}
	length, before := strings.CutPrefix(text, "-")
	d, err := primitive.ParseDuration(length)
	switch {
	case err != nil:
		return time.Time{}, primitive.Usagef("%s is no time to begin at", primitive.Quote(text)).WithHint("write a date, 2026-01-31, or a time from now: -10d, 2h")
	case before:
		d = -d
	}
	return now.Add(d), nil
}

// secure has a listener speak TLS, if it is to, with a certificate from files, or
// with an ad-hoc one, and says which.
func (a *serveArgs) secure(s *session.Session, l *sock.Listener) error {
	if !a.Secure && a.TlsCert == "" {
		return nil
	}
	pair, err := tlsinfo.Offer{Cert: a.TlsCert, Key: a.TlsKey}.Certificate()
	if err != nil {
		return err
	}
	l.Wrap(tlsinfo.Server(pair))
	if a.TlsCert == "" && !a.Silent {
		s.Note(session.Note{Handle: l.Name(), What: "tls", Text: "TLS with an ad-hoc certificate for localhost; SHA-256 " + tlsinfo.Describe(pair.Leaf).Sha256})
	}
	return nil
}
