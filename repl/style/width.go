package style

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Width is how many columns of a terminal a text takes: two for most CJK, none
// for combining marks. SGR sequences take none.
func Width(text string) int { return displaywidth.String(stripped(text)) }

// stripped is a text without the colours of this package.
func stripped(text string) string {
	if !strings.Contains(text, "\x1b[") {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(after, "m")
	}
}

// Cut shortens a text without colours to a width, with … for what is left out.
// Nothing fits a width below 1.
func Cut(text string, width int) string {
	if displaywidth.String(text) <= width {
		return text
	}
	if width < 1 {
		return ""
	}
	return displaywidth.TruncateString(text, width, "…")
}

// Pad adds blanks up to a width.
func Pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}
