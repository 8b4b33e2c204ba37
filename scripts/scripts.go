// Package scripts holds the lessons: Lua scripts built into the program, one for
// each program of the course, and further ones for what is to be shown beside
// them. What a lesson is about stands in its declaration, and nowhere else.
package scripts

import (
	"embed"
	"io/fs"

	"sosh/lesson"
)

//go:embed *.lua lib/*.lua
var files embed.FS

// FS holds the lessons as NAME.lua, and the modules they require under lib.
func FS() fs.FS { return files }

// List is every lesson, in the order of the course.
func List() []lesson.Head { return lesson.List(files) }
