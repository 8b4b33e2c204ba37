package luabind

import (
	"encoding/binary"
	"math"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"sosh/primitive"
	"sosh/verbs"
)

// A maker makes Lua values of arbitrary bytes.
type maker struct {
	s    *State
	data []byte
	size int // of all values so far
}

func (m *maker) byte() byte {
	if len(m.data) == 0 {
		return 0
	}
	b := m.data[0]
	m.data = m.data[1:]
	return b
}

func (m *maker) text() string {
	n := min(int(m.byte()), len(m.data))
	t := string(m.data[:n])
	m.data = m.data[n:]
	return t
}

func (m *maker) number() lua.LNumber {
	var b [8]byte
	copy(b[:], m.text())
	return lua.LNumber(math.Float64frombits(binary.LittleEndian.Uint64(b[:])))
}

// value makes one value; what is nested is bounded by the bytes.
func (m *maker) value(depth int) lua.LValue {
	m.size++
	switch m.byte() % 14 {
	case 0:
		return lua.LNil
	case 1:
		return lua.LBool(m.byte()%2 == 0)
	case 2:
		return lua.LNumber(int8(m.byte()))
	case 3:
		return m.number()
	case 4, 5, 6:
		return lua.LString(m.text())
	case 7, 8, 9:
		return m.table(depth + 1)
	case 10:
		return m.s.main.NewFunction(func(*lua.LState) int { return 0 })
	case 11:
		return m.s.null
	case 12:
		return m.s.handle(newLine())
	}
	th, _ := m.s.main.NewThread()
	return th
}

func (m *maker) table(depth int) lua.LValue {
	t := m.s.main.NewTable()
	for range m.byte() % 8 {
		if depth > 2*maxDepth || m.size > 1000 {
			break
		}
		if m.byte()%2 == 0 {
			t.Append(m.value(depth))
		} else if k := m.value(depth); k != lua.LNil {
			if n, ok := k.(lua.LNumber); !ok || n == n {
				t.RawSet(k, m.value(depth))
			}
		}
	}
	if m.byte() == 255 {
		t.Append(t) // holds itself
	}
	return t
}

// list is a list of arguments, perhaps with options that the row has.
func (m *maker) list(row *primitive.Row) []lua.LValue {
	var values []lua.LValue
	for range m.byte() % 6 {
		values = append(values, m.value(0))
	}
	if n := len(row.Params); n > 0 && m.byte()%2 == 0 {
		options := m.s.main.NewTable()
		options.RawSetString(row.Params[int(m.byte())%n].Name, m.value(0))
		values = append(values, options)
	}
	return values
}

// within runs fn in a Lua thread, as a script's call would be.
func (s *State) within(t *testing.T, args []lua.LValue, fn func(L *lua.LState) error) error {
	s.take()
	defer s.give()
	own := &task{ctx: t.Context(), place: s.here()}
	own.root, own.thread = own, s.thread(false)
	s.resumeAs(own, own.thread)
	defer func() { s.cur = nil }()
	var err error
	own.thread.Push(s.main.NewFunction(func(L *lua.LState) int {
		err = fn(L)
		return 0
	}))
	for _, a := range args {
		own.thread.Push(a)
	}
	own.thread.Call(len(args), 0) // a panic comes through
	own.thread.SetTop(0)
	s.recycle(own, true)
	return err
}

// FuzzCall holds that whatever a script passes to a row, as a function or as a
// method, is bound or is a wrong call, and that nothing panics.
func FuzzCall(f *testing.F) {
	var rows []*primitive.Row
	for row := range verbs.Table().All() {
		rows = append(rows, row)
	}
	for i := range rows {
		f.Add(uint8(i), false, []byte{2, 4, 9, '1', '2', '7', '.', '0', '.', '0', '.', '1', 2, 80, 1})
		f.Add(uint8(i), true, []byte{2, 12, 7, 2, 0, 4, 1, 'x', 1, 4, 1, 'y', 2, 1})
		f.Add(uint8(i), false, []byte{1, 3, 8, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f, 0, 1, 3, 8, 1, 0, 0, 0, 0, 0, 0xf8, 0xff})
	}
	fix := fixtureOf(f, verbs.Table(), Options{})
	f.Fuzz(func(t *testing.T, which uint8, method bool, data []byte) {
		row := rows[int(which)%len(rows)]
		m := &maker{s: fix.State, data: data}
		c := &rowCall{row: row, receiver: row.Receiver(), method: method}
		err := fix.within(t, m.list(row), func(L *lua.LState) error {
			_, err := fix.bind(L, c)
			return err
		})
		if err != nil && primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s: kind %s: %v", row.Name, primitive.KindOf(err), err)
		}
	})
}

// FuzzJSON holds that any text is decoded or refused, and that what was decoded
// is encoded, and means the same afterwards.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{`{"a":[1,null,{"b":"\u00e9"}]}`, `[]`, `1e400`, `"\ud800"`, `-0`, `[[[[`, "\xff", `{"a":1,"a":2}`} {
		f.Add(text)
	}
	fix := newFixture(f, Options{})
	f.Fuzz(func(t *testing.T, text string) {
		err := fix.within(t, nil, func(*lua.LState) error {
			v, err := fix.decodeJSON(text)
			if err != nil {
				return nil
			}
			data, err := encodeJSON(fix.State, v)
			if err != nil {
				return err
			}
			again, err := fix.decodeJSON(string(data))
			if err != nil {
				return err
			}
			twice, err := encodeJSON(fix.State, again)
			if err == nil && string(twice) != string(data) {
				t.Errorf("%q became %q", data, twice)
			}
			return err
		})
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// FuzzEncode holds that any value is encoded or is a wrong call.
func FuzzEncode(f *testing.F) {
	f.Add([]byte{7, 2, 0, 4, 1, 'x', 0, 1})
	fix := newFixture(f, Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		err := fix.within(t, nil, func(*lua.LState) error {
			m := &maker{s: fix.State, data: data}
			v := m.value(0)
			fix.show(v)
			_, err := encodeJSON(fix.State, v)
			return err
		})
		if err != nil && primitive.KindOf(err) != primitive.Usage {
			t.Errorf("kind %s: %v", primitive.KindOf(err), err)
		}
	})
}

// FuzzPack holds that any format and data are unpacked, refused with nil, or are a
// wrong call.
func FuzzPack(f *testing.F) {
	f.Add(">I4s2zxbB", []byte("\x00\x00\x00\x01\x00\x02abc\x00\x00\xff\x01"))
	f.Add("<ljd s8", []byte("\xff\xff\xff\xff\xff\xff\xff\xff"))
	fix := newFixture(f, Options{})
	f.Fuzz(func(t *testing.T, format string, data []byte) {
		fix.Set("format", format)
		fix.Set("data", primitive.Bytes(data))
		got, err := fix.Run(t.Context(), `(function()
			local ok, message, kind = pcall(pack.unpack, format, data)
			if not ok then return kind == "usage", message end
			return true
		end)()`, "fuzz")
		if err != nil || got[0] != true {
			t.Errorf("%q %q: %v %v", format, data, got, err)
		}
	})
}
