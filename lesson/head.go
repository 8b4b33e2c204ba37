package lesson

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// List is the lessons of a folder in the order of the course. Their scripts are
// read, not run: a declaration says what a lesson is about in lines of their own.
func List(files fs.FS) []Head {
	var list []Head
	paths, _ := fs.Glob(files, "*.lua") // the pattern is a good one
	for _, name := range paths {
		source, err := fs.ReadFile(files, name)
		if err != nil {
			continue // whoever runs it is told
		}
		if h, ok := Describe(string(source)); ok && h.Name == strings.TrimSuffix(path.Base(name), ".lua") {
			list = append(list, h)
		}
	}
	slices.SortFunc(list, func(a, b Head) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Name, b.Name)) })
	return list
}

// Describe reads the head of a lesson from its source. It is false for a script
// that declares none.
func Describe(source string) (Head, bool) {
	_, body, found := strings.Cut("\n"+source, "\nreturn lesson")
	if !found {
		return Head{}, false
	}
	values := map[string]string{}
	for line := range strings.Lines(body) {
		name, literal, ok := declared(line)
		if _, twice := values[name]; ok && !twice {
			values[name] = unquoted(literal)
		}
	}
	number := func(name string) int { n, _ := strconv.Atoi(values[name]); return n } // 0 is none
	return Head{
		Name: values["id"], Title: values["title"], Part: number("part"), Order: number("order"), Learn: values["learn"],
		Needs: values["needs"], Run: values["run"], Side: values["side"],
	}, true
}

// declared reads a line of a declaration, as NAME = "…", or NAME = 5, with two
// blanks before it.
func declared(line string) (name, literal string, ok bool) {
	line, indented := strings.CutPrefix(strings.TrimRight(line, " \t\r\n"), "  ")
	name, literal, found := strings.Cut(strings.TrimSuffix(line, ","), " = ")
	if !indented || !found || !slices.Contains(fields(), name) {
		return "", "", false
	}
	text := len(literal) > 1 && literal[0] == '"' && literal[len(literal)-1] == '"'
	number := literal != "" && strings.Trim(literal, "0123456789") == ""
	return name, literal, text || number
}

// fields are those of a declaration that a list shows.
func fields() []string {
	return []string{"id", "title", "part", "order", "learn", "needs", "run", "side"}
}

// unquoted reads a literal; Lua's plain escapes are Go's.
func unquoted(literal string) string {
	if text, err := strconv.Unquote(literal); err == nil {
		return text
	}
	return literal
}
