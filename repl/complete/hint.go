package complete

import (
	"slices"
	"strings"

	"sosh/primitive"
)

// Hint tells what the command at byte pos still takes, with the parameter at the
// cursor between ‹ and › and what that one means, and its flags: "‹host› port
// (host and port to connect to) [--timeout DURATION]". It is empty where there is
// nothing to tell.
func (c *Completer) Hint(line string, pos int) string {
	pos = within(line, pos)
	st := lastStatement(c.o.Cut(line[:pos]), pos)
	switch {
	case st.Lua:
		return c.luaHint(line[min(st.LuaStart, pos):pos])
	case st.Program || len(st.Words) == 0:
		return ""
	}
	return c.commandHint(st.Words, pos)
}

func (c *Completer) commandHint(words []Word, pos int) string {
	typing := words[len(words)-1].End == pos
	row, used := c.row(words)
	switch {
	case row != nil && used == len(words) && typing:
		return row.Short
	case row != nil:
		return c.rowHint(row, words[used:], typing)
	}
	if own := c.own(words[0].Text); own != nil {
		if at := commandWithin(own.Usage); at > 0 && len(words) > at {
			return c.commandHint(words[at:], pos)
		}
		_, usage, _ := strings.Cut(own.Usage, " ")
		return tell(usage, own.Short)
	}
	if family := c.o.Table.Family(words[0].Text); len(family) > 0 && len(words) == 1 {
		return strings.ReplaceAll(verbs(family), ", ", " | ")
	}
	return ""
}

// tell joins the two halves of a hint.
func tell(usage, help string) string {
	if usage == "" || help == "" {
		return usage + help
	}
	return usage + "  (" + help + ")"
}

func marked(text string) string { return "‹" + text + "›" }

// rowHint tells what a row takes behind the words; the last of them is being
// typed or done.
func (c *Completer) rowHint(row *primitive.Row, words []Word, typing bool) string {
	before := words
	if typing {
		before = words[:len(words)-1]
	}
	r := c.read(row, before)
	places, host, awaited := r.places, r.host, r.awaited
	now := slot{role: extra}
	if typing {
		now = r.word(words[len(words)-1])
	} else if list := r.next(); len(list) > 0 {
		now = list[len(list)-1]
	}
	if now.role == operator || now.role == file || now.role == program {
		return ""
	}
	var parts []string
	if awaited != nil || now.role == flag && now.param != nil {
		p := awaited
		if p == nil {
			p = now.param
		}
		now = slot{role: flagValue, param: p}
		parts = append(parts, marked(strings.Trim(p.Usage(), "[]")))
	}
	for _, p := range places {
		parts = append(parts, placeHint(p, now, host))
		host = ""
	}
	help := ""
	if now.param != nil {
		help = now.param.Help
	}
	flags := strings.Join(flagHints(r, now.param), " ")
	return strings.TrimSpace(tell(strings.Join(parts, " "), help) + "  " + flags)
}

// placeHint is a parameter that has its place, marked if it is the one now.
func placeHint(p *primitive.Param, now slot, host string) string {
	usage := p.Usage()
	first, second, pair := strings.Cut(usage, " ")
	switch {
	case p != now.param || now.role == flagValue:
		if host != "" && pair {
			return second
		}
		return usage
	case pair && now.role == port:
		return marked(second)
	case pair:
		return marked(first) + " " + second
	case !p.Required || p.IsHandle():
		return "[" + marked(strings.TrimSuffix(strings.TrimPrefix(usage, "["), "]")) + "]"
	}
	return marked(usage)
}

// flagHints are the flags that were not given.
func flagHints(r *reading, now *primitive.Param) []string {
	given := map[*primitive.Param]bool{now: true}
	for _, s := range r.slots {
		if s.role == flag {
			given[s.param] = true
		}
	}
	var list []string
	for _, row := range r.rows() {
		for _, p := range row.Params {
			if !p.Positional && !given[p] {
				list = append(list, p.Usage())
			}
		}
	}
	return list
}

// luaHint tells what the innermost call takes that the text is in.
func (c *Completer) luaHint(text string) string {
	tokens, at, args := openCall(text)
	if at < 1 || tokens[at-1].kind != luaName {
		return ""
	}
	name := text[tokens[at-1].start:tokens[at-1].end]
	path, sep := "", ""
	if at > 2 {
		sep = text[tokens[at-2].start:tokens[at-2].end]
		if isDot(sep) {
			parts, ok := pathBefore(text, tokens[:at-2])
			if !ok {
				return ""
			}
			path = strings.Join(parts, ".")
		}
	}
	if sep == ":" {
		if h := c.handle(path); h != nil {
			if m, ok := c.o.Table.Method(h, name); ok {
				return luaRowHint(m.Row, args+1)
			}
		}
	} else if words := strings.Split(strings.Trim(path+"."+name, "."), "."); len(words) <= 2 {
		if row, used := c.o.Table.Find(words...); row != nil && used == len(words) {
			if service, before := serviceNamed(row, text, tokens[at+1:]); service != nil && args >= before {
				return luaRowHint(service, args-before)
			}
			return luaRowHint(row, args)
		}
	}
	return c.fieldHelp(path, name, sep == ":")
}

// serviceNamed is the service that an argument of a call names, and how many
// arguments there are up to it; nil for none.
func serviceNamed(row *primitive.Row, text string, args []token) (service *primitive.Row, before int) {
	before = 1
	for _, t := range args {
		word := text[t.start:t.end]
		switch {
		case word == ",":
			before++
		case t.kind == luaString && !t.open:
			if s, err := row.Service(strings.Trim(word, `"'`)); err == nil {
				return s, before
			}
		}
	}
	return nil, 0
}

func (c *Completer) fieldHelp(path, name string, methods bool) string {
	if c.o.Lua == nil {
		return ""
	}
	for _, k := range c.o.Lua.Fields(path, methods) {
		if k.Text == name {
			return k.Help
		}
	}
	return ""
}

// openCall finds the innermost "(" that is open, and how many arguments are
// complete behind it; at is -1 for none.
func openCall(text string) (tokens []token, at, args int) {
	type level struct{ at, args int }
	var open []level
	for pos := 0; ; {
		t, ok := next(text, pos)
		if !ok {
			break
		}
		pos = t.end
		tokens = append(tokens, t)
		if t.kind != luaSymbol {
			continue
		}
		switch text[t.start:t.end] {
		case "(", "{", "[":
			open = append(open, level{at: len(tokens) - 1})
		case ")", "}", "]":
			open = open[:max(0, len(open)-1)]
		case ",":
			if n := len(open); n > 0 {
				open[n-1].args++
			}
		}
	}
	for len(open) > 0 {
		last := open[len(open)-1]
		if text[tokens[last.at].start] == '(' {
			return tokens, last.at, last.args
		}
		open = open[:len(open)-1]
	}
	return tokens, -1, 0
}

// luaRowHint tells what a row takes as a function; done arguments are complete.
func luaRowHint(row *primitive.Row, done int) string {
	var parts, options []string
	help := row.Short
	params := row.Params
	if host := row.Host(); host != nil {
		params = slices.Concat(params, slices.DeleteFunc(slices.Clone(host.Params), func(p *primitive.Param) bool { return p.Positional }))
	}
	for i, p := range params {
		if !p.Positional {
			options = append(options, p.Name+" = …")
			continue
		}
		if i == 0 && p.IsHandle() && done > 0 {
			done--
			continue
		}
		for _, name := range strings.Fields(strings.Trim(p.Usage(), "[]")) {
			name = strings.Trim(name, "[]…")
			if p.Enum != nil {
				name = p.Name
			}
			if done == 0 {
				name, help = marked(name), p.Help
			}
			parts = append(parts, name)
			done--
		}
	}
	if len(options) > 0 {
		table := "{" + strings.Join(options, ", ") + "}"
		if done >= 0 {
			table, help = marked(table), "options"
		}
		parts = append(parts, table)
	}
	return tell(strings.Join(parts, ", "), help)
}
