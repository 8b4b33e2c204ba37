// Package style is how text looks on a terminal: colours, the width of
// characters, and tables that fit. It never escapes: what it is given is safe for
// a terminal already.
package style

import (
	"hash/fnv"
	"regexp"
	"strings"

	"sosh/internal/lazy"
)

// A Mode is what the person wants of colours.
type Mode string

// The modes: Auto decides by the terminal and the environment.
const (
	Auto   Mode = "auto"
	Always Mode = "always"
	Never  Mode = "never"
)

// A Style colours text for one output, or leaves it as it is. The zero Style has
// no colours.
type Style struct{ on bool }

// For decides about the colours of an output, from the mode, from the
// environment (https://no-color.org: NO_COLOR; TERM=dumb; CLICOLOR_FORCE; the
// first of them that is set decides) and from whether it is a terminal.
func For(mode Mode, terminal bool, env func(string) string) Style {
	force := env("CLICOLOR_FORCE")
	switch {
	case mode == Always:
		return Style{true}
	case mode == Never || env("NO_COLOR") != "" || env("TERM") == "dumb":
		return Style{}
	case force != "" && force != "0":
		return Style{true}
	}
	return Style{terminal}
}

// On is whether there are colours.
func (s Style) On() bool { return s.on }

// Colours are those of ECMA-48's Select Graphic Rendition (SGR) that every
// terminal has, so that the person's own palette applies.
const (
	bold    = "1"
	dim     = "2"
	red     = "31"
	green   = "32"
	yellow  = "33"
	blue    = "34"
	magenta = "35"
	cyan    = "36"
)

// handleColours are those that handles take in turn; red is for failures.
var handleColours = [...]string{cyan, green, magenta, yellow, blue, "96", "92", "95", "93", "94"}

func (s Style) paint(code, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Error is for what failed.
func (s Style) Error(text string) string { return s.paint(red, text) }

// Good is for what is as one hopes: open, ok.
func (s Style) Good(text string) string { return s.paint(green, text) }

// Doubtful is for what nobody knows: no answer.
func (s Style) Doubtful(text string) string { return s.paint(yellow, text) }

// Header is for the names of columns and fields.
func (s Style) Header(text string) string { return s.paint(bold, text) }

// Dim is for what stands aside.
func (s Style) Dim(text string) string { return s.paint(dim, text) }

// Number is for numbers, times and sizes.
func (s Style) Number(text string) string { return s.paint(cyan, text) }

// Word is for true, false and words of a closed list.
func (s Style) Word(text string) string { return s.paint(yellow, text) }

// Handle colours a text that stands for the handle of that name: always the same
// colour for the same name, and different ones for neighbours.
func (s Style) Handle(name, text string) string { return s.paint(handleColour(name), text) }

func handleColour(name string) string {
	n := 0
	digits := strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyz")
	for _, c := range digits {
		if c < '0' || c > '9' {
			digits = ""
			break
		}
		n = (n*10 + int(c-'0')) % 1_000_000
	}
	if digits == "" || len(name)-len(digits) != 1 {
		h := fnv.New32a()
		h.Write([]byte(name))
		n = int(h.Sum32() % 1_000_003)
	} else {
		n += 3 * int(name[0]-'a') // c1 and l1 differ too
	}
	return handleColours[n%len(handleColours)]
}

// escapes is the form that primitive.Escape gives to what would not show.
var escapes = lazy.Value[*regexp.Regexp]{New: func() *regexp.Regexp {
	return regexp.MustCompile(`\\(x[0-9a-f]{2}|u\{[0-9a-f]+\}|[rnt\\])`)
}}

// Escapes dims the escapes in a text that passed primitive.Escape, so that \x1b
// is told from the characters of a peer.
func (s Style) Escapes(text string) string {
	if !s.on || !strings.Contains(text, `\`) {
		return text
	}
	return escapes.Get().ReplaceAllStringFunc(text, s.Dim)
}
