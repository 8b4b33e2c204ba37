package verbs

import (
	"context"
	"io/fs"
	"strconv"
	"time"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

func unixRows() []*primitive.Row {
	return []*primitive.Row{
		primitive.New(primitive.Spec{
			Name: "unix connect", Short: "Open a Unix connection",
			Doc: "The address family AF_UNIX is for programs on one machine: an address is the path of a file, or @NAME (abstract: no file, Linux only). " +
				"With --datagram a datagram socket with that peer; for answers it needs an address of its own, --laddr. " +
				"On Linux info tells the peer's process, user and group.",
			Example: "unix listen /tmp/sosh-12345.sock; unix connect /tmp/sosh-12345.sock; send hello; accept l1; recv",
			Raises:  []primitive.Kind{primitive.NotFound, primitive.Refused, primitive.Denied, primitive.Timeout, primitive.Unsupported},
		}, unixConnect),
		primitive.New(primitive.Spec{
			Name: "unix listen", Short: "Listen on a Unix socket",
			Doc: "Makes the file, which close removes. One that was left behind by a program that has ended is replaced; one that is in use never, " +
				"and the error says who holds it. Who connects needs permission to write to the file: --mode 0600 is for oneself only. " +
				"With --datagram a datagram socket bound to that path.",
			Example: "unix listen /tmp/sosh-12345.sock --mode 0600; info l1",
			Raises:  []primitive.Kind{primitive.InUse, primitive.Denied, primitive.NotFound, primitive.Unsupported},
		}, unixListen),
	}
}

type unixConnectArgs struct {
	Path     primitive.Path `arg:"" help:"path of the socket's file, or @NAME"`
	Datagram bool           `help:"a datagram socket with that peer"`
	Laddr    primitive.Path `with:"datagram" help:"path of its own, for answers"`
	Timeout  time.Duration  `default:"10s" help:"give up after this long; 0 leaves it to the system"`
}

func unixConnect(ctx context.Context, s *session.Session, a unixConnectArgs) (primitive.Handle, error) {
	ctx, cancel := within(ctx, a.Timeout)
	defer cancel()
	if a.Datagram {
		u, err := sock.DialUnixDatagram(ctx, string(a.Path), string(a.Laddr))
		return handleOr(u, nameHolder(s, primitive.Addr{Path: string(a.Laddr)}, err))
	}
	c, err := sock.DialStream(ctx, primitive.Addr{Path: string(a.Path)}, sock.DialOptions{Family: sock.Unix})
	return handleOr(c, err)
}

// handleOr is the handle, or an error alone: a nil pointer is no nil handle.
func handleOr(h primitive.Handle, err error) (primitive.Handle, error) {
	if err != nil {
		return nil, err
	}
	return h, nil
}

type unixListenArgs struct {
	Path     primitive.Path `arg:"" help:"path of the file to make, or @NAME"`
	Datagram bool           `help:"a datagram socket"`
	Backlog  int            `default:"128" min:"1" max:"65535" help:"connections that may wait to be accepted"`
	Mode     string         `help:"permissions of the file, as 0600; else as the umask says"`
}

func unixListen(ctx context.Context, s *session.Session, a unixListenArgs) (primitive.Handle, error) {
	mode, err := fileMode(a)
	if err != nil {
		return nil, err
	}
	o := sock.UnixOptions{Backlog: a.Backlog, Mode: mode}
	where := primitive.Addr{Path: string(a.Path)}
	if a.Datagram {
		u, err := sock.BindUnix(ctx, where.Path, o)
		return handleOr(u, nameHolder(s, where, err))
	}
	l, err := sock.ListenUnix(ctx, where.Path, o)
	return handleOr(l, nameHolder(s, where, err))
}

// fileMode reads permissions as chmod(1) takes them, in octal.
func fileMode(a unixListenArgs) (fs.FileMode, error) {
	if a.Mode == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(a.Mode, 8, 16)
	switch {
	case err != nil || n == 0 || n > 0o777:
		return 0, primitive.Usagef("%s is no file mode", primitive.Quote(a.Mode)).WithHint("modes are octal: --mode 0600 for oneself, 0660 for a group, 0666 for all")
	case a.Path[0] == '@':
		return 0, primitive.Usagef("an abstract name has no file, and so no mode").WithHint("leave out --mode, or use a path")
	}
	return fs.FileMode(n), nil
}
