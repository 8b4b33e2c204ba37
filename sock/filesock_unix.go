//go:build unix

package sock

import (
	"errors"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// A fileConn is a connection of a family that the net package does not know,
// on the same poller.
type fileConn struct {
	*os.File
	kind          Family
	local, remote primitive.Addr
}

func newFileConn(f *os.File, family Family) *fileConn {
	c := &fileConn{File: f, kind: family}
	_ = controlOf(f, func(fd uintptr) error { // addresses that cannot be had stay empty
		local, _ := unix.Getsockname(int(fd))
		remote, err := unix.Getpeername(int(fd))
		c.local, c.remote = fromSockaddr(local), fromSockaddr(remote)
		return err
	})
	return c
}

func (c *fileConn) LocalAddr() net.Addr       { return wordAddr(c.local) }
func (c *fileConn) RemoteAddr() net.Addr      { return wordAddr(c.remote) }
func (c *fileConn) CloseRead() error          { return c.shutdown(unix.SHUT_RD) }
func (c *fileConn) CloseWrite() error         { return c.shutdown(unix.SHUT_WR) }
func (c *fileConn) plainSocket() syscall.Conn { return c.File }
func (c *fileConn) family() Family            { return c.kind }

func (c *fileConn) shutdown(how int) error {
	return controlOf(c.File, func(fd uintptr) error { return unix.Shutdown(int(fd), how) })
}

// A fileListener listens in a family that the net package does not know.
type fileListener struct {
	*os.File
	kind Family
}

func (l *fileListener) family() Family { return l.kind }

// Addr asks getsockname(2).
func (l *fileListener) Addr() net.Addr {
	var a primitive.Addr
	_ = controlOf(l.File, func(fd uintptr) error { // a closed listener has no address
		sa, err := unix.Getsockname(int(fd))
		a = fromSockaddr(sa)
		return err
	})
	return wordAddr(a)
}

// Accept is accept(2).
func (l *fileListener) Accept() (net.Conn, error) {
	raw, err := l.SyscallConn()
	if err != nil {
		return nil, err
	}
	var nfd int
	rerr := raw.Read(func(fd uintptr) bool {
		nfd, err = retry(func() (int, error) { return acceptFd(int(fd)) })
		return !errors.Is(err, unix.EAGAIN)
	})
	if rerr != nil {
		return nil, rerr
	}
	if err != nil {
		return nil, os.NewSyscallError("accept", err)
	}
	return newFileConn(os.NewFile(uintptr(nfd), "socket"), l.kind), nil
}
