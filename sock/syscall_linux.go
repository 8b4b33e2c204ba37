package sock

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// readNow and writeNow are read(2) and write(2) on a descriptor that does not
// block. The scheduler is not told of them: they are over in microseconds, and
// a goroutine that loses its processor in between holds its buffer for as long
// as a thousand others take their turns.
func readNow(fd int, p []byte) (int, error) {
	return now(unix.SYS_READ, fd, p)
}

// Longer writes tell the scheduler.
const shortWrite = 64 << 10

func writeNow(fd int, p []byte) (int, error) {
	if len(p) > shortWrite {
		return unix.Write(fd, p)
	}
	return now(unix.SYS_WRITE, fd, p)
}

func now(call uintptr, fd int, p []byte) (int, error) {
	n, _, errno := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)))
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}
