package repl

import (
	"os"
	"strconv"
	"strings"

	"sosh/primitive"
	"sosh/session"
)

// coloured is whether notices are written in colours.
func (sh *Shell) coloured() bool {
	return sh.err.isTTY() && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// handleColours are the colours of handles (ECMA-48 SGR): those that can be read
// on dark and on light, without the red of failures.
var handleColours = [...]string{"36", "35", "32", "34", "33", "96", "95", "92"}

// colourOf is the colour of a handle; it stays, and neighbours differ.
func colourOf(name string) string {
	n, _ := strconv.ParseUint(strings.TrimLeft(name, session.Letters), 10, 32) // a name of another form has no number
	kind := strings.IndexByte(session.Letters, (name + " ")[0]) + 1
	return handleColours[(int(n)+kind)%len(handleColours)]
}

// tell writes a note in one line; the name of its handle is coloured.
func (sh *Shell) tell(n session.Note) {
	text := primitive.Visible(strings.TrimRight(n.Text, "\n"))
	rest, found := strings.CutPrefix(text, n.Handle)
	if found && n.Handle != "" && sh.coloured() {
		text = "\x1b[" + colourOf(n.Handle) + "m" + n.Handle + "\x1b[0m" + rest
	}
	sh.err.line(text)
}
