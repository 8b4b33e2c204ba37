package style

import "strings"

// Fold breaks the lines of a text that are wider than a window at blanks. What
// follows stands under the last column of a table's row where that leaves room,
// else a little further in than the line. A width below 1 folds nothing.
func Fold(text string, width int) string {
	if width < 1 {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		body, newline := strings.CutSuffix(line, "\n")
		b.WriteString(foldLine(body, width))
		if newline {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func foldLine(line string, width int) string {
	if Width(line) <= width {
		return line
	}
	hang := strings.Repeat(" ", hanging(line, width))
	var b strings.Builder
	for {
		at := breakAt(line, width)
		if at < 0 {
			b.WriteString(line)
			return b.String()
		}
		b.WriteString(strings.TrimRight(line[:at], " ") + "\n")
		line = hang + strings.TrimLeft(line[at:], " ")
	}
}

// hanging is how far in the next lines of a line begin.
func hanging(line string, width int) int {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	if gap := strings.LastIndex(line, "  "); gap >= indent {
		if column := Width(line[:gap+2]); column <= width/2 {
			return column
		}
	}
	if first, _, _ := strings.Cut(line, " "); indent == 0 && !strings.HasSuffix(first, ":") {
		return 0 // prose
	}
	return min(indent+4, width/2)
}

// breakAt is the last blank within the width that has words before it; or -1
// when the line fits, or is one long word.
func breakAt(line string, width int) int {
	if Width(line) <= width {
		return -1
	}
	found, words := -1, false
	for i, c := range line {
		if c != ' ' {
			words = true
			continue
		}
		if words && (found < 0 || Width(line[:i]) <= width) {
			found = i
		}
	}
	return found
}
