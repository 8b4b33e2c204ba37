package repl

import (
	"context"
	"slices"
	"strings"
	"sync"

	"sosh/primitive"
)

// Aliases are names that a person gave to the beginning of a command. They mean
// something only in lines that are typed: a script does not depend on them.
type aliases struct {
	mu    sync.Mutex
	texts map[string]string
}

func (a *aliases) get(name string) (text string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	text, ok = a.texts[name]
	return text, ok
}

// Most aliases, and the longest.
const (
	maxAliases = 1000
	maxAlias   = 4 << 10
)

func (a *aliases) set(name, text string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.texts) >= maxAliases || len(text) > maxAlias {
		return primitive.Newf(primitive.Oversized, "at most %d aliases of %d bytes", maxAliases, maxAlias)
	}
	if a.texts == nil {
		a.texts = map[string]string{}
	}
	a.texts[name] = text
	return nil
}

func (a *aliases) remove(name string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, ok := a.texts[name]
	delete(a.texts, name)
	return ok
}

// names lists them in order.
func (a *aliases) names() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	names := make([]string, 0, len(a.texts))
	for name := range a.texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// runAlias lists the aliases, shows one, or defines one.
func runAlias(_ context.Context, sh *Shell, c ownCall) (any, error) {
	c = c.listing()
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, sh.listAliases(c.f)
	}
	name, text := c.definition()
	if text == "" && len(texts) == 1 {
		known, ok := sh.aliases.get(name)
		if !ok {
			return nil, primitive.Newf(primitive.NotFound, "there is no alias %s", primitive.Quote(name)).
				WithHint("to make one: alias NAME = COMMAND")
		}
		return nil, c.f.text(known)
	}
	if err := sh.checkAlias(name, text); err != nil {
		return nil, err
	}
	return nil, sh.aliases.set(name, text)
}

func (sh *Shell) listAliases(f frame) error {
	list := []any{}
	for _, name := range sh.aliases.names() {
		text, _ := sh.aliases.get(name)
		list = append(list, primitive.Record{{Name: "alias", Value: name}, {Name: "command", Value: text}})
	}
	if f.json {
		return writeJSON(f.out, list)
	}
	if len(list) == 0 {
		return nil
	}
	return showList(f, list)
}

// definition is the name and the text of "NAME = COMMAND …", with or without the
// sign. The text is as typed, so that values are filled in when the alias is
// used; one word in quotes is what it says.
func (c ownCall) definition() (name, text string) {
	source := c.source()
	name = source[:len(source)-len(strings.TrimLeft(source, safeName))]
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(source[len(name):]), "="))
	l := &lexer{src: text}
	if words, err := l.command(); err == nil && len(words) == 1 && words[0].quoted {
		if plain, ok := words[0].plain(); ok {
			text = strings.TrimSpace(plain)
		}
	}
	return name, text
}

// source is the arguments as typed.
func (c ownCall) source() string {
	words := c.st.words[len(c.st.words)-len(c.args):]
	if words[0].arg {
		var texts []string
		for _, a := range c.args {
			texts = append(texts, a.text)
		}
		return strings.Join(texts, " ")
	}
	return c.st.text[words[0].pos-c.st.pos : words[len(words)-1].end-c.st.pos]
}

func (sh *Shell) checkAlias(name, text string) error {
	first := rawWord(text)
	switch {
	case identifier(name) == "" || strings.Trim(name, safeName) != "":
		return primitive.Usagef("%s is no name for an alias", primitive.Quote(name)).WithHint("letters, digits, _ and -, a letter first")
	case slices.Contains([]string{"alias", "unalias", "lua", "try"}, name):
		return primitive.Usagef("%s keeps its meaning", name)
	case text == "":
		return primitive.Usagef("an alias stands for a command").WithHint("alias %s = handles", name)
	case strings.HasPrefix(text, "!") && len(text) > 1 || sh.isCommand(first):
		return nil
	}
	return primitive.Usagef("%s is no command", primitive.Quote(first)).
		WithHint("an alias begins with a command; for Lua define a command: function command.%s() … end", identifier(name))
}

// Characters of the name of an alias.
const safeName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

func runUnalias(_ context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, primitive.Usagef("which alias?")
	}
	for _, name := range texts {
		if !sh.aliases.remove(name) {
			return nil, primitive.Newf(primitive.NotFound, "there is no alias %s", primitive.Quote(name)).WithHint("alias lists them")
		}
	}
	return nil, nil
}

// parseTyped is parse for a line that a person typed: aliases mean something.
func (sh *Shell) parseTyped(src string) ([]statement, error) {
	g := sh.grammar()
	g.aliases = true
	return g.parse(src)
}

// typedLacksEnd is lacksEnd for what a person types.
func (sh *Shell) typedLacksEnd(text string) bool {
	_, err := sh.parseTyped(text)
	return lacksMore(err)
}

// aliased is the statement of a line whose command is an alias; ok is whether
// it is. What the alias stands for is not looked up again.
func (g *grammar) aliased(st statement, l *lexer) (_ statement, next int, ok bool, err error) {
	start := l.pos
	if name, after := assignment(l.src[l.pos:]); name != "" {
		start += after
	}
	first := rawWord(l.src[start:])
	text, ok := g.sh.aliases.get(first)
	if !ok {
		return st, 0, false, nil
	}
	rest := &lexer{src: l.src, pos: start}
	if _, err := rest.command(); err != nil {
		return st, rest.pos, true, err
	}
	inner := &lexer{src: l.src[l.pos:start] + text + l.src[start+len(first):rest.pos]}
	expanded, _, err := g.statementAt(statement{try: st.try}, inner)
	expanded.text = strings.TrimRight(strings.TrimSpace(inner.src), "; \t\r\n")
	return expanded, rest.pos, true, err
}
