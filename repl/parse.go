package repl

import (
	"slices"
	"strings"

	"sosh/primitive"
)

// A statement is one thing to do: a command or a piece of Lua.
type statement struct {
	text   string // as written
	pos    int    // byte offset in the source
	name   string // of NAME = COMMAND
	words  []word // of a command
	prog   bool   // !program: the words are a program's
	lua    string // otherwise
	luaPos int    // byte offset of it
	forced bool   // by the word lua
	try    bool   // its failure is reported and forgotten
}

// empty is whether there is nothing to do.
func (st statement) empty() bool { return st.words == nil && st.lua == "" }

// A grammar reads source for a shell.
type grammar struct {
	sh         *Shell
	incomplete func(source string) bool // whether Lua source only lacks its end
	loose      bool                     // the source is looked at, not run: nothing is wrong
	aliases    bool                     // the source is typed: aliases mean something
}

// parse reads all statements of the source. An unfinished error means that more
// lines may complete it.
func (sh *Shell) parse(src string) ([]statement, error) { return sh.grammar().parse(src) }

// grammar is how source is read that is run. The shell remembers the Lua that it
// has found to lack its end, so that text that grows by lines is not read from
// its beginning for each line of it again.
func (sh *Shell) grammar() *grammar {
	return &grammar{sh: sh, incomplete: func(source string) bool {
		if open := sh.open.Load(); open != nil {
			rest, found := strings.CutPrefix(*open, source)
			if found && (rest == "" || rest[0] == '\n') { // it grew from here
				return true
			}
		}
		if sh.lua == nil || !sh.lua.Incomplete(source) {
			return false
		}
		sh.open.Store(&source)
		return true
	}}
}

// lacksEnd is whether more lines may complete the source.
func (sh *Shell) lacksEnd(text string) bool {
	_, err := sh.parse(text)
	return lacksMore(err)
}

func lacksMore(err error) bool {
	_, lacking := err.(unfinished)
	return lacking
}

func (g *grammar) parse(src string) ([]statement, error) {
	var list []statement
	for pos := 0; pos < len(src); {
		st, next, err := g.statement(src, pos)
		if err != nil {
			return list, err
		}
		if !st.empty() {
			if st.text == "" {
				st.text = strings.TrimRight(strings.TrimSpace(src[st.pos:next]), "; \t\r\n")
			}
			list = append(list, st)
		}
		pos = next
	}
	return list, nil
}

// statement reads the one at pos and says where the next begins.
func (g *grammar) statement(src string, pos int) (st statement, next int, err error) {
	l := &lexer{src: src, pos: pos, loose: g.loose, aliases: g.aliases}
	l.blanks()
	st.pos = l.pos
	if l.ended() {
		return st, l.pos, nil
	}
	return g.statementAt(st, l)
}

func (g *grammar) statementAt(st statement, l *lexer) (statement, int, error) {
	if l.aliases {
		if expanded, next, ok, err := g.aliased(st, l); ok {
			return expanded, next, err
		}
	}
	rest := l.src[l.pos:]
	first := rawWord(rest)
	switch name, after := assignment(rest); {
	case rest[0] == '!':
		l.pos++
		st.prog = true
	case first == "try" && l.more(len(first)):
		st.try = true
		return g.statementAt(st, l)
	case first == "lua":
		st.forced = true
		return g.luaStatement(st, l.src, l.pos+len(first))
	case name != "" && g.sh.isCommand(name) && !g.loose:
		return st, l.pos, reserved(name, rest)
	case name != "" && (g.sh.yields(rest[after:]) || g.loose && g.sh.isFamily(rawWord(rest[after:]), rest[after:])):
		st.name = name
		l.pos += after
	case !g.isCommand(first) || name != "":
		return g.luaStatement(st, l.src, l.pos)
	}
	words, err := l.command()
	if st.words = words; words == nil {
		st.words = []word{}
	}
	return st, l.pos, err
}

// more steps over the word that the lexer is at, and the blanks and comment
// behind it, if the command goes on there.
func (l *lexer) more(word int) bool {
	after := *l
	after.pos += word
	after.blanks()
	if next := after; next.ended() {
		return false
	}
	l.pos = after.pos
	return true
}

// reserved is the refusal to hide a command behind a variable.
func reserved(name, rest string) error {
	return primitive.Usagef("%s is a command", name).
		WithHint("to set a variable of that name all the same: lua %s", primitive.Escape(firstLine(rest), false))
}

// rawWord is what s begins with up to a blank or ';', unread otherwise.
func rawWord(s string) string {
	if i := strings.IndexAny(s, " \t\r\n;"); i >= 0 {
		return s[:i]
	}
	return s
}

// assignment is the NAME of "NAME = …" and where the right side begins.
func assignment(s string) (name string, after int) {
	name = identifier(s)
	rest := strings.TrimLeft(s[len(name):], " \t")
	if name == "" || !strings.HasPrefix(rest, "=") || strings.HasPrefix(rest, "==") {
		return "", 0
	}
	return name, len(s) - len(strings.TrimLeft(rest[1:], " \t"))
}

// isCommand is the shell's; a line that is looked at may begin with an alias.
func (g *grammar) isCommand(first string) bool {
	if _, ok := g.sh.aliases.get(first); ok && g.loose {
		return true
	}
	return g.sh.isCommand(first)
}

// isCommand is whether a line that begins with the word is a command.
func (sh *Shell) isCommand(first string) bool {
	if first == "" {
		return false
	}
	return sh.own[first] != nil || sh.table.Begins(first) || sh.luaCommand(first) != nil
}

// yields is whether the right side of an assignment is a command with a result.
// The name of a family alone is its Lua table.
func (sh *Shell) yields(right string) bool {
	first := rawWord(right)
	if first == "" {
		return false
	}
	if own := sh.own[first]; own != nil {
		return own.yields
	}
	if _, used := sh.table.Find(first); used > 0 || sh.luaCommand(first) != nil {
		return true
	}
	after := strings.TrimLeft(right[len(first):], " \t")
	return len(sh.table.Family(first)) > 0 && identifier(after) != ""
}

// isFamily is whether a right side begins with the name of a family and a blank:
// its verb is still to come.
func (sh *Shell) isFamily(name, right string) bool {
	return len(right) > len(name) && slices.Contains(sh.table.Families(), name)
}

// luaStatement takes the rest of the physical line, and as many further lines
// as the chunk needs.
func (g *grammar) luaStatement(st statement, src string, pos int) (statement, int, error) {
	end := pos + len(firstLine(src[pos:]))
	for end < len(src) && g.incomplete(src[pos:end]) {
		end += 1 + len(firstLine(src[end+1:]))
	}
	st.lua = strings.TrimSpace(src[pos:end])
	st.luaPos = end - len(strings.TrimLeft(src[pos:end], " \t\r\n"))
	if end == len(src) && !g.loose && g.incomplete(src[pos:end]) {
		return st, end, unfinished{primitive.Usagef("this Lua is not complete")}
	}
	return st, min(end+1, len(src)), nil
}
