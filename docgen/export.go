package docgen

import (
	"fmt"
	"slices"
	"strings"

	"sosh/primitive"
)

// A Lua function holds at most 199 locals; a script with more handles keeps them
// in a table.
const maxLocals = 150

// Export writes recorded calls as a Lua script that does the same. A call that
// failed stands there as a comment.
func Export(calls []primitive.Call) string {
	e := &exporter{names: map[string]string{}, inTable: countHandles(calls) > maxLocals}
	if e.inTable {
		e.line("local h = {}")
	}
	for _, c := range calls {
		e.call(c)
	}
	return e.b.String()
}

type exporter struct {
	b       strings.Builder
	names   map[string]string // Lua expressions of the handles made so far, by their names
	inTable bool
}

func countHandles(calls []primitive.Call) int {
	seen := map[primitive.Handle]bool{}
	for _, c := range calls {
		if h, ok := c.Result.(primitive.Handle); ok {
			seen[h] = true
		}
	}
	return len(seen)
}

func (e *exporter) line(format string, args ...any) { fmt.Fprintf(&e.b, format+"\n", args...) }

func (e *exporter) call(c primitive.Call) {
	expr, ok := e.expression(c)
	switch {
	case c.Err != nil:
		e.line("-- %s   -- failed: %s", expr, primitive.Escape(c.Err.Error(), false))
	case !ok:
		e.line("-- %s   -- a handle of it was not made by a recorded call", expr)
	case c.Task != "":
		e.inTask(c.Task, expr)
	default:
		e.statement(c, expr)
	}
}

// inTask writes a command that ran in the background.
func (e *exporter) inTask(task, expr string) {
	if e.names[task] != "" {
		e.line("-- %s   -- in %s too", expr, task)
		return
	}
	e.declare(task, "task.spawn(function() assert("+expr+") end)")
}

// statement runs the expression and does with the result what the shell did.
func (e *exporter) statement(c primitive.Call, expr string) {
	if h, ok := c.Result.(primitive.Handle); ok {
		e.bind(h, expr)
		return
	}
	switch {
	case c.Row.Result.Type == "nothing" || c.Row.Says != "" || c.Result == nil:
		e.line("assert(%s)", expr)
	case c.Row.Result.Type == "items":
		e.line("for item in %s do print(item) end", expr)
	case c.Result == false: // no failure, which assert would take it for
		e.line("print((%s))", expr)
	case c.Row.Result.Multi, isScalar(c.Result):
		e.line("print((assert(%s)))", expr)
	default:
		e.line("print(json.encode(assert(%s)))", expr)
	}
}

// bind keeps a new handle under its name.
func (e *exporter) bind(h primitive.Handle, expr string) {
	if e.names[h.Name()] != "" {
		e.line("assert(%s)", expr)
		return
	}
	e.declare(h.Name(), "assert("+expr+")")
}

func (e *exporter) declare(name, expr string) {
	if e.inTable {
		e.names[name] = "h." + name
		e.line("h.%s = %s", name, expr)
		return
	}
	e.names[name] = name
	e.line("local %s = %s", name, expr)
}

func isScalar(v any) bool {
	switch v.(type) {
	case primitive.Record, []any, primitive.Handle:
		return false
	}
	return true
}

// expression is the call in Lua; ok is false when it names a handle that no
// recorded call made.
func (e *exporter) expression(c primitive.Call) (expr string, ok bool) {
	given := slices.Clone(c.Given)
	slices.SortStableFunc(given, func(a, b primitive.Given) int {
		return slices.Index(c.Row.Params, a.Param) - slices.Index(c.Row.Params, b.Param)
	})
	ok = true
	head := c.Row.LuaName()
	var places, options []string
	for _, g := range given {
		text := e.literal(g, &ok)
		switch {
		case g.Param == c.Row.Receiver() && g.Param.Required:
			head = text + ":" + c.Row.Verb()
		case g.Param.Positional:
			places = append(places, text)
		default:
			options = append(options, g.Param.Name+" = "+text)
		}
	}
	if len(options) > 0 {
		places = append(places, "{"+strings.Join(options, ", ")+"}")
	}
	return head + "(" + strings.Join(places, ", ") + ")", ok
}

func (e *exporter) literal(g primitive.Given, ok *bool) string {
	h, isHandle := g.Value.(primitive.Handle)
	if !isHandle {
		return g.Param.Kind.Literal(g.Value)
	}
	if name := e.names[h.Name()]; name != "" {
		return name
	}
	*ok = false
	return h.Name()
}
