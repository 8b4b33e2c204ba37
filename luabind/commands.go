package luabind

import (
	"cmp"
	"context"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// Most commands that scripts may define.
const maxCommands = 1000

// A command is what a script put into the table command.
type command struct {
	value lua.LValue // as the script put it there
	primitive.ScriptCommand
}

// openCommands makes the global table command. It stays empty itself, so that
// every assignment is seen while the source of the function is at hand.
func (s *State) openCommands() {
	s.commands = map[string]command{}
	s.globalTable("command").Metatable = s.metatable(map[string]lua.LGFunction{
		"__index": s.commandIndex, "__newindex": s.commandNewIndex,
	})
}

func (s *State) commandIndex(L *lua.LState) int {
	L.Push(lua.LNil)
	if c, ok := s.commands[L.Get(2).String()]; ok {
		L.Pop(1)
		L.Push(c.value)
	}
	return 1
}

// command.greet = a function, or {run = a function, help = …, args = {…}}; nil
// takes it away.
func (s *State) commandNewIndex(L *lua.LState) int {
	name, ok := L.Get(2).(lua.LString)
	if !ok || !identifier.compiled().MatchString(string(name)) {
		return s.raisef(L, "a command's name is like a variable's")
	}
	defer s.listCommands()
	v := L.Get(3)
	if v == lua.LNil {
		delete(s.commands, string(name))
		return 0
	}
	if s.taken(string(name)) {
		return s.raise(L, primitive.Usagef("%s is a command already", string(name)).WithHint("choose another name"))
	}
	if len(s.commands) >= maxCommands {
		return s.raisef(L, "more than %d commands", maxCommands)
	}
	c, err := s.commandOf(string(name), v)
	if err != nil {
		return s.raise(L, err)
	}
	s.commands[string(name)] = c
	return 0
}

// taken is whether a name means something to the shell already.
func (s *State) taken(name string) bool {
	if _, used := s.table.Find(name); used > 0 || len(s.table.Family(name)) > 0 {
		return true
	}
	return s.opts.Taken != nil && s.opts.Taken(name)
}

func (s *State) commandOf(name string, v lua.LValue) (command, error) {
	c := command{value: v, ScriptCommand: primitive.ScriptCommand{Name: name, Loose: true}}
	fn, ok := v.(*lua.LFunction)
	t, isTable := v.(*lua.LTable)
	if isTable {
		fn, ok = t.RawGetString("run").(*lua.LFunction)
	}
	if !ok {
		return c, primitive.Usagef("command.%s is a function, or a table with a function named run", name)
	}
	c.Run = &commandFunction{Function{s: s, fn: fn, place: placeOf(sourceOf(fn))}}
	c.Params, c.Rest = paramsOf(fn)
	c.Help = s.commentAbove(fn)
	if isTable {
		c.describe(t)
	}
	return c, nil
}

// describe takes what the table form says.
func (c *command) describe(t *lua.LTable) {
	if help, ok := t.RawGetString("help").(lua.LString); ok {
		c.Help = strings.TrimSpace(primitive.Visible(string(help)))
	}
	args, ok := t.RawGetString("args").(*lua.LTable)
	if !ok {
		return
	}
	c.Params, c.Rest, c.Loose = nil, false, false
	for i := 1; i <= args.Len(); i++ {
		if name := args.RawGetInt(i).String(); name == "..." || name == "…" {
			c.Rest = true
		} else {
			c.Params = append(c.Params, primitive.Escape(name, false))
		}
	}
}

func sourceOf(fn *lua.LFunction) string {
	if fn.IsG {
		return ""
	}
	return fn.Proto.SourceName
}

// paramsOf are the names of a function's parameters.
func paramsOf(fn *lua.LFunction) (names []string, rest bool) {
	if fn.IsG {
		return nil, true
	}
	for i := range min(int(fn.Proto.NumParameters), len(fn.Proto.DbgLocals)) {
		names = append(names, fn.Proto.DbgLocals[i].Name)
	}
	return names, fn.Proto.IsVarArg != 0
}

// commentAbove is the comment directly above the definition of a function.
func (s *State) commentAbove(fn *lua.LFunction) string {
	if fn.IsG {
		return ""
	}
	var lines []string
	for n := fn.Proto.LineDefined - 1; n > 0; n-- {
		text, ok := strings.CutPrefix(strings.TrimSpace(s.lineText(fn.Proto.SourceName, n)), "--")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimSpace(strings.TrimLeft(text, "-")))
	}
	slices.Reverse(lines)
	return primitive.Visible(strings.TrimSpace(strings.Join(lines, "\n")))
}

// listCommands keeps the list for those who do not wait.
func (s *State) listCommands() {
	list := make([]primitive.ScriptCommand, 0, len(s.commands))
	for _, c := range s.commands {
		list = append(list, c.ScriptCommand)
	}
	slices.SortFunc(list, func(a, b primitive.ScriptCommand) int { return cmp.Compare(a.Name, b.Name) })
	s.listed.Store(&list)
}

// Commands lists what scripts put into the table command, by name. It never
// waits.
func (s *State) Commands() []primitive.ScriptCommand {
	if list := s.listed.Load(); list != nil {
		return *list
	}
	return nil
}

// A commandFunction is run as a line of the prompt is: a second interrupt ends
// it.
type commandFunction struct{ Function }

// Call runs the function until it returns.
func (f *commandFunction) Call(ctx context.Context, args ...any) ([]any, error) {
	t := &task{place: f.place}
	defer f.s.forgetRoot(t)
	values, err := f.s.run(ctx, t, func() (*lua.LFunction, []lua.LValue, error) {
		values := make([]lua.LValue, len(args))
		for i, a := range args {
			values[i] = f.s.toLua(primitive.Plain(a))
		}
		return f.fn, values, nil
	})
	return values, withoutTraceback(err)
}
