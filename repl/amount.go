package repl

import (
	"fmt"
	"strconv"
)

// grouped writes a number with commas: 2,310.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// byteCount is a number of bytes for people: 12 bytes, 1.2 MB.
func byteCount(n int64) string {
	switch {
	case n < 10_000:
		return several(n, "byte")
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// several is a number of things.
func several(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return grouped(n) + " " + thing + "s"
}
