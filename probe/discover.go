package probe

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"sosh/primitive"
)

// discoveryPorts are asked to find out whether a host is there: usual services,
// one of which a filter lets through or refuses. Any answer will do.
func discoveryPorts() []uint16 { return []uint16{443, 80, 22, 445, 3389, 8080} }

// discover finds the hosts that answer at all, of several; the others are left
// out. This machine's own are there.
func (r *surveying) discover(ctx context.Context) error {
	hosts := r.Plan.Hosts
	if !r.Discover || hosts.Len() < 2 || hosts.Local() {
		return nil
	}
	up := make(hostSet, (hosts.Len()+31)/32)
	o := Options{Timeout: r.Timeout, Parallel: r.Parallel, Rate: r.Rate, skip: up.has}
	if o.Timeout == 0 {
		o.Timeout = firstTimeout
	}
	s := newScanner(&Plan{Hosts: hosts, Ports: r.firstPorts(), Order: ByPort}, o)
	for b := range s.batches(ctx) {
		for i := range b.results {
			if st := b.results[i].State; st != Open && st != Closed {
				continue
			}
			if host, ok := hosts.Index(b.results[i].Addr); ok && up.add(host) {
				r.up++
			}
		}
		if r.told.IsZero() || time.Since(r.told) >= progressEvery {
			r.told = time.Now()
			n, of := s.taken()
			r.show(beside(primitive.Underway, "looking for hosts: %s of %s probes, %s answer", thousands(n), thousands(of), thousands(r.up)))
		}
		if r.stopped {
			return nil
		}
	}
	r.Options.skip = func(host uint64) bool { return !up.has(host) }
	return nil
}

// firstPorts are what hosts are asked for: the first that the scan is about, and
// the usual ones.
func (r *surveying) firstPorts() []uint16 {
	ports := discoveryPorts()
	if !r.Plan.UDP {
		for _, p := range r.Plan.Ports[:min(2, len(r.Plan.Ports))] {
			if !slices.Contains(ports, p) {
				ports = append(ports, p)
			}
		}
	}
	return ports
}

// A hostSet is a set of hosts by their place; any goroutine may use it.
type hostSet []atomic.Uint32

func (h hostSet) add(host uint64) (isNew bool) {
	bit := uint32(1) << (host % 32)
	return h[host/32].Or(bit)&bit == 0
}

func (h hostSet) has(host uint64) bool { return h[host/32].Load()&(1<<(host%32)) != 0 }
