package trace

import (
	"context"
	"iter"
	"net/netip"
	"time"
)

// A Method is what the probes are.
type Method string

// The methods.
const (
	UDP  Method = "udp"  // datagrams to ports that nobody has, as traceroute does
	ICMP Method = "icmp" // echo requests, as tracert does
	TCP  Method = "tcp"  // connecting, which filters let through where the port is open
)

// Options are what is asked, and how.
type Options struct {
	Addr     netip.Addr
	Method   Method
	Port     int // of TCP; of UDP the first one
	MaxHops  int
	Queries  int // for each hop, of one round
	Parallel int // most probes under way
	Timeout  time.Duration
	Rounds   int           // 0 is without end
	Interval time.Duration // between two rounds
	Names    bool          // ask for the names of the hops
}

// FirstPort is where traceroute sends its datagrams: ports that nobody has.
const FirstPort = 33434

// Each finds the way and yields its hops: of one round as they become known, of
// several all at the end, and meanwhile how far it is. The end of the context is
// its end, too: what is known is told. The error is of kind Unreachable or Timeout
// where the host was not reached, which the hops have told; Unsupported or Denied
// where the system has no socket for it.
func (o Options) Each(ctx context.Context) iter.Seq2[Hop, error] {
	return func(yield func(Hop, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		t := newTracer(ctx, o, func(h Hop) bool { return yield(h, nil) })
		way, err := begin(ctx, o, t.answers)
		if err == nil {
			err = t.run(ctx, way)
			cancel()
			way.close()
		}
		cancel()
		t.names.wait()
		if err == nil && !t.stopped {
			err = t.conclude()
		}
		if err != nil && !t.stopped {
			yield(Hop{}, err)
		}
	}
}
