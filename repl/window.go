package repl

import (
	"os"

	"golang.org/x/term"
)

// Size of a window that does not tell.
const (
	defaultColumns = 80
	defaultLines   = 24
)

// windowSize is the size of the terminal that data is shown on, in characters.
func (sh *Shell) windowSize() (columns, lines int) {
	if f, ok := direct(sh.opts.Out).(*os.File); ok {
		columns, lines, _ = term.GetSize(int(f.Fd())) // 0 where it fails
	}
	if columns <= 0 {
		columns = defaultColumns
	}
	if lines <= 0 {
		lines = defaultLines
	}
	return columns, lines
}
