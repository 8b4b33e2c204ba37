package serve

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"sosh/sock"
)

// Faults are what a mock of a flaky service does to its clients, whatever it
// serves. The zero value does nothing.
type Faults struct {
	Reset    bool          // tears the connection down (RST) at once, or where Truncate says
	Truncate int           // bytes sent, and then the end; 0 is all
	Delay    time.Duration // before a client is served

	Every  int     // only each such client is meant: the 3rd, 6th … of 3; 0 is all
	Chance float64 // only so many are meant, from 0 to 1; 0 is all
	Seed   int     // of the chance; 0 is another one each time
}

// Any is whether there is anything that it does to connections.
func (f Faults) Any() bool { return f.Reset || f.Truncate > 0 || f.Delay > 0 }

func (f Faults) chooser() *chooser {
	seed := uint64(f.Seed)
	if f.Seed == 0 {
		seed = rand.Uint64()
	}
	return &chooser{every: f.Every, chance: f.Chance, random: rand.New(rand.NewPCG(seed, seed))}
}

// A chooser says of one client after the other whether it is meant.
type chooser struct {
	every  int
	chance float64

	mu     sync.Mutex
	count  int
	random *rand.Rand
}

func (c *chooser) hit() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	if c.every > 0 && c.count%c.every != 0 {
		return false
	}
	return c.chance == 0 || c.random.Float64() < c.chance
}

// A fault is what one client suffers.
type fault struct {
	Faults
	hit bool
}

// onto puts the faults onto a stream that was just accepted, if they are meant for
// it: then another stream stands for the same connection.
func (f Faults) onto(c *sock.Stream, choose *chooser) (*sock.Stream, fault) {
	if !f.Any() || !choose.hit() {
		return c, fault{}
	}
	if f.Truncate > 0 {
		c = sock.Cut(c, f.Truncate, f.Reset)
	}
	return c, fault{f, true}
}

// before is what happens before the client is served.
func (f fault) before(ctx context.Context, c *sock.Stream) error {
	if f.Delay > 0 && f.hit {
		select {
		case <-time.After(f.Delay):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if f.hit && f.Reset && f.Truncate == 0 {
		_ = sock.SetOption(c, "linger", "0") // other than TCP has no reset: it is closed then
		return c.Close()
	}
	return nil
}

// note tells what the client will suffer.
func (f fault) note() string {
	if !f.hit {
		return ""
	}
	var parts []string
	if f.Delay > 0 {
		parts = append(parts, fmt.Sprintf("delayed %v", f.Delay))
	}
	switch {
	case f.Truncate > 0 && f.Reset:
		parts = append(parts, fmt.Sprintf("reset after %d bytes", f.Truncate))
	case f.Truncate > 0:
		parts = append(parts, fmt.Sprintf("cut after %d bytes", f.Truncate))
	case f.Reset:
		parts = append(parts, "reset")
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
