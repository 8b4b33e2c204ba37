package ping

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"sosh/primitive"
	"sosh/probe"
)

// A caller asks a host and waits for the answer, at most for the timeout.
type caller func(ctx context.Context, to netip.Addr) answer

// Calls are a way where each request has a goroutine of its own.
type calls struct {
	hosts   []host
	ask     caller
	answers chan<- answer
	free    chan struct{} // as many requests are under way at once
	running sync.WaitGroup
}

// Most requests that are under way at once; more wait for them.
const mostCalls = 512

func newCalls(p *pinger, ask caller) *calls {
	return &calls{hosts: p.hosts, ask: ask, answers: p.answers, free: make(chan struct{}, mostCalls)}
}

func (c *calls) close() { c.running.Wait() }

func (c *calls) send(ctx context.Context, host int, seq uint16) error {
	select {
	case c.free <- struct{}{}:
	default:
		return primitive.Newf(primitive.Failed, "%d requests wait already", mostCalls)
	}
	c.running.Go(func() {
		a := c.ask(ctx, c.hosts[host].addr)
		<-c.free
		a.host, a.seq, a.at = host, seq, time.Now()
		select {
		case c.answers <- a:
		case <-ctx.Done():
		}
	})
	return nil
}

// checking asks a port. That nobody is there is an answer of the host.
func checking(port int, udp bool, timeout time.Duration) caller {
	return func(ctx context.Context, to netip.Addr) answer {
		r, err := probe.Check(ctx, primitive.Addr{Host: to.String(), Port: port}, probe.CheckOptions{Timeout: timeout, UDP: udp})
		a := answer{reason: r.Reason(), rtt: r.RTT, from: to}
		switch {
		case err != nil:
			a.state, a.reason = Trouble, primitive.AsError(err).Cause
		case r.State == probe.Open, r.State == probe.Closed:
			a.state = Answered
		case r.State == probe.Unreachable:
			a.state = Unreachable
		case r.State == probe.Error:
			a.state = Trouble
		default:
			a.state = Lost
		}
		return a
	}
}
