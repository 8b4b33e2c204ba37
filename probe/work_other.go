//go:build !linux

package probe

import "context"

// work is one worker of a scan.
func (s *scanner) work(ctx context.Context, workers int) { s.dialers(ctx, workers) }
