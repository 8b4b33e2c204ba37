// Soak talks to sosh's own servers for a long time, as badly as clients do:
// connects that are given up, resets, half-closes, slow readers, reads and sends
// that are cancelled at random points. Every byte is accounted for, and in the
// end no memory, goroutine or descriptor may be left:
//
//	go run ./bench/soak -for 10m
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"time"
)

func main() {
	var o options
	flag.DurationVar(&o.length, "for", 10*time.Minute, "how long")
	flag.Uint64Var(&o.seed, "seed", rand.Uint64(), "of all that is random")
	flag.IntVar(&o.clients, "clients", 16, "clients at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := soak(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}
