package primitive

import (
	"math"
	"reflect"
	"unsafe"
)

// A Value is an argument as a face has it: a Word (text to be parsed), a Handle,
// or a script's value. Strings and numbers are kept as they are, because making
// them of type any would allocate for every argument of every call.
type Value struct {
	form   valueForm
	number float64
	text   string
	other  any
}

type valueForm uint8

const (
	otherForm valueForm = iota
	textForm
	numberForm
)

// TextValue is a script's string. Its bytes are not copied, and so must not be
// written to by who gets them.
func TextValue(s string) Value { return Value{form: textForm, text: s} }

// NumberValue is a script's number.
func NumberValue(f float64) Value { return Value{form: numberForm, number: f} }

// ValueOf is the value of anything else: a Word, a Handle, bool, Bytes, a
// Callable, []any, map[string]any, nil.
func ValueOf(v any) Value {
	switch v := v.(type) {
	case string:
		return TextValue(v)
	case float64:
		return NumberValue(v)
	}
	return Value{other: v}
}

// Any is the value as ValueKind.From takes it.
func (v Value) Any() any {
	switch v.form {
	case textForm:
		return v.text
	case numberForm:
		return v.number
	}
	return v.other
}

// IsNil is whether nothing was given.
func (v Value) IsNil() bool { return v.form == otherForm && v.other == nil }

// IsHandle is whether it is a handle.
func (v *Value) IsHandle() bool {
	_, ok := v.other.(Handle)
	return ok
}

// Anys is every value as Any gives it.
func Anys(values []Value) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v.Any()
	}
	return list
}

// Durations shorter than this fit their type with room to spare.
const maxQuickSeconds = 1e9

// quickNumber takes whole numbers within bounds.
func quickNumber(p *Param, field reflect.Value, v Value) bool {
	f := v.number
	return v.form == numberForm && f == math.Trunc(f) && math.Abs(f) <= 1<<53 && p.within(f) && setInt(field, int64(f))
}

// quickAddr takes a host and the number of a port.
func quickAddr(p *Param, field reflect.Value, host, port Value) bool {
	if host.form != textForm || port.form != numberForm || host.text == "" || host.text[0] == '[' || !wantsPort(host.text, p.Listen) {
		return false
	}
	n := int(max(min(port.number, 1<<17), -1))
	if float64(n) != port.number || n < 1 || n > 65535 {
		return false
	}
	*field.Addr().Interface().(*Addr) = Addr{Host: host.text, Port: n}
	return true
}

func setText(field reflect.Value, s string) bool {
	field.SetString(s)
	return true
}

func setInt(field reflect.Value, n int64) bool {
	field.SetInt(n)
	return true
}

func setBytes(field reflect.Value, s string) bool {
	field.SetBytes(unsafe.Slice(unsafe.StringData(s), len(s)))
	return true
}
