package explain

import (
	"fmt"
	"strings"

	"sosh/primitive"
	"sosh/sock"
)

// Bytes of data that a call shows.
const shown = 64

// Calls are the system calls of steps, as they would be made: without results, fd
// for the descriptor.
func Calls(steps []Step) (calls []primitive.SystemCall) {
	typ := sock.StreamType
	for _, s := range steps {
		if s.Op == Open {
			typ = s.Type
		}
		if !s.Before {
			calls = append(calls, s.calls(typ)...)
		}
	}
	return calls
}

func call(name, format string, args ...any) primitive.SystemCall {
	return primitive.SystemCall{Name: name, Args: fmt.Sprintf(format, args...)}
}

func (s Step) calls(typ sock.Type) []primitive.SystemCall {
	one := func(name, format string, args ...any) []primitive.SystemCall {
		return []primitive.SystemCall{call(name, format, args...)}
	}
	switch s.Op {
	case Open:
		return one("socket", "%s", sock.SocketArgs(s.Family, s.Type))
	case SetOption, GetOption:
		return s.optionCalls()
	case Bind:
		return one("bind", "fd, %s", sockaddr(s.Addr))
	case Listen:
		return one("listen", "fd, %d", s.N)
	case Accept:
		return one(sock.AcceptName, "fd, {the client's address}, [its length]%s", sock.AcceptFlags)
	case Connect, Probe:
		return s.connectCalls(typ)
	case Send, SendOnce:
		return one("write", "fd, %s, %d", primitive.CString(s.Data, shown), len(s.Data))
	case SendTo:
		return one("sendto", "fd, %s, %d, 0, %s", primitive.CString(s.Data, shown), len(s.Data), sockaddr(s.Addr))
	case RecvFrom:
		return one("recvfrom", "fd, the bytes, 65536, 0, {the sender's address}, [its length]")
	case Recv, Peek:
		return s.recvCalls(typ)
	case RecvExact, RecvUntil, RecvMatch, RecvAll:
		return append(one("read", "fd, the bytes, at most so many"), primitive.SystemCall{Words: "as often as it takes"})
	case Shutdown:
		return one("shutdown", "fd, %s", s.Name)
	case Close:
		return one("close", "fd")
	case Code:
		return s.told()
	case Word:
		return []primitive.SystemCall{{Words: s.Name}}
	}
	return nil
}

// told are the calls of lines of C.
func (s Step) told() (calls []primitive.SystemCall) {
	for line := range strings.FieldsFuncSeq(s.Told, func(r rune) bool { return r == '\n' }) {
		if words, ok := strings.CutPrefix(line, "-- "); ok {
			calls = append(calls, primitive.SystemCall{Words: words})
			continue
		}
		name, args, _ := strings.Cut(line, " ")
		calls = append(calls, call(name, "%s", args))
	}
	return calls
}

func (s Step) recvCalls(typ sock.Type) []primitive.SystemCall {
	if typ == sock.DgramType {
		return []primitive.SystemCall{call("recvfrom", "fd, the bytes, 65536, 0, {the sender's address}, [its length]")}
	}
	return []primitive.SystemCall{call("read", "fd, the bytes, %d", max(s.N, 1))}
}

func (s Step) optionCalls() []primitive.SystemCall {
	level, name := sock.OptionConstant(s.Name, s.Family)
	if s.Op == GetOption {
		return []primitive.SystemCall{call("getsockopt", "fd, %s, %s, its value, its length", level, name)}
	}
	if s.Name == "linger" {
		return []primitive.SystemCall{call("setsockopt", "fd, %s, %s, {l_onoff=%d, l_linger=%d}, 8", level, name, flag(s.N >= 0), max(s.N, 0))}
	}
	return []primitive.SystemCall{call("setsockopt", "fd, %s, %s, [%d], 4", level, name, s.N)}
}

// connectCalls asks afterwards how it went, where it takes a handshake.
func (s Step) connectCalls(typ sock.Type) []primitive.SystemCall {
	var calls []primitive.SystemCall
	if isName(s.Addr.Host) {
		calls = append(calls, primitive.SystemCall{Words: "the name is looked up first: " + primitive.Escape(s.Addr.Host, false)})
	}
	calls = append(calls, call("connect", "fd, %s", sockaddr(s.Addr)))
	if typ == sock.DgramType || s.Addr.Path != "" {
		return calls
	}
	return append(calls, primitive.SystemCall{Words: "waits until the handshake is over"},
		call("getsockopt", "fd, SOL_SOCKET, SO_ERROR, its value, its length"), call("getpeername", "fd, {the peer's address}, [its length]"))
}

// sockaddr is an address in C, as strace(1) writes it.
func sockaddr(a primitive.Addr) string {
	switch {
	case a.Path != "":
		return fmt.Sprintf("{sa_family=AF_UNIX, sun_path=%s}", primitive.CString([]byte(a.Path), 108))
	case isIPv6(a.Host):
		return fmt.Sprintf(`{sa_family=AF_INET6, sin6_port=htons(%d), inet_pton(AF_INET6, "%s", &sin6_addr)}, 28`, a.Port, a.Host)
	case isName(a.Host):
		return fmt.Sprintf(`{the address of %s, port htons(%d)}`, primitive.Escape(a.Host, false), a.Port)
	}
	return fmt.Sprintf(`{sa_family=AF_INET, sin_port=htons(%d), sin_addr=inet_addr("%s")}, 16`, a.Port, hostOr(a.Host))
}

func hostOr(host string) string {
	if host == "" {
		return "127.0.0.1"
	}
	return host
}
