package explain

import (
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// An Op is what a step does.
type Op uint8

// The steps. Probe is a connect whose outcome is the result; Recv is one read,
// the others of its kind go on until there is enough.
const (
	Open Op = iota
	SetOption
	GetOption
	Timeout
	Bind
	Listen
	Accept
	Connect
	Probe
	Send
	SendOnce
	Recv
	RecvExact
	RecvUntil
	RecvMatch
	RecvAll
	Peek
	SendTo
	RecvFrom
	Shutdown
	Close
	Word    // a comment
	Code    // lines of C, with what they call told
	Library // the whole program in Python, which has a library for it
)

// A Step is one thing that a program does with its socket.
type Step struct {
	Op     Op
	Family sock.Family    // Open, SetOption and GetOption
	Type   sock.Type      // Open
	Addr   primitive.Addr // Bind, Connect, Probe and SendTo
	Data   []byte         // what is sent, or a delimiter
	N      int            // bytes at most, a backlog, an option's value
	Name   string         // an option, a direction (SHUT_WR), an expression, a comment, a program
	Uses   string         // Code: helpers in C, by their names in cHelpers
	Told   string         // Code: calls and their arguments, a line each; words begin with --
	For    time.Duration  // Timeout

	// Before says that the step was made before the command: it is in the
	// programs, which would be nothing without it, and not among the calls.
	Before bool
}

// before marks steps as made before the command.
func before(steps []Step) []Step {
	for i := range steps {
		steps[i].Before = true
	}
	return steps
}

// stream opens a TCP or Unix stream socket for an address.
func stream(a primitive.Addr, family sock.Family) Step {
	return Step{Op: Open, Family: familyFor(a, family), Type: sock.StreamType}
}

func dgram(a primitive.Addr) Step {
	return Step{Op: Open, Family: familyFor(a, ""), Type: sock.DgramType}
}

// familyFor is the family of an address; a name's is IPv4, unless said otherwise.
func familyFor(a primitive.Addr, family sock.Family) sock.Family {
	switch {
	case a.Path != "":
		return sock.Unix
	case family != "" && family != "any":
		return family
	case isIPv6(a.Host):
		return sock.Inet6
	}
	return sock.Inet
}

// reuse is SO_REUSEADDR, which the short forms of TCP set.
func reuse(a primitive.Addr, family sock.Family) []Step {
	if a.Path != "" {
		return nil
	}
	return []Step{{Op: SetOption, Name: "reuseaddr", N: 1, Family: familyFor(a, family)}}
}

// v6only is what the short forms say of a socket that is bound to IPv6.
func v6only(a primitive.Addr, dual bool) []Step {
	if familyFor(a, "") != sock.Inet6 {
		return nil
	}
	return []Step{{Op: SetOption, Name: "v6only", N: map[bool]int{false: 1}[dual], Family: sock.Inet6}}
}

// connected opens a stream and connects it.
func connected(a primitive.Addr, family sock.Family) []Step {
	return append(append([]Step{stream(a, family)}, reuse(a, family)...), Step{Op: Connect, Addr: a})
}

// listening opens a stream socket that listens.
func listening(a primitive.Addr, backlog int, dual bool) []Step {
	steps := append([]Step{stream(a, "")}, v6only(a, dual)...)
	steps = append(steps, reuse(a, "")...)
	return append(steps, Step{Op: Bind, Addr: a}, Step{Op: Listen, N: backlog})
}

// Of are the steps by which a handle came to be what it is, as far as that can be
// told: what a program needs before it can do anything with it.
func Of(h primitive.Handle) []Step {
	h = sock.RoleOf(h)
	info, ok := h.Info().(sock.Info)
	if !ok {
		return nil
	}
	local, remote := addrOf(info.Lhost, info.Lport, info.Family), addrOf(info.Rhost, info.Rport, info.Family)
	switch h := h.(type) {
	case *sock.Stream:
		if h.Origin() == primitive.Accepted {
			return before(append(listening(local, 5, false), Step{Op: Accept}))
		}
		return before(connected(remote, sock.Family(info.Family)))
	case *sock.Listener:
		return before(listening(local, max(info.Backlog, 1), false))
	case *sock.Datagram:
		return before(datagram(h, local, remote))
	}
	steps := []Step{{Op: Open, Family: sock.Family(info.Family), Type: sock.StreamType}}
	if local != (primitive.Addr{}) {
		steps = append(steps, Step{Op: Bind, Addr: local})
	}
	return before(steps)
}

func datagram(u *sock.Datagram, local, remote primitive.Addr) []Step {
	steps := []Step{{Op: Open, Family: u.Family(), Type: sock.DgramType}}
	switch {
	case u.Connected():
		steps = append(steps, Step{Op: Connect, Addr: remote})
	case local != (primitive.Addr{}):
		steps = append(steps, Step{Op: Bind, Addr: local})
	}
	return steps
}

func addrOf(host string, port int, family string) primitive.Addr {
	switch {
	case host == "" && port == 0:
		return primitive.Addr{}
	case family == string(sock.Unix):
		return primitive.Addr{Path: host}
	}
	return primitive.Addr{Host: host, Port: port}
}
