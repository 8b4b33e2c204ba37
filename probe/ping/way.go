package ping

import (
	"context"
	"net/netip"
	"time"
)

// A way is how requests get to the hosts. What comes back goes to the answers of
// its pinger.
type way interface {
	// send asks a host, or begins to. The error says that it could not be asked.
	send(ctx context.Context, host int, seq uint16) error
	// close ends what is under way, and waits for it. The context that begin
	// was given must have ended.
	close()
}

// An answer is what came back to a request.
type answer struct {
	host   int
	seq    uint16
	state  State
	reason string
	at     time.Time
	rtt    time.Duration // where the way has measured it; else 0
	ttl    int
	from   netip.Addr // who said it, where it was not the host itself
	size   int        // bytes that came back
}

// Most answers that wait to be taken.
const queued = 1024

func (p *pinger) begin(ctx context.Context) (way, error) {
	switch p.Method {
	case TCP, UDP:
		return newCalls(p, checking(p.Port, p.Method == UDP, p.Timeout)), nil
	case HTTP:
		ask, err := requesting(p.URL, p.Timeout)
		if err != nil {
			return nil, err
		}
		return newCalls(p, ask), nil
	}
	return newEcho(ctx, p)
}
