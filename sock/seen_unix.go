//go:build unix

package sock

import (
	"golang.org/x/sys/unix"

	"sosh/primitive"
)

// For who makes system calls of its own: they are recorded and written like
// those of this package.

// Traced makes a call that does not wait, and records it if somebody looks: t may
// be nil. args are the arguments as strace(1) writes them, asked after the call,
// when what it gave back is known.
func Traced(t *primitive.Trace, name string, args func() string, call func() (int, error)) (int, error) {
	return traced(t, name, args, call)
}

// Traced0 is Traced for a call that returns no number.
func Traced0(t *primitive.Trace, name string, args func() string, call func() error) error {
	return traced0(t, name, args, call)
}

// List writes the arguments of a call: numbers, C constants, and bytes, as far as
// an explanation shows them.
func List(args ...any) string { return list(args...) }

// SockaddrText is an address as strace(1) writes it, and its length, as of
// connect(2).
func SockaddrText(sa unix.Sockaddr) string { return sockaddrText(sa) }

// FilledText is an address that a call filled in, as of getpeername(2): the room
// that it had, and the length.
func FilledText(sa unix.Sockaddr) string { return filledText(sa, unix.SizeofSockaddrAny) }

// Closing records that the descriptor of x is about to be closed, and gives what
// is told how that ended.
func Closing(t *primitive.Trace, x any) func(error) { return closing(t, x) }

// ConnectResult is how a connect(2) under way ended: it is connected, or why not.
// Neither is that it has not ended yet.
func ConnectResult(t *primitive.Trace, fd int) (err error, connected bool) {
	err = connectResult(fd, t)
	if err == unix.ENOTCONN {
		return nil, false
	}
	return err, err == nil
}

// What is done without a call of ours.
const (
	WaitsReadable = waitsReadable
	WaitsConnect  = waitsConnect
)
