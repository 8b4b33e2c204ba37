package luabind

import (
	"context"
	"fmt"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// Tables deeper than this are no arguments.
const maxDepth = 64

// toGo makes a script's value of an argument; see primitive.ValueKind.
func (s *State) toGo(v lua.LValue, depth int) (any, error) {
	switch v := v.(type) {
	case lua.LString:
		return string(v), nil
	case lua.LNumber:
		return float64(v), nil
	case lua.LBool:
		return bool(v), nil
	case *lua.LUserData:
		if h, ok := v.Value.(primitive.Handle); ok {
			return h, nil
		}
		return &Value{s, v}, nil
	case *lua.LFunction:
		return s.function(v), nil
	case *lua.LTable:
		return s.tableToGo(v, depth+1)
	case *lua.LNilType:
		return nil, nil
	}
	return &Value{s, v}, nil
}

func (s *State) tableToGo(t *lua.LTable, depth int) (any, error) {
	if depth > maxDepth {
		return nil, primitive.Usagef("a table more than %d deep, or one that holds itself", maxDepth)
	}
	if n := t.Len(); n > 0 {
		if countFields(t) > n {
			return nil, primitive.Usagef("a table with items and names").WithHint("positionals come first, then a table of options: {timeout = 2}")
		}
		list := make([]any, n)
		for i := range list {
			v, err := s.toGo(t.RawGetInt(i+1), depth)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	}
	m := map[string]any{}
	var err error
	t.ForEach(func(k, v lua.LValue) {
		if err == nil {
			m[k.String()], err = s.toGo(v, depth)
		}
	})
	return m, err
}

func countFields(t *lua.LTable) (n int) {
	t.ForEach(func(_, _ lua.LValue) { n++ })
	return n
}

// toLua makes a Lua value of plain data. Go values that Lua has no form for
// become text; Lua never sees a pointer.
func (s *State) toLua(v any) lua.LValue {
	switch v := v.(type) {
	case nil, primitive.None:
		return lua.LNil
	case primitive.Bytes:
		return lua.LString(v)
	case string:
		return lua.LString(v)
	case bool:
		return lua.LBool(v)
	case int64:
		return s.boxes.number(v)
	case int:
		return s.boxes.number(int64(v))
	case float64:
		return lua.LNumber(v)
	case time.Duration:
		return lua.LNumber(v.Seconds())
	case primitive.Handle:
		return s.handle(v)
	case primitive.Shown:
		return s.toLua(v.Data)
	}
	return s.compoundToLua(v)
}

func (s *State) compoundToLua(v any) lua.LValue {
	switch v := v.(type) {
	case *Value:
		return v.v
	case lua.LValue:
		return v
	case primitive.Record:
		return s.recordToLua(v)
	case []any:
		t := s.main.CreateTable(len(v), 0)
		for i, item := range v {
			t.RawSetInt(i+1, s.toLua(item))
		}
		if len(v) == 0 {
			t.Metatable = s.types.array // so that JSON writes [], as the shell does
		}
		return t
	case map[string]any:
		t := s.main.CreateTable(0, len(v))
		for name, item := range v {
			t.RawSetString(name, s.toLua(item))
		}
		return t
	case *Function:
		return v.fn
	case primitive.Callable:
		return s.foreign(v)
	}
	if plain := primitive.Plain(v); isPlain(plain) {
		return s.toLua(plain)
	}
	return lua.LString(fmt.Sprint(v))
}

// isPlain is whether Plain has made something of a value that toLua knows.
func isPlain(v any) bool {
	switch v.(type) {
	case nil, bool, int64, float64, string, primitive.Record, []any:
		return true
	}
	return false
}

func (s *State) recordToLua(r primitive.Record) *lua.LTable {
	t := s.main.CreateTable(0, len(r))
	for _, f := range r {
		t.RawSetString(f.Name, s.toLua(f.Value))
	}
	return t
}

// foreign makes a Lua function of a callable that is no Lua.
func (s *State) foreign(c primitive.Callable) *lua.LFunction {
	return s.main.NewFunction(func(L *lua.LState) int {
		args, _, err := s.arguments(L)
		if err != nil {
			return s.raise(L, err)
		}
		ctx, plain := s.mayBlock(L), primitive.Anys(args)
		var results []any
		s.unlocked(func() { results, err = c.Call(ctx, plain...) })
		if err != nil {
			return s.fail(L, nil, err)
		}
		for _, r := range results {
			L.Push(s.toLua(r))
		}
		return len(results)
	})
}

// A Value is a value that only Lua understands, such as a table. It stays the
// same value when it comes back.
type Value struct {
	s *State
	v lua.LValue
}

// String names the value without looking into it.
func (v *Value) String() string { return v.v.Type().String() }

// Plain is a table as plain data: map[string]any, or []any, and in them strings,
// float64, bool and what Lua alone understands.
func (v *Value) Plain() (any, error) {
	v.s.take()
	defer v.s.give()
	return v.s.toGo(v.v, 0)
}

// MarshalJSON writes a table as the script's json.encode would.
func (v *Value) MarshalJSON() ([]byte, error) {
	v.s.take()
	defer v.s.give()
	return encodeJSON(v.s, v.v)
}

// export is a Lua value as the faces get it.
func (s *State) export(v lua.LValue) any {
	if _, ok := v.(*lua.LTable); ok {
		return &Value{s, v}
	}
	plain, _ := s.toGo(v, 0)
	return plain
}

func (s *State) exportAll(values []lua.LValue) []any {
	var plain []any
	for _, v := range values {
		plain = append(plain, s.export(v))
	}
	return plain
}

// A Function is a Lua function outside of Lua: a handler, a global named by the
// shell. Call runs it on the calling goroutine.
type Function struct {
	s      *State
	fn     *lua.LFunction
	root   *task
	place  *place
	strict bool
}

func (s *State) function(fn *lua.LFunction) *Function {
	f := &Function{s: s, fn: fn, place: s.here()}
	if s.cur != nil {
		f.root, f.place, f.strict = s.cur.root, s.cur.place, s.cur.strict
	}
	return f
}

// Call runs the function until it returns, on a Lua thread of its own.
func (f *Function) Call(ctx context.Context, args ...any) ([]any, error) {
	t := &task{ctx: ctx, root: f.root, place: f.place, strict: f.strict, patience: f.s.opts.grace}
	return f.s.execute(t, func() (*lua.LFunction, []lua.LValue, error) {
		values := make([]lua.LValue, len(args))
		for i, a := range args {
			values[i] = f.s.toLua(primitive.Plain(a))
		}
		return f.fn, values, nil
	})
}

// String says where the function is: "function at serve.lua:3".
func (f *Function) String() string { return functionText(f.fn) }

func functionText(fn *lua.LFunction) string {
	if fn.IsG {
		return "built-in function"
	}
	return fmt.Sprintf("function at %s:%d", fn.Proto.SourceName, fn.Proto.LineDefined)
}
