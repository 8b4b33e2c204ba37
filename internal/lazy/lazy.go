// Package lazy holds values that are made when they are first asked for. Unlike
// sync.OnceValue, a package-level one costs a start of the program nothing: the
// linker lays it out, and no init function runs.
package lazy

import "sync"

// A Value is made once, by New. Any goroutine may ask.
type Value[T any] struct {
	New func() T

	once  sync.Once
	value T
}

// Get makes the value, the first time.
func (v *Value[T]) Get() T {
	v.once.Do(func() { v.value = v.New() })
	return v.value
}
