package icmp

import (
	"fmt"
	"time"
)

// Millis is a time in milliseconds, to a tenth of a microsecond.
func Millis(d time.Duration) float64 { return float64(d.Round(100*time.Nanosecond)) / 1e6 }

// Short writes a number of milliseconds with three digits that count.
func Short(ms float64) string {
	switch {
	case ms < 1:
		return fmt.Sprintf("%.3f", ms)
	case ms < 10:
		return fmt.Sprintf("%.2f", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

// RoundTrip writes a time as a person reads it: 0.045 ms, 1.83 ms, 230 ms; empty
// for none.
func RoundTrip(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return Short(Millis(d)) + " ms"
}
