package luabind

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// No string library function makes a longer string: memory is not counted
// otherwise.
const maxString = 256 << 20

func (s *State) openStrings() {
	lib := s.functions("string", map[string]lua.LGFunction{"rep": s.stringRep, "format": s.format})
	s.functions("table", map[string]lua.LGFunction{"concat": s.tableConcat, "unpack": s.unpack})
	mt := s.metatable(map[string]lua.LGFunction{
		"__add": s.stringArithmetic("__add", func(a, b float64) float64 { return a + b }),
		"__sub": s.stringArithmetic("__sub", func(a, b float64) float64 { return a - b }),
		"__mul": s.stringArithmetic("__mul", func(a, b float64) float64 { return a * b }),
		"__div": s.stringArithmetic("__div", func(a, b float64) float64 { return a / b }),
		"__pow": s.stringArithmetic("__pow", math.Pow),
		"__mod": s.stringArithmetic("__mod", modulo),
	})
	mt.RawSetString("__index", lib)
	s.main.SetMetatable(lua.LString(""), mt)
}

func modulo(a, b float64) float64 {
	m := math.Mod(a, b)
	if m*b < 0 {
		m += b
	}
	return m
}

// stringArithmetic is + on strings that are numbers, decimal ones whatever zeros
// they begin with; other strings are explained.
func (s *State) stringArithmetic(event string, op func(a, b float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		a, aok := operand(L.Get(1))
		b, bok := operand(L.Get(2))
		if aok && bok {
			L.Push(lua.LNumber(op(a, b)))
			return 1
		}
		if fn, ok := L.GetMetaField(L.Get(2), event).(*lua.LFunction); ok && L.Get(2).Type() != lua.LTString {
			L.Push(fn)
			L.Push(L.Get(1))
			L.Push(L.Get(2))
			L.Call(2, 1)
			return 1
		}
		e := primitive.Usagef("arithmetic on a %s and a %s", L.Get(1).Type(), L.Get(2).Type())
		if event == "__add" {
			e = e.WithHint("strings are joined with ..")
		}
		return s.raise(L, e)
	}
}

func operand(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return parseNumber(string(v), 10)
	}
	return 0, false
}

func (s *State) oversized(L *lua.LState, what string) int {
	return s.raise(L, primitive.Newf(primitive.Oversized, "%s would be longer than %d MiB", what, maxString>>20))
}

func (s *State) stringRep(L *lua.LState) int {
	text, n, sep := L.CheckString(1), L.CheckInt(2), L.OptString(3, "")
	if n <= 0 {
		L.Push(lua.LString(""))
		return 1
	}
	if size := len(text) + len(sep); size > 0 && n > maxString/size {
		return s.oversized(L, "the string")
	}
	L.Push(lua.LString(strings.Repeat(text+sep, n-1) + text))
	return 1
}

// tableConcat(list, separator, first, last) joins strings and numbers.
func (s *State) tableConcat(L *lua.LState) int {
	list, sep := L.CheckTable(1), L.OptString(2, "")
	first, last := L.OptInt(3, 1), L.OptInt(4, list.Len())
	var texts []string
	size := 0
	for i := first; i <= last; i++ {
		v := list.RawGetInt(i)
		if !lua.LVCanConvToString(v) {
			return s.raisef(L, "item %d is no string but a %s value", i, v.Type())
		}
		texts = append(texts, v.String())
		if size += len(texts[len(texts)-1]) + len(sep); size > maxString {
			return s.oversized(L, "the string")
		}
	}
	L.Push(lua.LString(strings.Join(texts, sep)))
	return 1
}

const formatFlags = "-+ #0123456789."

// format is Lua's string.format: %d %i %u %c %x %X %o %e %E %f %g %G %q %s %%.
func (s *State) format(L *lua.LState) int {
	format := L.CheckString(1)
	var b strings.Builder
	arg := 1
	for {
		before, rest, found := strings.Cut(format, "%")
		b.WriteString(before)
		if !found {
			break
		}
		spec := rest[:len(rest)-len(strings.TrimLeft(rest, formatFlags))]
		rest = rest[len(spec):]
		if rest == "" || len(spec) > 8 {
			return s.raisef(L, "string.format: a directive is not complete or too long")
		}
		verb := rest[0]
		format = rest[1:]
		if verb == '%' {
			b.WriteByte('%')
			continue
		}
		arg++
		b.WriteString(s.formatOne(L, arg, spec, verb))
		if b.Len() > maxString {
			return s.oversized(L, "the string")
		}
	}
	L.Push(lua.LString(b.String()))
	return 1
}

func (s *State) formatOne(L *lua.LState, arg int, spec string, verb byte) string {
	if arg > L.GetTop() {
		s.argError(L, arg, "string.format has no value for %%%c", verb)
	}
	v := L.Get(arg)
	switch verb {
	case 's':
		return fmt.Sprintf("%"+spec+"s", L.ToStringMeta(v).String())
	case 'q':
		return primitive.LuaString(L.ToStringMeta(v).String())
	}
	n, ok := operand(v)
	if !ok {
		s.argError(L, arg, "number expected, got %s", v.Type())
	}
	switch verb {
	case 'd', 'i', 'u':
		return fmt.Sprintf("%"+spec+"d", int64(n))
	case 'c':
		return string([]byte{byte(int64(n))})
	case 'x', 'X', 'o':
		return fmt.Sprintf("%"+spec+string(verb), uint64(int64(n)))
	case 'e', 'E', 'f', 'F', 'g', 'G':
		return formatFloat(spec, verb, n)
	}
	s.argError(L, 1, "no such directive %%%s", primitive.Visible(string(verb)))
	return ""
}

// formatFloat writes as C does: six digits after the point for %g and %e too.
func formatFloat(spec string, verb byte, n float64) string {
	if (verb == 'g' || verb == 'G') && !strings.Contains(spec, ".") {
		spec += ".6"
	}
	if math.IsInf(n, 0) || math.IsNaN(n) {
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(n, 'g', -1, 64), "+"))
	}
	return fmt.Sprintf("%"+spec+string(verb), n)
}
