package docgen

import "time"

// A Program is what documents tell of the program beside its rows.
type Program struct {
	Version  string
	Date     time.Time // of the man page
	Commands []Command // of the shell alone
	Options  []Option
	Flags    []Option // that every command has
	Lessons  []Lesson
}

// A Command is a command of the shell that is no row.
type Command struct{ Name, Usage, Short string }

// An Option is one of the program itself.
type Option struct {
	Name  string // "--max-time"
	Short string // "-q"; may be empty
	Value string // what follows it, in a word; empty for a switch
	Help  string
}

// A Lesson is a script built into the program.
type Lesson struct{ Name, Title string }
