//go:build unix

package sock

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// restrict sets the permissions that the file is made with, so that nobody can
// connect in between; on Linux bind(2) takes them from the socket. Where it does
// not, they are set behind bind.
func restrict(fd uintptr, mode fs.FileMode) { _ = unix.Fchmod(int(fd), uint32(mode.Perm())) }

// alive is whether a socket is bound to a path. A datagram socket is connected to
// it, which nobody notices: that succeeds, or fails for the type (EPROTOTYPE),
// where there is a socket behind the file, and is refused where there is none.
// Any other failure does not tell, and so counts as alive.
func alive(path string) bool {
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err == nil {
		_ = conn.Close() // nothing was sent
		return true
	}
	return !errors.Is(err, unix.ECONNREFUSED)
}

// removeStale removes the file of a socket that is there no more, and says
// whether it did. No other sosh does so at the same time in that folder, and the
// file is moved aside and looked at again, so that what another program may have
// bound meanwhile is not removed.
func removeStale(path string) bool {
	if path[0] == '@' {
		return false
	}
	unlock, ok := lockFolder(filepath.Dir(path))
	if !ok {
		return false
	}
	defer unlock()
	if !isSocket(path) || alive(path) {
		return false
	}
	aside := filepath.Join(filepath.Dir(path), ".sosh-"+strconv.Itoa(os.Getpid()))
	if os.Rename(path, aside) != nil {
		return false
	}
	if alive(aside) {
		if os.Link(aside, path) == nil { // fails, as it should, when the name is taken again
			_ = os.Remove(aside) // that name of it
		}
		return false
	}
	return os.Remove(aside) == nil
}

// lockFolder takes the lock of a folder (flock(2)), without waiting for it.
func lockFolder(dir string) (unlock func(), ok bool) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, false
	}
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		_ = f.Close() // nothing was written
		return nil, false
	}
	return func() { _ = f.Close() }, true // which gives the lock back
}
