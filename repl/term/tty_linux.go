package term

import (
	"time"

	"golang.org/x/sys/unix"
)

const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
)

// waitReadable waits until one of two descriptors can be read.
func waitReadable(fd, wake int, limit time.Duration) (ready, woken bool, err error) {
	ms := -1
	if limit >= 0 {
		ms = int(limit.Milliseconds())
	}
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}, {Fd: int32(wake), Events: unix.POLLIN}}
	_, err = unix.Poll(fds, ms)
	return fds[0].Revents != 0, fds[1].Revents != 0, err
}
