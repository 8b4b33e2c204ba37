// Package lesson plays lessons: Lua scripts that declare what they teach, step
// by step, and check themselves. It knows no face: who loads a script, types a
// line or asks a person is told to a Player.
package lesson

import (
	"context"

	"sosh/primitive"
)

// A Head is what a list of lessons shows.
type Head struct {
	Name  string `json:"name"`            // what `run` takes: "tcp-server"
	Title string `json:"title"`           // a few words
	Part  int    `json:"part"`            // of the course, 0 to 5
	Order int    `json:"order"`           // its place in the course
	Learn string `json:"learn"`           // what one learns, in a line
	Needs string `json:"needs,omitempty"` // what to know, or to start, before
	Run   string `json:"run,omitempty"`   // how to run it, where that is not `sosh run ID`
	Side  string `json:"side,omitempty"`  // server or client, where it is one program of two
}

// A Lesson is a lesson as its script declares it.
type Lesson struct {
	Head
	Script   Script
	Peers    []string // lessons that play the other side
	Typed    []string // what is answered when nobody is asked
	Says     []string // what it prints when it is played with its peers, in this order
	Ends     bool     // a server that ends by itself
	Steps    []Step
	Try      string // one thing to try
	Question *Question
	Points   []Point            // what is looked for in a student's program
	Finally  primitive.Callable // called at the end with the kind of what ended it; or nil
	release  func()
}

// A Step is a text, what one would type, and what that does.
type Step struct {
	Text  string             // why, in plain words
	Side  string             // who types it: server, client …; "" for both
	Code  string             // as one would type it; "" for words alone
	Typed bool               // Code is lines of the shell; else it is Lua, and Run
	Run   primitive.Callable // the Lua; nil otherwise
	Fails primitive.Kind     // the failure that it is to show; "" for none
	Line  int                // of the script; 0 where it is not known
}

// A Point is one thing that a student's program is to do.
type Point struct {
	What string
	Run  primitive.Callable // called with the student; raises where it does not hold
	Must bool               // without it the others are not tried
}

// A Question is asked at the end of a lesson.
type Question struct {
	Ask     string
	Answers []string           // any of these is right; case and blanks do not count
	Answer  primitive.Callable // gives the answer, where it depends on the run; or nil
	Hint    string             // after a wrong answer
	Why     string             // after the right one
}

// A Script says where a lesson is and what it is loaded into.
type Script struct {
	Name    string // a file, or a lesson built into the program
	Builtin bool
	Args    []string
	Scene   Scene
}

// A Scene is what a lesson's script has instead of the terminal. What is nil
// stays what it is in any script.
type Scene struct {
	Print     func(text string)
	Ask       func(ctx context.Context, question, otherwise string) (string, error)
	Listening func(port int) // told when a server of the script listens
}

// Parts are the titles of the course's parts.
func Parts() []string {
	return []string{
		"Addresses and networks", "What a socket is", "A TCP client that handles errors",
		"A TCP server and its client", "A UDP server and its client",
		"Whole messages, many clients, and the protocols above",
	}
}

// Close gives back what the script of the lesson left in the surroundings.
func (l *Lesson) Close() {
	if l.release != nil {
		l.release()
	}
}
