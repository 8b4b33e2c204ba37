package nettest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// Answers is the address of a TCP server that gives its answers one after another,
// whatever it is told: the first at once, each other one to a line. Behind the last
// one it listens until the client ends.
func Answers(t testing.TB, answers ...string) string {
	t.Helper()
	return Serve(t, func(c net.Conn) {
		if Converse(c, answers...) {
			io.Copy(io.Discard, c)
		}
	})
}

// Converse is the talk of Answers over one connection; false when it broke off.
// What a client says before it has the last answer is gone.
func Converse(c net.Conn, answers ...string) bool {
	in := bufio.NewReader(c)
	for i, a := range answers {
		if i > 0 {
			if _, err := in.ReadString('\n'); err != nil {
				return false
			}
		}
		if _, err := io.WriteString(c, a); err != nil {
			return false
		}
	}
	return true
}

// Notes are the lines of a log, written and read by many.
type Notes struct {
	mu    sync.Mutex
	lines []string
}

// Add adds a line.
func (n *Notes) Add(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

// String is the log.
func (n *Notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.lines, "\n")
}
