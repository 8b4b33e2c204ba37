//go:build !linux

package trace

import (
	"context"

	"sosh/primitive"
)

// beginSockets is for Linux, whose sockets tell what routers say. Elsewhere only
// the raw sockets of ICMP do.
func beginSockets(_ context.Context, o Options, _ chan<- answer) (way, error) {
	return nil, primitive.Newf(primitive.Unsupported, "this system does not tell programs what routers say of %s", o.Method).
		WithHint("as root or administrator: trace %s --icmp", o.Addr)
}
