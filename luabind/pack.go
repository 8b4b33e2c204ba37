package luabind

import (
	"encoding/binary"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"sosh/internal/lazy"
	"sosh/primitive"
)

// openPack makes the library pack: the formats of Lua 5.3's string.pack, without
// alignment. < > = ! set the byte order (= and ! are the machine's, little);
// b B h H i[n] I[n] l L j J are whole numbers; f d are floats; s[n] is a string
// after its length; z ends with a zero byte; x is one zero byte.
func (s *State) openPack() {
	s.functions("pack", map[string]lua.LGFunction{"pack": s.pack, "unpack": s.unpackBytes})
}

// A packItem is one letter of a format.
type packItem struct {
	kind   byte // i signed, I unsigned, f, d, s, z, x
	size   int
	letter byte
	order  binary.ByteOrder
}

var packSizes = lazy.Value[map[byte]packItem]{New: func() map[byte]packItem {
	return map[byte]packItem{
		'b': {kind: 'i', size: 1}, 'B': {kind: 'I', size: 1}, 'h': {kind: 'i', size: 2}, 'H': {kind: 'I', size: 2},
		'i': {kind: 'i', size: 4}, 'I': {kind: 'I', size: 4}, 'l': {kind: 'i', size: 8}, 'L': {kind: 'I', size: 8},
		'j': {kind: 'i', size: 8}, 'J': {kind: 'I', size: 8}, 'f': {kind: 'f', size: 4}, 'd': {kind: 'd', size: 8},
		's': {kind: 's', size: 8}, 'z': {kind: 'z'}, 'x': {kind: 'x', size: 1},
	}
}}

// parseFormat reads a format.
func parseFormat(format string) ([]packItem, error) {
	var items []packItem
	var order binary.ByteOrder = binary.LittleEndian
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case ' ':
		case '<', '=', '!':
			order = binary.LittleEndian
		case '>':
			order = binary.BigEndian
		default:
			item, ok := packSizes.Get()[c]
			if !ok {
				return nil, primitive.Usagef("no such format letter %s", primitive.Quote(string(c)))
			}
			item.letter, item.order = c, order
			digits := format[i+1:]
			digits = digits[:len(digits)-len(strings.TrimLeft(digits, "0123456789"))]
			i += len(digits)
			if err := item.resize(digits); err != nil {
				return nil, err
			}
			items = append(items, item)
		}
	}
	return items, nil
}

// resize takes the digits after i, I and s: 1 to 8 bytes.
func (p *packItem) resize(digits string) error {
	if digits == "" {
		return nil
	}
	sized := p.letter == 'i' || p.letter == 'I' || p.letter == 's'
	if !sized || len(digits) != 1 || digits[0] < '1' || digits[0] > '8' {
		return primitive.Usagef("no such format %c%s; i, I and s take 1 to 8 bytes", p.letter, digits)
	}
	p.size = int(digits[0] - '0')
	return nil
}

// pack(format, …) is the bytes; a value that does not fit raises.
func (s *State) pack(L *lua.LState) int {
	items, err := parseFormat(L.CheckString(1))
	if err != nil {
		return s.raise(L, err)
	}
	var out []byte
	arg := 1
	for _, item := range items {
		if item.kind == 'x' {
			out = append(out, 0)
			continue
		}
		arg++
		if arg > L.GetTop() {
			return s.argError(L, arg, "no value for format %c", item.letter)
		}
		if out, err = item.append(out, L.Get(arg)); err != nil {
			return s.argError(L, arg, "%s", primitive.AsError(err).Cause)
		}
	}
	L.Push(lua.LString(out))
	return 1
}

func (p packItem) append(out []byte, v lua.LValue) ([]byte, error) {
	if p.kind == 's' || p.kind == 'z' {
		text, ok := v.(lua.LString)
		if !ok {
			return nil, primitive.Usagef("format %c takes a string, not a %s", p.letter, v.Type())
		}
		return p.appendText(out, string(text))
	}
	n, ok := v.(lua.LNumber)
	if !ok {
		return nil, primitive.Usagef("format %c takes a number, not a %s", p.letter, v.Type())
	}
	return p.appendNumber(out, float64(n))
}

func (p packItem) appendText(out []byte, text string) ([]byte, error) {
	if p.kind == 'z' {
		if strings.IndexByte(text, 0) >= 0 {
			return nil, primitive.Usagef("format z takes a string without zero bytes")
		}
		return append(append(out, text...), 0), nil
	}
	if p.size < 8 && len(text)>>(8*p.size) != 0 {
		return nil, primitive.Usagef("%d bytes are too long for s%d", len(text), p.size)
	}
	return append(p.appendBits(out, uint64(len(text))), text...), nil
}

func (p packItem) appendNumber(out []byte, f float64) ([]byte, error) {
	switch p.kind {
	case 'f':
		return p.appendBits(out, uint64(math.Float32bits(float32(f)))), nil
	case 'd':
		return p.appendBits(out, math.Float64bits(f)), nil
	}
	if f != math.Trunc(f) {
		return nil, primitive.Usagef("format %c takes a whole number, not %v", p.letter, f)
	}
	low, high := 0.0, math.Ldexp(1, 8*p.size)
	if p.kind == 'i' {
		low, high = -high/2, high/2
	}
	if f < low || f >= high {
		return nil, primitive.Usagef("%v does not fit into %d bytes", f, p.size)
	}
	if f < 0 {
		return p.appendBits(out, uint64(int64(f))), nil
	}
	return p.appendBits(out, uint64(f)), nil
}

// appendBits writes the low bytes of n in the item's order.
func (p packItem) appendBits(out []byte, n uint64) []byte {
	for i := range p.size {
		shift := 8 * i
		if p.order == binary.BigEndian {
			shift = 8 * (p.size - 1 - i)
		}
		out = append(out, byte(n>>shift))
	}
	return out
}

// unpackBytes(format, data, position) is the values and the position after them,
// or nil, message, kind when the data is too short. Whole numbers beyond 2^53
// become the nearest number Lua has.
func (s *State) unpackBytes(L *lua.LState) int {
	items, err := parseFormat(L.CheckString(1))
	if err != nil {
		return s.raise(L, err)
	}
	data, at := L.CheckString(2), L.OptInt(3, 1)-1
	if at < 0 || at > len(data) {
		return s.argError(L, 3, "position %d is outside of the data", at+1)
	}
	var values []lua.LValue
	for _, item := range items {
		v, used, ok := item.read(data[at:])
		if !ok {
			return s.failf(L, primitive.Failed, "pack.unpack: the data is too short for format %c at position %d", item.letter, at+1)
		}
		at += used
		if v != nil {
			values = append(values, v)
		}
	}
	if len(values) > maxUnpack {
		return s.raisef(L, "too many values to unpack")
	}
	for _, v := range values {
		L.Push(v)
	}
	L.Push(lua.LNumber(at + 1))
	return len(values) + 1
}

// read takes one value from the front of data; x has none.
func (p packItem) read(data string) (v lua.LValue, used int, ok bool) {
	if p.kind == 'z' {
		i := strings.IndexByte(data, 0)
		if i < 0 {
			return nil, 0, false
		}
		return lua.LString(data[:i]), i + 1, true
	}
	if len(data) < p.size {
		return nil, 0, false
	}
	n := p.bits(data)
	switch p.kind {
	case 'x':
		return nil, 1, true
	case 's':
		if n > uint64(len(data)-p.size) {
			return nil, 0, false
		}
		end := p.size + int(n)
		return lua.LString(data[p.size:end]), end, true
	case 'f':
		return lua.LNumber(math.Float32frombits(uint32(n))), p.size, true
	case 'd':
		return lua.LNumber(math.Float64frombits(n)), p.size, true
	case 'i':
		unused := 64 - 8*p.size
		return lua.LNumber(int64(n<<unused) >> unused), p.size, true
	}
	return lua.LNumber(n), p.size, true
}

func (p packItem) bits(data string) (n uint64) {
	for i := range p.size {
		shift := 8 * i
		if p.order == binary.BigEndian {
			shift = 8 * (p.size - 1 - i)
		}
		n |= uint64(data[i]) << shift
	}
	return n
}
