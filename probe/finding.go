package probe

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sosh/primitive"
)

// Most characters of what a script found out in a line for people.
const briefFinding = 240

// String is a finding in one line, safe for a terminal: "http-title: Welcome".
func (f Finding) String() string {
	text := "failed: " + primitive.Escape(f.Error, false)
	if f.Error == "" {
		text = OutputText(f.Output)
	}
	if utf8.RuneCountInString(text) > briefFinding {
		text = string([]rune(text)[:briefFinding]) + "…"
	}
	return primitive.Escape(f.Name, false) + ": " + text
}

// OutputText is the output of a script in one line, escaped: fields by name, items
// by commas.
func OutputText(v any) string {
	var b strings.Builder
	writeOutput(&b, v, false)
	return b.String()
}

func writeOutput(b *strings.Builder, v any, inner bool) {
	switch v := v.(type) {
	case primitive.Bytes:
		b.WriteString(primitive.Escape(string(v), false))
	case string: // read from a file of results
		b.WriteString(primitive.Escape(v, false))
	case float64:
		b.WriteString(primitive.FormatNumber(v))
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case []any:
		open(b, inner, "[")
		for i, item := range v {
			comma(b, i)
			writeOutput(b, item, true)
		}
		open(b, inner, "]")
	case map[string]any:
		open(b, inner, "{")
		for i, name := range slices.Sorted(maps.Keys(v)) {
			comma(b, i)
			b.WriteString(primitive.Escape(name, false) + " ")
			writeOutput(b, v[name], true)
		}
		open(b, inner, "}")
	}
}

func open(b *strings.Builder, inner bool, bracket string) {
	if inner {
		b.WriteString(bracket)
	}
}

func comma(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteString(", ")
	}
}
