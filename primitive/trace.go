package primitive

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A SystemCall is one call that was made to the system, or a word about calls
// that others made.
type SystemCall struct {
	Name   string        `help:"the call; empty for a word about others"`
	Args   string        `help:"its arguments, as C constants"`
	Result string        `help:"what it returned; empty where nobody saw it"`
	Errno  string        `help:"the error's name; empty where there was none"`
	Words  string        `help:"the error in words, or the word about others"`
	Took   time.Duration `help:"how long it took" volatile:""`
}

// String is the call as strace(1) writes it.
func (c SystemCall) String() string {
	if c.Name == "" {
		return "-- " + c.Words
	}
	text := c.Name + "(" + c.Args + ")"
	if c.Result == "" {
		return text
	}
	text += " = " + c.Result
	if c.Errno != "" {
		text += " " + c.Errno + " (" + c.Words + ")"
	}
	return text
}

// Most calls that a Trace keeps.
const maxCalls = 200

// A Trace records the system calls of one command while it runs; a nil one
// records nothing. Any goroutine may use it.
type Trace struct {
	making sync.Mutex // held over a call that is made, so that calls stand in the order in which they were made

	mu     sync.Mutex
	calls  []SystemCall
	opened []opening
	lost   int
	done   atomic.Bool // is read without the lock, too
}

// An opening is where a descriptor was given out.
type opening struct{ at, fd int }

// Add records a call.
func (t *Trace) Add(c SystemCall) {
	if t == nil {
		return
	}
	fd := -1
	switch c.Name {
	case "socket", "accept", "accept4":
		if n, err := strconv.Atoi(c.Result); err == nil {
			fd = n
		}
	}
	t.put(c, fd)
}

// put records a call, and what descriptor it gave; -1 is none.
func (t *Trace) put(c SystemCall, fd int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.room() {
		return
	}
	if fd >= 0 {
		t.opened = append(t.opened, opening{len(t.calls), fd})
	}
	t.calls = append(t.calls, c)
}

// room is whether one more call is recorded; it counts those that are not. The
// caller holds mu.
func (t *Trace) room() bool {
	switch {
	case t.done.Load():
		return false
	case len(t.calls) == maxCalls:
		t.lost++
		return false
	}
	return true
}

// Make makes a call that does not wait, and records what call says of it. Calls of
// several goroutines are made one after the other.
func (t *Trace) Make(call func() SystemCall) {
	t.making.Lock()
	defer t.making.Unlock()
	t.Add(call())
}

// Closing is called before a descriptor is closed where others cannot be kept from
// making calls meanwhile; what it gives records that it was. That stands behind all
// that was done with the descriptor, and before its number was given out again.
func (t *Trace) Closing(fd int) func(SystemCall) {
	t.mu.Lock()
	defer t.mu.Unlock()
	began := len(t.calls)
	return func(c SystemCall) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.insert(c, fd, began)
	}
}

func (t *Trace) insert(c SystemCall, fd, began int) {
	if !t.room() {
		return
	}
	at := len(t.calls)
	for i := len(t.opened) - 1; i >= 0 && t.opened[i].at >= began; i-- {
		if t.opened[i].fd == fd {
			at = t.opened[i].at
		}
	}
	t.calls = slices.Insert(t.calls, at, c)
	for i := range t.opened {
		if t.opened[i].at >= at {
			t.opened[i].at++
		}
	}
}

// Moved records a word about a socket that has another descriptor from now on.
func (t *Trace) Moved(words string, fd int) { t.put(SystemCall{Words: words}, fd) }

// Say records a word about what is done without a call of ours; the same word
// twice running is one.
func (t *Trace) Say(words string) {
	if t == nil {
		return
	}
	t.mu.Lock()
	last := len(t.calls) > 0 && t.calls[len(t.calls)-1] == SystemCall{Words: words}
	t.mu.Unlock()
	if !last {
		t.Add(SystemCall{Words: words})
	}
}

// End gives what was recorded, and how many calls there was no room for. Nothing
// is recorded any more.
func (t *Trace) End() (calls []SystemCall, lost int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done.Store(true)
	return t.calls, t.lost
}

// CString writes bytes as C and strace(1) do, at most max of them, with three
// dots behind what is left out.
func CString(data []byte, max int) string {
	var b strings.Builder
	b.WriteByte('"')
	cut := data[:min(len(data), max)]
	for i, c := range cut {
		b.WriteString(cByte(c, i+1 < len(cut) && cut[i+1] >= '0' && cut[i+1] <= '7'))
	}
	b.WriteByte('"')
	if len(data) > max {
		b.WriteString("...")
	}
	return b.String()
}

// cByte is a byte in a C string; one before an octal digit needs all three of its own.
func cByte(c byte, digit bool) string {
	if i := strings.IndexByte("\t\n\v\f\r\"\\", c); i >= 0 {
		return `\` + string(`tnvfr"\`[i])
	}
	if c >= 0x20 && c < 0x7f {
		return string(rune(c))
	}
	octal := []byte{'\\', '0' + c>>6, '0' + c>>3&7, '0' + c&7}
	for !digit && len(octal) > 2 && octal[1] == '0' {
		octal = append(octal[:1], octal[2:]...)
	}
	return string(octal)
}
