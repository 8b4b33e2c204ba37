package docgen

import (
	_ "embed"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"sosh/primitive"
)

// What Lua offers beside the rows; the one place that describes it.
//
//go:embed stubs_library.lua
var stubsLibrary string

// A HandleType is one type of handle, as stubs need it.
type HandleType struct {
	Zero  primitive.Handle   // its zero value, maybe a nil pointer: only its type is asked
	Info  any                // what its Info returns: a struct
	Roles []primitive.Handle // zero values of what it may act as
}

// Stubs is the API in the language of the Lua language server: a file that is
// read by editors and never run by scripts.
func Stubs(t *primitive.Table, handles []HandleType) string {
	s := &stubs{table: t, handles: handles}
	s.line("---@meta")
	s.line("-- Generated from the table of primitives by: %s. Do not edit.", Regenerate)
	s.line("-- What is no primitive stands in docgen/stubs_library.lua.\n")
	s.aliases()
	s.infos()
	for row := range t.All() {
		s.rowClasses(row)
	}
	for _, h := range handles {
		s.class(h)
	}
	for _, family := range t.Families() {
		s.line("%s = {}\n", family)
	}
	for row := range t.All() {
		s.function(row)
	}
	s.b.WriteString(stubsLibrary)
	return s.b.String()
}

type stubs struct {
	b       strings.Builder
	table   *primitive.Table
	handles []HandleType
}

func (s *stubs) line(format string, args ...any) {
	s.b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// className is the class of handles of a type: "Stream".
func className(h primitive.Handle) string {
	name := []rune(h.Type())
	name[0] = unicode.ToUpper(name[0])
	return string(name)
}

func (s *stubs) aliases() {
	kinds := make([]string, 0, len(primitive.Kinds()))
	for _, k := range primitive.Kinds() {
		kinds = append(kinds, fmt.Sprintf("%q", k))
	}
	s.line("---What kind of failure it is: the third value of a call that failed.")
	s.line("---@alias Kind %s\n", strings.Join(kinds, "|"))
	s.line("---Anything live with a name.")
	s.line("---@alias Handle %s\n", s.classes(func(HandleType) bool { return true }))
}

// classes joins the classes of the handle types that fit.
func (s *stubs) classes(fits func(HandleType) bool) string {
	var names []string
	for _, h := range s.handles {
		if fits(h) {
			names = append(names, className(h.Zero))
		}
	}
	return strings.Join(names, "|")
}

// infos makes a class of each struct that tells of handles.
func (s *stubs) infos() {
	var seen []string
	for _, h := range s.handles {
		name := infoName(h)
		if slices.Contains(seen, name) {
			continue
		}
		seen = append(seen, name)
		s.line("---@class %s", name)
		s.fields(primitive.Fields(h.Info))
		s.line("")
	}
}

func infoName(h HandleType) string { return reflect.TypeOf(h.Info).Name() }

func (s *stubs) fields(fields []primitive.FieldInfo) {
	for _, f := range fields {
		s.line("---@field %s %s %s", f.Name, luaType(f.Type), f.Help)
	}
}

// luaType is a type of results in Lua.
func luaType(name string) string {
	switch name {
	case "text", "bytes":
		return "string"
	case "number":
		return "integer"
	case "duration", "decimal":
		return "number"
	case "decimal or nil":
		return "number?"
	case "boolean":
		return "boolean"
	case "handle":
		return "Handle"
	case "list":
		return "any[]"
	}
	return "any"
}

// rowClasses makes the classes of a row's options and of its result.
func (s *stubs) rowClasses(r *primitive.Row) {
	for _, service := range r.ServiceRows() {
		if hasOptions(service) {
			s.line("---@class %s: %s", optionsClass(service), optionsClass(r))
			s.options(service)
		}
	}
	if hasOptions(r) {
		s.line("---@class %s", optionsClass(r))
		s.options(r)
	}
	if len(r.Result.Fields) > 0 && !r.Result.Multi {
		s.line("---@class %s", resultClass(r))
		s.fields(r.Result.Fields)
		s.line("")
	}
	if r.Result.Type == "items" {
		s.items(r)
	}
}

// options are the fields of a class of options.
func (s *stubs) options(r *primitive.Row) {
	for _, p := range r.Params {
		if !p.Positional {
			s.line("---@field %s? %s %s", p.Name, s.paramType(p), p.Help+unitAndDefault(p))
		}
	}
	s.line("")
}

// items is the class of a stream of results, which a for loop calls.
func (s *stubs) items(r *primitive.Row) {
	class := itemsClass(r)
	s.line("---@class %s\n---@overload fun(): %s?\nlocal items = {}\n", class, itemType(r))
	s.line("---The next item; nil at the end; nil, message, kind if that item failed.")
	s.line("---@return %s? item\n---@return string? message\n---@return Kind? kind\nfunction items:next() end\n", itemType(r))
	s.line("---Ends the work behind it.\n---@return true\nfunction items:close() end\n")
}

func hasOptions(r *primitive.Row) bool {
	return slices.ContainsFunc(r.Params, func(p *primitive.Param) bool { return !p.Positional })
}

func optionsClass(r *primitive.Row) string { return r.LuaName() + ".Options" }
func resultClass(r *primitive.Row) string  { return r.LuaName() + ".Result" }
func itemsClass(r *primitive.Row) string   { return r.LuaName() + ".Items" }

// itemType is what a stream gives, item by item.
func itemType(r *primitive.Row) string {
	if len(r.Result.Fields) > 0 {
		return resultClass(r)
	}
	return luaType(r.Result.Item)
}

// paramType is the Lua type of a parameter's values.
func (s *stubs) paramType(p *primitive.Param) string {
	if p.IsHandle() {
		return s.handleClasses(p)
	}
	if p.Enum == nil {
		return p.Kind.Lua
	}
	words := make([]string, len(p.Enum))
	for i, e := range p.Enum {
		words[i] = fmt.Sprintf("%q", e)
	}
	return strings.Join(words, "|")
}

// handleClasses is the types of handle that a parameter takes: in themselves, or
// as what they may act as.
func (s *stubs) handleClasses(p *primitive.Param) string {
	all := true
	text := s.classes(func(h HandleType) bool {
		fits := h.fits(p)
		all = all && fits
		return fits
	})
	if all {
		return "Handle"
	}
	return text
}

func (h HandleType) fits(p *primitive.Param) bool {
	return p.Own(h.Zero) || slices.ContainsFunc(h.Roles, p.Own)
}

func unitAndDefault(p *primitive.Param) string {
	var notes []string
	if p.Kind.Unit != "" {
		notes = append(notes, p.Kind.Unit)
	}
	if p.Default != "" {
		notes = append(notes, "default "+p.Default)
	}
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, ", ") + ")"
}
