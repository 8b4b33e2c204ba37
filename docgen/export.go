package docgen

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode"

	"sosh/primitive"
)

// A Lua function holds at most 199 locals; a script with more handles keeps them
// in a table.
const maxLocals = 150

// Export writes recorded calls as a Lua script that does the same: Lua stands
// there as it was typed, commands as calls. A port that the system chose is
// written as that of its handle, so that the script works again. What failed
// stands there as a comment.
func Export(calls []primitive.Call) string {
	e := newExporter()
	if e.inTable = countHandles(calls) > maxLocals; e.inTable {
		e.line("local h = {}")
	}
	for i, c := range calls {
		e.last = i == len(calls)-1
		e.call(c)
	}
	return e.b.String()
}

type exporter struct {
	b       strings.Builder
	names   map[string]string // Lua expressions of the handles made so far, by their names
	ports   map[int]string    // those of the handles whose port the system chose
	told    map[int]bool      // ports that somebody chose
	results map[string]string // handles made by a task, by their names, with the task's expression
	inTable bool
	last    bool // nothing follows the call
	luaRan  bool // Lua that was typed may have made handles too
}

func newExporter() *exporter {
	return &exporter{names: map[string]string{}, ports: map[int]string{}, told: map[int]bool{}, results: map[string]string{}}
}

func countHandles(calls []primitive.Call) int {
	seen := map[string]bool{}
	for _, c := range calls {
		if h, ok := c.Result.(primitive.Handle); ok {
			seen[h.Name()] = true
		}
		seen[c.Task] = true
	}
	return len(seen)
}

func (e *exporter) line(format string, args ...any) { fmt.Fprintf(&e.b, format+"\n", args...) }

func (e *exporter) call(c primitive.Call) {
	if c.Row == nil {
		e.typed(c)
		return
	}
	expr, ok := e.expression(c)
	switch {
	case !ok:
		e.line("-- %s   -- it needs what no recorded call made", expr)
	case c.Task != "":
		e.inTask(c, expr)
	case c.Err != nil:
		e.line("-- %s   -- failed: %s", expr, primitive.Escape(c.Err.Error(), false))
	default:
		e.statement(c, expr)
		e.keepPort(c)
	}
}

// typed writes Lua, and lines of the shell that are no call.
func (e *exporter) typed(c primitive.Call) {
	ok := true
	for name := range e.needed(c.Lua) {
		e.handle(name, &ok)
	}
	text := strings.TrimPrefix(strings.TrimSpace(c.Lua), "=")
	switch {
	case c.Err != nil:
		text = c.Line + "   -- failed: " + primitive.Escape(c.Err.Error(), false)
		e.line("-- %s", strings.ReplaceAll(text, "\n", "\n-- "))
	case c.Lua == "":
		e.line("sosh(%s)", primitive.LuaString(c.Line))
	case c.Shows && strings.Contains(text, "--"): // it may end in a comment
		e.line("print(%s\n)", strings.TrimPrefix(text, "return "))
	case c.Shows:
		e.line("print(%s)", strings.TrimPrefix(text, "return "))
	default:
		e.line("%s", text)
	}
	e.luaRan = true
}

// needed are the handles made by tasks that a piece of Lua names.
func (e *exporter) needed(lua string) iter.Seq[string] {
	words := strings.FieldsFunc(lua, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return func(yield func(string) bool) {
		for _, word := range words {
			if e.results[word] != "" && !yield(word) {
				return
			}
		}
	}
}

// inTask writes a command that ran in the background: its start, or its end when
// nothing was recorded of the start. What it made is its result.
func (e *exporter) inTask(c primitive.Call, expr string) {
	if e.names[c.Task] == "" {
		if c.Err == nil {
			expr = "assert(" + expr + ")"
		}
		if c.Row.Result.Type != "nothing" {
			expr = "return " + expr
		}
		e.declare(c.Task, "task.spawn(function() "+expr+" end)")
		e.assign(c)
	}
	e.keepResult(c)
}

// keepResult remembers the handle that a task made.
func (e *exporter) keepResult(c primitive.Call) {
	if h, ok := c.Result.(primitive.Handle); ok && e.names[h.Name()] == "" {
		e.results[h.Name()] = e.names[c.Task]
	}
}

// statement runs the expression and does with the result what the shell did.
func (e *exporter) statement(c primitive.Call, expr string) {
	if h, ok := c.Result.(primitive.Handle); ok {
		e.bind(h, expr)
		e.assign(c)
		e.foreground(c)
		return
	}
	if c.Into != "" {
		e.line("-- the output of the next line went elsewhere: %s", primitive.Escape(c.Into, false))
	}
	result := c.Row.Result
	switch {
	case c.Name != "":
		e.set(c, expr)
	case result.Type == "nothing" || c.Row.Says != "" || c.Result == nil:
		e.line("assert(%s)", expr)
	case result.Type == "items" && result.Item == "record":
		e.line("for item in %s do print(json.encode(item)) end", expr)
	case result.Type == "items":
		e.line("for item in %s do print(item) end", expr)
	case c.Result == false: // no failure, which assert would take it for
		e.line("print((%s))", expr)
	case result.Multi, isScalar(c.Result):
		e.line("print((assert(%s)))", expr)
	default:
		e.line("print(json.encode(assert(%s)))", expr)
	}
}

// foreground waits where the shell did. A server that Ctrl-C ended is ended where
// something follows; the end of a script waits for what still runs.
func (e *exporter) foreground(c primitive.Call) {
	name := e.names[c.Handle().Name()]
	switch {
	case !c.Waits || e.last:
	case interrupted(c):
		e.line("%s:cancel() %s:join()   -- it ran in the foreground until Ctrl-C", name, name)
	default:
		e.line("%s:join()", name)
	}
}

// interrupted is whether the task of a call did not end by itself.
func interrupted(c primitive.Call) bool {
	state := stateOf(c)
	return state == "canceled" || state == "running"
}

// stateOf is the state of the task of a call.
func stateOf(c primitive.Call) any {
	info, _ := primitive.Plain(c.Handle().Info()).(primitive.Record)
	state, _ := info.Get("state")
	return state
}

// set keeps a result that is no handle under the name that was given.
func (e *exporter) set(c primitive.Call, expr string) {
	switch result := c.Row.Result; {
	case result.Multi:
		var names, fields []string
		for _, f := range result.Fields {
			names = append(names, f.Name)
			fields = append(fields, f.Name+" = "+f.Name)
		}
		e.line("do\n  local %s = assert(%s)\n  %s = {%s}\nend", strings.Join(names, ", "), expr, c.Name, strings.Join(fields, ", "))
	case result.Type == "items" || c.Result == false || c.Result == nil:
		e.line("%s = %s", c.Name, expr)
	default:
		e.line("%s = assert(%s)", c.Name, expr)
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

// assign gives a handle the name of the user's own, a global as in the shell.
func (e *exporter) assign(c primitive.Call) {
	name := c.Task
	if h, ok := c.Result.(primitive.Handle); ok {
		name = h.Name()
	}
	if c.Name != "" && c.Name != e.names[name] {
		e.line("%s = %s", c.Name, e.names[name])
	}
}

// keepPort remembers whose port the system chose in this call.
func (e *exporter) keepPort(c primitive.Call) {
	for _, g := range c.Given {
		if a, ok := g.Value.(primitive.Addr); ok && g.Param.Listen && a.Port != 0 && e.ports[a.Port] == "" {
			e.told[a.Port] = true
		}
	}
	if p := c.Port(); p != 0 && !e.told[p] && e.ports[p] == "" {
		e.ports[p] = e.names[c.Handle().Name()]
	}
}

func isScalar(v any) bool {
	switch v.(type) {
	case primitive.Record, []any, primitive.Handle:
		return false
	}
	return true
}

// inOrder are the arguments of a call in row order, those of a service at the end.
func inOrder(c primitive.Call) []primitive.Given {
	given := slices.Clone(c.Given)
	place := func(g primitive.Given) int {
		if i := slices.Index(c.Row.Params, g.Param); i >= 0 {
			return i
		}
		return len(c.Row.Params)
	}
	slices.SortStableFunc(given, func(a, b primitive.Given) int { return place(a) - place(b) })
	return given
}

// hostPart is an address without its port: "127.0.0.1:".
func hostPart(a primitive.Addr) string { return strings.TrimRight(a.String(), "0123456789") }

// expression is the call in Lua; ok is false when it needs a handle or a function that no
// recorded call made.
func (e *exporter) expression(c primitive.Call) (expr string, ok bool) {
	ok = true
	head := c.Row.LuaName()
	var places, options []string
	for _, g := range inOrder(c) {
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
	switch v := g.Value.(type) {
	case primitive.Handle:
		return e.handle(v.Name(), ok)
	case primitive.Handler:
		if v.Fn != nil {
			*ok = *ok && v.Global != ""
			return v.Global
		}
	case primitive.Action:
		if v.Fn != nil {
			*ok = *ok && v.Global != ""
			return v.Global
		}
	case primitive.Addr:
		if owner := e.ports[v.Port]; owner != "" && v.Path == "" {
			return primitive.LuaString(hostPart(v)) + " .. " + owner + ".lport"
		}
	}
	return g.Param.Kind.Literal(g.Value)
}

// handle is a handle that was made before, by a call, by a task that is then
// waited for, or by Lua that was typed, where the session's own name finds it.
func (e *exporter) handle(name string, ok *bool) string {
	if task := e.results[name]; task != "" && e.names[name] == "" {
		e.declare(name, "assert("+task+":join())")
	}
	if expr := e.names[name]; expr != "" {
		return expr
	}
	if *ok = *ok && e.luaRan; *ok {
		e.declare(name, `assert(sosh("use `+name+`"))`)
		return e.names[name]
	}
	return name
}
