package explain

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"sosh/primitive"
	"sosh/session"
	"sosh/sock"
)

// An Explanation is what is behind a command.
type Explanation struct {
	Command string                 `help:"the command"`
	Ran     bool                   `help:"whether it was run"`
	Calls   []primitive.SystemCall `help:"the system calls, in order; with results if it was run" volatile:""`
	Result  any                    `help:"what the command gave; a list of items"`
	Error   string                 `help:"why it failed; empty otherwise"`
	Lua     string                 `help:"the same in Lua" volatile:""`
	Python  string                 `help:"the same in Python, a program" volatile:""`
	C       string                 `help:"the same in C, a program" volatile:""`

	only string
	lost int
}

// A Request is a command to explain.
type Request struct {
	Line    string
	Command Command
	DryRun  bool
	Only    string                              // a part alone, or all
	Find    func(name string) *primitive.Row    // a row by its name
	Script  func(calls []primitive.Call) string // writes calls in Lua
}

// Run runs the command with an eye on its system calls, and explains it. The
// error is the command's own, told by the explanation. Usage for what is no
// network command.
func Run(ctx context.Context, s *session.Session, r Request) (Explanation, error) {
	steps, ok := Find(r.Command)
	if !ok {
		e := primitive.Usagef("%s speaks with no peer", r.Command.Row.Name)
		return Explanation{}, e.WithHint("a network command follows: explain tcp connect HOST PORT")
	}
	e := Explanation{Command: r.Line, Calls: Calls(steps), Python: Python(steps), C: C(steps), only: r.Only}
	e.Lua = r.lua()
	if r.DryRun {
		return e, nil
	}
	err := e.run(ctx, s, r)
	if err != nil {
		told := *primitive.AsError(err)
		e.Error, told.Told = told.Error(), true
		return e, &told
	}
	return e, nil
}

// Where sosh makes no calls by itself, none is seen.
const unseen = "the calls as they are planned, without results:"

// run runs the command through the door, as a part of the explanation.
func (e *Explanation) run(ctx context.Context, s *session.Session, r Request) (err error) {
	calls := new(primitive.Trace)
	inner := primitive.WithNoter(ctx, func(*primitive.Call) bool { return false })
	s.Trace(inner, calls, r.Command.handles(), func(ctx context.Context) {
		if e.Result, err = r.Command.Row.Do(ctx, s, r.Command.Args); err != nil {
			return
		}
		e.Result, err = drained(e.Result)
	})
	e.Ran = true
	planned := e.Calls
	if e.Calls, e.lost = calls.End(); othersMade(e.Calls) {
		e.Calls = append(append(e.Calls, primitive.SystemCall{Words: unseen}), planned...)
	}
	if h, ok := e.Result.(primitive.Handle); ok && session.TaskFrom(ctx) == nil {
		s.Use(h)
	}
	return err
}

// othersMade is whether others made the calls: Go's net package on Windows, and
// who has the sockets of ICMP on other systems than Linux, which says so.
func othersMade(calls []primitive.SystemCall) bool {
	for _, c := range calls {
		if c.Name != "" {
			return false
		}
	}
	return len(calls) > 0 && runtime.GOOS != "linux" || runtime.GOOS == "windows"
}

// Most items of a stream that an explanation keeps.
const maxItems = 1000

// drained are the items of a stream; other results are what they are.
func drained(v any) (any, error) {
	if shown, ok := v.(primitive.Shown); ok {
		return shown.Data, nil
	}
	items, ok := v.(primitive.Stream)
	if !ok {
		return v, nil
	}
	list := []any{}
	for item, err := range items {
		if err != nil {
			return list, err
		}
		if shown, ok := item.(primitive.Shown); ok {
			if item = shown.Data; item == nil {
				continue // words beside the data
			}
		}
		if list = append(list, item); len(list) == maxItems {
			break
		}
	}
	return list, nil
}

// lua is the command in Lua, with what its handle takes to be there.
func (r Request) lua() string {
	var calls []primitive.Call
	args := r.Command.Args
	for _, g := range args.Given() {
		if h, ok := g.Value.(primitive.Handle); ok {
			calls = append(calls, r.made(h)...)
		}
	}
	calls = append(calls, primitive.Call{Row: r.Command.Row, Given: args.Given(), Result: shape(r.Command.Row)})
	return r.Script(calls)
}

// shape is a result that tells the writer of scripts what to do with it.
func shape(row *primitive.Row) any {
	switch row.Result.Type {
	case "nothing":
		return nil
	case "record":
		return primitive.Record{}
	case "list":
		return []any{}
	}
	if letter := map[string]string{"stream": "c", "listener": "l", "datagram": "u", "socket": "s", "task": "t", "handle": "h"}[row.Result.Type]; letter != "" {
		h := &standIn{Label: new(primitive.Label)}
		h.SetName(letter)
		return h
	}
	return primitive.Bytes{}
}

// Words are what a person reads.
func (e Explanation) Words() primitive.Words {
	switch e.only {
	case "lua":
		return primitive.Words{Line: e.Lua}
	case "python":
		return primitive.Words{Line: e.Python}
	case "c":
		return primitive.Words{Line: e.C}
	case "calls":
		return primitive.Words{Line: e.callText("")}
	}
	var b strings.Builder
	title := "system calls, as they would be made (nothing was run):"
	if e.Ran {
		title = "system calls:"
	}
	fmt.Fprintf(&b, "%s\n%s", title, e.callText("  "))
	switch {
	case e.Error != "":
		fmt.Fprintf(&b, "failed: %s\n", e.Error)
	case e.Result != nil:
		fmt.Fprintf(&b, "result: %s\n", resultText(e.Result))
	}
	for _, part := range []struct{ name, text string }{{"Lua", e.Lua}, {"Python", e.Python}, {"C", e.C}} {
		fmt.Fprintf(&b, "\n%s:\n%s", part.name, indented(part.text))
	}
	return primitive.Words{Line: b.String()}
}

func (e Explanation) callText(margin string) string {
	var b strings.Builder
	for i, same := 0, 0; i < len(e.Calls); i += same {
		same = alike(e.Calls[i:])
		b.WriteString(margin + e.Calls[i].String() + "\n")
		if same > 1 {
			fmt.Fprintf(&b, "%s-- the same %d times more\n", margin, same-1)
		}
	}
	if len(e.Calls) == 0 {
		b.WriteString(margin + "-- no system call on a socket was needed\n")
	}
	if e.lost > 0 {
		fmt.Fprintf(&b, "%s-- and %d calls more\n", margin, e.lost)
	}
	return b.String()
}

// alike is how many calls at the beginning read the same.
func alike(calls []primitive.SystemCall) int {
	n := 1
	for n < len(calls) && calls[n].String() == calls[0].String() {
		n++
	}
	return n
}

func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		b.WriteString("  " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}

// resultText is a result in a line.
func resultText(v any) string {
	switch v := v.(type) {
	case primitive.Handle:
		if a, ok := v.(interface{ Announce() string }); ok {
			return a.Announce()
		}
		if info, ok := v.Info().(sock.Info); ok && info.Raddr != "" {
			return v.Name() + " " + v.Type() + " " + info.Laddr + " -> " + info.Raddr
		}
		return v.Name() + " " + v.Type()
	case primitive.Bytes:
		return primitive.Quote(string(v))
	}
	data, err := primitive.JSON(v)
	return strings.TrimSpace(string(data) + errorText(err))
}

func errorText(err error) string {
	if err == nil || errors.Is(err, context.Canceled) {
		return ""
	}
	return " " + err.Error()
}
