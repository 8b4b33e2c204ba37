package netstat

import (
	"errors"
	"syscall"

	"sosh/primitive"
)

// meanings are the failures of asking the system; others keep its own words.
var meanings = []struct {
	err   syscall.Errno
	errno string
	kind  primitive.Kind
	cause string
	hint  string
}{
	{syscall.ENETUNREACH, "ENETUNREACH", primitive.Unreachable, "network is unreachable: there is no route to it", "net routes lists the networks that this machine reaches"},
	{syscall.EHOSTUNREACH, "EHOSTUNREACH", primitive.Unreachable, "no route to host: a route says so", "net routes lists the networks that this machine reaches"},
	{syscall.EINVAL, "EINVAL", primitive.Unreachable, "packets to it are thrown away: a blackhole route", "net routes lists the routes"},
	{syscall.EACCES, "EACCES", primitive.Denied, "permission denied: a route prohibits it, or a sandbox asking", "net routes lists the routes"},
	{syscall.EPERM, "EPERM", primitive.Denied, "operation not permitted", "a sandbox may not let this program ask"},
	{syscall.ENODEV, "ENODEV", primitive.NotFound, "no such interface", "net interfaces lists them"},
	{syscall.EAFNOSUPPORT, "EAFNOSUPPORT", primitive.Unsupported, "address family not supported", ""},
}

// fault gives an error the shape of a primitive.Error about a target; nil stays
// nil.
func fault(err error, target string) error {
	var known *primitive.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	for _, m := range meanings {
		if errors.Is(err, m.err) {
			return &primitive.Error{Target: target, Kind: m.kind, Errno: m.errno, Cause: m.cause, Hint: m.hint, Err: err}
		}
	}
	return primitive.AsError(err).On(target)
}
