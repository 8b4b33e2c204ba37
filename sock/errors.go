package sock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"

	"sosh/primitive"
)

// A meaning is what an errno says to people and to programs.
type meaning struct {
	name  string
	kind  primitive.Kind
	cause string
	hint  string
}

// meanings holds the errnos of sockets (errno(3), ip(7), tcp(7), udp(7)). What
// is not here keeps the system's own words and the kind Failed.
var meanings = []meaning{
	{"ECONNREFUSED", primitive.Refused, "connection refused", "the host answered, nobody listens on that port; here it would be: listen 9999"},
	{"ETIMEDOUT", primitive.Timeout, "timed out", "the host is down, or a filter drops the packets; to see: !ping HOST"},
	{"EHOSTUNREACH", primitive.Unreachable, "no route to host", "!ping HOST asks the host; net route HOST shows the way taken"},
	{"EHOSTDOWN", primitive.Unreachable, "host is down", "!ping HOST asks the host"},
	{"ENETUNREACH", primitive.Unreachable, "network is unreachable", "net routes shows the networks this machine reaches"},
	{"ENETDOWN", primitive.Unreachable, "network is down", "net interfaces shows which are up"},
	{"EADDRINUSE", primitive.InUse, "address already in use", "choose another port; 0 lets the system choose one: listen 0"},
	{"EADDRNOTAVAIL", primitive.Failed, "cannot assign requested address", "this machine has no such address, or no free port; net interfaces lists its addresses"},
	{"EACCES", primitive.Denied, "permission denied", ""},
	{"EPERM", primitive.Denied, "operation not permitted", ""},
	{"ECONNRESET", primitive.Reset, "connection reset by peer", ""},
	{"ECONNABORTED", primitive.Reset, "connection aborted", ""},
	{"EPIPE", primitive.BrokenPipe, "broken pipe", "one side ended this connection; open a new one: tcp connect HOST PORT"},
	{"ESHUTDOWN", primitive.BrokenPipe, "the sending side is shut down", "open a new one: tcp connect HOST PORT"},
	{"EBADF", primitive.Closed, "the handle is closed", ""},
	{"ENOTSOCK", primitive.Unsupported, "not a socket", ""},
	{"EAFNOSUPPORT", primitive.Unsupported, "address family not supported", "inet, inet6 and unix are supported everywhere: socket open inet stream"},
	{"EPFNOSUPPORT", primitive.Unsupported, "protocol family not supported", "socket open inet stream"},
	{"EPROTONOSUPPORT", primitive.Unsupported, "protocol not supported", "the types are stream and dgram: socket open inet stream"},
	{"ESOCKTNOSUPPORT", primitive.Unsupported, "socket type not supported", "the types are stream and dgram: socket open inet stream"},
	{"EPROTOTYPE", primitive.Unsupported, "wrong type for that address", "the peer is a socket of the other type (stream or dgram)"},
	{"EOPNOTSUPP", primitive.Unsupported, "operation not supported on this socket", ""},
	{"ENOPROTOOPT", primitive.Unsupported, "this socket has no such option", "opt lists the options"},
	{"EMSGSIZE", primitive.Oversized, "message too long for one datagram", "one UDP datagram carries at most 65507 bytes over IPv4; send it in parts"},
	{"ENOTCONN", primitive.NotReady, "the socket is not connected", "connect first: socket connect HOST PORT"},
	{"EDESTADDRREQ", primitive.NotReady, "no destination address", "name one: udp sendto HOST PORT DATA"},
	{"EISCONN", primitive.Failed, "the socket is already connected", "open another one: socket open inet stream"},
	{"EALREADY", primitive.NotReady, "an earlier connect is still under way", "wait for it, or close the socket and open another one"},
	{"EINVAL", primitive.Failed, "invalid argument", ""},
	{"ENOENT", primitive.NotFound, "no such file or directory", "no socket has that path; to listen there: unix listen PATH"},
	{"ENOTDIR", primitive.NotFound, "not a directory", ""},
	{"EAGAIN", primitive.Failed, "the listener's queue is full", "the other side must accept first"},
	{"EMFILE", primitive.Failed, "too many open files", "close some handles, or raise the limit: ulimit -n"},
	{"ENFILE", primitive.Failed, "too many open files in the system", ""},
	{"ENOBUFS", primitive.Failed, "no buffer space available", ""},
	{"ENODEV", primitive.Unsupported, "no such device", ""},
}

// fault gives any error the shape of a primitive.Error about a target. A
// primitive.Error stays as it is; nil stays nil.
func fault(err error, target string) error {
	if err == nil {
		return nil
	}
	return asFault(err, target)
}

func asFault(err error, target string) *primitive.Error {
	var known *primitive.Error
	if errors.As(err, &known) {
		return known
	}
	e := describe(err)
	e.Target, e.Err = target, err
	return e
}

func describe(err error) *primitive.Error {
	var no syscall.Errno
	var op *net.OpError
	switch {
	case errors.Is(err, net.ErrClosed), errors.Is(err, os.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		return fromName("EBADF", nil)
	case errors.Is(err, io.EOF):
		return primitive.Newf(primitive.EOF, "the peer ended its side")
	case errors.As(err, &no):
		return fromName(errnoName(no), no)
	case errors.Is(err, context.Canceled):
		return primitive.Newf(primitive.Canceled, "interrupted")
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &primitive.Error{Kind: primitive.Timeout, Errno: "ETIMEDOUT", Cause: "timed out"}
	case errors.As(err, &op):
		return primitive.AsError(op.Err)
	}
	return primitive.AsError(err)
}

// fromName is the error of an errno by its symbolic name; the system's words
// are used where the table has none.
func fromName(name string, err error) *primitive.Error {
	for _, m := range meanings {
		if m.name == name {
			return &primitive.Error{Kind: m.kind, Errno: name, Cause: m.cause, Hint: m.hint}
		}
	}
	return &primitive.Error{Kind: primitive.Failed, Errno: name, Cause: err.Error()}
}

// ended is fault for a call that a context may have ended: then the context
// says why, not the deadline that stood in for it.
func ended(ctx context.Context, err error, target string) *primitive.Error {
	if cerr := ctx.Err(); cerr != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		err = cerr
	}
	e := *asFault(err, target)
	return &e
}

// bindHint says more about a bind that was not allowed.
func bindHint(err error, addr primitive.Addr) error {
	e := asFault(err, addr.String())
	if e.Kind == primitive.Denied && addr.Port > 0 && addr.Port < 1024 {
		return e.WithHint("ports below net.ipv4.ip_unprivileged_port_start (usually 1024) need root; use a port from 1024 up: listen %d", addr.Port+8000)
	}
	if e.Kind == primitive.NotFound && addr.Path != "" {
		return e.WithHint("the folder of the file must exist")
	}
	if e.Kind == primitive.InUse && addr.Path != "" {
		return e.WithHint("%s", takenHint(addr.Path))
	}
	return e
}

// refusedHint says who answered. Only on this machine can the person listen.
func refusedHint(addr primitive.Addr) string {
	here := addr.Host == "localhost"
	if ip, err := netip.ParseAddr(addr.Host); err == nil {
		here = ip.IsLoopback()
	}
	if here {
		return fmt.Sprintf("the host answered, nobody listens on %[1]d; try: listen %[1]d", addr.Port)
	}
	return fmt.Sprintf("the host answered, nobody listens on %d there; is the port right, and does the server run? To listen here: listen %[1]d", addr.Port)
}

// takenHint says what has the name that a Unix socket was to get.
func takenHint(path string) string {
	switch {
	case path[0] == '@':
		return "another socket has that name; take another"
	case !isSocket(path):
		return "a file of that name exists, and is no socket; take another path"
	case alive(path):
		return "a socket of another program has that path; end it, or take another path"
	}
	return "the file was left by a program that has ended: unix listen " + path + " replaces it"
}

// dialHint says more about a connect that failed.
func dialHint(err error, addr primitive.Addr) error {
	e := asFault(err, addr.String())
	if e.Kind == primitive.Refused && strings.HasPrefix(addr.Path, "@") {
		return e.WithHint("nobody has that name; to listen: unix listen %s", addr.Path)
	}
	if e.Kind == primitive.Refused && addr.Path != "" {
		return e.WithHint("nobody listens there: the file was left by a program that has ended; to listen: unix listen %s", addr.Path)
	}
	if e.Kind == primitive.Refused {
		return e.WithHint("%s", refusedHint(addr))
	}
	if e.Kind == primitive.Timeout && e.Hint == "" {
		return e.WithHint("the host is down, a filter drops the packets, or the listener's backlog is full; to wait longer: --timeout 30s")
	}
	return e
}

// count is a number of bytes in words.
func count(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

// stay says that n bytes are still in the buffer.
func stay(n int) string {
	if n == 1 {
		return "it stays buffered"
	}
	return "they stay buffered"
}

// Words says what an errno of a socket means: its kind, its symbolic name and
// its cause in words.
func Words(no syscall.Errno) *primitive.Error { return fromName(errnoName(no), no) }

// Kind is the kind of any error of a socket, wrapped by the net package or not;
// empty for nil.
func Kind(err error) primitive.Kind {
	if err == nil {
		return ""
	}
	return asFault(err, "").Kind
}
