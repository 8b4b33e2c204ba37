// Package leak counts what a program holds, so that a test or a soak can show
// that nothing of it is left.
package leak

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A Count is what the process holds at a moment.
type Count struct {
	Goroutines  int
	Descriptors map[string]int // how many there are of each file; nil where the system does not tell
}

// Now counts. The descriptors of the Go runtime's own poller are left out: they
// come with the first socket and stay.
func Now() Count {
	return Count{Goroutines: runtime.NumGoroutine(), Descriptors: descriptors()}
}

// descriptors reads /proc/self/fd, which only Linux has.
func descriptors() map[string]int {
	dir, err := os.Open("/proc/self/fd")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil
	}
	held := map[string]int{}
	for _, name := range names {
		file, err := os.Readlink(filepath.Join("/proc/self/fd", name))
		if err != nil || file == "anon_inode:[eventpoll]" || file == "anon_inode:[eventfd]" || isOwn(file) {
			continue // closed in between, the poller's, or the folder read here
		}
		held[strings.TrimSuffix(file, " (deleted)")]++ // as of a terminal that was closed meanwhile
	}
	return held
}

func isOwn(file string) bool {
	return strings.HasPrefix(file, "/proc/") && strings.HasSuffix(file, "/fd")
}

// Total is the number of descriptors; 0 where the system does not tell.
func (c Count) Total() int {
	n := 0
	for _, held := range c.Descriptors {
		n += held
	}
	return n
}

// Wait waits until no more descriptors and goroutines are left than there were,
// at most for the limit; the error lists what is too much. What was closed may
// take a moment to be gone, and nothing tells of it: hence the looking again.
func (c Count) Wait(limit time.Duration) error {
	if err := c.WaitDescriptors(limit); err != nil {
		return err
	}
	return poll(limit, func() error {
		if n := runtime.NumGoroutine(); n > c.Goroutines {
			return fmt.Errorf("%d goroutines, there were %d:\n%s", n, c.Goroutines, stacks())
		}
		return nil
	})
}

// WaitDescriptors is Wait without the goroutines.
func (c Count) WaitDescriptors(limit time.Duration) error { return poll(limit, c.extra) }

// extra is an error that lists the descriptors that were not there.
func (c Count) extra() error {
	var list []string
	now := descriptors()
	for _, file := range slices.Sorted(maps.Keys(now)) {
		if n := now[file] - c.Descriptors[file]; n > 0 {
			list = append(list, fmt.Sprintf("%d more of %s", n, file))
		}
	}
	if list == nil || c.Descriptors == nil {
		return nil
	}
	return fmt.Errorf("descriptors left: %s", strings.Join(list, ", "))
}

func poll(limit time.Duration, wrong func() error) error {
	end := time.NewTimer(limit)
	defer end.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		err := wrong()
		if err == nil {
			return nil
		}
		select {
		case <-end.C:
			return err
		case <-tick.C:
		}
	}
}

func stacks() string {
	buf := make([]byte, 64<<10)
	return string(buf[:runtime.Stack(buf, true)])
}
