package primitive

import "strings"

// Many is a flag that may be given again and again: a value each time, of which
// none is cut at a comma. A script gives a string or a list of strings.
type Many []string

var manyKind = &ValueKind{
	Name: "text", Lua: "string|string[]",
	Parse: func(_ *Param, s string) (any, error) { return Many{s}, nil },
	From: func(p *Param, v any) (any, error) {
		switch v := v.(type) {
		case string:
			return Many{v}, nil
		case []any:
			return manyOf(p, v)
		}
		return nil, p.wrong(v, "a string or a list of strings")
	},
	Text:    func(v any) string { return strings.Join(v.(Many), " ") },
	Literal: manyLiteral,
}

func manyOf(p *Param, items []any) (any, error) {
	var list Many
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			return nil, p.wrong(item, "a string")
		}
		list = append(list, s)
	}
	return list, nil
}

func manyLiteral(v any) string {
	var items []string
	for _, s := range v.(Many) {
		items = append(items, LuaString(s))
	}
	return "{" + strings.Join(items, ", ") + "}"
}
