//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: this benchmark measures on Linux only: it needs epoll and /proc")
	os.Exit(1)
}
