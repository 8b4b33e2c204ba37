package docgen

import (
	"embed"
	"strings"
)

// topicFiles are short texts about what is behind the commands, as Markdown.
//
//go:embed topics/*.md
var topicFiles embed.FS

// Topics lists the topics of help, in order.
func Topics() []string {
	files, err := topicFiles.ReadDir("topics")
	if err != nil {
		return nil
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ".md")
	}
	return names
}

// Topic is the text of a topic for a terminal: examples stand in, and the signs
// of Markdown are gone.
func Topic(name string) (text string, ok bool) {
	source, err := topicFiles.ReadFile("topics/" + name + ".md")
	if err != nil {
		return "", false
	}
	var b strings.Builder
	inside := false
	for line := range strings.Lines(string(source)) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside
			continue
		case inside:
			line = "    " + line
		default:
			line = strings.ReplaceAll(strings.TrimPrefix(line, "# "), "`", "")
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String(), true
}
