package complete

import (
	"strings"

	"sosh/primitive"
	"sosh/session"
)

// A slot is what a word of a command is for.
type slot struct {
	role  role
	param *primitive.Param // of a flag, a value or an argument; nil where none is known
	host  string           // before a port
}

type role uint8

const (
	argument role = iota // in its place
	flag                 // --name, with or without =value
	wrongFlag
	flagValue // behind --name
	port      // behind a host
	operator  // > >> | &
	file      // behind > and >>
	program   // behind |
	dashes    // --
	extra     // there is no place for it
)

func isOperator(text string) bool {
	return text == ">" || text == ">>" || text == "|" || text == "&"
}

// operatorBefore is the operator that the words behind the last command name end
// with, if what follows it is no argument any more.
func operatorBefore(words []Word) (op string, ok bool) {
	for i, w := range words {
		if w.Bare && isOperator(w.Text) {
			op, ok = w.Text, i == len(words)-1 || w.Text == "|"
		}
	}
	return op, ok
}

// A reading gives the words behind the name of a row their meaning, as the shell
// binds them.
type reading struct {
	c     *Completer
	row   *primitive.Row
	slots []slot

	service *primitive.Row // built-in, that the words chose; or nil

	places  []*primitive.Param // positionals that are not filled
	awaited *primitive.Param   // flag that waits for its value
	host    string             // that waits for its port
	data    bool               // behind "--"
	after   role               // an operator rules: file or program; else argument
}

// read reads the words behind the name of a row.
func (c *Completer) read(row *primitive.Row, words []Word) *reading {
	r := &reading{c: c, row: row, slots: make([]slot, 0, len(words))}
	for _, p := range row.Params {
		if p.Positional {
			r.places = append(r.places, p)
		}
	}
	for _, w := range words {
		r.slots = append(r.slots, r.word(w))
	}
	return r
}

func (r *reading) word(w Word) slot {
	bare := w.Bare && !r.data
	switch {
	case bare && isOperator(w.Text):
		r.after = map[string]role{">": file, ">>": file, "|": program, "&": extra}[w.Text]
		return slot{role: operator}
	case r.after != argument:
		was := r.after
		if was == file {
			r.after = extra
		}
		return slot{role: was}
	case r.awaited != nil:
		p := r.awaited
		r.awaited = nil
		return slot{role: flagValue, param: p}
	case bare && w.Text == "--":
		r.data = true
		return slot{role: dashes}
	case bare && strings.HasPrefix(w.Text, "--"):
		return r.flag(w.Text[2:])
	}
	return r.positional(w, bare)
}

func (r *reading) flag(text string) slot {
	name, _, has := strings.Cut(text, "=")
	for _, k := range r.c.o.Flags {
		if k.Text == strings.ReplaceAll(name, "_", "-") {
			return slot{role: flag}
		}
	}
	p := r.flagNamed(name)
	if p == nil {
		return slot{role: wrongFlag}
	}
	if !p.IsSwitch() && !has {
		r.awaited = p
	}
	return slot{role: flag, param: p}
}

// flagNamed is the flag of that name, of the row or of its service; nil for none.
func (r *reading) flagNamed(name string) *primitive.Param {
	for _, row := range r.rows() {
		if p, err := row.Flag(name); err == nil {
			return p
		}
	}
	return nil
}

// rows are those whose flags may stand here: the service's own first.
func (r *reading) rows() []*primitive.Row {
	if r.service == nil {
		return []*primitive.Row{r.row}
	}
	return []*primitive.Row{r.service, r.row}
}

// choose makes the places those of a service, behind its name.
func (r *reading) choose(name string) {
	r.service, _ = r.row.Service(name)
	r.places = nil
	if r.service == nil {
		return
	}
	for _, p := range r.service.Params {
		if p.Positional {
			r.places = append(r.places, p)
		}
	}
}

func (r *reading) positional(w Word, bare bool) slot {
	if r.host != "" {
		s := slot{role: port, param: r.places[0], host: r.host}
		r.host, r.places = "", r.places[1:]
		return s
	}
	for len(r.places) > 0 {
		p := r.places[0]
		switch {
		case p.IsHandle() && !(bare && r.c.namesHandle(w.Text)) && !onlyValue(w):
			r.places = r.places[1:] // left out
			continue
		case p.WantsPort(w.Text) && !onlyValue(w):
			r.host = w.Text
		case isHandler(p):
			r.choose(w.Text)
		case !p.Rest:
			r.places = r.places[1:]
		}
		return slot{role: argument, param: p}
	}
	return slot{role: extra}
}

// isHandler is whether a parameter takes a service by its name.
func isHandler(p *primitive.Param) bool { return p.Kind.Name == "handler" }

// onlyValue is whether a word is one $name or ${expr}: any value.
func onlyValue(w Word) bool { return len(w.Parts) == 1 && w.Parts[0].Kind == Value && w.Text == "" }

// begun is whether a parameter that takes the rest has a word already.
func (r *reading) begun(p *primitive.Param) bool {
	for _, s := range r.slots {
		if s.param == p && s.role == argument {
			return true
		}
	}
	return false
}

// next lists what a further word may be for: handles that may be left out, and
// the first parameter behind them.
func (r *reading) next() []slot {
	switch {
	case r.after != argument:
		return []slot{{role: r.after}}
	case r.awaited != nil:
		return []slot{{role: flagValue, param: r.awaited}}
	case r.host != "":
		return []slot{{role: port, param: r.places[0], host: r.host}}
	}
	var list []slot
	for _, p := range r.places {
		list = append(list, slot{param: p})
		if !p.IsHandle() {
			break
		}
	}
	return list
}

// handle is the live handle of a name; nil for none.
func (c *Completer) handle(name string) primitive.Handle {
	if name == "" {
		return nil
	}
	if name == "_" {
		h, _ := c.o.Session.Last().(primitive.Handle)
		return h
	}
	if h, err := c.o.Session.Lookup(name); err == nil && h != nil {
		return h
	}
	if c.o.Lua == nil || identifier(name) != name {
		return nil
	}
	v, _ := c.o.Lua.Get(name)
	h, _ := v.(primitive.Handle)
	return h
}

// namesHandle is whether a word stands for a handle, live or not.
func (c *Completer) namesHandle(name string) bool {
	return session.LooksGenerated(name) || c.handle(name) != nil
}

// identifier is the Lua name that s begins with.
func identifier(s string) string {
	n := 0
	for n < len(s) && nameByte(s[n], n > 0) {
		n++
	}
	return s[:n]
}

func nameByte(c byte, digits bool) bool {
	return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || digits && c >= '0' && c <= '9'
}

// row finds the row of a command, and how many words name it.
func (c *Completer) row(words []Word) (row *primitive.Row, used int) {
	if len(words) == 0 || !words[0].Bare {
		return nil, 0
	}
	return c.o.Table.Find(texts(words[:min(2, len(words))])...)
}
