package luabind

import (
	"regexp"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// openNil explains uses of nil, the usual end of a failed call, and of other
// values that are no tables, texts or functions.
func (s *State) openNil() {
	functions := map[string]lua.LGFunction{
		"__index": s.nilIndex, "__newindex": s.nilIndex, "__call": s.nilCall, "__concat": s.wrongConcat, "__len": s.nilLen,
	}
	for _, event := range []string{"__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm"} {
		functions[event] = s.nilArithmetic
	}
	s.main.SetMetatable(lua.LNil, s.metatable(functions))
	other := s.metatable(map[string]lua.LGFunction{"__concat": s.wrongConcat, "__index": s.wrongIndex, "__newindex": s.wrongIndex})
	s.main.SetMetatable(lua.LTrue, other)
	s.main.SetMetatable(s.main.NewFunction(s.nilCall), other)
}

func (s *State) nilIndex(L *lua.LState) int {
	key := primitive.Visible(L.Get(2).String())
	name := s.variable(L, `(\w+)\s*[:.]\s*`+regexp.QuoteMeta(key)+`\b`)
	if name == "" {
		return s.raiseHere(L, primitive.Usagef("attempt to index a nil value with %s%s", primitive.Quote(key), s.cur.because("")))
	}
	e := primitive.Usagef("%s is nil%s", name, s.cur.because(name))
	if s.main.G.Global.RawGetString(name) == lua.LNil {
		e = s.withNearest(e, name)
	}
	return s.raiseHere(L, e)
}

func (s *State) nilCall(L *lua.LState) int {
	e := primitive.Usagef("attempt to call a nil value%s", s.cur.because(""))
	if dbg, ok := L.GetStack(0); ok {
		L.GetInfo("n", dbg, lua.LNil)
		if name := primitive.Visible(dbg.Name); name != "" && name != "?" {
			e = s.withNearest(primitive.Usagef("%s is nil, not a function", name), name)
		}
	}
	return s.raiseHere(L, e)
}

// operandName is the variable that is nil beside an operator.
func (s *State) operandName(L *lua.LState, operator string) string {
	pattern := `([A-Za-z_]\w*)\s*` + operator
	if L.Get(1) != lua.LNil {
		pattern = operator + `\s*([A-Za-z_]\w*)\s*($|[^\w\s.:([])`
	}
	return s.variable(L, pattern)
}

func (s *State) nilArithmetic(L *lua.LState) int {
	if name := s.operandName(L, `[-+*/%^]`); name != "" {
		return s.raiseHere(L, primitive.Usagef("%s is nil, not a number%s", name, s.cur.because(name)))
	}
	return s.raiseHere(L, primitive.Usagef("arithmetic on a %s and a %s%s", L.Get(1).Type(), L.Get(2).Type(), s.cur.because("")))
}

func (s *State) nilLen(L *lua.LState) int {
	name := s.variable(L, `#\s*([A-Za-z_]\w*)\b`)
	if name == "" {
		return s.raiseHere(L, primitive.Usagef("a nil value has no length%s", s.cur.because("")))
	}
	return s.raiseHere(L, primitive.Usagef("%s is nil and has no length%s", name, s.cur.because(name)))
}

// wrongConcat explains .. with what is no text.
func (s *State) wrongConcat(L *lua.LState) int {
	a, b := L.Get(1).Type(), L.Get(2).Type()
	if a != lua.LTNil && b != lua.LTNil {
		return s.raise(L, primitive.Usagef("a %s and a %s cannot be joined", a, b).WithHint("tostring(x) makes text of x"))
	}
	if name := s.operandName(L, `\.\.`); name != "" {
		return s.raiseHere(L, primitive.Usagef("%s is nil, not text%s", name, s.cur.because(name)))
	}
	return s.raiseHere(L, primitive.Usagef("a %s and a %s cannot be joined%s", a, b, s.cur.because("")))
}

// wrongIndex explains a field of what has none.
func (s *State) wrongIndex(L *lua.LState) int {
	kind, key := L.Get(1).Type(), primitive.Visible(L.Get(2).String())
	e := primitive.Usagef("a %s has no field %s", kind, primitive.Quote(key))
	if kind == lua.LTFunction {
		e = e.WithHint("call it first: f().%s", key)
	}
	return s.raise(L, e)
}

// raiseHere raises with a hint if the caller's line shows a habit.
func (s *State) raiseHere(L *lua.LState, e *primitive.Error) int {
	if hint := hintIn(runtimeHabits, s.callerLine(L)); hint != "" && e.Hint == "" {
		e = e.WithHint("%s", hint)
	}
	return s.raise(L, e)
}

// withNearest adds did-you-mean over all globals.
func (s *State) withNearest(e *primitive.Error, name string) *primitive.Error {
	if hint, ok := foreignNames()[name]; ok {
		return e.WithHint("%s", hint)
	}
	if hint := primitive.DidYouMean(name, s.globalNames()); hint != "" {
		return e.WithHint("%s", hint)
	}
	return e
}
