package luabind

import lua "github.com/yuin/gopher-lua"

// Boxes are values of Lua that come again and again: lengths, ports, the host of
// a peer. Making an interface of a number or a string is an allocation each.
// They are used under the baton.
type boxes struct {
	numbers [maxBoxed]lua.LValue
	last    string
	boxed   lua.LValue // of last
}

const maxBoxed = 2048

func (b *boxes) number(n int64) lua.LValue {
	if n < 0 || n >= maxBoxed {
		return lua.LNumber(n)
	}
	if b.numbers[n] == nil {
		b.numbers[n] = lua.LNumber(n)
	}
	return b.numbers[n]
}

func (b *boxes) text(s string) lua.LValue {
	if s != b.last || b.boxed == nil {
		b.last, b.boxed = s, lua.LString(s)
	}
	return b.boxed
}
