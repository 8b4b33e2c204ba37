package primitive

import "context"

type progressKey struct{}

// WithProgress gives a context under which what takes long tells how far it is:
// bytes done, and of how many, or 0 where that is not known. fn must be quick; it
// is called on the goroutine that does the work.
func WithProgress(ctx context.Context, fn func(done, total int64)) context.Context {
	return context.WithValue(ctx, progressKey{}, fn)
}

// Progress is what to tell progress to, or nil when nobody looks. It is asked
// once for each operation.
func Progress(ctx context.Context) func(done, total int64) {
	fn, _ := ctx.Value(progressKey{}).(func(done, total int64))
	return fn
}
