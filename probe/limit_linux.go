package probe

import (
	"os"

	"golang.org/x/sys/unix"
)

// Descriptors left for the rest of the program.
const reserved = 32

// descriptors is how many more this process may open. The soft limit is raised
// to the hard one, where that is allowed.
func descriptors() int {
	var l unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &l) != nil {
		return 256
	}
	if l.Cur < l.Max {
		higher := l
		higher.Cur = higher.Max
		if unix.Setrlimit(unix.RLIMIT_NOFILE, &higher) == nil {
			l = higher
		}
	}
	open := 16
	if list, err := os.ReadDir("/proc/self/fd"); err == nil {
		open = len(list)
	}
	return max(1, int(min(uint64(l.Cur), 1<<20))-open-reserved)
}
