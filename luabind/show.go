package luabind

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// What Show writes of a table: so deep, and so many items.
const (
	shownDepth = 4
	shownItems = 100
)

// Show writes a value for a person: strings quoted and escaped, tables as
// tables, handles in a line.
func (s *State) Show(value any) string {
	s.take()
	defer s.give()
	w := &shower{s: s, seen: map[*lua.LTable]bool{}}
	w.plain(value)
	return w.out.String()
}

// show is Show of a Lua value, under the baton.
func (s *State) show(v lua.LValue) string {
	w := &shower{s: s, seen: map[*lua.LTable]bool{}}
	w.value(v)
	return w.out.String()
}

type shower struct {
	s     *State
	out   strings.Builder
	depth int
	items int
	seen  map[*lua.LTable]bool // open tables
}

func (w *shower) plain(v any) {
	switch v := v.(type) {
	case primitive.Bytes:
		w.out.WriteString(primitive.Quote(string(v)))
	case time.Duration:
		w.out.WriteString(v.String())
	case primitive.Record:
		w.record(v)
	case []any:
		w.braces(func(sep func()) {
			for _, item := range v {
				sep()
				w.plain(item)
			}
		})
	case *Value:
		w.value(v.v)
	default:
		w.value(w.s.toLua(v))
	}
}

func (w *shower) record(r primitive.Record) {
	w.braces(func(sep func()) {
		for _, f := range r {
			sep()
			w.out.WriteString(f.Name + " = ")
			w.plain(f.Value)
		}
	})
}

func (w *shower) value(v lua.LValue) {
	switch v := v.(type) {
	case lua.LString:
		w.out.WriteString(primitive.Quote(string(v)))
	case *lua.LTable:
		w.table(v)
	case *lua.LFunction:
		w.out.WriteString(primitive.Visible(functionText(v)))
	case *lua.LUserData:
		w.out.WriteString(w.s.userdataText(v))
	case *lua.LState:
		w.out.WriteString("coroutine")
	default:
		w.out.WriteString(v.String())
	}
}

func (s *State) userdataText(v *lua.LUserData) string {
	switch x := v.Value.(type) {
	case primitive.Handle:
		return handleText(x)
	case *stream:
		return "results of " + x.op
	case *queue:
		return fmt.Sprintf("queue of %d, %d in it", x.limit, len(x.items))
	case *mutex:
		return "mutex"
	case *file:
		return "file " + primitive.Visible(x.name)
	}
	if v == s.null {
		return "null"
	}
	return "userdata"
}

// braces writes what fn writes between braces; fn calls sep before each item.
func (w *shower) braces(fn func(sep func())) {
	w.out.WriteByte('{')
	first := true
	w.depth++
	fn(func() {
		if !first {
			w.out.WriteString(", ")
		}
		first = false
		w.items++
	})
	w.depth--
	w.out.WriteByte('}')
}

func (w *shower) table(t *lua.LTable) {
	if w.seen[t] || w.depth >= shownDepth {
		w.out.WriteString("{…}")
		return
	}
	w.seen[t] = true
	defer delete(w.seen, t)
	n := t.Len()
	w.braces(func(sep func()) {
		for i := 1; i <= n && w.items < shownItems; i++ {
			sep()
			w.value(t.RawGetInt(i))
		}
		w.fields(t, n, sep)
		if w.items >= shownItems {
			sep()
			w.out.WriteString("…")
		}
	})
}

var identifier = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// fields writes what is not in the list part, names in order.
func (w *shower) fields(t *lua.LTable, n int, sep func()) {
	type field struct {
		key   string
		value lua.LValue
	}
	var fields []field
	t.ForEach(func(k, v lua.LValue) {
		if i, ok := k.(lua.LNumber); ok && i >= 1 && i <= lua.LNumber(n) && i == lua.LNumber(int(i)) {
			return
		}
		name, ok := k.(lua.LString)
		if ok && identifier.MatchString(string(name)) {
			fields = append(fields, field{string(name), v})
			return
		}
		fields = append(fields, field{"[" + w.s.keyText(k) + "]", v})
	})
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.key, b.key) })
	for _, f := range fields[:min(len(fields), max(0, shownItems-w.items))] {
		sep()
		w.out.WriteString(f.key + " = ")
		w.value(f.value)
	}
}

func (s *State) keyText(k lua.LValue) string {
	if t, ok := k.(*lua.LTable); ok {
		return t.Type().String()
	}
	return s.show(k)
}
