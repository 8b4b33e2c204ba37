package repl

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sosh/primitive"
	"sosh/session"
)

// A Candidate is what a word may become, and what that means.
type Candidate struct{ Text, Help string }

// Complete lists what the word that ends at byte pos of the line may become. The
// words are whole: each begins with what is typed. More lists commands beside
// the rows, and what follows "run". Lua may be nil.
func Complete(t *primitive.Table, s *session.Session, lua Lua, line string, pos int, more ...Extra) []Candidate {
	c := &completer{table: t, session: s, lua: lua, more: more}
	start := currentWord(line[:pos])
	c.prefix = line[start:pos]
	c.words = wordsBefore(line[:start])
	c.all()
	slices.SortStableFunc(c.list, func(a, b Candidate) int { return strings.Compare(a.Text, b.Text) })
	return slices.CompactFunc(c.list, func(a, b Candidate) bool { return a.Text == b.Text })
}

// An Extra is a command that is no row, or a word that may follow one.
type Extra struct {
	Candidate
	After string // "" for commands
}

// completing lists the shell's own commands and the lessons.
func (sh *Shell) completing() []Extra {
	var list []Extra
	for _, own := range ownCommands() {
		list = append(list, Extra{Candidate: Candidate{own.names[0], own.short}})
	}
	for _, mode := range notifyModes() {
		list = append(list, Extra{Candidate{mode, "what is told above the prompt"}, "notify"})
	}
	for _, l := range sh.lessons() {
		list = append(list, Extra{Candidate{l.Name, l.Title}, "run"})
	}
	return list
}

// currentWord is where the word begins that ends with the text.
func currentWord(text string) int { return strings.LastIndexAny(text, " \t;\n") + 1 }

// wordsBefore lists the plain words of the command that the text ends with.
func wordsBefore(text string) []string {
	l := &lexer{src: text}
	var words []word
	for l.pos < len(text) {
		list, err := l.command()
		if err != nil {
			return nil // inside quotes
		}
		if words = list; l.pos == len(text) && strings.HasSuffix(text, ";") {
			words = nil
		}
	}
	var texts []string
	for _, w := range words {
		plain, _ := w.plain()
		texts = append(texts, plain)
	}
	if len(texts) > 1 && texts[1] == "=" {
		texts = texts[2:]
	}
	if len(texts) > 0 && texts[0] == "try" {
		texts = texts[1:]
	}
	return texts
}

// A completer collects candidates.
type completer struct {
	table   *primitive.Table
	session *session.Session
	lua     Lua
	more    []Extra
	words   []string // before the word
	prefix  string   // the word so far
	list    []Candidate
}

func (c *completer) add(text, help string) {
	if strings.HasPrefix(text, c.prefix) {
		c.list = append(c.list, Candidate{text, help})
	}
}

func (c *completer) all() {
	switch {
	case len(c.words) == 0:
		c.commands(true)
	case c.words[0] == "help":
		c.help()
	case c.words[0] == "run":
		c.extras("run")
		c.files("", c.prefix)
	case len(c.words) == 1 && len(c.table.Family(c.words[0])) > 0:
		for _, r := range c.table.Family(c.words[0]) {
			c.add(r.Verb(), r.Short)
		}
	default:
		if row, used := c.table.Find(c.words...); row != nil {
			c.argument(row, c.words[used:])
		} else {
			if len(c.words) == 1 {
				c.extras(c.words[0])
			}
			c.globals()
		}
	}
}

// commands adds all that a line can begin with.
func (c *completer) commands(lua bool) {
	for _, f := range c.table.Families() {
		c.add(f, "commands: "+verbs(c.table.Family(f)))
	}
	for r := range c.table.All() {
		if r.Family() == "" {
			c.add(r.Name, r.Short)
		}
	}
	c.extras("")
	if lua && c.prefix != "" {
		c.globals()
	}
}

func verbs(rows []*primitive.Row) string {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.Verb()
	}
	return strings.Join(names, ", ")
}

func (c *completer) extras(after string) {
	for _, e := range c.more {
		if e.After == after {
			c.add(e.Text, e.Help)
		}
	}
}

func (c *completer) help() {
	switch len(c.words) {
	case 1:
		c.commands(false)
	case 2:
		for _, r := range c.table.Family(c.words[1]) {
			c.add(r.Verb(), r.Short)
		}
	}
}

// globals adds the globals of Lua that the last name of the word may become.
func (c *completer) globals() {
	if c.lua == nil {
		return
	}
	n := len(c.prefix)
	for n > 0 && identifier("_"+c.prefix[n-1:]) == "_"+c.prefix[n-1:] {
		n--
	}
	head, name := c.prefix[:n], c.prefix[n:]
	if name == "" {
		return
	}
	for _, g := range c.lua.Globals() {
		if strings.HasPrefix(g, name) {
			c.add(head+g, "Lua")
		}
	}
}

// argument adds what may stand behind the words of a row.
func (c *completer) argument(row *primitive.Row, words []string) {
	if flag := valueOf(row, words); flag != nil {
		c.values(flag, "")
		return
	}
	if strings.HasPrefix(c.prefix, "@") {
		c.files("@", c.prefix[1:])
		return
	}
	if strings.HasPrefix(c.prefix, "-") {
		c.flags(row)
		return
	}
	c.positional(row, positionalWords(row, words))
	if c.prefix == "" && len(c.list) == 0 {
		c.flags(row)
	}
}

func (c *completer) flags(row *primitive.Row) {
	for _, p := range row.Params {
		if !p.Positional {
			c.add("--"+p.FlagName(), p.Help)
		}
	}
	for _, g := range commonFlags() {
		c.add("--"+g.name, g.help)
	}
}

// valueOf is the flag that waits for its value behind the words.
func valueOf(row *primitive.Row, words []string) *primitive.Param {
	if len(words) == 0 {
		return nil
	}
	last := words[len(words)-1]
	if !strings.HasPrefix(last, "--") || strings.Contains(last, "=") {
		return nil
	}
	if p, err := row.Flag(last[2:]); err == nil && !p.IsSwitch() {
		return p
	}
	return nil
}

// positionalWords leaves out the flags and their values.
func positionalWords(row *primitive.Row, words []string) []string {
	var rest []string
	for i := 0; i < len(words); i++ {
		if !strings.HasPrefix(words[i], "--") {
			rest = append(rest, words[i])
		} else if valueOf(row, words[i:i+1]) != nil {
			i++
		}
	}
	return rest
}

// positional adds what the next positional may be.
func (c *completer) positional(row *primitive.Row, words []string) {
	for _, p := range row.Params {
		if !p.Positional {
			continue
		}
		switch {
		case len(words) == 0 && p.IsHandle():
			c.values(p, "") // or left out: what follows it may come too
		case len(words) == 0:
			c.values(p, "")
			return
		case p.IsHandle() && c.handle(words[0]) == nil:
		case p.WantsPort(words[0]) && len(words) == 1:
			c.values(p, words[0])
			return
		case p.WantsPort(words[0]):
			words = words[2:]
		case p.Rest:
			return
		default:
			words = words[1:]
		}
	}
}

func (c *completer) handle(name string) primitive.Handle {
	for _, h := range c.session.Handles() {
		if h.Name() == name || slices.Contains(c.session.OwnNames(h), name) {
			return h
		}
	}
	return nil
}

// values adds the values of a parameter; host is what stands before a port.
func (c *completer) values(p *primitive.Param, host string) {
	switch {
	case p.IsHandle():
		for _, h := range c.session.Handles() {
			if p.Fits(h) == nil {
				continue
			}
			for _, name := range append(c.session.OwnNames(h), h.Name()) {
				c.add(name, handleLine(h))
			}
		}
	case p.Enum != nil:
		for _, e := range p.Enum {
			c.add(e, p.Help)
		}
	case p.Kind.Pair != nil && host != "":
		if c.prefix != "" {
			for _, name := range primitive.ServiceNames() {
				c.add(name, "port of a service")
			}
		}
	case p.Kind.Pair != nil:
		c.add("127.0.0.1", "this machine")
		c.add("localhost", "this machine")
	}
}

// Most files of a folder that are looked at.
const maxFiles = 1000

// files adds the files that the name may become. Names that would need quotes
// are left out.
func (c *completer) files(before, name string) {
	dir, base := filepath.Split(name)
	folder, err := os.Open(filepath.Join(".", dir))
	if filepath.IsAbs(dir) {
		folder, err = os.Open(dir)
	}
	if err != nil {
		return
	}
	defer folder.Close()
	entries, _ := folder.ReadDir(maxFiles) // what could be read is offered
	for _, e := range entries {
		text := before + dir + e.Name()
		hidden := strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(base, ".")
		if hidden || quoteWord(e.Name()) != e.Name() {
			continue
		}
		if e.IsDir() {
			text += "/"
		}
		c.add(text, "")
	}
}
