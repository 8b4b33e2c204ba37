package ftp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"os"
	"path/filepath"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A Config says what a site serves, and to whom.
type Config struct {
	Dir      string // the folder; nothing outside is ever reached. "" makes one for the moment
	Write    bool   // clients may store, rename and delete
	User     string // "" takes anonymous, with any password
	Password string
	TLS      *tls.Config // offers it; nil does not

	MaxSize int64         // bytes of a stored file; 0 is 1 GiB
	Idle    time.Duration // silence of a client, in the talk or in the data, before it is shown out; 0 is 5 minutes

	Log func(format string, args ...any) // a line for each command; it escapes, and must be quick
}

// A Site is a folder that is served. Any number of clients may be served at once.
type Site struct {
	c        Config
	root     *os.Root
	moment   string // the folder made for the moment, to remove; or ""
	commands map[string]command
}

// NewSite opens the folder. Kind NotFound or Denied when that cannot be, Usage for
// a user without a password.
func NewSite(c Config) (*Site, error) {
	if (c.User == "") != (c.Password == "") {
		return nil, primitive.Usagef("a login has a user and a password").WithHint("--user ann --password secret; without both anybody may come")
	}
	moment, err := c.forTheMoment()
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return nil, primitive.AsError(fileError(err, c.Dir)).WithHint("make the folder first: !mkdir %s", c.Dir)
	}
	if c.MaxSize == 0 {
		c.MaxSize = 1 << 30
	}
	if c.Idle == 0 {
		c.Idle = 5 * time.Minute
	}
	if c.Log == nil {
		c.Log = func(string, ...any) {}
	}
	s := &Site{c: c, root: root, moment: moment, commands: commands()}
	return s, nil
}

// Readme is what a folder for the moment holds: readme.txt.
const Readme = "Two connections: one to talk, one for the data.\n"

// forTheMoment makes a folder where none was named.
func (c *Config) forTheMoment() (dir string, err error) {
	if c.Dir != "" {
		return "", nil
	}
	if dir, err = os.MkdirTemp("", "sosh-ftp-"); err != nil {
		return "", fileError(err, os.TempDir())
	}
	if err := os.WriteFile(filepath.Join(dir, "readme.txt"), []byte(Readme), 0o600); err != nil {
		_ = os.RemoveAll(dir) // the first error is the one to tell
		return "", fileError(err, dir)
	}
	c.Dir = dir
	return dir, nil
}

// Close lets go of the folder, and removes one that was made for the moment.
func (s *Site) Close() {
	_ = s.root.Close() // files that are read are closed by their transfers
	if s.moment != "" {
		_ = os.RemoveAll(s.moment)
	}
}

// admits compares in a time that tells nothing of the password.
func (s *Site) admits(user, password string) bool {
	if s.c.User == "" {
		return user == "anonymous" || user == "ftp"
	}
	same := func(a, b string) int {
		x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
		return subtle.ConstantTimeCompare(x[:], y[:])
	}
	return same(user, s.c.User)&same(password, s.c.Password) == 1
}

// Serve serves one client until it leaves, is silent for too long, or ctx ends.
func (s *Site) Serve(ctx context.Context, stream *sock.Stream) error {
	v := &visit{site: s, ctx: ctx, control: stream, peer: stream.Raddr(), cwd: "/"}
	defer v.end()
	v.reply(220, "sosh serves a folder")
	for v.failed == nil && !v.leaving {
		line, err := v.line()
		if err != nil {
			return err
		}
		v.obey(line)
	}
	return v.failed
}
