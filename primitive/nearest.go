package primitive

import "strings"

// Nearest is the name most like the mistyped one, or "" when none is close: at
// most two edits away, and at most half of the letters of either.
func Nearest(name string, among []string) string {
	best, bestDist := "", 3
	for _, c := range among {
		d := distance(strings.ToLower(name), strings.ToLower(c), bestDist)
		if d < bestDist && 2*d <= min(len(name), len(c)) {
			best, bestDist = c, d
		}
	}
	return best
}

// DidYouMean is a hint that names the nearest, or "".
func DidYouMean(name string, among []string) string {
	if n := Nearest(name, among); n != "" {
		return "did you mean " + n + "?"
	}
	return ""
}

// distance counts insertions, deletions, replacements and swaps of neighbours
// (optimal string alignment); it stops counting at limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	var prev, row, next []int
	row = make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next = make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], prev[j-2]+1)
			}
		}
		prev, row = row, next
	}
	return row[len(b)]
}

func cost(x, y byte) int {
	if x == y {
		return 0
	}
	return 1
}
