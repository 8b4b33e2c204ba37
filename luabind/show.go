package luabind

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// What Show writes of a table: so deep, so many items, and so much of a text. A
// table that is wider than a line has a line for each item.
const (
	shownDepth = 4
	shownItems = 100
	shownBytes = 8 << 10
	shownWidth = 100
)

// Show writes a value for a person: strings quoted and escaped, tables as
// tables, handles in a line.
func (s *State) Show(value any) string {
	s.take()
	defer s.give()
	text := s.shown(value, false)
	if utf8.RuneCountInString(text) > shownWidth && !isText(value) {
		return s.shown(value, true)
	}
	return text
}

func (s *State) shown(value any, lines bool) string {
	w := &shower{s: s, seen: map[*lua.LTable]bool{}, lines: lines}
	w.plain(value)
	return w.out.String()
}

func isText(v any) bool {
	switch v.(type) {
	case string, primitive.Bytes:
		return true
	}
	return false
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
	lines bool                 // each item of the outermost table on a line
	seen  map[*lua.LTable]bool // open tables
}

func (w *shower) plain(v any) {
	switch v := v.(type) {
	case primitive.Bytes:
		w.text(string(v))
	case time.Duration:
		w.out.WriteString(v.String())
	case primitive.Shown:
		w.plain(v.Data)
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

// text writes the beginning of a text, and how much is left out.
func (w *shower) text(t string) {
	w.out.WriteString(primitive.Quote(t[:min(len(t), shownBytes)]))
	if more := len(t) - shownBytes; more > 0 {
		fmt.Fprintf(&w.out, " … %d bytes more", more)
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
		w.text(string(v))
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
	case *group:
		return fmt.Sprintf("group, %d tasks running", x.running)
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
	between, after := ", ", ""
	if w.lines && w.depth == 0 {
		between, after = ",\n  ", "\n"
	}
	w.out.WriteByte('{')
	first := true
	w.depth++
	fn(func() {
		switch {
		case !first:
			w.out.WriteString(between)
		case after != "":
			w.out.WriteString("\n  ")
		}
		first = false
		w.items++
	})
	w.depth--
	w.out.WriteString(after + "}")
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
		shown := 0
		for ; shown < n && w.items < shownItems; shown++ {
			sep()
			w.value(t.RawGetInt(shown + 1))
		}
		if more := n - shown + w.fields(t, n, sep); more > 0 {
			sep()
			fmt.Fprintf(&w.out, "… %d more", more)
		}
	})
}

var identifier = pattern{expr: `^[A-Za-z_]\w*$`}

// fields writes what is not in the list part, names in order. It returns how
// many it left out.
func (w *shower) fields(t *lua.LTable, n int, sep func()) (more int) {
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
		if ok && identifier.compiled().MatchString(string(name)) {
			fields = append(fields, field{string(name), v})
			return
		}
		fields = append(fields, field{"[" + w.s.keyText(k) + "]", v})
	})
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.key, b.key) })
	for i, f := range fields {
		if w.items >= shownItems {
			return len(fields) - i
		}
		sep()
		w.out.WriteString(f.key + " = ")
		w.value(f.value)
	}
	return 0
}

func (s *State) keyText(k lua.LValue) string {
	if t, ok := k.(*lua.LTable); ok {
		return t.Type().String()
	}
	return s.show(k)
}
