package primitive

import (
	"fmt"
	"strings"
	"unicode"
)

// Names a row, field or option cannot have, because a script could not write it.
func luaKeywords() []string {
	return strings.Fields(`and break do else elseif end false for function goto if in local
		nil not or repeat return then true until while`)
}

// Names a row or family cannot have, because a script needs what they mean.
func luaGlobals() []string {
	return strings.Fields(`_G _VERSION assert bit32 channel collectgarbage coroutine debug dofile error
	getfenv getmetatable io ipairs load loadfile loadstring math module newproxy next os package pairs pcall
	print rawequal rawget rawset require select setfenv setmetatable string table tonumber tostring type unpack
	xpcall json hex base64 pack bit hash exit task arg command sosh`)
}

// Flags that every command has; a row cannot have its own.
var globalFlags = []string{"json", "quiet", "max_time", "help", "escapes", "keep_going", "no_wait"}

// Check lists what is wrong with a row: missing help, a default that does not
// parse, names a script cannot write, an optional positional before a required
// one.
func (r *Row) Check() []error {
	r.load()
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", r.Name, fmt.Sprintf(format, args...)))
	}
	for _, p := range r.problems {
		bad("%s", p)
	}
	r.checkTexts(bad)
	r.checkNames(bad)
	r.checkParams(bad)
	r.checkOffers(bad)
	errs = append(errs, r.checkServices(bad)...)
	for _, f := range r.Result.Fields {
		if f.Help == "" {
			bad("result field %s has no help", f.Name)
		}
		if contains(luaKeywords(), f.Name) {
			bad("result field %s is a Lua keyword", f.Name)
		}
	}
	return errs
}

type complain func(format string, args ...any)

func (r *Row) checkTexts(bad complain) {
	switch first := []rune(r.Short + " ")[0]; {
	case r.Short == "":
		bad("no short help")
	case len(r.Short) > 60, strings.HasSuffix(r.Short, "."), !unicode.IsUpper(first):
		bad("short help must be a capital, at most 60 characters, no full stop: %q", r.Short)
	}
	if r.Example == "" {
		bad("no example")
	}
	if strings.Contains(r.Doc+r.Short, "`") {
		bad("no backticks in help")
	}
}

func (r *Row) checkNames(bad complain) {
	words := strings.Fields(r.Name)
	if len(words) < 1 || len(words) > 2 || strings.Join(words, " ") != r.Name {
		bad("a name is one or two words")
		return
	}
	if contains(luaGlobals(), words[0]) {
		bad("%s is a Lua global", words[0])
	}
	for name, flag := range r.Methods {
		if p, err := r.Flag(strings.TrimLeft(flag, "-")); err != nil || r.Receiver() == nil {
			bad("method %s: no flag %s", name, flag)
		} else if !p.IsSwitch() {
			bad("method %s: flag %s is no switch", name, flag)
		}
		words = append(words, name)
	}
	for _, w := range words {
		if contains(luaKeywords(), w) {
			bad("%s is a Lua keyword", w)
		}
	}
}

func (r *Row) checkParams(bad complain) {
	seen := map[string]bool{}
	optional := ""
	for i, p := range r.Params {
		if seen[p.Name] {
			bad("two parameters %s", p.Name)
		}
		seen[p.Name] = true
		r.checkParam(bad, i, p)
		switch {
		case !p.Positional:
		case !p.Required && !p.IsHandle(): // a handle left out is told by what stands there
			optional = p.Name
		case optional != "":
			bad("%s is required but follows the optional %s", p.Name, optional)
		}
	}
}

func (r *Row) checkOffers(bad complain) {
	for name := range r.Offers {
		found := false
		for _, p := range r.Params {
			found = found || p.Name == name
		}
		if !found {
			bad("it offers words for %s, which is no parameter", name)
		}
	}
}

func (r *Row) checkParam(bad complain, i int, p *Param) {
	if p.Help == "" {
		bad("%s has no help", p.Name)
	}
	if contains(luaKeywords(), p.Name) {
		bad("%s is a Lua keyword", p.Name)
	}
	if !p.Positional && contains(globalFlags, p.Name) {
		bad("--%s is a flag of every command", p.FlagName())
	}
	if contains(p.Enum, "") {
		bad("%s has an empty value: leaving it out says that already", p.Name)
	}
	r.checkWith(bad, p)
	if p.Rest && (p.Kind.Rest == nil || !p.Positional || r.positionalAfter(i)) {
		bad("%s cannot take the rest", p.Name)
	}
	if i > 62 {
		bad("too many parameters")
	}
}

func (r *Row) positionalAfter(i int) bool {
	for _, p := range r.Params[i+1:] {
		if p.Positional {
			return true
		}
	}
	return false
}

// Usage is the row's one-line form: "recv [stream] [max] [--line] …".
func (r *Row) Usage() string {
	if r.host != nil {
		return r.serviceUsage()
	}
	var b strings.Builder
	b.WriteString(r.Name)
	for _, p := range r.Params {
		b.WriteString(" " + p.Usage())
	}
	return b.String()
}

// Usage is the parameter in a usage: "host port", "[max]", "[--timeout DURATION]".
func (p *Param) Usage() string {
	name := p.FlagName()
	switch {
	case p.Positional && p.Kind == addrKind && p.Listen:
		name = "[host:]port"
	case p.Positional && p.Kind == addrKind && p.Port != "":
		name = "host [port]"
	case p.Positional && p.Kind == addrKind:
		name = "host port"
	case p.Positional && p.Enum != nil:
		name = strings.Join(p.Enum, "|")
	case !p.Positional && p.IsSwitch():
		return "[--" + name + "]"
	case !p.Positional:
		return "[--" + name + " " + p.valueName() + "]"
	}
	if p.Rest {
		name += "…"
	}
	if !p.Required || p.IsHandle() {
		return "[" + name + "]"
	}
	return name
}

func (p *Param) valueName() string {
	if p.Enum != nil {
		return strings.Join(p.Enum, "|")
	}
	return strings.ToUpper(p.Kind.Name)
}
