package serve

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A ChatOptions bounds a room.
type ChatOptions struct {
	Queue int // lines that wait for a slow reader, who must go when there are more
	Line  int // longest line, in bytes
}

// Chat is a room: each line that one says goes to all others. "/name anna", "/who"
// and "/quit" are for the room itself.
func Chat(host Host, o ChatOptions) Runner {
	r := &room{host: host, o: o}
	return Runner{Client: r.serve}
}

// A room holds who is there.
type room struct {
	host Host
	o    ChatOptions

	mu      sync.Mutex
	members []*member
	guests  int // so far, for their first names
}

// A member is one who is there.
type member struct {
	name  string        // guarded by the room
	queue chan string   // lines to be sent; closed when the member has left
	slow  chan struct{} // closed when the queue had no room
	end   func()        // ends the conversation
}

// serve lets a client in until it ends, or reads too slowly.
func (r *room) serve(ctx context.Context, c *sock.Stream) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := r.join(cancel)
	r.host.Log("%s joined as %s", c.Raddr(), m.name)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		defer cancel()
		m.write(ctx, c)
	}()
	err := ended(r.hear(ctx, c, m))
	r.leave(m)
	if err != nil {
		cancel()
	}
	late := time.AfterFunc(farewell, cancel)
	defer late.Stop()
	<-sent
	return err
}

// So long a member who ended gets what is still queued.
const farewell = 2 * time.Second

// write sends what is queued until the member has left.
func (m *member) write(ctx context.Context, c *sock.Stream) {
	for {
		select {
		case line, more := <-m.queue:
			if !more {
				return
			}
			if _, err := c.Send(ctx, []byte(line+"\r\n")); err != nil {
				return
			}
		case <-m.slow:
			return
		}
	}
}

// hear takes lines until the client ends.
func (r *room) hear(ctx context.Context, c *sock.Stream, m *member) error {
	for {
		line, err := c.RecvLine(ctx, r.o.Line)
		if primitive.KindOf(err) == primitive.Oversized {
			r.tell(m, fmt.Sprintf("* a line has at most %d bytes", r.o.Line))
			return err
		}
		if err != nil {
			return err
		}
		text := strings.TrimSpace(primitive.Escape(string(line), false))
		switch command, rest, _ := strings.Cut(text, " "); {
		case text == "":
		case command == "/quit":
			return nil
		case command == "/name":
			r.rename(m, rest)
		case command == "/who":
			r.tell(m, "* "+strings.Join(r.names(), ", "))
		case strings.HasPrefix(command, "/"):
			r.tell(m, "* there is /name NAME, /who and /quit")
		default:
			r.say(m, text)
		}
	}
}

func (r *room) join(end func()) *member {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := &member{queue: make(chan string, r.o.Queue), slow: make(chan struct{}), end: end}
	for m.name == "" || r.find(m.name) != nil {
		r.guests++
		m.name = fmt.Sprintf("guest%d", r.guests)
	}
	r.members = append(r.members, m)
	r.put(m, fmt.Sprintf("* you are %s; %d here; /name NAME, /who, /quit", m.name, len(r.members)))
	r.others(m, "* "+m.name+" joined")
	return m
}

// leave takes a member out. Who was put out for slowness is told of as such.
func (r *room) leave(m *member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.members = slices.DeleteFunc(r.members, func(x *member) bool { return x == m })
	how := " left"
	select {
	case <-m.slow:
		how = " left: too slow"
	default:
	}
	r.host.Log("%s%s", m.name, how)
	r.others(m, "* "+m.name+how)
	close(m.queue)
}

func (r *room) say(m *member, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.host.Log("%s says %d bytes to %d", m.name, len(text), len(r.members)-1)
	r.others(m, m.name+": "+text)
}

// Longest name, in bytes.
const maxName = 20

func (r *room) rename(m *member, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	name = strings.TrimSpace(name)
	switch {
	case name == "" || len(name) > maxName || strings.ContainsFunc(name, notInName):
		r.put(m, fmt.Sprintf("* a name has 1 to %d letters and digits", maxName))
	case r.find(name) != nil:
		r.put(m, "* "+name+" is taken")
	default:
		r.others(m, "* "+m.name+" is now "+name)
		m.name = name
		r.put(m, "* you are "+name)
	}
}

func notInName(c rune) bool {
	return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-')
}

func (r *room) names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []string
	for _, m := range r.members {
		list = append(list, m.name)
	}
	return list
}

func (r *room) tell(m *member, line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(m, line)
}

// find is the member of a name, whatever its case. The caller holds the lock.
func (r *room) find(name string) *member {
	for _, m := range r.members {
		if strings.EqualFold(m.name, name) {
			return m
		}
	}
	return nil
}

// others queues a line for everyone but one. The caller holds the lock.
func (r *room) others(but *member, line string) {
	for _, m := range r.members {
		if m != but {
			r.put(m, line)
		}
	}
}

// put queues a line for a member, who is put out if there is no room for it. The
// caller holds the lock.
func (r *room) put(m *member, line string) {
	select {
	case m.queue <- line:
		return
	default:
	}
	select {
	case <-m.slow: // already
	default:
		close(m.slow)
		m.end()
	}
}
