package probe

import (
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A State is what a probe found out.
type State uint8

// The states. Timeout is what a filter that drops packets looks like; Silent is
// UDP without an answer, which an open port may leave out too.
const (
	Open State = iota
	Closed
	Timeout
	Unreachable
	Silent
	Error
	Planned // not probed: --dry-run
	states  // how many there are
)

var stateNames = [states]string{"open", "closed", "timeout", "unreachable", "open-or-filtered", "error", "planned"}

// String is the word for it.
func (s State) String() string { return stateNames[s] }

// tone is how good the news is.
func (s State) tone() primitive.Tone {
	switch s {
	case Open:
		return primitive.Good
	case Timeout, Silent:
		return primitive.Doubtful
	case Unreachable, Error:
		return primitive.Bad
	}
	return primitive.Aside
}

// Toned is where a line has the word for the state, with its tone; nothing where
// it has not.
func (s State) Toned(line string) []primitive.Toned {
	at := strings.Index(line, s.String())
	if at < 0 {
		return nil
	}
	return []primitive.Toned{{From: at, To: at + len(s.String()), Tone: s.tone()}}
}

func stateOf(name string) (State, bool) {
	for i, n := range stateNames {
		if n == name {
			return State(i), true
		}
	}
	return 0, false
}

// A Result is one probe's.
type Result struct {
	Addr   netip.Addr
	Port   uint16
	UDP    bool
	State  State
	Errno  syscall.Errno // why; 0 where the state says it all
	Note   Note          // why, where no errno says it
	Tries  uint8
	RTT    time.Duration // 0 is unknown: nothing came back
	Banner *Greeting     // nil: not asked for

	id uint64
}

// A Note is a reason that is no errno.
type Note uint8

// The notes.
const (
	noNote     Note = iota
	itself          // the probe met its own socket
	tornDown        // reset after the handshake
	sentAnswer      // a datagram came back
	noMemory        // no descriptor or buffer to be had for a long time
)

// Reason says in words why it is in its state.
func (r *Result) Reason() string {
	switch {
	case r.Note == itself:
		return "nobody listens"
	case r.Note == tornDown:
		return "connected, then reset"
	case r.Note == sentAnswer:
		return "answered"
	case r.State == Planned:
		return ""
	case r.Errno != 0:
		return sock.Words(r.Errno).Cause
	}
	return plainReasons[r.State]
}

var plainReasons = [states]string{
	Open: "connected", Closed: "connection refused", Timeout: "no answer", Silent: "no answer: open, or a filter drops it",
	Error: "no free descriptor",
}

// Millis is the round trip in milliseconds; nil when nothing came back.
func (r *Result) Millis() *float64 {
	if r.RTT <= 0 {
		return nil
	}
	ms := float64(r.RTT.Microseconds()) / 1000
	if r.RTT < 100*time.Microsecond {
		ms = float64(r.RTT.Nanoseconds()/100) / 1e4
	}
	return &ms
}

// Address is the host and the port as one word.
func (r *Result) Address() string { return netip.AddrPortFrom(r.Addr, r.Port).String() }

// Service is the usual service of the port; empty where there is none.
func (r *Result) Service() string { return primitive.ServiceName(int(r.Port)) }

// RoundTrip is the time until the answer as a person reads it; empty when nothing
// came back.
func (r *Result) RoundTrip() string { return roundTrip(r.RTT) }

// roundTrip writes a time as a person reads it: 0.05 ms, 1.8 ms, 230 ms.
func roundTrip(d time.Duration) string {
	ms := float64(d) / 1e6
	switch {
	case d <= 0:
		return ""
	case ms < 1:
		return strconv.FormatFloat(ms, 'f', 2, 64) + " ms"
	case ms < 100:
		return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
}

// stateOfErrno is what a connect's or a datagram's failure says about the port.
func stateOfErrno(no syscall.Errno) State {
	switch sock.Words(no).Kind {
	case primitive.Refused:
		return Closed
	case primitive.Timeout:
		return Timeout
	case primitive.Unreachable:
		return Unreachable
	}
	return Error
}
