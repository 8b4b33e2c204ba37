package netstat

import (
	"errors"

	"github.com/vishvananda/netlink"
)

// How often a list is read again that changed while it was read.
const dumps = 5

// dump reads a list of the kernel's.
func dump[T any](read func() ([]T, error)) (list []T, err error) {
	for range dumps {
		if list, err = read(); !errors.Is(err, netlink.ErrDumpInterrupted) {
			return list, err
		}
	}
	return list, nil // it changes all the time: what came is as good as any
}
