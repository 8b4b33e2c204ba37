//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package history

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// How long another shell may hold the file. One that was stopped in the middle
// must not stop this one.
const lockWait = time.Second

var errLocked = errors.New("the history is locked by another shell")

// lock takes the file for this shell alone (flock(2)): the lock ends with unlock
// or with the process.
func lock(file *os.File) (unlock func(), err error) {
	fd := int(file.Fd())
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(lockWait); ; <-tick.C {
		err := syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return func() { _ = syscall.Flock(fd, syscall.LOCK_UN) }, nil // it cannot fail on a lock we hold
		case !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR):
			return func() {}, nil // a file system without locks: appending is all there is
		case time.Now().After(end):
			return nil, errLocked
		}
	}
}
