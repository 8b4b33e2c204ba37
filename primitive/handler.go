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
	Fn      Callable
	Global  string // the name Fn was found under, if it has one

	args *Args // of the service
}

var handlerKind = &ValueKind{
	Name: "handler", Lua: "string|fun(stream: Stream, peer: string)",
	Parse:   func(_ *Param, s string) (any, error) { return Handler{Service: s}, nil },
	From:    handlerFrom,
	Text:    func(v any) string { return handlerText(v.(Handler)) },
	Literal: func(v any) string { return handlerLiteral(v.(Handler)) },
	Rest:    func(p *Param, values []any) (any, error) { return p.convert(values[0]) },
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

// Start runs the function of a service with what it gets of its host, and gives
// what it gave: for `serve` a serve.Host and a serve.Runner. Kind usage where an
// argument is missing.
func (h Handler) Start(ctx context.Context, host any) (any, error) {
	if h.args == nil {
		return nil, Usagef("no service to start")
	}
	if err := h.args.Complete(); err != nil {
		return nil, err
	}
	row := h.args.row
	run := func(ctx context.Context, _ Env, args any) (any, error) { return row.fn.run(ctx, host, args) }
	if row.host.around != nil {
		run = row.host.around(row, run)
	}
	return run(ctx, nil, h.args.ptr)
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
	return h.Service
}

func handlerLiteral(h Handler) string {
	if h.Fn != nil {
		return "nil --[[ " + h.Fn.String() + " ]]"
	}
	return LuaString(h.Service)
}
