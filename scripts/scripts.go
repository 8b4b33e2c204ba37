// Package scripts holds the lessons: Lua scripts built into the program, one for
// each program of the course, and further ones for what is to be shown beside
// them. What a lesson is about stands in its header, and nowhere else.
package scripts

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

//go:embed *.lua lib/*.lua
var files embed.FS

// FS holds the lessons as NAME.lua, and the modules they require under lib.
func FS() fs.FS { return files }

// A Lesson is what the header of a lesson says about it.
type Lesson struct {
	Name  string // what `run` takes: "tcp-server"
	Title string // a few words
	Order int    // its place in the course
	Part  string // the part of the course it belongs to: "3", "1 to 5"
	Learn string // what one learns, in a line
	Run   string // how to run it
}

// List is every lesson, in the order of the course.
func List() []Lesson {
	var lessons []Lesson
	paths, _ := fs.Glob(files, "*.lua") // the pattern is a good one
	for _, path := range paths {
		source, _ := files.ReadFile(path) // what is built in can be read
		lessons = append(lessons, describe(strings.TrimSuffix(path, ".lua"), string(source)))
	}
	slices.SortFunc(lessons, func(a, b Lesson) int { return cmp.Compare(a.Order, b.Order) })
	return lessons
}

// describe reads the header of one lesson. What is missing there is empty; a
// test finds it.
func describe(name, source string) Lesson {
	h := header(source)
	order, _ := strconv.Atoi(h["Order"])
	return Lesson{Name: name, Title: h["Title"], Order: order, Part: h["Part"], Learn: h["Learn"], Run: h["Run"]}
}

// header reads the first comment lines of the form "-- Key: value".
func header(source string) map[string]string {
	h := map[string]string{}
	for line := range strings.Lines(source) {
		comment, ok := strings.CutPrefix(line, "-- ")
		key, value, found := strings.Cut(comment, ": ")
		if !ok || !found {
			break
		}
		h[key] = strings.TrimSpace(value)
	}
	return h
}
