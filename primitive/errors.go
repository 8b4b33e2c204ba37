package primitive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// A Kind tells failures apart for programs. Text is for people and is never compared.
type Kind string

// The closed list of kinds. A peer's or the system's failure is one of the first
// group; the rest are about the caller.
const (
	Refused     Kind = "refused"     // the host answered: nobody listens there
	Timeout     Kind = "timeout"     // nothing came in time
	EOF         Kind = "eof"         // the peer ended its side: no more bytes will come
	Closed      Kind = "closed"      // the handle was closed on this side
	Reset       Kind = "reset"       // the peer tore the connection down
	BrokenPipe  Kind = "broken-pipe" // sending on a side that is already shut down
	Unreachable Kind = "unreachable" // no route to that host or network
	InUse       Kind = "in-use"      // the address is held by another socket
	Denied      Kind = "denied"      // the system does not allow it
	NotFound    Kind = "not-found"   // no such name, handle, option or file
	NotReady    Kind = "not-ready"   // the socket has not taken an earlier step yet
	Oversized   Kind = "oversized"   // more bytes than the limit allows
	Unsupported Kind = "unsupported" // this system or handle cannot do it
	Canceled    Kind = "canceled"    // stopped by Ctrl-C, kill or cancel
	Untrusted   Kind = "untrusted"   // the peer's certificate does not prove who it is
	Expectation Kind = "expectation" // what was expected did not come
	Usage       Kind = "usage"       // the call itself is wrong
	Failed      Kind = "failed"      // anything else; the message says what
)

// Kinds lists all kinds, for documents and stubs.
func Kinds() []Kind {
	return []Kind{Refused, Timeout, EOF, Closed, Reset, BrokenPipe, Unreachable, InUse, Denied, NotFound, NotReady,
		Oversized, Unsupported, Canceled, Untrusted, Expectation, Usage, Failed}
}

// ExitCode is what a program ends with when a failure of this kind ends it.
func (k Kind) ExitCode() int {
	switch k {
	case EOF:
		return 0
	case Usage:
		return 2
	case Expectation:
		return 3
	case Canceled:
		return 130
	}
	return 1
}

// An Error is the failure of one primitive: what was tried, on what, why it
// failed, and what to type next. It reads "op target: cause".
type Error struct {
	Op     string // the primitive: "tcp connect"; Do fills it in
	Target string // what it was done to: "127.0.0.1:81", "c1"; may be empty
	Kind   Kind
	Errno  string // the symbolic system error: "ECONNREFUSED"; may be empty
	Cause  string // in words, lower case, no full stop
	Hint   string // what to type; may be empty
	Err    error  // the underlying error; may be nil
	Told   bool   // the result that comes with it says it all: an answer, such as "closed", no mishap
}

func (e *Error) Error() string {
	head := strings.TrimSpace(e.Op + " " + e.Target)
	if head == "" {
		return e.Cause
	}
	return head + ": " + e.Cause
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, &Error{Kind: k}) ask for the kind alone.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Op == "" && t.Cause == "" && t.Kind == e.Kind
}

// KindOf is the kind of any error; Failed when nothing better is known, and
// empty for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	return AsError(err).Kind
}

// AsError gives any error the shape of an Error. It knows what the standard
// library shares between packages; engines classify the rest themselves.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: commonKind(err), Cause: causeOf(err), Err: err}
}

func commonKind(err error) Kind {
	switch {
	case errors.Is(err, context.Canceled):
		return Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return Timeout
	case errors.Is(err, io.EOF):
		return EOF
	case errors.Is(err, os.ErrNotExist):
		return NotFound
	case errors.Is(err, os.ErrPermission):
		return Denied
	case errors.Is(err, os.ErrClosed):
		return Closed
	}
	return Failed
}

func causeOf(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "interrupted"
	case errors.Is(err, context.DeadlineExceeded):
		return "timed out"
	}
	return strings.TrimSuffix(err.Error(), ".")
}

// Usagef is a mistake of the caller; it always raises in Lua and exits with 2.
func Usagef(format string, args ...any) *Error { return Newf(Usage, format, args...) }

// Newf is an error of a kind with a formatted cause; Do adds the operation.
func Newf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Cause: sprintf(format, args...)}
}

// WithHint returns a copy of e that says what to type next.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = sprintf(format, args...)
	return &c
}

// On returns a copy of e about the given target.
func (e *Error) On(target string) *Error {
	c := *e
	c.Target = target
	return &c
}

func sprintf(format string, args ...any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
