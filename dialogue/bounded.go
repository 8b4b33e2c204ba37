package dialogue

import (
	"context"
	"time"
)

// Bounded is a context for one exchange; a duration of 0 bounds nothing.
func Bounded(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, d)
}
