package primitive

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A ValueKind is how one Go type looks from outside. The values From takes are
// those of a script: string, float64, bool, []any, map[string]any, Handle,
// Callable; Bytes count as strings.
type ValueKind struct {
	Name    string                                                        // in help: "duration"
	Lua     string                                                        // in LuaLS stubs: "number|string"
	Unix    bool                                                          // the address of a Unix socket: a word that begins with @ is one, and no file
	Host    bool                                                          // a host, which completion knows some of
	Unit    string                                                        // what a bare number counts: "seconds"; empty where nothing
	Parse   func(*Param, string) (any, error)                             // a shell word
	From    func(*Param, any) (any, error)                                // a script's value
	Text    func(any) string                                              // as a shell word, not yet quoted
	Literal func(any) string                                              // as a Lua expression
	Pair    func(p *Param, first, second any) (v any, ok bool, err error) // of two values, if the second belongs to the first
	Rest    func(*Param, []any) (any, error)                              // of all the values left, for a Rest parameter

	// Quick and QuickPair set the field from a script's string or number as From
	// and Pair would, without an allocation, which is most of what a call costs.
	// False is for everything else, and for what is wrong: then From says it.
	Quick     func(p *Param, field reflect.Value, v Value) bool
	QuickPair func(p *Param, field reflect.Value, first, second Value) bool
}

// Size is a number of bytes: 64k is 65536, 1MiB, 10.
type Size int

// Setting is a value whose type depends on another parameter: on, off, a number
// or a word.
type Setting string

// Word is how a shell word reaches Args: text that the kind parses. A plain
// string is a script's value.
type Word string

func kindOf(t reflect.Type) *ValueKind {
	switch t {
	case reflect.TypeFor[string]():
		return stringKind
	case reflect.TypeFor[Bytes]():
		return bytesKind
	case reflect.TypeFor[bool]():
		return boolKind
	case reflect.TypeFor[int]():
		return intKind
	case reflect.TypeFor[float64]():
		return decimalKind
	case reflect.TypeFor[Size]():
		return sizeKind
	case reflect.TypeFor[time.Duration]():
		return durationKind
	case reflect.TypeFor[Addr]():
		return addrKind
	case reflect.TypeFor[Server]():
		return serverKind
	case reflect.TypeFor[Path]():
		return pathKind
	case reflect.TypeFor[Setting]():
		return settingKind
	case reflect.TypeFor[Phrase]():
		return phraseKind
	case reflect.TypeFor[[]string]():
		return listKind
	case reflect.TypeFor[Many]():
		return manyKind
	case reflect.TypeFor[Handler]():
		return handlerKind
	case reflect.TypeFor[Action]():
		return actionKind
	}
	if isHandleType(t) {
		return handleKind
	}
	return nil
}

// parse reads a shell word as this parameter's type.
func (p *Param) parse(text string) (any, error) { return p.Kind.Parse(p, text) }

// convert takes a shell word or a script's value as this parameter's type.
func (p *Param) convert(v any) (any, error) {
	switch v := v.(type) {
	case Word:
		return p.Kind.Parse(p, string(v))
	case []byte:
		return p.Kind.From(p, string(v))
	case Bytes:
		return p.Kind.From(p, string(v))
	}
	return p.Kind.From(p, v)
}

func (p *Param) wrong(v any, want string) error {
	return Usagef("%s must be %s, not %s", p.FlagName(), want, describe(v))
}

// describe names a script's value in an error.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return "the string " + Quote(v)
	case Word:
		return Quote(string(v))
	case float64:
		return "the number " + FormatNumber(v)
	case bool:
		return strconv.FormatBool(v)
	case Handle:
		return "the " + v.Type() + " " + v.Name()
	case Callable:
		return "a function"
	}
	return "a table"
}

// FormatNumber writes a script's number; a whole one in all its digits, up to
// where a float64 has them.
func FormatNumber(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// LuaString writes bytes as a Lua string literal.
func LuaString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func quotedText(v any) string { return LuaString(fmt.Sprint(v)) }
func plainText(v any) string  { return fmt.Sprint(v) }

var stringKind = &ValueKind{
	Name: "text", Lua: "string",
	Parse: func(p *Param, s string) (any, error) { return p.inEnum(s) },
	From: func(p *Param, v any) (any, error) {
		s, ok := v.(string)
		if !ok {
			return nil, p.wrong(v, "a string")
		}
		return p.inEnum(s)
	},
	Quick: func(p *Param, field reflect.Value, v Value) bool {
		return p.Enum == nil && v.form == textForm && setText(field, v.text)
	},
	Text: plainText, Literal: quotedText,
}

var bytesKind = &ValueKind{
	Name: "bytes", Lua: "string",
	Parse: func(_ *Param, s string) (any, error) { return Bytes(s), nil },
	From: func(p *Param, v any) (any, error) {
		switch v := v.(type) {
		case string:
			return Bytes(v), nil
		case float64:
			return Bytes(FormatNumber(v)), nil
		}
		return nil, p.wrong(v, "a string")
	},
	Quick: func(_ *Param, field reflect.Value, v Value) bool {
		return v.form == textForm && setBytes(field, v.text)
	},
	Text:    func(v any) string { return string(v.(Bytes)) },
	Literal: func(v any) string { return LuaString(string(v.(Bytes))) },
	Rest:    joinWords,
}

// joinWords makes trailing data of all the words left, joined by one blank.
func joinWords(p *Param, values []any) (any, error) {
	if len(values) == 1 {
		return p.convert(values[0])
	}
	var words []string
	for _, v := range values {
		b, err := p.convert(v)
		if err != nil {
			return nil, err
		}
		words = append(words, p.Kind.Text(b))
	}
	return p.parse(strings.Join(words, " "))
}

var boolKind = &ValueKind{
	Name: "switch", Lua: "boolean",
	Parse: func(p *Param, s string) (any, error) {
		switch s {
		case "true", "on", "yes", "1":
			return true, nil
		case "false", "off", "no", "0":
			return false, nil
		}
		return nil, p.wrong(Word(s), "on or off")
	},
	From: func(p *Param, v any) (any, error) {
		b, ok := v.(bool)
		if !ok {
			return nil, p.wrong(v, "true or false")
		}
		return b, nil
	},
	Text: plainText, Literal: plainText,
}

var intKind = &ValueKind{
	Name: "number", Lua: "integer",
	Parse: func(p *Param, s string) (any, error) {
		n, err := strconv.ParseInt(s, 0, 0)
		if strings.HasPrefix(s, "0") && allDigits(s) { // "010" is ten to a person, never octal
			n, err = strconv.ParseInt(s, 10, 0)
		}
		if err != nil {
			return nil, p.wrong(Word(s), "a whole number")
		}
		return int(n), p.inBounds(float64(n), s)
	},
	From: func(p *Param, v any) (any, error) {
		f, ok := v.(float64)
		if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return nil, p.wrong(v, "a whole number")
		}
		return int(f), p.inBounds(f, FormatNumber(f))
	},
	Quick: quickNumber, Text: plainText, Literal: plainText,
}

var settingKind = &ValueKind{
	Name: "value", Lua: "boolean|number|string",
	Parse: func(_ *Param, s string) (any, error) { return Setting(s), nil },
	From: func(p *Param, v any) (any, error) {
		switch v := v.(type) {
		case string:
			return Setting(v), nil
		case float64:
			return Setting(FormatNumber(v)), nil
		case bool:
			return Setting(map[bool]string{true: "on", false: "off"}[v]), nil
		}
		return nil, p.wrong(v, "a string, a number or a boolean")
	},
	Text: plainText, Literal: quotedText,
}

var listKind = &ValueKind{
	Name: "list", Lua: "string|string[]",
	Parse: func(p *Param, s string) (any, error) {
		list := strings.Split(s, ",")
		for _, item := range list {
			if _, err := p.inEnum(item); err != nil {
				return nil, err
			}
		}
		return list, nil
	},
	From: func(p *Param, v any) (any, error) {
		if s, ok := v.(string); ok {
			return p.parse(s)
		}
		items, ok := v.([]any)
		if !ok {
			return nil, p.wrong(v, "a list of strings")
		}
		var list []string
		for _, item := range items {
			s, ok := item.(string)
			if !ok {
				return nil, p.wrong(item, "a list of strings")
			}
			list = append(list, s)
		}
		return list, nil
	},
	Text:    func(v any) string { return strings.Join(v.([]string), ",") },
	Literal: func(v any) string { return LuaString(strings.Join(v.([]string), ",")) },
}
