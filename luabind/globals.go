package luabind

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
	"sosh/session"
)

// openGlobals makes undefined globals an error where that is asked for, and
// finds the session's names at the prompt.
func (s *State) openGlobals() {
	mt := s.metatable(map[string]lua.LGFunction{"__index": s.globalIndex, "__newindex": s.globalNewIndex})
	s.main.G.Global.Metatable = mt
}

func (s *State) globalIndex(L *lua.LState) int {
	t := s.cur
	name, ok := L.Get(2).(lua.LString)
	if !ok || t == nil {
		L.Push(lua.LNil)
		return 1
	}
	if t.prompt {
		if v := s.promptName(string(name)); v != lua.LNil {
			L.Push(v)
			return 1
		}
	}
	if t.strict && !s.known[string(name)] {
		e := primitive.Usagef("undefined name %s", primitive.Visible(string(name)))
		return s.raise(L, s.withNearest(e, string(name)))
	}
	L.Push(lua.LNil)
	return 1
}

// promptName is what a name means only at the prompt: a live handle, the last
// result, or the handle that an action is about.
func (s *State) promptName(name string) lua.LValue {
	if s.cur != nil && (name == "it" || name == "_") { // nobody runs when completion asks
		if h := session.Subject(s.cur.ctx); h != nil {
			return s.handle(h)
		}
	}
	if name == "_" {
		return s.toLua(s.session.Last())
	}
	if h, err := s.session.Lookup(name); err == nil && h != nil {
		return s.handle(h)
	}
	return lua.LNil
}

// Names a script may assign nil to and read again.
const maxKnown = 10_000

func (s *State) globalNewIndex(L *lua.LState) int {
	key := L.Get(2)
	if name, ok := key.(lua.LString); ok && len(s.known) < maxKnown {
		s.known[string(name)] = true
	}
	L.RawSet(L.CheckTable(1), key, L.Get(3))
	return 0
}

func (s *State) globalNames() []string {
	var names []string
	s.main.G.Global.ForEach(func(k, _ lua.LValue) {
		if name, ok := k.(lua.LString); ok {
			names = append(names, string(name))
		}
	})
	slices.Sort(names)
	return names
}

// Get reads a global, or a field of one: "command.foo". It never waits: while a
// script runs it finds nothing.
func (s *State) Get(name string) (value any, ok bool) {
	if !s.tryTake() {
		return nil, false
	}
	defer s.give()
	var v lua.LValue = s.main.G.Global
	for part := range strings.SplitSeq(name, ".") {
		t, ok := v.(*lua.LTable)
		if !ok {
			return nil, false
		}
		v = s.field(t, part)
	}
	return s.export(v), v != lua.LNil
}

// field is a field of a table, of the table command too.
func (s *State) field(t *lua.LTable, name string) lua.LValue {
	if c, ok := s.commands[name]; ok && t == s.globalTable("command") {
		return c.value
	}
	return t.RawGetString(name)
}

// Set writes a global.
func (s *State) Set(name string, value any) {
	s.take()
	defer s.give()
	if len(s.known) < maxKnown {
		s.known[name] = true
	}
	s.main.G.Global.RawSetString(name, s.toLua(value))
}

// sortedKeys is the names of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// argError is a wrong argument of a library function.
func (s *State) argError(L *lua.LState, n int, format string, args ...any) int {
	return s.raisef(L, "bad argument #%d: %s", n, fmt.Sprintf(format, args...))
}
