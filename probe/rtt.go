package probe

import (
	"net/netip"
	"time"
)

// How long a try waits for its answer where nothing is known, and the bounds of
// what is derived from round trips.
const (
	firstTimeout = time.Second
	minTimeout   = 100 * time.Millisecond
	maxTimeout   = 3 * time.Second
)

// Most hosts whose round trips are told apart.
const maxRoundTrips = 8192

// roundTrips estimates how long answers take, for each host and over all of them
// (RFC 6298: a mean, and four deviations).
type roundTrips struct {
	all   estimate
	hosts map[netip.Addr]estimate // nil: there is one host
}

type estimate struct{ mean, deviation time.Duration }

func (e *estimate) add(d time.Duration) {
	if e.mean == 0 {
		e.mean, e.deviation = d, d/2
		return
	}
	e.deviation += ((e.mean - d).Abs() - e.deviation) / 4
	e.mean += (d - e.mean) / 8
}

func (r *roundTrips) add(ip netip.Addr, d time.Duration) {
	r.all.add(d)
	if r.hosts == nil {
		return
	}
	e, known := r.hosts[ip]
	if known || len(r.hosts) < maxRoundTrips {
		e.add(d)
		r.hosts[ip] = e
	}
}

// timeout is how long to wait for a host's answer to a try.
func (r *roundTrips) timeout(ip netip.Addr, try uint8) time.Duration {
	e, known := r.hosts[ip]
	if !known && r.hosts != nil {
		return firstTimeout << min(try, 2) // another host's round trips say nothing about this one's
	}
	if !known {
		e = r.all
	}
	if e.mean == 0 {
		return firstTimeout << min(try, 2)
	}
	return min(max(e.mean+4*e.deviation, minTimeout)<<min(try, 4), maxTimeout)
}
