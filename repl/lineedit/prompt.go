// Package lineedit is the line being typed. It alone knows chzyer/readline, which
// it uses headless and unmodified: readline keeps the line, inserts what is typed,
// knows vi's normal mode, and says when the line has ended. Keys come from package
// term and what is shown goes there; completion, history, search, undo and the
// editing commands are ours.
package lineedit

import (
	"context"
	"errors"

	"sosh/repl/term"
)

// A Prompt is what a line is asked for with. All but Text may be left out.
// Positions are in bytes.
type Prompt struct {
	Text  string // before the line; may hold SGR sequences
	More  string // before each further line; ".. " if empty
	Mask  bool   // the line is a secret: not shown, nor kept anywhere
	Leave rune   // a control key that ends the line with ErrLeave, such as 0x1d for Ctrl-]

	// Complete lists what the text from start to pos may become. It is asked
	// when Tab is typed, and should give what it has when ctx ends.
	Complete func(ctx context.Context, line string, pos int) (start int, list []Candidate)
	// Hint is one row about what comes next; asked at every key.
	Hint func(line string, pos int) string
	// Paint is how the line looks; asked at every key.
	Paint func(line string) []Span
	// Continues is whether the text needs a further line, which Enter then
	// begins instead of ending the line.
	Continues func(text string) bool
	// Further begins that line: it gives the text with a line feed and the
	// indentation of what follows. Nil begins it without any.
	Further func(text string) string
	// History is what can be called up.
	History History
}

// A Candidate is what a word may become.
type Candidate struct {
	Text   string // of the whole word
	Help   string // what that means
	Suffix string // follows the word when it is chosen for good, such as a blank
}

// A History is the lines typed before, the newest first: Entry(1) is the newest.
// ok is false beyond the oldest. Lines may hold line feeds.
type History interface {
	Entry(n int) (line string, ok bool)
}

// A Span is a styled part of the line.
type Span = term.Span

// A Style is how a part of the line looks.
type Style = term.Style

// The styles there are.
const (
	StylePlain   = term.Plain
	StyleCommand = term.Command
	StyleUnknown = term.Unknown
	StyleString  = term.String
	StyleHandle  = term.Handle
	StyleNumber  = term.Number
	StyleFlag    = term.Flag
	StyleComment = term.Comment
	StyleDim     = term.Dim
)

// How a line can end other than by Enter; io.EOF is by Ctrl-D.
var (
	ErrInterrupt = errors.New("interrupted by Ctrl-C")
	ErrLeave     = errors.New("left by the key for that")
	ErrClosed    = errors.New("the editor is closed")
)
