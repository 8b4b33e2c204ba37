package primitive

import "context"

type widthKey struct{}

// WithWidth gives a context under which drawings fit a window of so many columns.
func WithWidth(ctx context.Context, columns int) context.Context {
	return context.WithValue(ctx, widthKey{}, columns)
}

// Width is the columns of the window that a result is for; 0 where that is not
// known.
func Width(ctx context.Context) int {
	n, _ := ctx.Value(widthKey{}).(int)
	return n
}
