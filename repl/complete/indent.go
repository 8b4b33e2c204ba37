package complete

import (
	"slices"
	"strings"
)

// A step of indentation.
const step = "  "

// Indent is the blanks that the line after the text should begin with: two for
// each line above it that has opened what is not closed.
func (c *Completer) Indent(text string) string {
	source, ok := c.lastLua(text)
	if !ok {
		return ""
	}
	return strings.Repeat(step, depth(source))
}

// Continue begins a further line: it gives the text with a line feed and the
// indentation of the next line. Its last line moves out if it ends a block or
// goes on with one: "end", "else", "}".
func (c *Completer) Continue(text string) string {
	start := strings.LastIndexByte(text, '\n') + 1
	line := strings.TrimLeft(text[start:], " \t")
	before := ""
	if start > 0 {
		before = text[:start-1]
	}
	if source, ok := c.lastLua(before); ok && closes(line) {
		text = text[:start] + strings.Repeat(step, max(0, depth(source)-1)) + line
	}
	return text + "\n" + c.Indent(text)
}

// lastLua is the Lua that a text ends with; ok is false for a command, and
// inside of a long string, where blanks count.
func (c *Completer) lastLua(text string) (source string, ok bool) {
	list := c.o.Cut(text)
	if len(list) == 0 || !list[len(list)-1].Lua {
		return "", false
	}
	source = text[list[len(list)-1].LuaStart:]
	n := &nesting{}
	n.read(source)
	return source, !n.openLong()
}

// depth is how many steps the line after the source is indented by.
func depth(source string) int {
	n := &nesting{}
	n.read(source)
	depth, line := 0, -1
	for _, b := range n.open {
		if b.line != line {
			depth, line = depth+1, b.line
		}
	}
	if depth == 0 && n.dangling() {
		return 1
	}
	return depth
}

// closes is whether a line ends a block, or goes on with one.
func closes(line string) bool {
	if line == "" {
		return false
	}
	word := identifier(line)
	return slices.Contains([]string{"end", "else", "elseif", "until"}, word) || strings.IndexByte(")}]", line[0]) >= 0
}
