package luabind

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// Deeper JSON is refused, in both directions.
const maxJSONDepth = 200

// openJSON makes the library json. A table with items 1…n is an array, and so is
// what json.array(t) marked; every other table is an object, the empty one too.
// Arrays that were decoded are marked, so [] stays []. null is json.null in both
// directions. Whole numbers up to 2^53 are exact; larger ones become the nearest
// number Lua has.
func (s *State) openJSON() {
	s.types.array = s.main.NewTable()
	s.types.null = s.metatable(map[string]lua.LGFunction{"__tostring": constant("null")})
	lib := s.functions("json", map[string]lua.LGFunction{"encode": s.jsonEncode, "decode": s.jsonDecode, "array": s.jsonArray})
	s.null = &lua.LUserData{Env: s.main.Env, Metatable: s.types.null}
	lib.RawSetString("null", s.null)
}

// jsonArray(t) marks a table as an array, and returns it.
func (s *State) jsonArray(L *lua.LState) int {
	t := L.OptTable(1, L.NewTable())
	t.Metatable = s.types.array
	L.Push(t)
	return 1
}

// jsonEncode(v) is one line; what JSON cannot say raises.
func (s *State) jsonEncode(L *lua.LState) int {
	data, err := encodeJSON(s, L.CheckAny(1))
	if err != nil {
		return s.raise(L, err)
	}
	L.Push(lua.LString(data))
	return 1
}

// A jsonEncoder writes Lua values as JSON.
type jsonEncoder struct {
	s     *State
	out   bytes.Buffer
	depth int
}

func encodeJSON(s *State, v lua.LValue) ([]byte, error) {
	e := &jsonEncoder{s: s}
	if err := e.value(v); err != nil {
		return nil, err
	}
	return e.out.Bytes(), nil
}

func (e *jsonEncoder) fail(format string, args ...any) error {
	err := primitive.Usagef(format, args...)
	err.Op = "json.encode"
	return err
}

func (e *jsonEncoder) value(v lua.LValue) error {
	switch v := v.(type) {
	case *lua.LNilType:
		e.out.WriteString("null")
		return nil
	case lua.LBool:
		e.out.WriteString(strconv.FormatBool(bool(v)))
		return nil
	case lua.LNumber:
		return e.number(float64(v))
	case lua.LString:
		return e.text(string(v))
	case *lua.LTable:
		return e.table(v)
	case *lua.LUserData:
		return e.userdata(v)
	}
	return e.fail("a %s cannot be JSON", v.Type())
}

func (e *jsonEncoder) number(f float64) error {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return e.fail("%v cannot be JSON", f)
	case f == math.Trunc(f) && math.Abs(f) < 1e21:
		e.out.WriteString(strconv.FormatFloat(f, 'f', -1, 64))
	default:
		e.out.WriteString(strconv.FormatFloat(f, 'g', -1, 64))
	}
	return nil
}

func (e *jsonEncoder) text(s string) error {
	if !utf8.ValidString(s) {
		err := primitive.AsError(e.fail("a string that is no valid UTF-8: %s", primitive.Quote(s[:min(len(s), 40)])))
		return err.WithHint("hex.encode or base64.encode makes text of bytes")
	}
	enc := json.NewEncoder(&e.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return err
	}
	e.out.Truncate(e.out.Len() - 1) // the line feed that Encode adds
	return nil
}

func (e *jsonEncoder) userdata(v *lua.LUserData) error {
	if v == e.s.null {
		e.out.WriteString("null")
		return nil
	}
	if h, ok := v.Value.(primitive.Handle); ok {
		data, err := primitive.JSON(h)
		e.out.Write(data)
		return err
	}
	return e.fail("this value cannot be JSON")
}

func (e *jsonEncoder) table(t *lua.LTable) error {
	if e.depth++; e.depth > maxJSONDepth {
		return e.fail("a table more than %d deep, or one that holds itself", maxJSONDepth)
	}
	defer func() { e.depth-- }()
	if e.out.Len() > maxString {
		return e.fail("more than %d bytes", maxString)
	}
	if n := t.Len(); n > 0 || t.Metatable == e.s.types.array {
		return e.array(t, n)
	}
	return e.object(t)
}

func (e *jsonEncoder) array(t *lua.LTable, n int) error {
	if countFields(t) > n {
		return e.fail("a table with items and names is neither array nor object")
	}
	e.out.WriteByte('[')
	for i := 1; i <= n; i++ {
		if i > 1 {
			e.out.WriteByte(',')
		}
		if err := e.value(t.RawGetInt(i)); err != nil {
			return err
		}
	}
	e.out.WriteByte(']')
	return nil
}

func (e *jsonEncoder) object(t *lua.LTable) error {
	fields := map[string]lua.LValue{}
	bad := ""
	t.ForEach(func(k, v lua.LValue) {
		if k.Type() != lua.LTString {
			bad = k.Type().String()
		}
		fields[k.String()] = v
	})
	if bad != "" {
		return e.fail("the names of an object are strings, not a %s", bad)
	}
	e.out.WriteByte('{')
	for i, name := range sortedKeys(fields) {
		if i > 0 {
			e.out.WriteByte(',')
		}
		if err := e.text(name); err != nil {
			return err
		}
		e.out.WriteByte(':')
		if err := e.value(fields[name]); err != nil {
			return err
		}
	}
	e.out.WriteByte('}')
	return nil
}

// jsonDecode(text) is the value, or nil, message, kind.
func (s *State) jsonDecode(L *lua.LState) int {
	text := L.CheckString(1)
	v, err := s.decodeJSON(text)
	if err != nil {
		return s.fail(L, nil, primitive.Newf(primitive.Failed, "json.decode: %s", primitive.Visible(err.Error())))
	}
	L.Push(v)
	return 1
}

func (s *State) decodeJSON(text string) (lua.LValue, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("no valid UTF-8")
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("more text after the value")
	}
	return s.fromJSON(v, 0)
}

func (s *State) fromJSON(v any, depth int) (lua.LValue, error) {
	if depth > maxJSONDepth {
		return nil, errors.New("too deep")
	}
	switch v := v.(type) {
	case nil:
		return s.null, nil
	case json.Number:
		f, err := v.Float64()
		return lua.LNumber(f), err
	case []any:
		return s.arrayFromJSON(v, depth+1)
	case map[string]any:
		return s.objectFromJSON(v, depth+1)
	}
	return s.toLua(v), nil
}

func (s *State) arrayFromJSON(list []any, depth int) (lua.LValue, error) {
	t := s.main.CreateTable(len(list), 0)
	t.Metatable = s.types.array
	for i, item := range list {
		v, err := s.fromJSON(item, depth)
		if err != nil {
			return nil, err
		}
		t.RawSetInt(i+1, v)
	}
	return t, nil
}

func (s *State) objectFromJSON(object map[string]any, depth int) (lua.LValue, error) {
	t := s.main.CreateTable(0, len(object))
	for _, name := range sortedKeys(object) {
		v, err := s.fromJSON(object[name], depth)
		if err != nil {
			return nil, err
		}
		t.RawSetString(name, v)
	}
	return t, nil
}
