package dns

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/miekg/dns"

	"sosh/sock"
)

// A hearing listens to what the system's resolver asks name servers, so that it
// can be told who answered. Nothing heard means that a file did.
type hearing struct {
	dial func(ctx context.Context, network, at string) (net.Conn, error)

	mu    sync.Mutex
	asked []exchange
}

// An exchange is one question to a name server, and what came of it.
type exchange struct {
	server, name, kind string
	rcode              string // "" while there is no answer
	answers            int
}

const mostHeard = 100

// resolver is Go's own: it can be listened to, on every system.
func (h *hearing) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: h.connect}
}

func (h *hearing) connect(ctx context.Context, network, at string) (net.Conn, error) {
	h.note(exchange{server: at})
	conn, err := h.open(ctx, network, at)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(network, "udp") {
		return &heardPackets{conn, h, at}, nil
	}
	return conn, nil
}

// open connects as it is asked to, by default so that an explanation under way sees
// the calls.
func (h *hearing) open(ctx context.Context, network, at string) (net.Conn, error) {
	if h.dial != nil {
		return h.dial(ctx, network, at)
	}
	return sock.DialServer(ctx, network, at)
}

// A heardPackets is a datagram socket of the resolver that is listened to. That it is
// a net.PacketConn is how the resolver knows how to speak on it.
type heardPackets struct {
	net.Conn
	hearing *hearing
	server  string
}

var _ net.PacketConn = (*heardPackets)(nil)

func (c *heardPackets) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if m := new(dns.Msg); err == nil && m.Unpack(p[:n]) == nil && len(m.Question) == 1 {
		q := m.Question[0]
		c.hearing.note(exchange{c.server, printed(q.Name), typeName(q.Qtype), rcodeName(m.Rcode), len(m.Answer)})
	}
	return n, err
}

// ReadFrom is Read: the socket has one peer.
func (c *heardPackets) ReadFrom(p []byte) (int, net.Addr, error) {
	n, err := c.Read(p)
	return n, c.RemoteAddr(), err
}

// WriteTo is Write: the socket has one peer.
func (c *heardPackets) WriteTo(p []byte, _ net.Addr) (int, error) { return c.Write(p) }

func (h *hearing) note(e exchange) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.asked) < mostHeard {
		h.asked = append(h.asked, e)
	}
}

// source says who gave the answer: the last server that had any.
func (h *hearing) source() (source, server string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.asked {
		if e.answers > 0 || server == "" {
			server = e.server
		}
	}
	if server == "" {
		return "hosts file", ""
	}
	return "name server", server
}

// names are the questions, each once, with their answers.
func (h *hearing) names() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []string
	seen := map[string]bool{}
	for _, e := range h.asked {
		text := fmt.Sprintf("%s %s: %s", e.name, e.kind, e.rcode)
		if e.rcode != "" && !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

// verdict is what was heard, in words.
func (h *hearing) verdict() string {
	if names := h.names(); len(names) > 0 {
		return strings.Join(names, ", ")
	}
	if servers := h.servers(); servers != "" {
		return "asked " + servers
	}
	return "the hosts file lacks it, and no name server was asked"
}

func (h *hearing) servers() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []string
	seen := map[string]bool{}
	for _, e := range h.asked {
		if !seen[e.server] {
			seen[e.server] = true
			list = append(list, e.server)
		}
	}
	return strings.Join(list, ", ")
}
