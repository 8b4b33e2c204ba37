package luabind

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
)

// metatables of the values that are not Lua's own.
type metatables struct {
	handle, stream, queue, mutex, group, file, null, array *lua.LTable
}

// openLibraries opens Lua's own libraries and ours.
func (s *State) openLibraries() {
	for _, open := range []lua.LGFunction{lua.OpenBase, lua.OpenTable, lua.OpenString, lua.OpenMath, lua.OpenOs, lua.OpenDebug, lua.OpenCoroutine} {
		s.main.Push(s.main.NewFunction(open))
		s.main.Call(0, 0)
	}
	s.openBase()
	s.openNil()
	s.openStrings()
	s.openHandles()
	s.openStreams()
	s.openCoroutines()
	s.openTasks()
	s.openModules()
	s.openIO()
	s.openOS()
	s.openJSON()
	s.openCodecs()
	s.openPack()
	s.openGlobals()
	s.openCommands()
	s.listLibraries()
}

// functions puts functions into a global table.
func (s *State) functions(name string, functions map[string]lua.LGFunction) *lua.LTable {
	return s.main.SetFuncs(s.globalTable(name), functions)
}

func (s *State) openBase() {
	global := s.main.G.Global
	s.main.SetFuncs(global, map[string]lua.LGFunction{
		"print": s.print, "assert": s.assert, "error": raiseError, "pcall": s.pcall, "xpcall": s.xpcall, "tonumber": toNumber, "exit": s.exit, "sosh": s.sosh,
		"collectgarbage": collectGarbage, "unpack": s.unpack,
	})
	for _, name := range []string{"_printregs", "newproxy", "module", "_GOPHER_LUA_VERSION"} {
		global.RawSetString(name, lua.LNil)
	}
	traceback := s.globalTable("debug").RawGetString("traceback")
	global.RawSetString("debug", lua.LNil)
	s.globalTable("debug").RawSetString("traceback", traceback)
}

// print writes its line in one piece, without the baton.
func (s *State) print(L *lua.LState) int {
	var b strings.Builder
	for i := 1; i <= L.GetTop(); i++ {
		if i > 1 {
			b.WriteByte('\t')
		}
		b.WriteString(L.ToStringMeta(L.Get(i)).String())
	}
	b.WriteByte('\n')
	s.write(L, b.String())
	return 0
}

// write sends text to the session's output. What came from a peer must not
// reach a terminal as it is.
func (s *State) write(L *lua.LState, text string) error {
	if s.opts.Terminal {
		text = primitive.Visible(text)
	}
	var err error
	out := func() { _, err = s.session.Out().Write([]byte(text)) }
	if s.cur.atomic > 0 {
		out()
	} else {
		s.unlocked(out)
	}
	return err
}

// assert(v, message, kind) is Lua's, and keeps the kind of a failed operation
// for the end of the script.
func (s *State) assert(L *lua.LState) int {
	if L.GetTop() == 0 {
		return s.raisef(L, "assert needs a value")
	}
	if lua.LVAsBool(L.Get(1)) {
		return L.GetTop()
	}
	text := "assertion failed!"
	switch m := L.Get(2).(type) {
	case lua.LString, lua.LNumber:
		text = m.String()
	case *lua.LNilType:
	default:
		L.Error(m, 0)
	}
	if kind, ok := L.Get(3).(lua.LString); ok && s.cur.recall(text) == nil {
		s.cur.remember(text, primitive.Newf(primitive.Kind(kind), "%s", text))
	}
	L.Error(lua.LString(text), 1)
	return 0
}

// raiseError is error(value, level). That of gopher-lua takes level 2, the caller,
// for level 1.
func raiseError(L *lua.LState) int {
	value, level := L.Get(1), L.OptInt(2, 1)
	if level > 1 {
		level++
	}
	L.Error(value, level)
	return 0
}

// pcall(fn, …) is Lua's, and gives the kind of a failure beside its message:
// false, message, kind.
func (s *State) pcall(L *lua.LState) int {
	L.CheckAny(1)
	values, err := s.protect(L, L.Get(1), argumentsFrom(L, 2), nil)
	if err == nil {
		return pushAll(L, lua.LTrue, values)
	}
	value := errorValue(err)
	L.Push(lua.LFalse)
	L.Push(value)
	text, ok := value.(lua.LString)
	if !ok {
		return 2
	}
	if r := s.cur.recall(string(text)); r != nil {
		L.Push(lua.LString(r.err.Kind))
		return 3
	}
	return 2
}

// exit(code) ends the script that it is called in, and its run.
func (s *State) exit(L *lua.LState) int {
	e := &ExitError{}
	switch code := L.Get(1).(type) {
	case lua.LBool:
		if !code {
			e.Code = 1
		}
	default:
		e.Code = L.OptInt(1, 0)
	}
	t := s.cur
	for _, ends := range []*task{t, t.root} {
		ends.exit = e
		ends.finalize()
		if ends.cancel != nil {
			ends.cancel()
		}
	}
	s.hook.reset(t)
	return s.raise(L, t.reason())
}

// sosh(line) runs a line of the shell and gives its result.
func (s *State) sosh(L *lua.LState) int {
	line := L.CheckString(1)
	if s.opts.Shell == nil {
		return s.raise(L, primitive.Newf(primitive.Unsupported, "there is no shell here"))
	}
	ctx := s.noticing(s.mayBlock(L))
	var result any
	var err error
	s.unlocked(func() { result, err = s.opts.Shell(ctx, line) })
	if err != nil {
		s.raiseDeadlock(L, err)
		return s.fail(L, nil, err)
	}
	v := s.toLua(result)
	if v == lua.LNil {
		v = lua.LTrue
	}
	L.Push(v)
	return 1
}

// collectGarbage answers "count" in KiB as scripts expect; Go collects by itself.
func collectGarbage(L *lua.LState) int {
	L.Push(lua.LNumber(0))
	return 1
}

// toNumber is Lua's tonumber; leading zeros are decimal.
func toNumber(L *lua.LState) int {
	v := L.CheckAny(1)
	base := L.OptInt(2, 10)
	if n, ok := v.(lua.LNumber); ok && base == 10 {
		L.Push(n)
		return 1
	}
	text, ok := v.(lua.LString)
	var n float64
	if ok {
		n, ok = parseNumber(string(text), base)
	}
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(n))
	return 1
}

var decimal = pattern{expr: `^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$`}
var hexadecimal = pattern{expr: `^([-+]?)0[xX]([0-9a-fA-F]+)$`}

func parseNumber(text string, base int) (float64, bool) {
	text = strings.Trim(text, " \t\n\r\f\v")
	if base != 10 {
		if base == 16 {
			text = strings.TrimPrefix(strings.TrimPrefix(text, "0x"), "0X")
		}
		n, err := strconv.ParseInt(text, base, 64)
		return float64(n), err == nil
	}
	if m := hexadecimal.compiled().FindStringSubmatch(text); m != nil {
		n, err := strconv.ParseUint(m[2], 16, 64)
		if m[1] == "-" {
			return -float64(n), err == nil
		}
		return float64(n), err == nil
	}
	if !decimal.compiled().MatchString(text) {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil || math.IsInf(n, 0)
}

const maxUnpack = 100_000

// unpack is Lua's, bounded.
func (s *State) unpack(L *lua.LState) int {
	t := L.CheckTable(1)
	first, last := L.OptInt(2, 1), L.OptInt(3, t.Len())
	if last-first >= maxUnpack {
		return s.raisef(L, "too many values to unpack")
	}
	for i := first; i <= last; i++ {
		L.Push(t.RawGetInt(i))
	}
	return max(0, last-first+1)
}
