package sock

import (
	"errors"
	"strconv"
	"strings"
	"syscall"
	"time"

	"sosh/primitive"
)

// Bytes of a call's data that an explanation shows.
const shownBytes = 64

// called is a system call that was made, in the words of strace(1): n is what it
// returned.
func called(name, args string, n int, err error, took time.Duration) primitive.SystemCall {
	c := primitive.SystemCall{Name: name, Args: args, Result: strconv.Itoa(n), Took: took}
	if err != nil {
		c.Result, c.Words = "-1", err.Error()
		var no syscall.Errno
		if errors.As(err, &no) {
			c.Errno, c.Words = errnoName(no), no.Error()
		}
	}
	return c
}

// traced makes a call, and records it if somebody looks. args is asked after the
// call, when what it gave back is known.
func traced(t *primitive.Trace, name string, args func() string, call func() (int, error)) (int, error) {
	if t == nil {
		return call()
	}
	var n int
	var err error
	t.Make(func() primitive.SystemCall {
		begun := time.Now()
		n, err = call()
		return called(name, args(), n, err, time.Since(begun))
	})
	return n, err
}

// traced0 is traced for a call that returns no number.
func traced0(t *primitive.Trace, name string, args func() string, call func() error) error {
	_, err := traced(t, name, args, func() (int, error) { return 0, call() })
	return err
}

// list writes the arguments of a call.
func list(args ...any) string {
	var b strings.Builder
	for i, a := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		switch a := a.(type) {
		case int:
			b.WriteString(strconv.Itoa(a))
		case uintptr:
			b.WriteString(strconv.Itoa(int(a)))
		case string:
			b.WriteString(a)
		case []byte:
			b.WriteString(primitive.CString(a, shownBytes))
		}
	}
	return b.String()
}

// constant is the system's name for an option, and for its level.
func (o option) constant(family Family) (level, name string) {
	_, name, _ = strings.Cut(o.Help, "(")
	four, six, both := strings.Cut(strings.TrimSuffix(name, ")"), ", ")
	if name = four; both && family == Inet6 {
		name = six
	}
	switch {
	case strings.HasPrefix(name, "TCP_"):
		return "SOL_TCP", name
	case strings.HasPrefix(name, "IPV6_"):
		return "SOL_IPV6", name
	case strings.HasPrefix(name, "IP_"):
		return "SOL_IP", name
	}
	return "SOL_SOCKET", name
}

// OptionConstant is the level and name that C has for an option of a socket of
// that family, as in SOL_SOCKET and SO_REUSEADDR; empty for a name that is none.
func OptionConstant(name string, family Family) (level, constant string) {
	for _, o := range options {
		if o.Name == name {
			return o.constant(family)
		}
	}
	return "", ""
}

// setCall and getCall write the arguments of an option's calls.
func (o option) setCall(fd uintptr, family Family, value string) string {
	level, name := o.constant(family)
	return list(fd, level, name, value)
}

// value is an option's value in C.
func (o option) value(n int) string {
	if o.Unit != unitSeconds {
		return "[" + strconv.Itoa(n) + "]"
	}
	if n < 0 {
		return "{l_onoff=0, l_linger=0}"
	}
	return "{l_onoff=1, l_linger=" + strconv.Itoa(n) + "}"
}

// size is how long an option's value is in C.
func (o option) size() int {
	if o.Unit == unitSeconds {
		return 8
	}
	return 4
}

// OptionValue reads the value of an option, as SetOption does: -1 is linger off.
// Usage for an unknown name, for a value that does not fit, and for an option
// whose value is no number.
func OptionValue(name, value string) (int, error) {
	for _, o := range options {
		if o.Name == name && o.Unit != unitGroup {
			return o.parse(value)
		}
	}
	return 0, primitive.Usagef("no number for %s", primitive.Quote(name))
}

// familyText is what the system calls a family.
func familyText(f Family) string {
	return map[Family]string{Inet: "AF_INET", Inet6: "AF_INET6", Unix: "AF_UNIX", Vsock: "AF_VSOCK", Bluetooth: "AF_BLUETOOTH"}[f]
}

// SocketArgs are the arguments of socket(2) for a family and a type, with the
// flags that are given here.
func SocketArgs(f Family, typ Type) string {
	kind := map[Type]string{StreamType: "SOCK_STREAM", DgramType: "SOCK_DGRAM"}[typ] + socketFlags
	proto := map[Family]string{Inet: "IPPROTO_IP", Inet6: "IPPROTO_IP", Bluetooth: "BTPROTO_RFCOMM"}[f]
	if proto == "" {
		proto = "0"
	}
	return list(familyText(f), kind, proto)
}
