package term

import "slices"

// A Style is how a part of the line looks.
type Style int

// The styles there are.
const (
	Plain   Style = iota
	Command       // a word that is a command
	Unknown       // a first word that is none
	String
	Handle
	Number
	Flag
	Comment
	Dim
	Match    // what a search has found
	Selected // the row of the menu that would be taken
)

// sgr is the sequence that begins a style.
func (s Style) sgr() string {
	return [...]string{"", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[33m", "\x1b[34m", "\x1b[2m", "\x1b[2m", "\x1b[4m", "\x1b[7m"}[s]
}

const endStyle = "\x1b[m"

// A Span is a styled part of a text: bytes Start to End.
type Span struct {
	Start, End int
	Style      Style
}

// clean leaves out spans that cannot be, and orders the rest.
func clean(spans []Span, length int) []Span {
	var list []Span
	for _, s := range spans {
		s.Start, s.End = max(0, s.Start), min(length, s.End)
		if s.Start < s.End && s.Style > Plain && s.Style <= Selected {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b Span) int { return a.Start - b.Start })
	return list
}
