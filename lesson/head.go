package lesson

import (
	"cmp"
	"io/fs"
	"path"
	"regexp"
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
	head := regexp.MustCompile(`(?m)^  (id|title|part|order|learn|needs|run|side) = (".*"|\d+),?[ \t\r]*$`)
	values := map[string]string{}
	for _, m := range head.FindAllStringSubmatch(body, -1) {
		if _, twice := values[m[1]]; !twice {
			values[m[1]] = unquoted(m[2])
		}
	}
	number := func(name string) int { n, _ := strconv.Atoi(values[name]); return n } // 0 is none
	return Head{
		Name: values["id"], Title: values["title"], Part: number("part"), Order: number("order"), Learn: values["learn"],
		Needs: values["needs"], Run: values["run"], Side: values["side"],
	}, true
}

// unquoted reads a literal; Lua's plain escapes are Go's.
func unquoted(literal string) string {
	if text, err := strconv.Unquote(literal); err == nil {
		return text
	}
	return literal
}
