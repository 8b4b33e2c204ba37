//go:build unix && !linux

package term

import (
	"time"

	"golang.org/x/sys/unix"
)

const (
	getTermios = unix.TIOCGETA
	setTermios = unix.TIOCSETA
)

// waitReadable waits until one of two descriptors can be read. Not by poll, which
// macOS does not do for terminals.
func waitReadable(fd, wake int, limit time.Duration) (ready, woken bool, err error) {
	if max(fd, wake) >= unix.FD_SETSIZE {
		return false, false, unix.EBADF
	}
	var timeout *unix.Timeval
	if limit >= 0 {
		tv := unix.NsecToTimeval(limit.Nanoseconds())
		timeout = &tv
	}
	var set unix.FdSet
	set.Set(fd)
	set.Set(wake)
	_, err = unix.Select(max(fd, wake)+1, &set, nil, nil, timeout)
	return err == nil && set.IsSet(fd), err == nil && set.IsSet(wake), err
}
