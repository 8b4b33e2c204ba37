package luabind

import (
	"context"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/lesson"
	"sosh/primitive"
)

// The module that every lesson requires is built into the program.
const lessonModule = "lesson"

// Load runs a script in surroundings of its own, and gives the value that it
// returns: tables as map[string]any and []any, functions as primitive.Callable.
// What the script assigns are globals, as at the prompt; release makes the globals
// what they were before.
func (s *State) Load(ctx context.Context, script lesson.Script) (value any, release func(), err error) {
	t := &task{place: placeOf(script.Name), strict: true}
	if script.Builtin {
		t.place = &place{fsys: s.opts.Lessons, dir: "."}
	}
	file := script.Name
	if script.Builtin {
		file = lessonFile(script.Name)
	}
	defer s.forgetRoot(t)
	var before map[string]lua.LValue
	values, err := s.run(ctx, t, func() (*lua.LFunction, []lua.LValue, error) {
		before = s.globalValues()
		fn, err := s.loadFile(t.place, file)
		if err != nil {
			return nil, nil, err
		}
		fn.Env = s.surroundings(script)
		return fn, nil, nil
	})
	if err == nil {
		value, err = s.declared(t, values)
	}
	return value, func() { s.restoreGlobals(before) }, err
}

// declared is the first value of a script as plain data.
func (s *State) declared(t *task, values []any) (any, error) {
	if len(values) == 0 {
		return nil, nil
	}
	table, ok := values[0].(*Value)
	if !ok {
		return values[0], nil
	}
	s.take()
	defer s.give()
	s.cur = t // its functions belong to the script
	defer func() { s.cur = nil }()
	return s.toGo(table.v, 0)
}

// surroundings are the globals of a lesson: everybody's, but for what the scene
// has instead.
func (s *State) surroundings(script lesson.Script) *lua.LTable {
	env, mt := s.main.NewTable(), s.main.NewTable()
	mt.RawSetString("__index", s.main.G.Global)
	mt.RawSetString("__newindex", s.main.G.Global)
	env.Metatable = mt
	arg := s.main.CreateTable(len(script.Args), 0)
	for i, a := range script.Args {
		arg.RawSetInt(i+1, lua.LString(a))
	}
	env.RawSetString("arg", arg)
	env.RawSetString("require", s.main.NewFunction(s.requireIn(env)))
	listening := script.Scene.Listening
	env.RawSetString("listening", s.main.NewFunction(func(L *lua.LState) int {
		if port := L.CheckInt(1); listening != nil {
			s.unlocked(func() { listening(port) })
		}
		return 0
	}))
	if show := script.Scene.Print; show != nil {
		env.RawSetString("print", s.main.NewFunction(s.printTo(show)))
	}
	if ask := script.Scene.Ask; ask != nil {
		env.RawSetString("ask", s.main.NewFunction(s.askOf(ask)))
	}
	return env
}

// requireIn is require with a lesson module of the lesson's own, so that it
// prints where the lesson does.
func (s *State) requireIn(env *lua.LTable) lua.LGFunction {
	var module lua.LValue
	return func(L *lua.LState) int {
		if L.CheckString(1) != lessonModule || s.opts.Lessons == nil {
			return s.require(L)
		}
		if module == nil {
			fn, err := s.loadFile(&place{fsys: s.opts.Lessons, dir: "."}, "lib/"+lessonFile(lessonModule))
			if err != nil {
				return s.raise(L, err)
			}
			fn.Env = env
			L.Push(fn)
			L.Call(0, 1)
			module = L.Get(-1)
			L.Pop(1)
		}
		L.Push(module)
		return 1
	}
}

func (s *State) printTo(show func(string)) lua.LGFunction {
	return func(L *lua.LState) int {
		words := make([]string, L.GetTop())
		for i := range words {
			words[i] = L.ToStringMeta(L.Get(i + 1)).String()
		}
		s.unlocked(func() { show(strings.Join(words, "\t")) })
		return 0
	}
}

// askOf is ask(question, {default = …}) in a scene.
func (s *State) askOf(ask func(context.Context, string, string) (string, error)) lua.LGFunction {
	return func(L *lua.LState) int {
		question, otherwise := L.CheckString(1), ""
		if options, ok := L.Get(2).(*lua.LTable); ok {
			if text := options.RawGetString("default"); text != lua.LNil {
				otherwise = text.String()
			}
		}
		ctx := s.mayBlock(L)
		var answer string
		var err error
		s.unlocked(func() { answer, err = ask(ctx, question, otherwise) })
		if err != nil {
			return s.fail(L, nil, err)
		}
		L.Push(lua.LString(answer))
		return 1
	}
}

// globalValues is what the globals are.
func (s *State) globalValues() map[string]lua.LValue {
	values := map[string]lua.LValue{}
	s.main.G.Global.ForEach(func(k, v lua.LValue) {
		if name, ok := k.(lua.LString); ok {
			values[string(name)] = v
		}
	})
	return values
}

// restoreGlobals makes the globals what they were.
func (s *State) restoreGlobals(before map[string]lua.LValue) {
	if before == nil {
		return
	}
	s.take()
	defer s.give()
	for name, now := range s.globalValues() {
		was, there := before[name]
		switch {
		case !there:
			s.main.G.Global.RawSetString(name, lua.LNil)
			delete(s.known, name)
		case was != now:
			s.main.G.Global.RawSetString(name, was)
		}
	}
}

// Source is the script that the function is in, its first line there, and the
// text of its lines; "" where the text is not known any more.
func (f *Function) Source() (script string, line int, text string) {
	if f.fn.IsG {
		return "", 0, ""
	}
	f.s.take()
	defer f.s.give()
	p := f.fn.Proto
	f.s.lineText(p.SourceName, 1) // splits it
	src := f.s.sources[p.SourceName]
	if src == nil || p.LastLineDefined > len(src.lines) || p.LineDefined < 1 {
		return p.SourceName, p.LineDefined, ""
	}
	return p.SourceName, p.LineDefined, strings.Join(src.lines[p.LineDefined-1:p.LastLineDefined], "\n")
}

var _ lesson.Sourced = (*Function)(nil)
var _ primitive.Callable = (*Function)(nil)
