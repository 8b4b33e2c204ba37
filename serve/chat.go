package serve

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A ChatOptions bounds a room.
type ChatOptions struct {
	Queue    int           // lines that wait for a slow reader
	Patience time.Duration // so long a full queue holds the room up; then that reader is put out
	Line     int           // longest line, in bytes
}

// Chat is a room: each line that one says goes to all others, in the same order for
// each. "/name anna", "/who" and "/quit" are for the room itself.
func Chat(host Host, o ChatOptions) Runner {
	r := &room{host: host, o: o}
	return Runner{Client: r.serve}
}

// A room holds who is there.
type room struct {
	host Host
	o    ChatOptions

	speaking sync.Mutex // held by who speaks to all
	mu       sync.Mutex // taken inside of speaking, never around a wait
	members  []*member
	guests   int // so far, for their first names
}

// A member is one who is there.
type member struct {
	name  string          // guarded by the room; who it belongs to may read it
	queue chan string     // lines to be sent
	left  chan struct{}   // closed when it has left: nothing more will be queued
	ctx   context.Context // of its conversation
	end   func()          // ends that
	slow  atomic.Bool     // it was put out
}

// serve lets a client in until it ends, or reads too slowly.
func (r *room) serve(ctx context.Context, c *sock.Stream) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := r.join(&member{queue: make(chan string, r.o.Queue), left: make(chan struct{}), ctx: ctx, end: cancel})
	r.host.Log("%s joined as %s", c.Raddr(), m.name)
	r.others(m, "* "+m.name+" joined")
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		defer cancel()
		m.write(c)
	}()
	err := ended(r.hear(ctx, c, m))
	if err != nil {
		cancel()
	}
	late := time.AfterFunc(farewell, cancel)
	defer late.Stop()
	r.leave(m)
	<-sent
	return err
}

// So long a member who ended gets what is still queued.
const farewell = 2 * time.Second

// write sends what is queued until the member has left, and then the rest.
func (m *member) write(c *sock.Stream) {
	for {
		select {
		case line := <-m.queue:
			if _, err := c.Send(m.ctx, []byte(line+"\r\n")); err != nil {
				return
			}
		case <-m.ctx.Done():
			return
		case <-m.left:
			if len(m.queue) == 0 {
				return
			}
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

// join gives a member a name, and tells it.
func (r *room) join(m *member) *member {
	r.mu.Lock()
	defer r.mu.Unlock()
	for m.name == "" || r.find(m.name) != nil {
		r.guests++
		m.name = fmt.Sprintf("guest%d", r.guests)
	}
	r.members = append(r.members, m)
	m.queue <- fmt.Sprintf("* you are %s; %d here; /name NAME, /who, /quit", m.name, len(r.members)) // there is room
	return m
}

// leave takes a member out. Who was put out for slowness is told of as such.
func (r *room) leave(m *member) {
	r.mu.Lock()
	r.members = slices.DeleteFunc(r.members, func(x *member) bool { return x == m })
	r.mu.Unlock()
	how := " left"
	if m.slow.Load() {
		how = " left: too slow"
	}
	r.host.Log("%s%s", m.name, how)
	r.others(m, "* "+m.name+how)
	close(m.left)
}

func (r *room) say(m *member, text string) {
	n := r.others(m, m.name+": "+text)
	r.host.Log("%s says %d bytes to %d", m.name, len(text), n)
}

// Longest name, in bytes.
const maxName = 20

func (r *room) rename(m *member, name string) {
	name = strings.TrimSpace(name)
	old := m.name
	switch {
	case name == "" || len(name) > maxName || strings.ContainsFunc(name, notInName):
		r.tell(m, fmt.Sprintf("* a name has 1 to %d letters and digits", maxName))
	case !r.take(m, name):
		r.tell(m, "* "+name+" is taken")
	default:
		r.others(m, "* "+old+" is now "+name)
		r.tell(m, "* you are "+name)
	}
}

// take gives a member a name that nobody else has.
func (r *room) take(m *member, name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if other := r.find(name); other != nil && other != m {
		return false
	}
	m.name = name
	return true
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

// find is the member of a name, whatever its case. The caller holds the lock.
func (r *room) find(name string) *member {
	for _, m := range r.members {
		if strings.EqualFold(m.name, name) {
			return m
		}
	}
	return nil
}

// others queues a line for everyone but one, and says for how many.
func (r *room) others(but *member, line string) (n int) {
	r.speaking.Lock()
	defer r.speaking.Unlock()
	r.mu.Lock()
	all := slices.Clone(r.members)
	r.mu.Unlock()
	for _, m := range all {
		if m != but {
			r.tell(m, line)
			n++
		}
	}
	return n
}

// tell queues a line for a member. If there is no room for it in time, the member
// is put out.
func (r *room) tell(m *member, line string) {
	select {
	case m.queue <- line:
		return
	default:
	}
	if m.ctx.Err() != nil {
		return
	}
	timer := time.NewTimer(r.o.Patience)
	defer timer.Stop()
	select {
	case m.queue <- line:
	case <-m.ctx.Done():
	case <-timer.C:
		m.slow.Store(true)
		m.end()
	}
}
