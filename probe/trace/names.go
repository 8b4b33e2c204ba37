package trace

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// Names asks the name service who the hops are, beside the probes.
type names struct {
	ctx    context.Context
	wanted bool
	asking sync.WaitGroup
	known  map[netip.Addr]*naming
}

// A naming is one question.
type naming struct {
	done chan struct{}
	name string
}

// A question waits so long; and most questions there are.
const (
	nameWait  = time.Second
	mostNames = 256
)

func newNames(ctx context.Context, wanted bool) *names {
	return &names{ctx: ctx, wanted: wanted, known: map[netip.Addr]*naming{}}
}

// ask begins to look for the name of an address.
func (n *names) ask(ip netip.Addr) {
	if !n.wanted || !ip.IsValid() || n.known[ip] != nil || len(n.known) == mostNames {
		return
	}
	q := &naming{done: make(chan struct{})}
	n.known[ip] = q
	n.asking.Go(func() {
		defer close(q.done)
		ctx, cancel := context.WithTimeout(n.ctx, nameWait)
		defer cancel()
		list, err := sock.Resolver(ctx).LookupAddr(ctx, ip.String())
		if err == nil && len(list) > 0 {
			q.name = strings.TrimSuffix(list[0], ".")
		}
	})
}

// of is the name of an address; empty where there is none.
func (n *names) of(ip netip.Addr) string {
	q := n.known[ip]
	if q == nil {
		return ""
	}
	<-q.done // at most as long as a question waits
	return q.name
}

// seen is the name as far as it is known now.
func (n *names) seen(ip netip.Addr) string {
	if q := n.known[ip]; q != nil {
		select {
		case <-q.done:
			return q.name
		default:
		}
	}
	return ""
}

// shown is an address with its name, for people.
func shown(ip netip.Addr, name string) string {
	if name == "" {
		return ip.String()
	}
	return primitive.Escape(name, false) + " (" + ip.String() + ")"
}

func (n *names) wait() { n.asking.Wait() }
