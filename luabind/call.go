package luabind

import (
	"context"
	"reflect"
	"slices"
	"unsafe"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
	"sosh/session"
)

// A rowCall is a row as a Lua function.
type rowCall struct {
	row      *primitive.Row
	flag     *primitive.Param // the switch that this method sets; or nil
	receiver *primitive.Param // the first parameter if it is a handle
	method   bool             // called with a colon
	tasks    bool             // it is about a task, and may wait for it
}

// openRows makes a function of every row, and a table of every family.
func (s *State) openRows() {
	global := s.main.G.Global
	for row := range s.table.All() {
		into, name := global, row.Verb()
		if family := row.Family(); family != "" {
			into = s.globalTable(family)
		}
		into.RawSetString(name, s.rowFunction(primitive.Method{Row: row}, false))
	}
}

// globalTable is the global table of a name.
func (s *State) globalTable(name string) *lua.LTable {
	global := s.main.G.Global
	if t, ok := global.RawGetString(name).(*lua.LTable); ok {
		return t
	}
	t := s.main.NewTable()
	global.RawSetString(name, t)
	return t
}

func (s *State) rowFunction(m primitive.Method, method bool) *lua.LFunction {
	c := &rowCall{row: m.Row, flag: m.Flag, receiver: m.Row.Receiver(), method: method}
	c.tasks = c.receiver != nil && c.receiver.Accepts((*session.Task)(nil))
	return s.main.NewFunction(func(L *lua.LState) int { return s.callRow(L, c) })
}

// callRow binds the arguments, goes through the door without the baton, and
// pushes what comes back.
func (s *State) callRow(L *lua.LState, c *rowCall) int {
	args, err := s.bind(L, c)
	if err != nil {
		return s.raise(L, err)
	}
	ctx := s.mayBlock(L)
	if c.row.Result.Type == "items" {
		return s.openStream(L, ctx, c.row, args)
	}
	if c.tasks {
		ctx = s.noticing(ctx)
	}
	result, err, done := c.row.Attempt(s.session, args)
	if !done && c.row.Awaits(s.session, args) {
		s.awaitCall(ctx, args)
		result, err, done = c.row.Attempt(s.session, args)
	}
	if !done {
		result, err = s.do(ctx, c.row, args)
	}
	args.Release()
	if err != nil && (result == nil || !primitive.AsError(err).Told) {
		s.raiseDeadlock(L, err)
		return s.fail(L, primitive.Plain(result), err)
	}
	return s.pushResult(L, c.row, result)
}

// mayBlock is the context of a blocking call; it raises where none is allowed.
func (s *State) mayBlock(L *lua.LState) context.Context {
	t := s.cur
	if t.atomic > 0 {
		s.raisef(L, "a call that may wait inside task.atomic")
	}
	if s.interrupted(t) {
		s.raise(L, t.reason())
	}
	return t.context()
}

// mayBlockOr is mayBlock, unless the call is ready and will not wait.
func (s *State) mayBlockOr(L *lua.LState, ready bool) context.Context {
	if ready && s.cur.atomic > 0 {
		return s.cur.context()
	}
	return s.mayBlock(L)
}

// awaitCall waits without the baton until the call is worth another attempt.
func (s *State) awaitCall(ctx context.Context, args *primitive.Args) {
	t, th := s.leave()
	defer s.enter(t, th)
	args.Await(ctx)
}

func (s *State) do(ctx context.Context, row *primitive.Row, args *primitive.Args) (any, error) {
	t, th := s.leave()
	defer s.enter(t, th)
	return row.DoTyped(ctx, s.session, args)
}

// pushResult pushes what a primitive returned.
func (s *State) pushResult(L *lua.LState, row *primitive.Row, result any) int {
	switch v := result.(type) {
	case nil, primitive.None: // nothing to tell
		L.Push(lua.LTrue)
		return 1
	case primitive.Bytes:
		L.Push(lua.LString(unsafe.String(unsafe.SliceData(v), len(v)))) // nobody writes to a result any more
		return 1
	}
	if row.Result.Multi {
		return s.pushFields(L, reflect.ValueOf(result))
	}
	L.Push(s.toLua(result))
	return 1
}

// pushFields pushes each field of a struct.
func (s *State) pushFields(L *lua.LState, v reflect.Value) (n int) {
	for i := range v.NumField() {
		if f := v.Field(i); f.CanInterface() {
			L.Push(s.fieldToLua(f))
			n++
		}
	}
	return n
}

// fieldToLua is toLua of a field, without an allocation in between.
func (s *State) fieldToLua(f reflect.Value) lua.LValue {
	switch {
	case f.Type() == reflect.TypeFor[primitive.Bytes]():
		b := f.Bytes()
		return lua.LString(unsafe.String(unsafe.SliceData(b), len(b)))
	case f.Type() == reflect.TypeFor[string]():
		return s.boxes.text(f.String())
	case f.Type() == reflect.TypeFor[int]():
		return s.boxes.number(f.Int())
	}
	return s.toLua(primitive.Plain(f.Interface()))
}

// bind makes arguments of what Lua passed.
func (s *State) bind(L *lua.LState, c *rowCall) (*primitive.Args, error) {
	values, options, err := s.arguments(L)
	if err != nil {
		return nil, s.about(c, err)
	}
	defer clear(values)
	if err := s.checkReceiver(L, c, values); err != nil {
		return nil, s.about(c, err)
	}
	args := c.row.NewArgs()
	if c.flag != nil {
		if err := args.SetParam(c.flag, primitive.ValueOf(true)); err != nil {
			return nil, err
		}
	}
	if err := args.Bind(trimNil(values)); err != nil {
		return nil, err
	}
	return args, s.setOptions(args, options)
}

func (s *State) about(c *rowCall, err error) error {
	e := *primitive.AsError(err)
	e.Op = c.row.Name
	return &e
}

// arguments are the values that Lua passed, and the table of options.
func (s *State) arguments(L *lua.LState) (values []primitive.Value, options *lua.LTable, err error) {
	n := L.GetTop()
	if last, ok := L.Get(n).(*lua.LTable); ok && isOptions(last) {
		options = last
		n--
	}
	t := s.cur
	t.values = t.values[:0]
	for i := 1; i <= n; i++ {
		v, err := s.value(L.Get(i))
		if err != nil {
			return nil, nil, err
		}
		t.values = append(t.values, v)
	}
	return t.values, options, nil
}

// value is a value of Lua as an argument.
func (s *State) value(v lua.LValue) (primitive.Value, error) {
	switch v := v.(type) {
	case lua.LString:
		return primitive.TextValue(string(v)), nil
	case lua.LNumber:
		return primitive.NumberValue(float64(v)), nil
	}
	plain, err := s.toGo(v, 0)
	return primitive.ValueOf(plain), err
}

// isOptions is whether a table has names, or is empty; a list is a value.
func isOptions(t *lua.LTable) bool {
	return t.Metatable == lua.LNil && t.Len() == 0
}

// checkReceiver explains a first argument that should be a handle.
func (s *State) checkReceiver(L *lua.LState, c *rowCall, values []primitive.Value) error {
	if c.receiver == nil {
		return nil
	}
	if len(values) > 0 {
		if values[0].IsHandle() {
			return nil
		}
		if values[0].IsNil() {
			name := s.argumentName(L, c.row.Verb(), c.receiver.Name)
			return primitive.Usagef("%s is nil%s", name, s.cur.because(name))
		}
	}
	if c.method {
		return primitive.Usagef("no handle to work on").WithHint("use a colon: c:%s(…)", c.row.Verb())
	}
	return nil
}

// trimNil leaves out trailing nils: recv(c, nil) is recv(c).
func trimNil(values []primitive.Value) []primitive.Value {
	for len(values) > 0 && values[len(values)-1].IsNil() {
		values = values[:len(values)-1]
	}
	return values
}

// setOptions gives the options in the order of their names.
func (s *State) setOptions(args *primitive.Args, options *lua.LTable) error {
	if options == nil {
		return nil
	}
	names, err := optionNames(options)
	if err != nil {
		return err
	}
	for _, name := range names {
		v, err := s.value(options.RawGetString(name))
		if err != nil {
			return err
		}
		if err := args.Set(name, v); err != nil {
			return err
		}
	}
	return nil
}

func optionNames(options *lua.LTable) (names []string, err error) {
	options.ForEach(func(k, _ lua.LValue) {
		name, ok := k.(lua.LString)
		if !ok {
			err = primitive.Usagef("options have names, not %s", k.String()).WithHint("write {timeout = 2}")
			return
		}
		names = append(names, string(name))
	})
	slices.Sort(names)
	return names, err
}
