//go:build unix && !linux

package sock

import "golang.org/x/sys/unix"

func readNow(fd int, p []byte) (int, error) { return unix.Read(fd, p) }

func writeNow(fd int, p []byte) (int, error) { return unix.Write(fd, p) }
