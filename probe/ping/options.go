package ping

import (
	"context"
	"iter"
	"net/netip"
	"time"

	"sosh/primitive"
	"sosh/probe"
)

// A Method is how a host is asked.
type Method string

// The methods.
const (
	ICMP Method = "icmp" // echo request and reply (RFC 792, RFC 4443)
	TCP  Method = "tcp"  // connecting; a refusal is an answer too
	UDP  Method = "udp"  // a datagram, a question in the words of the port's usual service
	HTTP Method = "http" // a request with a connection of its own
)

// A Show is what the stream has.
type Show string

// What is shown: each reply, a summary for each host at the end, or both.
const (
	Replies   Show = "replies"
	Summaries Show = "summary"
	Both      Show = "both"
)

// Options are what is asked, and how.
type Options struct {
	Hosts    probe.Hosts
	Method   Method
	Port     int           // of TCP and UDP
	URL      string        // of HTTP; each host is asked for it
	Count    int           // times that each host is asked; 0 is without end
	Interval time.Duration // between two times
	Timeout  time.Duration // one waits so long for its answer
	Size     int           // bytes that an echo request carries
	TTL      int           // of ICMP; 0 is the system's own
	Flood    bool          // ask again as soon as the answer is there
	Show     Show
	Plain    bool // tell only which hosts answer
}

// MaxHosts is how many hosts are asked at most.
const MaxHosts = 1 << 16

// Check is a usage error where the options do not fit together.
func (o *Options) Check() error {
	switch n := o.Hosts.Len(); {
	case n > MaxHosts:
		return primitive.Usagef("%d hosts are too many to ask at once", n).WithHint("at most %d: a /16", MaxHosts)
	case o.Method != ICMP && o.TTL != 0:
		return primitive.Usagef("only ICMP has a TTL here").WithHint("ping HOST --ttl %d; the way to a port: trace HOST --tcp PORT", o.TTL)
	case o.Flood && o.Hosts.Len() != 1:
		return primitive.Usagef("one host is flooded at a time")
	}
	return nil
}

// Each asks, and yields what comes, how far it is, and at the end what it was
// worth. The end of the context is its end, too: what is known is told. The error
// is of kind Timeout or Unreachable when nobody answered, which the replies have
// told; of kind Denied when the system gives no socket for it.
func (o Options) Each(ctx context.Context) iter.Seq2[Reply, error] {
	return func(yield func(Reply, error) bool) {
		p := newPinger(o, func(r Reply) bool { return yield(r, nil) })
		ctx, cancel := context.WithCancel(ctx)
		way, err := p.begin(ctx)
		if err == nil {
			err = p.run(ctx, way)
			cancel()
			way.close()
		}
		cancel()
		if err == nil && !p.stopped {
			err = p.conclude()
		}
		if err != nil && !p.stopped {
			yield(Reply{}, err)
		}
	}
}

// target is the address that a host is asked at: the unspecified one is this
// machine, as everywhere.
func target(ip netip.Addr) netip.Addr {
	switch {
	case ip == netip.IPv4Unspecified():
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	case ip == netip.IPv6Unspecified():
		return netip.IPv6Loopback()
	}
	return ip
}
