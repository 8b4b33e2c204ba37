package probe

import (
	"context"
	"fmt"

	"sosh/primitive"
)

// Probes of a scan that an explanation follows call by call. What comes after them
// goes the usual way, many at once, and is counted.
const followed = 4

// run is one worker. While the scan is explained there is only one.
func (s *scanner) run(ctx context.Context, workers int) {
	t := primitive.TraceFrom(ctx)
	if t == nil {
		s.work(ctx, workers)
		return
	}
	s.follow(ctx)
	before := s.handedOut()
	s.work(primitive.WithTap(ctx, &primitive.Tap{Events: primitive.TapFrom(ctx).Events}), 1)
	if n := s.handedOut() - before; n > 0 {
		t.Say(fmt.Sprintf("and %s probes more, with calls like these: many at once, as scans are made when nobody looks", thousands(n)))
	}
}

// follow makes the first probes one after another, with calls that are seen.
func (s *scanner) follow(ctx context.Context) {
	var jobs [1]job
	var trips roundTrips
	for range followed {
		if ctx.Err() != nil || s.take(jobs[:]) == 0 {
			return
		}
		s.attempt(ctx, jobs[0], &trips)
	}
}

// handedOut is how many probes were taken to be made.
func (s *scanner) handedOut() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.given
}
