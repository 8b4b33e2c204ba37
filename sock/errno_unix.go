//go:build unix

package sock

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// errnoName is the symbolic name: "ECONNREFUSED".
func errnoName(no syscall.Errno) string {
	if no == unix.EWOULDBLOCK {
		return "EAGAIN"
	}
	if no == unix.ENOTSUP {
		return "EOPNOTSUPP" // the same number on Linux, the same meaning elsewhere
	}
	return unix.ErrnoName(no)
}
