package luabind

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// Fields of a table that are listed, and bytes of a value that are shown of each.
const (
	maxFields   = 2000
	fieldsShown = 60
)

// Fields lists what a value holds, for completion: that of a global, or of names
// and list indexes joined by dots: "t.field", "list.1". The empty path lists the
// globals. With methods, only what can be called on the value with a colon. It
// never waits and runs no Lua, so a value that only a metamethod would make is
// not found; while a script runs it gives the globals of before, and nothing of
// other values.
func (s *State) Fields(path string, methods bool) []primitive.Candidate {
	if !s.tryTake() {
		if seen := s.seen.Load(); seen != nil && path == "" {
			return slices.Clone(*seen)
		}
		return nil
	}
	defer s.give()
	v, ok := s.along(path)
	if !ok {
		return nil
	}
	list := s.fieldsOf(v, path, methods)
	slices.SortFunc(list, func(a, b primitive.Candidate) int { return strings.Compare(a.Text, b.Text) })
	if path == "" {
		s.seen.Store(&list)
		return slices.Clone(list)
	}
	return list
}

// along follows a path from the globals; a name of the session is one at the
// prompt.
func (s *State) along(path string) (v lua.LValue, ok bool) {
	v = s.main.G.Global
	if path == "" {
		return v, true
	}
	for i, part := range strings.Split(path, ".") {
		next := s.rawField(v, part)
		if next == lua.LNil && i == 0 {
			next = s.promptName(part)
		}
		if v = next; v == lua.LNil {
			return nil, false
		}
	}
	return v, true
}

// rawField is a field of a table or of a handle, without metamethods.
func (s *State) rawField(v lua.LValue, name string) lua.LValue {
	switch v := v.(type) {
	case *lua.LTable:
		if field := v.RawGetString(name); field != lua.LNil {
			return field
		}
		if n, err := strconv.Atoi(name); err == nil {
			return v.RawGetInt(n)
		}
		if class := indexTable(v.Metatable); class != nil && class != v {
			return class.RawGetString(name)
		}
	case *lua.LUserData:
		if h, ok := v.Value.(primitive.Handle); ok {
			record, _ := primitive.Plain(h.Info()).(primitive.Record)
			if field, ok := record.Get(name); ok {
				return s.toLua(field)
			}
		}
	}
	return lua.LNil
}

// indexTable is the table that a metatable looks fields up in; nil for none.
func indexTable(mt lua.LValue) *lua.LTable {
	t, ok := mt.(*lua.LTable)
	if !ok || t == nil {
		return nil
	}
	index, _ := t.RawGetString("__index").(*lua.LTable)
	return index
}

// fieldsOf lists the fields of a value.
func (s *State) fieldsOf(v lua.LValue, path string, methods bool) []primitive.Candidate {
	switch v := v.(type) {
	case lua.LString:
		if t, ok := s.main.G.Global.RawGetString("string").(*lua.LTable); ok && methods {
			return s.tableFields(t, "string", true)
		}
	case *lua.LTable:
		list := s.tableFields(v, path, methods)
		if class := indexTable(v.Metatable); class != nil && class != v {
			list = append(list, s.tableFields(class, path, methods)...)
		}
		return list
	case *lua.LUserData:
		if h, ok := v.Value.(primitive.Handle); ok {
			return s.handleFields(h, methods)
		}
		if class := indexTable(v.Metatable); class != nil && methods {
			return s.tableFields(class, path, true)
		}
	}
	return nil
}

func (s *State) tableFields(t *lua.LTable, path string, methods bool) (list []primitive.Candidate) {
	for k, v := t.Next(lua.LNil); k != lua.LNil && len(list) < maxFields; k, v = t.Next(k) {
		name, ok := k.(lua.LString)
		_, callable := v.(*lua.LFunction)
		if !ok || methods && !callable || !isName(string(name)) || path == "" && name == "_G" {
			continue
		}
		list = append(list, s.candidate(path, string(name), v))
	}
	return list
}

// isName is whether a key can stand behind a dot.
func isName(key string) bool {
	for i := range len(key) {
		c := key[i]
		if c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return key != ""
}

// candidate is a field as completion shows it: a row by what it does.
func (s *State) candidate(path, name string, v lua.LValue) primitive.Candidate {
	k := primitive.Candidate{Text: name, Help: s.briefly(v)}
	fn, ok := v.(*lua.LFunction)
	if !ok {
		return k
	}
	k.Suffix = "("
	words := []string{name}
	if path != "" {
		words = []string{path, name}
	}
	if row, used := s.table.Find(words...); fn.IsG && row != nil && used == len(words) {
		k.Help = row.Short
	}
	return k
}

// briefly is a value in a few words.
func (s *State) briefly(v lua.LValue) string {
	switch v := v.(type) {
	case lua.LString:
		return primitive.Quote(cutAt(string(v), fieldsShown))
	case *lua.LTable:
		if n := v.Len(); n > 0 {
			return fmt.Sprintf("list of %d", n)
		}
		return "table"
	case *lua.LFunction:
		return signature(v)
	case *lua.LUserData:
		return s.userdataText(v)
	case *lua.LState:
		return "coroutine"
	}
	return primitive.Visible(v.String())
}

func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "…"
}

// signature is "function(a, b)"; what is built in does not tell its parameters.
func signature(fn *lua.LFunction) string {
	if fn.IsG {
		return "function"
	}
	var names []string
	for i := 0; i < int(fn.Proto.NumParameters) && i < len(fn.Proto.DbgLocals); i++ {
		names = append(names, fn.Proto.DbgLocals[i].Name)
	}
	if fn.Proto.IsVarArg&lua.VarArgIsVarArg != 0 {
		names = append(names, "...")
	}
	return "function(" + strings.Join(names, ", ") + ")"
}

// handleFields lists the methods of a handle, or what info tells of it.
func (s *State) handleFields(h primitive.Handle, methods bool) (list []primitive.Candidate) {
	if !methods {
		record, _ := primitive.Plain(h.Info()).(primitive.Record)
		for _, f := range record {
			list = append(list, primitive.Candidate{Text: f.Name, Help: s.briefly(s.toLua(f.Value))})
		}
		return list
	}
	names := s.table.Methods(h)
	if isTask(h) {
		names = append(names, "join", "cancel")
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		k := primitive.Candidate{Text: name, Help: "method", Suffix: "("}
		if m, ok := s.table.Method(h, name); ok {
			k.Help = m.Row.Short
		}
		list = append(list, k)
	}
	return list
}
