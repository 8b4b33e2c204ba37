package load

import (
	"math/bits"
	"sync"
	"time"
)

// Each power of two of a time is cut into so many parts, so that a value is known
// to about three parts in a hundred.
const (
	partBits = 5
	parts    = 1 << partBits
)

// A histogram counts times in a fixed amount of memory: exact up to 32 ns, then to
// a 32nd of the power of two. The zero value is empty. Any goroutine may use it.
type histogram struct {
	mu     sync.Mutex
	counts [64 * parts]int64
	n      int64
	max    time.Duration
}

func (h *histogram) add(d time.Duration) {
	d = max(d, 0)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts[bucket(d)]++
	h.n++
	h.max = max(h.max, d)
}

// bucket is where a time is counted.
func bucket(d time.Duration) int {
	if d < parts {
		return int(d)
	}
	shift := bits.Len64(uint64(d)) - partBits - 1
	return (shift+1)*parts + int(uint64(d)>>shift) - parts
}

// floor is the shortest time of a bucket.
func floor(i int) time.Duration {
	if i < parts {
		return time.Duration(i)
	}
	shift := i/parts - 1
	return time.Duration(parts+i%parts) << shift
}

// take moves what was counted into another one and empties this one.
func (h *histogram) take(into *histogram) {
	h.mu.Lock()
	defer h.mu.Unlock()
	into.mu.Lock()
	defer into.mu.Unlock()
	for i, n := range h.counts {
		into.counts[i] += n
	}
	into.n += h.n
	into.max = max(into.max, h.max)
	h.counts, h.n, h.max = [64 * parts]int64{}, 0, 0
}

// percentile is the time that a share of all (0 to 1) was no longer than, in
// milliseconds; nil when there are none.
func (h *histogram) percentile(share float64) *float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.n == 0 {
		return nil
	}
	rank, seen := int64(share*float64(h.n)), int64(0)
	at := h.max
	for i, n := range h.counts {
		if seen += n; seen > rank {
			at = min(floor(i+1)-1, h.max)
			break
		}
	}
	ms := millis(at)
	return &ms
}

// longest is the longest of all in milliseconds; nil when there are none.
func (h *histogram) longest() *float64 { return h.percentile(1) }

// millis is a time in milliseconds, to the microsecond.
func millis(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond)) / float64(time.Millisecond)
}
