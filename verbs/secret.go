package verbs

import (
	"context"
	"crypto/tls"
	"io"
	"os"
	"strings"

	"sosh/primitive"
	"sosh/session"
	"sosh/tlsinfo"
)

// loginOptions are who is there, for protocols that ask for a user and a password.
type loginOptions struct {
	User         string `help:"user to log in as"`
	Password     string `with:"user" secret:"" help:"password of the user; better kept in a file or asked for"`
	PasswordFile string `with:"user" help:"file whose first line is the password"`
	PasswordEnv  string `with:"user" help:"variable of the environment that holds the password"`
}

// Longest password read from a file.
const maxPassword = 4 << 10

// login is the user, and the password from where it is to come: the line, a file,
// the environment, else the person at the terminal.
func (o loginOptions) login(ctx context.Context, s *session.Session) (user, password string, err error) {
	switch {
	case o.User == "" || o.Password != "":
		return o.User, strings.TrimRight(o.Password, "\r\n"), nil
	case o.PasswordFile != "":
		password, err = firstLine(o.PasswordFile)
	case o.PasswordEnv != "":
		password = os.Getenv(o.PasswordEnv)
		if password == "" {
			err = primitive.Newf(primitive.NotFound, "the environment has no %s, or it is empty", primitive.Quote(o.PasswordEnv)).WithHint("or from a file: --password-file FILE")
		}
	case s.CanAskSecret():
		password, err = s.AskSecret(ctx, "password of "+o.User+"?")
	default:
		err = primitive.Usagef("no password for %s", primitive.Quote(o.User)).WithHint("give --password-file FILE or --password-env NAME")
	}
	return o.User, password, err
}

// firstLine is the first line of a file.
func firstLine(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", primitive.Newf(primitive.KindOf(err), "the password cannot be read").On(path).WithHint("is the name right? !ls -l shows the files here")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPassword))
	line, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimSuffix(line, "\r"), err
}

// tellOf is how a command shows the lines of its protocol; nil when it is not
// asked to.
func tellOf(s *session.Session, show bool) func(line string) {
	if !show {
		return nil
	}
	return func(line string) { s.Note(session.Note{What: "shown", Text: line, Asked: true}) }
}

// certificateOptions are how a service that begins in the open offers TLS.
type certificateOptions struct {
	TLS     bool   `name:"tls" help:"encrypt, with a certificate made for the moment"`
	CertOut string `with:"tls" help:"file to keep that certificate in, for clients to trust"`
	Cert    string `help:"file of a certificate to encrypt with, in PEM"`
	Key     string `with:"cert" help:"file of its key, if it stands in another one"`
}

// config is the TLS to offer, for the given protocols inside; nil for none.
func (o certificateOptions) config(alpn ...string) (*tls.Config, error) {
	return tlsinfo.Offer{AdHoc: o.TLS, Out: o.CertOut, Cert: o.Cert, Key: o.Key}.Config(alpn...)
}

// trustOptions are whom a client believes.
type trustOptions struct {
	Insecure bool   `help:"believe any certificate: anybody may be the server"`
	Cacert   string `help:"file of the authorities to trust, and no others (PEM)"`
}

func (o trustOptions) trust() (tlsinfo.Trust, error) {
	roots, err := tlsinfo.Roots(o.Cacert)
	return tlsinfo.Trust{Insecure: o.Insecure, Roots: roots}, err
}
