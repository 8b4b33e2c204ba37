package term

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"github.com/clipperhouse/uax29/v2/graphemes"
)

// A cluster is what a person takes for one character, as it is shown.
type cluster struct {
	text  string // in the line
	shown string
	width int // in cells
}

// clusters calls yield for the clusters of a text (UAX #29). ASCII, which most
// lines are, goes the short way.
func clusters(text string, yield func(cluster) bool) {
	for len(text) > 0 {
		n := 1
		if text[0] >= 0x80 || len(text) > 1 && text[1] >= 0x80 {
			n = firstCluster(text)
		}
		if !yield(appearance(text[:n])) {
			return
		}
		text = text[n:]
	}
}

func firstCluster(text string) int {
	it := graphemes.FromString(text)
	if !it.Next() {
		return len(text)
	}
	return max(1, len(it.Value()))
}

// ClusterLengths are the lengths in bytes of the clusters of a text, in order.
func ClusterLengths(text string) []int {
	var list []int
	clusters(text, func(c cluster) bool {
		list = append(list, len(c.text))
		return true
	})
	return list
}

// Width is how many cells a text takes in one row.
func Width(text string) (cells int) {
	clusters(text, func(c cluster) bool {
		cells += c.width
		return true
	})
	return cells
}

// appearance is how a cluster is shown: what is invisible or drives the terminal
// becomes visible.
func appearance(text string) cluster {
	c := text[0]
	if len(text) == 1 && c >= 0x20 && c < 0x7f {
		return cluster{text, text, 1}
	}
	if len(text) == 1 && (c < 0x20 || c == 0x7f) {
		return cluster{text, "^" + string(rune(c^0x40)), 2}
	}
	if hidden(text) {
		return cluster{text, string(utf8.RuneError), 1}
	}
	if w := displaywidth.String(text); w > 0 {
		return cluster{text, text, min(w, 2)}
	}
	return cluster{text, "\u25cc" + text, 1} // a mark without its letter
}

// Joiners make one character of several: in emoji, and in scripts that need them.
const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

// hidden is whether a text holds what a terminal obeys or does not show.
func hidden(text string) bool {
	if !utf8.ValidString(text) {
		return true
	}
	for _, r := range text {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == 0x2028, r == 0x2029:
			return true
		case unicode.Is(unicode.Cf, r) && (utf8.RuneLen(r) == len(text) || r != zeroWidthJoiner && r != zeroWidthNonJoiner):
			return true
		}
	}
	return false
}

// clip shortens a text to a number of cells and makes it one safe row.
func clip(text string, cells int) (string, int) {
	var b strings.Builder
	used := 0
	clusters(text, func(c cluster) bool {
		if used+c.width > cells {
			return false
		}
		b.WriteString(c.shown)
		used += c.width
		return true
	})
	return b.String(), used
}

// PromptWidth is how many cells a text takes that may hold SGR sequences.
func PromptWidth(text string) int {
	p := painter{width: 1 << 30}
	p.styled(text)
	return p.col
}
