package docgen

import (
	"strings"

	"sosh/primitive"
)

// ExportShell writes recorded calls as lines of the shell that do the same, as
// Export does in Lua. Handles are named, so that a line does not depend on which
// one is the current one, or on who came first. quote writes a text as one word.
func ExportShell(calls []primitive.Call, quote func(string) string) string {
	e := &shellExporter{exporter: newExporter(), quote: quote}
	for i, c := range calls {
		e.last = i == len(calls)-1
		e.call(c)
	}
	return e.b.String()
}

// A shellExporter writes lines of the shell; every name it knows is its own
// expression.
type shellExporter struct {
	*exporter
	quote func(string) string
}

func (e *shellExporter) call(c primitive.Call) {
	if c.Row == nil {
		e.typed(c)
		return
	}
	ok := true
	text := strings.Join(e.words(c, &ok), " ")
	if c.Into != "" {
		text += " " + c.Into
	}
	switch {
	case !ok:
		e.line("# %s   # it needs what no recorded call made", text)
	case c.Task != "":
		e.inTask(c, text)
	case c.Err != nil:
		e.line("# %s   # failed: %s", text, primitive.Escape(c.Err.Error(), false))
	default:
		e.statement(c, text)
		e.keepPort(c)
	}
}

func (e *shellExporter) typed(c primitive.Call) {
	if c.Err != nil {
		e.line("# %s   # failed: %s", strings.ReplaceAll(c.Line, "\n", "\n# "), primitive.Escape(c.Err.Error(), false))
		return
	}
	for name := range e.needed(c.Lua) {
		e.handle(name)
	}
	e.line("%s", c.Line)
	e.luaRan = true
}

func (e *shellExporter) inTask(c primitive.Call, text string) {
	if e.names[c.Task] == "" {
		e.name(c.Task, c.Name, text+" &")
	}
	e.keepResult(c)
}

func (e *shellExporter) statement(c primitive.Call, text string) {
	h, ok := c.Result.(primitive.Handle)
	switch {
	case ok && c.Waits:
		e.foreground(c, text)
	case ok && e.names[h.Name()] == "":
		if c.Row.Result.Type == "task" && !c.Row.Beside {
			text += " &"
		}
		e.name(h.Name(), c.Name, text)
	case c.Name != "":
		e.line("%s = %s", c.Name, text)
	default:
		e.line("%s", text)
	}
}

// foreground stays in the foreground where the call did. A server that Ctrl-C
// ended is ended where something follows, which would else never run.
func (e *shellExporter) foreground(c primitive.Call, text string) {
	name := c.Handle().Name()
	if ended := !e.last && interrupted(c); c.Name != "" && !ended {
		text = c.Name + " = " + text
	}
	switch {
	case !e.last && interrupted(c):
		e.name(name, c.Name, text+" &")
		e.line("kill %s   # it ran in the foreground until Ctrl-C", name)
	case failed(c):
		e.line("try %s", text)
	default:
		e.line("%s", text)
	}
}

// failed is whether the task of a call ended with a failure.
func failed(c primitive.Call) bool {
	return stateOf(c) == "failed"
}

// name runs a line whose handle gets the name it had, and the user's own.
func (e *shellExporter) name(name, own, text string) {
	e.names[name] = name
	if own == "" || own == name {
		e.line("%s = %s", name, text)
		return
	}
	e.line("%s = %s", own, text)
	e.line("lua %s = %s", name, own)
}

// words are those of a call; ok becomes false when it needs a handle or a
// function that no recorded call made.
func (e *shellExporter) words(c primitive.Call, ok *bool) []string {
	list, flags, action := strings.Fields(c.Row.Name), []string(nil), []string(nil)
	for _, g := range inOrder(c) {
		switch {
		case g.Param.IsAction(): // all that follows it is its own
			action = e.value(g, ok)
		case g.Param.Positional:
			list = append(list, e.value(g, ok)...)
		case manyOf(g) != nil:
			for _, v := range manyOf(g) {
				flags = append(flags, "--"+g.Param.FlagName()+"="+e.quote(v))
			}
		case g.Value == true:
			flags = append(flags, "--"+g.Param.FlagName())
		default:
			flags = append(flags, "--"+g.Param.FlagName()+"="+strings.Join(e.value(g, ok), " "))
		}
	}
	return append(append(list, flags...), action...)
}

// value is a parameter as words.
func (e *shellExporter) value(g primitive.Given, ok *bool) []string {
	switch v := g.Value.(type) {
	case primitive.Handle:
		*ok = e.handle(v.Name()) && *ok
		return []string{v.Name()}
	case primitive.Handler:
		if v.Fn != nil {
			*ok = *ok && v.Global != ""
			return []string{"$" + v.Global}
		}
		return []string{e.quote(v.Service)}
	case primitive.Action:
		if v.Fn != nil {
			*ok = *ok && v.Global != ""
			return []string{"$" + v.Global}
		}
		return []string{v.Line}
	case primitive.Addr:
		if owner := e.ports[v.Port]; owner != "" && v.Path == "" {
			return []string{e.quote(hostPart(v)) + "${" + owner + ".lport}"}
		}
	}
	return []string{e.quote(g.Param.Kind.Text(g.Value))}
}

// handle makes sure that a name stands for its handle, and says whether it does:
// one that a background command made is its result.
func (e *shellExporter) handle(name string) bool {
	if task := e.results[name]; task != "" && e.names[name] == "" {
		e.names[name] = name
		e.line("lua %s = assert(%s:join())", name, task)
	}
	return e.names[name] != "" || e.luaRan
}

// manyOf are the values of a flag that was given again and again; nil for others.
func manyOf(g primitive.Given) primitive.Many {
	many, _ := g.Value.(primitive.Many)
	return many
}
