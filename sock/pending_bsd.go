//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package sock

import (
	"os"

	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// readiness asks kqueue(2), without waiting, about one descriptor: how much there
// is to read or accept, and whether the peer ended it.
func readiness(fd uintptr) (q queue, err error) {
	kq, err := unix.Kqueue()
	if err != nil {
		return q, os.NewSyscallError("kqueue", err)
	}
	defer unix.Close(kq)
	change, got := make([]unix.Kevent_t, 1), make([]unix.Kevent_t, 1)
	unix.SetKevent(&change[0], int(fd), unix.EVFILT_READ, unix.EV_ADD)
	n, err := retry(func() (int, error) { return unix.Kevent(kq, change, got, &unix.Timespec{}) })
	if err != nil || n == 0 {
		return q, os.NewSyscallError("kevent", err)
	}
	q.count = int64(got[0].Data)
	q.ended = got[0].Flags&unix.EV_EOF != 0
	q.failed = q.ended && got[0].Fflags != 0
	return q, nil
}

func streamQueue(fd uintptr) (queue, error) { return readiness(fd) }

// datagramQueue: the system tells bytes, not how many datagrams.
func datagramQueue(fd uintptr) (queue, error) {
	q, err := readiness(fd)
	q.count, q.ended = min(q.count, 1), false
	return q, err
}

func listenQueue(fd uintptr) (queue, error) { return readiness(fd) }

func waitingFrom(primitive.Addr) string { return "" }
