//go:build !linux

package sock

import "sosh/primitive"

// Holder is known on Linux only; ok is false.
func Holder(primitive.Addr, string) (pid int, program string, ok bool) { return 0, "", false }
