package docgen

import (
	"maps"
	"slices"
	"strings"

	"sosh/primitive"
)

// LuaUsage is how Lua calls the row: as a method where it is one.
func LuaUsage(r *primitive.Row) string {
	if r.Host() != nil {
		return serviceLuaUsage(r)
	}
	if receiver := r.Receiver(); receiver != nil && receiver.Required {
		return luaMethods(r)[0].usage
	}
	return luaFunction(r)
}

// serviceLuaUsage is how Lua starts a service: serve([host,] port, "http", dir,
// [{options}]), with the options of both.
func serviceLuaUsage(r *primitive.Row) string {
	var places []string
	for _, p := range r.Host().Params {
		if p.Positional && !isHandler(p) {
			places = append(places, luaPlace(p))
		}
	}
	places = append(places, primitive.LuaString(r.Verb()))
	for _, p := range r.Params {
		if p.Positional {
			places = append(places, luaPlace(p))
		}
	}
	return r.Host().LuaName() + "(" + strings.Join(append(places, "[{options}]"), ", ") + ")"
}

// isHandler is whether the parameter takes a service or a function.
func isHandler(p *primitive.Param) bool { return p.Kind.Name == "handler" }

// luaFunction is the row as a function.
func luaFunction(r *primitive.Row) string {
	if r.Host() != nil {
		return serviceLuaUsage(r)
	}
	places := luaPlaces(r, false)
	if receiver := r.Receiver(); receiver != nil {
		name := receiver.Name
		if !receiver.Required {
			name = "[" + name + "]"
		}
		places = append([]string{name}, places...)
	}
	return r.LuaName() + "(" + strings.Join(places, ", ") + ")"
}

// A luaMethod is one way to call a row as a method, and the flag that it sets.
type luaMethod struct{ name, usage, flag string }

// luaMethods lists the methods of a row that has a receiver: its verb first. A
// row that chooses its handle (current) is no method; another row is.
func luaMethods(r *primitive.Row) []luaMethod {
	receiver := r.Receiver()
	if receiver == nil || receiver.Current {
		return nil
	}
	head := receiver.Name + ":"
	list := []luaMethod{{r.Verb(), head + r.Verb() + "(" + strings.Join(luaPlaces(r, false), ", ") + ")", ""}}
	for _, name := range slices.Sorted(maps.Keys(r.Methods)) {
		list = append(list, luaMethod{name, head + name + "(" + strings.Join(luaPlaces(r, true), ", ") + ")", r.Methods[name]})
	}
	return list
}

// luaPlaces are the arguments behind the receiver. A method that sets a flag is
// short for something: what may be left out, is.
func luaPlaces(r *primitive.Row, short bool) []string {
	var places []string
	options := false
	for _, p := range r.Params {
		switch {
		case p == r.Receiver(), short && p.Positional && !p.Required:
		case p.Positional:
			places = append(places, luaPlace(p))
		default:
			options = true
		}
	}
	if options {
		places = append(places, "[{options}]")
	}
	return places
}

func luaPlace(p *primitive.Param) string {
	switch {
	case isAddress(p) && p.Listen:
		return "[host,] port"
	case isAddress(p) && p.Port != "":
		return "host, [port]"
	case isAddress(p):
		return "host, port"
	case !p.Required:
		return "[" + p.Name + "]"
	}
	return p.Name
}

// isAddress is whether the parameter takes a host and a port.
func isAddress(p *primitive.Param) bool { return p.Kind.Pair != nil }
