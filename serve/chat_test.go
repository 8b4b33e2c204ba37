package serve

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// A chatter is a client in a room.
type chatter struct {
	net.Conn
	lines *bufio.Reader
}

func (w *world) enter(t *testing.T) *chatter {
	t.Helper()
	c := w.dial(t, "tcp")
	return &chatter{c, bufio.NewReader(c)}
}

func (c *chatter) says(text string) { io.WriteString(c, text+"\n") }

// hears takes lines until one holds the text.
func (c *chatter) hears(t *testing.T, text string) {
	t.Helper()
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			t.Fatalf("waiting for %q: %v", text, err)
		}
		if strings.Contains(line, text) {
			return
		}
	}
}

func roomOf(t *testing.T, o ChatOptions) *world {
	t.Helper()
	return start(t, &Server{}, func(h Host) Runner { return Chat(h, o) })
}

func TestChat(t *testing.T) {
	w := roomOf(t, ChatOptions{Queue: 100, Line: 100, Patience: time.Second})
	a := w.enter(t)
	a.hears(t, "* you are guest1; 1 here")
	b := w.enter(t)
	a.hears(t, "* guest2 joined")
	b.says("/name anna")
	b.hears(t, "* you are anna")
	a.hears(t, "* guest2 is now anna")
	a.says("/name ANNA")
	a.hears(t, "* ANNA is taken")
	a.says("/name no good")
	a.hears(t, "* a name has")
	b.says("hello \x1b[2J")
	a.hears(t, `anna: hello \x1b[2J`)
	a.says("/who")
	a.hears(t, "* guest1, anna")
	a.says("/dance")
	a.hears(t, "* there is /name")
	b.says("/quit")
	a.hears(t, "* anna left")
	if rest, err := io.ReadAll(b.lines); err != nil {
		t.Errorf("%q, %v", rest, err)
	}
	w.says(t, "anna says")
}

// A line without end ends its own client, and nobody else.
func TestChatLongLine(t *testing.T) {
	w := roomOf(t, ChatOptions{Queue: 100, Line: 100, Patience: time.Second})
	a := w.enter(t)
	a.hears(t, "you are guest1")
	b := w.enter(t)
	a.hears(t, "joined")
	b.says(strings.Repeat("x", 5000))
	a.hears(t, "* guest2 left")
}

// Who does not read is put out, and holds nobody up.
func TestChatSlowReader(t *testing.T) {
	w := roomOf(t, ChatOptions{Queue: 4, Line: 1 << 16, Patience: 30 * time.Millisecond})
	fast, slow := w.enter(t), w.enter(t)
	fast.hears(t, "you are")
	slow.hears(t, "you are")
	third := w.enter(t)
	third.hears(t, "you are")
	for i := 0; ; i++ { // reading nothing fills its socket, then its queue
		fast.says(strings.Repeat("x", 60000))
		fast.says(fmt.Sprintf("mark %d", i))
		third.hears(t, fmt.Sprintf("mark %d", i))
		w.mu.Lock()
		put := strings.Contains(fmt.Sprint(w.notes), "left: too slow")
		w.mu.Unlock()
		if put {
			return
		}
		if i > 1000 {
			t.Fatal("it was never put out")
		}
	}
}
