//go:build unix && !linux

package sock

import (
	"syscall"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// newSocket takes three steps where there are no flags for socket(2); the lock
// keeps a program started in between from inheriting the descriptor.
func newSocket(domain, typ, proto int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(domain, typ, proto)
	return prepared(fd, err)
}

func acceptFd(fd int) (int, error) {
	nfd, _, err := acceptFrom(fd)
	return nfd, err
}

func acceptFrom(fd int) (int, unix.Sockaddr, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	nfd, from, err := unix.Accept(fd)
	nfd, err = prepared(nfd, err)
	return nfd, from, err
}

// How an explanation writes these calls: accept(2) and what follows its
// addresses.
const (
	socketFlags = ""
	AcceptName  = "accept"
	AcceptFlags = ""
)

func prepared(fd int, err error) (int, error) {
	if err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd) // the first error is the one to tell
		return -1, err
	}
	return fd, nil
}

func otherDomain(family Family) (domain, proto int, err error) {
	return 0, 0, fromName("EAFNOSUPPORT", nil).On(string(family))
}

func otherSockaddr(_ Family, addr primitive.Addr) (unix.Sockaddr, error) {
	return nil, fromName("EAFNOSUPPORT", nil).On(addr.String())
}

func fromOther(unix.Sockaddr) primitive.Addr { return primitive.Addr{} }

func queueOf(uintptr, *Info) {}
