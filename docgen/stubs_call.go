package docgen

import (
	"fmt"
	"slices"
	"strings"

	"sosh/primitive"
)

// A luaArg is one argument as a stub names it.
type luaArg struct{ name, typ, help string }

// text is the argument in an overload; a name that ends in "?" may be left out.
func (a luaArg) text() string { return a.name + ": " + a.typ }

// class is a type of handle with its fields and methods.
func (s *stubs) class(h HandleType) {
	name := className(h.Zero)
	s.line("---@class %s: %s\nlocal %s = {}\n", name, infoName(h), name)
	for _, method := range s.methodNames(h) {
		m, _ := s.table.Method(h.Zero, method)
		s.line("---%s", m.Row.Short)
		if m.Flag != nil {
			s.line("---with --%s: %s", m.Flag.FlagName(), m.Flag.Help)
		}
		s.call(m.Row, m.Flag != nil, &h)
		s.line("function %s:%s(%s) end\n", name, method, s.names(m.Row, m.Flag != nil, true))
	}
}

// methodNames lists the methods that can work on a handle of the type.
func (s *stubs) methodNames(h HandleType) []string {
	return slices.DeleteFunc(s.table.Methods(h.Zero), func(name string) bool {
		m, ok := s.table.Method(h.Zero, name)
		return !ok || !h.fits(m.Row.Receiver())
	})
}

func (s *stubs) function(r *primitive.Row) {
	s.line("---%s", r.Short)
	if r.Doc != "" {
		s.line("---\n---%s", strings.ReplaceAll(r.Doc, "\n", "\n---"))
	}
	s.call(r, false, nil)
	s.line("function %s(%s) end\n", r.LuaName(), s.names(r, false, false))
}

// call writes what a function takes and gives: arguments, other ways to call it,
// results. On is the handle's type for a method.
func (s *stubs) call(r *primitive.Row, short bool, on *HandleType) {
	ways := s.ways(r, short, on != nil)
	for _, a := range ways[0] {
		s.line("---@param %s %s %s", a.name, a.typ, a.help)
	}
	for _, way := range ways[1:] {
		s.overload(r, way, on)
	}
	for _, service := range r.ServiceRows() {
		for _, way := range s.serviceWays(service) {
			s.overload(r, way, nil)
		}
	}
	for _, ret := range s.returns(r) {
		s.line("---@return %s", ret)
	}
}

func (s *stubs) overload(r *primitive.Row, way []luaArg, on *HandleType) {
	var args, rets []string
	if on != nil {
		args = append(args, "self: "+className(on.Zero))
	}
	for _, a := range way {
		args = append(args, a.text())
	}
	for _, ret := range s.returns(r) {
		typ, _, _ := strings.Cut(ret, " ")
		rets = append(rets, typ)
	}
	s.line("---@overload fun(%s): %s", strings.Join(args, ", "), strings.Join(rets, ", "))
}

// names are the names of the arguments of the first way to call a row.
func (s *stubs) names(r *primitive.Row, short, method bool) string {
	var names []string
	for _, a := range s.ways(r, short, method)[0] {
		names = append(names, strings.TrimSuffix(a.name, "?"))
	}
	return strings.Join(names, ", ")
}

// ways lists the ways to call a row; the first is the usual one. The others have
// an address in one word, a handle in front, or the options where a value may be
// left out.
func (s *stubs) ways(r *primitive.Row, short, method bool) [][]luaArg {
	ways := [][]luaArg{nil}
	for _, p := range r.Params {
		receiver := p == r.Receiver()
		if !p.Positional || receiver && method || short && !p.Required && !receiver {
			continue
		}
		var next [][]luaArg
		for _, form := range s.forms(p, hasOptions(r)) {
			for _, way := range ways {
				next = append(next, append(slices.Clip(way), form...))
			}
		}
		ways = next
	}
	if hasOptions(r) {
		for i := range ways {
			ways[i] = append(ways[i], luaArg{"options?", optionsClass(r), ""})
		}
	}
	return ways
}

// serviceWays lists the ways to start a service: its host's places, its name, and
// its own places.
func (s *stubs) serviceWays(r *primitive.Row) [][]luaArg {
	ways := [][]luaArg{nil}
	add := func(forms [][]luaArg) {
		var next [][]luaArg
		for _, form := range forms {
			for _, way := range ways {
				next = append(next, append(slices.Clip(way), form...))
			}
		}
		ways = next
	}
	for _, p := range r.Host().Params {
		switch {
		case !p.Positional:
		case isHandler(p):
			add([][]luaArg{{{p.Name, fmt.Sprintf("%q", r.Verb()), ""}}})
		default:
			add(s.forms(p, true))
		}
	}
	for _, p := range r.Params {
		if p.Positional {
			add(s.forms(p, true))
		}
	}
	options := r.Host()
	if hasOptions(r) {
		options = r
	}
	add([][]luaArg{{{"options?", optionsClass(options), ""}}})
	return ways
}

// forms are the ways to give one positional: as its own arguments, or as none.
func (s *stubs) forms(p *primitive.Param, options bool) [][]luaArg {
	one := luaArg{p.Name, s.paramType(p), p.Help + unitAndDefault(p)}
	host := []luaArg{{"host", "string", p.Help}, {"port", "integer|string", "number or name of the port"}}
	switch {
	case isAddress(p) && p.Listen:
		one.typ = "integer|string"
		return [][]luaArg{{one}, host}
	case isAddress(p):
		return [][]luaArg{host, {one}}
	case p.Current:
		return [][]luaArg{nil, {one}}
	case isHandler(p):
		one.typ = p.Kind.Lua[strings.Index(p.Kind.Lua, "|")+1:] // its services have overloads of their own
		return [][]luaArg{{one}}
	case p.Required:
		return [][]luaArg{{one}}
	}
	one.name += "?"
	if options {
		return [][]luaArg{{one}, nil}
	}
	return [][]luaArg{{one}}
}

// returns lists what a call gives, each as type, name and meaning. A call that
// failed gives nil, message, kind in the first places.
func (s *stubs) returns(r *primitive.Row) []string {
	if r.Result.Multi {
		return multiReturns(r)
	}
	typ := s.resultType(r)
	if typ != "any" {
		typ += "?"
	}
	return []string{typ + " result nil when it failed", "string? message why it failed", "Kind? kind"}
}

func multiReturns(r *primitive.Row) []string {
	failure := []struct{ typ, note string }{{"nil", "; nil when it failed"}, {"string", "; the message when it failed"}, {"Kind", "; the kind when it failed"}}
	var list []string
	for i, f := range r.Result.Fields {
		typ, note := luaType(f.Type), ""
		if i < len(failure) {
			note = failure[i].note
			if failure[i].typ != typ {
				typ += "|" + failure[i].typ
			}
		}
		list = append(list, typ+" "+f.Name+" "+f.Help+note)
	}
	return list
}

// resultType is the Lua type of the one result of a row.
func (s *stubs) resultType(r *primitive.Row) string {
	for _, h := range s.handles {
		if h.Zero.Type() == r.Result.Type {
			return className(h.Zero)
		}
	}
	switch {
	case r.Result.Type == "nothing":
		return "true"
	case r.Result.Type == "items":
		return itemsClass(r)
	case r.Result.Type == "list" && len(r.Result.Fields) > 0:
		return resultClass(r) + "[]"
	case r.Result.Type == "record":
		return resultClass(r)
	}
	return luaType(r.Result.Type)
}
