package sock

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"sosh/primitive"
)

// UnixOptions says how a Unix socket is bound.
type UnixOptions struct {
	Backlog int         // of a listener: how many connections may wait; 0 is the system's maximum
	Mode    fs.FileMode // permissions of its file, which who connects needs to write; 0 leaves them to the umask
}

// ListenUnix listens on a path, or on "@NAME", which is abstract: no file, Linux
// only (unix(7)). A file that a socket of an ended program left is replaced; one
// that a live socket has is not touched. The file is removed at Close. InUse,
// Denied, NotFound, Unsupported.
func ListenUnix(ctx context.Context, path string, o UnixOptions) (*Listener, error) {
	var ln net.Listener
	t, seen := primitive.TraceFrom(ctx), false
	replaced, err := bindUnix(path, o, func(lc net.ListenConfig) (err error) {
		if ln, _, seen, err = unixSeen(ctx, t, StreamType, path, o); !seen {
			ln, err = lc.Listen(ctx, "unix", path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	ln.(*net.UnixListener).SetUnlinkOnClose(false) // it would remove whatever has that name by then
	l := newListener(ln)
	l.file, l.replaced = fileOf(path), replaced
	if l.backlog.Store(int64(o.Backlog)); o.Backlog > 0 && !seen {
		err = l.setBacklog(nil, o.Backlog)
	}
	if err = errors.Join(err, permit(path, o.Mode)); err != nil {
		_ = l.Close() // the first error is the one to tell
		return nil, fault(err, "unix:"+path)
	}
	return l.begun(ctx), nil
}

// BindUnix is ListenUnix for datagrams.
func BindUnix(ctx context.Context, path string, o UnixOptions) (*Datagram, error) {
	var conn net.PacketConn
	replaced, err := bindUnix(path, o, func(lc net.ListenConfig) (err error) {
		seen := false
		if _, conn, seen, err = unixSeen(ctx, primitive.TraceFrom(ctx), DgramType, path, o); !seen {
			conn, err = lc.ListenPacket(ctx, "unixgram", path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	u := newDatagram(conn.(packetConn))
	u.file, u.replaced = fileOf(path), replaced
	if err := permit(path, o.Mode); err != nil {
		_ = u.Close() // the first error is the one to tell
		return nil, fault(err, "unix:"+path)
	}
	return u.begun(ctx), nil
}

// DialUnixDatagram opens a Unix datagram socket with one peer. With a local path
// it has an address of its own, without which nobody can answer; its file is
// removed at Close. NotFound, Refused, InUse, Denied, Unsupported.
func DialUnixDatagram(ctx context.Context, path, local string) (*Datagram, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if local == "" {
		return DialDatagram(ctx, primitive.Addr{Path: path})
	}
	var conn net.Conn
	_, err := bindUnix(local, UnixOptions{}, func(net.ListenConfig) (err error) {
		seen := false
		if conn, seen, err = dialPacketSeen(ctx, primitive.TraceFrom(ctx), Unix, primitive.Addr{Path: path}, primitive.Addr{Path: local}); !seen {
			d := net.Dialer{LocalAddr: &net.UnixAddr{Name: local, Net: "unixgram"}}
			conn, err = d.DialContext(ctx, "unixgram", path)
		}
		if step := (*os.SyscallError)(nil); errors.As(err, &step) && step.Syscall == "connect" {
			fileOf(local).remove() // bind made it before connect failed
			return dialHint(err, primitive.Addr{Path: path})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	u := newConnected(conn)
	u.file = fileOf(local)
	return u.begun(ctx), nil
}

// bindUnix calls bind, once more when a stale file was in the way.
func bindUnix(path string, o UnixOptions, bind func(net.ListenConfig) error) (replaced bool, err error) {
	if err := checkPath(path); err != nil {
		return false, err
	}
	lc := net.ListenConfig{}
	if o.Mode != 0 && path[0] != '@' {
		lc.Control = func(_, _ string, raw syscall.RawConn) error {
			return raw.Control(func(fd uintptr) { restrict(fd, o.Mode) })
		}
	}
	err = bind(lc)
	if err != nil && primitive.KindOf(asFault(err, "")) == primitive.InUse && removeStale(path) {
		replaced, err = true, bind(lc)
	}
	var known *primitive.Error
	if err == nil || errors.As(err, &known) {
		return replaced, err
	}
	return false, bindHint(err, primitive.Addr{Path: path})
}

// checkPath refuses abstract names where the system has none: there they would
// become files.
func checkPath(path string) error {
	if path[0] == '@' && runtime.GOOS != "linux" {
		e := primitive.Newf(primitive.Unsupported, "abstract names are for Linux only").On("unix:" + path)
		return e.WithHint("use the path of a file: /tmp/name.sock")
	}
	return nil
}

// permit sets the permissions of the file exactly, whatever the umask says.
func permit(path string, mode fs.FileMode) error {
	if mode == 0 || path[0] == '@' {
		return nil
	}
	return os.Chmod(path, mode)
}

// A boundFile is the file by which a Unix socket can be found.
type boundFile struct {
	path string // absolute
	info os.FileInfo
}

// fileOf remembers the file that a bind has just made; nothing for an abstract
// name.
func fileOf(path string) boundFile {
	abs, err := filepath.Abs(path)
	if path[0] == '@' || err != nil {
		return boundFile{}
	}
	info, err := os.Lstat(abs)
	if err != nil {
		return boundFile{}
	}
	return boundFile{abs, info}
}

// remove removes the file, unless something else has its name by now.
func (f boundFile) remove() {
	if f.info == nil {
		return
	}
	now, err := os.Lstat(f.path)
	if err == nil && os.SameFile(now, f.info) && now.ModTime().Equal(f.info.ModTime()) {
		_ = os.Remove(f.path) // someone may have removed it meanwhile
	}
}

// isSocket is whether a path is a socket's file.
func isSocket(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSocket != 0
}
