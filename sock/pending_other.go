//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd

package sock

import "sosh/primitive"

var errNoLook = primitive.Newf(primitive.Unsupported, "this system does not tell what waits at a socket")

func streamQueue(uintptr) (queue, error)   { return queue{}, errNoLook }
func datagramQueue(uintptr) (queue, error) { return queue{}, errNoLook }
func listenQueue(uintptr) (queue, error)   { return queue{}, errNoLook }

func waitingFrom(primitive.Addr) string { return "" }
