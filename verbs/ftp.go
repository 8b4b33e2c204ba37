package verbs

import (
	"context"
	"path"
	"path/filepath"
	"strings"
	"time"

	"sosh/dialogue"
	"sosh/ftp"
	"sosh/primitive"
	"sosh/serve"
	"sosh/session"
	"sosh/sock"
)

func ftpRows() []*primitive.Row {
	row := func(verb, short, more, example string) primitive.Spec {
		return primitive.Spec{
			Name: "ftp " + verb, Short: short,
			Doc: more + " The server is on port 21 unless another is given; without a user it is asked as anonymous. " +
				"The data comes over a second connection: to the server (passive), or with --active from it. It is only ever taken from the server itself. " +
				"--tls encrypts both. --show tells each line of the protocol, as it is sent (>) and received (<).",
			Example: example, Varies: true,
			Raises: []primitive.Kind{primitive.Refused, primitive.Timeout, primitive.Unreachable, primitive.NotFound, primitive.Untrusted, primitive.Denied,
				primitive.Reset, primitive.Oversized, primitive.Unsupported},
		}
	}
	return []*primitive.Row{
		primitive.New(row("list", "List a folder of an FTP server", "Without a path the folder where the server begins.",
			"serve 12345 ftp &; ftp list 127.0.0.1:12345"), ftpList),
		primitive.New(row("get", "Fetch a file from an FTP server",
			"The file gets its name when it is whole; until then, and when the transfer breaks off, it is called FILE.part, and --resume goes on with it.",
			"serve 12345 ftp &; ftp get 127.0.0.1:12345 readme.txt --output /dev/null"), ftpGet),
		primitive.New(row("put", "Store a file on an FTP server",
			"Without a path it is stored under its own name. --resume goes on where the server's file ends.",
			"serve 12345 ftp --write &; ftp put 127.0.0.1:12345 /dev/null empty.txt"), ftpPut),
	}
}

// ftpServices are those of serve.
func ftpServices() []*primitive.Row {
	return []*primitive.Row{
		serve.New(serve.Spec{
			Name: "ftp", Short: "Serve a folder over FTP",
			Doc: "Without a folder it makes one for the moment, with readme.txt in it. RFC 959 with EPSV, EPRT, MLSD, SIZE, MDTM and REST. For reading only, unless --write. Anybody may come, " +
				"or one user with --user and --password. Nothing outside the folder is reached, by no spelling and no link; " +
				"data goes to the client's own address alone. Each command is noted, a line each. With --tls it offers encryption; its certificate is made for the moment, so clients have to take any (--insecure), or to trust what --cert-out keeps (--cacert).",
			Varies:  true,
			Example: "serve 12345 ftp &; ftp list 127.0.0.1:12345",
		}, ftpServe),
	}
}

// ftpOptions are how to talk to an FTP server.
type ftpOptions struct {
	Active   bool          `help:"let the server connect for the data (active mode)"`
	TLS      bool          `name:"tls" help:"encrypt the talk and the data (AUTH TLS)"`
	Insecure bool          `with:"tls" help:"believe any certificate: anybody may be the server"`
	Cacert   string        `with:"tls" help:"file of the authorities to trust, and no others (PEM)"`
	Timeout  time.Duration `default:"30s" help:"give up when more takes longer than this; 0 is never"`
	Show     bool          `help:"tell each line of the protocol"`
}

// options are those of the engine.
func (o ftpOptions) options(ctx context.Context, s *session.Session, to primitive.Server, who loginOptions) (ftp.Options, error) {
	trust, err := trustOptions{o.Insecure, o.Cacert}.trust()
	if err != nil {
		return ftp.Options{}, err
	}
	talk := dialogue.Options{Addr: to.Addr(21), Trust: trust, Timeout: o.Timeout, Show: tellOf(s, o.Show)}
	talk.User, talk.Password, err = who.login(ctx, s)
	return ftp.Options{Options: talk, Active: o.Active, TLS: o.TLS}, err
}

type ftpListArgs struct {
	Server primitive.Server `arg:"" help:"FTP server, as HOST or HOST:PORT; 21 is the port of none"`
	Path   string           `arg:"" optional:"" help:"folder or file on the server"`
	loginOptions
	ftpOptions
}

func ftpList(ctx context.Context, s *session.Session, a ftpListArgs) ([]ftp.Entry, error) {
	o, err := a.options(ctx, s, a.Server, a.loginOptions)
	if err != nil {
		return nil, err
	}
	return ftp.List(ctx, o, a.Path)
}

type ftpGetArgs struct {
	Server primitive.Server `arg:"" help:"FTP server, as HOST or HOST:PORT; 21 is the port of none"`
	Path   string           `arg:"" help:"file on the server"`
	Output string           `help:"file to write; the last part of the path, here, without"`
	Resume bool             `help:"go on with what an earlier try left"`
	loginOptions
	ftpOptions
}

func ftpGet(ctx context.Context, s *session.Session, a ftpGetArgs) (ftp.Moved, error) {
	if a.Output == "" {
		a.Output = path.Base(a.Path)
	}
	if name := filepath.Base(a.Output); name == "." || name == ".." || name == string(filepath.Separator) || strings.HasSuffix(a.Path, "/") {
		return ftp.Moved{}, primitive.Usagef("%s names no file", primitive.Quote(a.Path)).WithHint("say what to write: --output FILE")
	}
	o, err := a.options(ctx, s, a.Server, a.loginOptions)
	if err != nil {
		return ftp.Moved{}, err
	}
	return ftp.Get(ctx, o, a.Path, a.Output, a.Resume)
}

type ftpPutArgs struct {
	Server primitive.Server `arg:"" help:"FTP server, as HOST or HOST:PORT; 21 is the port of none"`
	File   string           `arg:"" help:"file here"`
	Path   string           `arg:"" optional:"" help:"name on the server; a folder when it ends in /"`
	Resume bool             `help:"go on where the server's file ends"`
	loginOptions
	ftpOptions
}

func ftpPut(ctx context.Context, s *session.Session, a ftpPutArgs) (ftp.Moved, error) {
	if a.Path == "" || strings.HasSuffix(a.Path, "/") {
		a.Path += filepath.Base(a.File)
	}
	o, err := a.options(ctx, s, a.Server, a.loginOptions)
	if err != nil {
		return ftp.Moved{}, err
	}
	return ftp.Put(ctx, o, a.File, a.Path, a.Resume)
}

type ftpServeArgs struct {
	Dir         string         `arg:"" optional:"" help:"folder that is served; one for the moment without"`
	Write       bool           `help:"clients may store, rename and delete"`
	User        string         `help:"only this user may come; anybody without"`
	Password    string         `with:"user" secret:"" help:"password of the user"`
	PasswordEnv string         `with:"user" help:"variable of the environment that holds the password"`
	MaxSize     primitive.Size `with:"write" default:"1g" min:"1" max:"1099511627776" help:"most bytes of a file that is stored"`
	certificateOptions
}

func ftpServe(_ context.Context, host serve.Host, a ftpServeArgs) (serve.Runner, error) {
	config, err := a.config()
	if err != nil {
		return serve.Runner{}, err
	}
	site, err := ftp.NewSite(ftp.Config{
		Dir: a.Dir, Write: a.Write, User: a.User, Password: given(a.Password, a.PasswordEnv), TLS: config, MaxSize: int64(a.MaxSize), Log: host.Log,
	})
	if err != nil {
		return serve.Runner{}, err
	}
	return serve.Runner{Client: func(ctx context.Context, c *sock.Stream) error { return site.Serve(ctx, c) }, Close: site.Close}, nil
}
