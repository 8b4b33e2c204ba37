package primitive

import "context"

// A Callable is a function of a script. Call runs it on the calling goroutine
// until it returns; args and results are plain values.
type Callable interface {
	Call(ctx context.Context, args ...any) ([]any, error)
	String() string // how an error names it: "function at serve.lua:3"
}

// A Handler is what serves a client: a script's function, or the name of a
// built-in service with its arguments.
type Handler struct {
	Service string
	Args    []string
	Fn      Callable
	Global  string // the name Fn was found under, if it has one
}

var handlerKind = &ValueKind{
	Name: "handler", Lua: "string|fun(stream: Stream, peer: string)",
	Parse:   func(_ *Param, s string) (any, error) { return Handler{Service: s}, nil },
	From:    handlerFrom,
	Text:    func(v any) string { return handlerText(v.(Handler)) },
	Literal: func(v any) string { return handlerLiteral(v.(Handler)) },
	Rest:    handlerOf,
}

func handlerFrom(p *Param, v any) (any, error) {
	switch v := v.(type) {
	case string:
		return Handler{Service: v}, nil
	case Callable:
		named, _ := v.(interface{ Global() string })
		if named == nil {
			return Handler{Fn: v}, nil
		}
		return Handler{Fn: v, Global: named.Global()}, nil
	}
	return nil, p.wrong(v, "the name of a service or a function")
}

// handlerOf reads the first value as the handler, the others as its arguments.
func handlerOf(p *Param, values []any) (any, error) {
	v, err := p.convert(values[0])
	if err != nil {
		return nil, err
	}
	h := v.(Handler)
	for _, arg := range values[1:] {
		text, ok := textOf(arg)
		if !ok || h.Fn != nil {
			return nil, Usagef("a handler takes no further %s", describe(arg))
		}
		h.Args = append(h.Args, text)
	}
	return h, nil
}

// textOf is a word or a script's scalar as text.
func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case Word:
		return string(v), true
	case string:
		return v, true
	case Bytes:
		return string(v), true
	case float64:
		return FormatNumber(v), true
	}
	return "", false
}

func handlerText(h Handler) string {
	if h.Fn != nil {
		return h.Fn.String()
	}
	text := h.Service
	for _, a := range h.Args {
		text += " " + a
	}
	return text
}

func handlerLiteral(h Handler) string {
	if h.Fn != nil {
		return "nil --[[ " + h.Fn.String() + " ]]"
	}
	text := LuaString(h.Service)
	for _, a := range h.Args {
		text += ", " + LuaString(a)
	}
	return text
}
