package primitive

// An Action is what is to be done when something happens: a command, which is a
// line of the shell, or a function of a script.
type Action struct {
	Line   string
	Fn     Callable
	Global string // the name Fn was found under, if it has one
}

// String is the line, or the name of the function.
func (a Action) String() string {
	if a.Fn != nil {
		return a.Fn.String()
	}
	return a.Line
}

// IsAction is whether the parameter takes a command: all words that follow, with
// their flags and operators.
func (p *Param) IsAction() bool { return p.Kind == actionKind }

// Action is the parameter that takes a command; nil when there is none.
func (r *Row) Action() *Param {
	for _, p := range r.Params {
		if p.IsAction() {
			return p
		}
	}
	return nil
}

var actionKind = &ValueKind{
	Name: "command", Lua: "string|fun(it: any): any",
	Parse: func(_ *Param, s string) (any, error) { return Action{Line: s}, nil },
	From:  actionFrom,
	Text:  func(v any) string { return v.(Action).String() },
	Literal: func(v any) string {
		a := v.(Action)
		if a.Fn != nil {
			return "nil --[[ " + a.Fn.String() + " ]]"
		}
		return LuaString(a.Line)
	},
	Rest: func(p *Param, values []any) (any, error) {
		if len(values) > 1 {
			return nil, Usagef("too many arguments: %s", describe(values[0])).WithHint("a command is one string, a handle is named before it")
		}
		return p.convert(values[0])
	},
}

func actionFrom(p *Param, v any) (any, error) {
	switch v := v.(type) {
	case Action:
		return v, nil
	case string:
		return Action{Line: v}, nil
	case Callable:
		named, _ := v.(interface{ Global() string })
		if named == nil {
			return Action{Fn: v}, nil
		}
		return Action{Fn: v, Global: named.Global()}, nil
	}
	return nil, p.wrong(v, "a command or a function")
}
