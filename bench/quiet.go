//go:build linux

package main

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"
)

// tooBusy is how much of the machine others may use when a turn begins.
const tooBusy = 0.15

// A watch waits for a quiet machine before each turn, and counts the turns that
// began on a busy one.
type watch struct {
	patience    time.Duration // that is left
	turns, busy int
}

func (w *watch) wait(ctx context.Context) {
	const look = 150 * time.Millisecond
	w.turns++
	for w.patience > 0 {
		if used(ctx, look) < tooBusy {
			return
		}
		w.patience -= look
	}
	w.busy++
}

// report notes the turns that others may have disturbed.
func (w *watch) report(t *table) {
	if w.busy > 0 {
		t.note("%d of %d turns began while others used more than %.0f %% of the machine.", w.busy, w.turns, 100*tooBusy)
	}
}

// used is the part of the machine that is not idle, seen for a while.
func used(ctx context.Context, look time.Duration) float64 {
	total, idle := processorTime()
	select {
	case <-ctx.Done():
		return 0
	case <-time.After(look):
	}
	totalNow, idleNow := processorTime()
	if totalNow == total {
		return 0
	}
	return 1 - (idleNow-idle)/(totalNow-total)
}

// processorTime is what /proc/stat counts for all processors, in ticks; waiting
// for a disk is idle too.
func processorTime() (total, idle float64) {
	text, _ := os.ReadFile("/proc/stat")
	first, _, _ := strings.Cut(string(text), "\n")
	for i, word := range strings.Fields(first) {
		ticks, _ := strconv.ParseFloat(word, 64)
		total += ticks
		if i == 4 || i == 5 {
			idle += ticks
		}
	}
	return total, idle
}
