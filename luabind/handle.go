package luabind

import (
	"reflect"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// A handleMap keeps one userdata for each handle, so that a handle is the same
// value wherever it comes from. Closed ones are dropped now and then; two values
// of a closed handle are still equal.
type handleMap struct {
	values map[primitive.Handle]*lua.LUserData
	sweep  int // look for closed ones at this size
}

const firstSweep = 64

func (m *handleMap) init() {
	m.values, m.sweep = map[primitive.Handle]*lua.LUserData{}, firstSweep
}

// handle is the value of a handle.
func (s *State) handle(h primitive.Handle) *lua.LUserData {
	m := &s.handles
	if ud := m.values[h]; ud != nil {
		return ud
	}
	if len(m.values) >= m.sweep {
		for old := range m.values {
			if old.Closed() {
				delete(m.values, old)
			}
		}
		m.sweep = max(firstSweep, 2*len(m.values))
	}
	ud := &lua.LUserData{Value: h, Env: s.main.Env, Metatable: s.types.handle}
	m.values[h] = ud
	return ud
}

func (s *State) openHandles() {
	s.types.handle = s.metatable(map[string]lua.LGFunction{
		"__index": s.handleIndex, "__tostring": handleToString, "__eq": handleEqual, "__newindex": s.handleNewIndex,
	})
}

// Of so many look-ups of a method one is sampled; a handle that is met twice in
// a row becomes hot.
const (
	sampleEvery = 32
	maxHot      = 8
)

// heat gives a handle that is used much a table of its own for its methods,
// because the interpreter finds one in a table four times as fast as by calling
// handleIndex. The handles that have one are few, since it takes some kilobytes.
func (s *State) heat(ud *lua.LUserData, h primitive.Handle) {
	if s.sampled != ud {
		s.sampled = ud
		return
	}
	if len(s.hot) == maxHot {
		s.hot[0].Metatable = s.types.handle
		s.hot = append(s.hot[:0], s.hot[1:]...)
	}
	s.hot = append(s.hot, ud)
	methods := s.main.NewTable()
	methods.Metatable = s.metatable(map[string]lua.LGFunction{
		"__index": func(L *lua.LState) int { return s.index(L, h, methods) },
	})
	mt := s.main.NewTable()
	s.types.handle.ForEach(mt.RawSet)
	mt.RawSetString("__index", methods)
	ud.Metatable = mt
}

// metatable makes a metatable that scripts cannot get at.
func (s *State) metatable(functions map[string]lua.LGFunction) *lua.LTable {
	mt := s.main.NewTable()
	s.main.SetFuncs(mt, functions)
	mt.RawSetString("__metatable", lua.LFalse)
	return mt
}

// handleIndex is c.name: a method, else a field of what info shows.
func (s *State) handleIndex(L *lua.LState) int {
	h := selfHandle(L)
	if s.lookups++; s.lookups%sampleEvery == 0 && h != nil {
		s.heat(L.Get(1).(*lua.LUserData), h)
	}
	return s.index(L, h, nil)
}

// index pushes a method or field of a handle; methods are kept in the table.
func (s *State) index(L *lua.LState, h primitive.Handle, methods *lua.LTable) int {
	key := L.Get(2)
	name, ok := key.(lua.LString)
	if h == nil || !ok {
		return s.raisef(L, "a handle has no field %s", key.String())
	}
	if fn := s.method(h, string(name)); fn != nil {
		if methods != nil {
			methods.RawSetString(string(name), fn)
		}
		L.Push(fn)
		return 1
	}
	record, _ := primitive.Plain(h.Info()).(primitive.Record)
	if v, ok := record.Get(string(name)); ok {
		L.Push(s.toLua(v))
		return 1
	}
	return s.raise(L, s.noField(h, record, string(name)))
}

func (s *State) noField(h primitive.Handle, record primitive.Record, name string) error {
	names := s.table.Methods(h)
	for _, f := range record {
		names = append(names, f.Name)
	}
	if isTask(h) {
		names = append(names, "join", "cancel")
	}
	e := primitive.Usagef("a %s has no method or field %s", h.Type(), primitive.Quote(name))
	if hint := primitive.DidYouMean(name, names); hint != "" {
		return e.WithHint("%s", hint)
	}
	return e
}

func (s *State) handleNewIndex(L *lua.LState) int {
	return s.raisef(L, "the fields of a handle cannot be set")
}

// method finds the function of a method, made once for each type of handle; nil
// if there is none.
func (s *State) method(h primitive.Handle, name string) *lua.LFunction {
	key := methodKey{reflect.TypeOf(h), name}
	fn, known := s.methods[key]
	if known {
		return fn
	}
	if isTask(h) {
		fn = s.taskMethod(name)
	}
	if m, ok := s.table.Method(h, name); ok && fn == nil {
		fn = s.rowFunction(m, true)
	}
	if fn == nil && len(s.methods) > maxMethods {
		return nil
	}
	s.methods[key] = fn
	return fn
}

// Names that are no methods are remembered too, up to here.
const maxMethods = 4096

func selfHandle(L *lua.LState) primitive.Handle {
	ud, ok := L.Get(1).(*lua.LUserData)
	if !ok {
		return nil
	}
	h, _ := ud.Value.(primitive.Handle)
	return h
}

func handleEqual(L *lua.LState) int {
	a, aok := L.Get(1).(*lua.LUserData)
	b, bok := L.Get(2).(*lua.LUserData)
	L.Push(lua.LBool(aok && bok && a.Value == b.Value))
	return 1
}

func handleToString(L *lua.LState) int {
	h := selfHandle(L)
	if h == nil {
		L.Push(lua.LString("handle"))
		return 1
	}
	L.Push(lua.LString(handleText(h)))
	return 1
}

// handleText is "stream c1 127.0.0.1:5000 -> 127.0.0.1:7".
func handleText(h primitive.Handle) string {
	parts := []string{h.Type(), h.Name()}
	record, _ := primitive.Plain(h.Info()).(primitive.Record)
	for _, f := range []struct{ name, before string }{{"laddr", ""}, {"raddr", "-> "}} {
		if v, _ := record.Get(f.name); v != nil && v != "" {
			if text, ok := v.(string); ok {
				parts = append(parts, f.before+text)
			}
		}
	}
	if h.Closed() && !isTask(h) {
		parts = append(parts, "(closed)")
	}
	return primitive.Visible(strings.Join(parts, " "))
}
