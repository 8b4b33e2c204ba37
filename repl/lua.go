package repl

import (
	"context"
	"strings"

	"sosh/primitive"
)

// doLua runs a piece of Lua and shows the values of an expression.
func (sh *Shell) doLua(ctx context.Context, st statement, f frame) (any, error) {
	if sh.lua == nil {
		return nil, sh.table.Unknown(rawWord(st.lua), sh.commandNames()...)
	}
	sh.heed()
	values, err := sh.lua.Run(inside(ctx), f.numbered(st.lua), f.chunk)
	if !leaves(err) {
		sh.record(ctx, primitive.Call{Lua: st.lua, Line: st.text, Shows: len(values) > 0, Err: err})
	}
	if err != nil {
		return nil, sh.mistaken(st, err)
	}
	if len(values) == 0 {
		return nil, nil
	}
	sh.keep(values[0], f)
	if f.silent {
		return values[0], nil
	}
	return values[0], sh.showValues(ctx, values, f)
}

// numbered is a chunk with its lines numbered as in the file it is from.
func (f frame) numbered(source string) string { return strings.Repeat("\n", f.line) + source }

// showValues shows what a Lua expression gave, on one line.
func (sh *Shell) showValues(ctx context.Context, values []any, f frame) error {
	texts := make([]string, len(values))
	for i, v := range values {
		if f.json {
			if data, err := primitive.JSON(v); err == nil {
				texts[i] = string(data)
				continue
			}
		}
		texts[i] = sh.shown(v, f)
	}
	return sh.page(ctx, f, strings.Join(texts, "\t"))
}

// shown is a value of Lua as a person sees it.
func (sh *Shell) shown(v any, f frame) string {
	text := sh.lua.Show(v)
	switch v := v.(type) {
	case primitive.Handle:
		return painted(func(line string) string { return f.look.Handle(v.Name(), line) }, text)
	case float64, int64:
		return f.look.Number(text)
	case bool:
		return f.look.Word(text)
	}
	return f.look.Escapes(text)
}

// mistaken tells a mistyped command from a mistake in Lua: a call of, or a
// mistake in the source after, a name that nothing has.
func (sh *Shell) mistaken(st statement, err error) error {
	source := st.lua
	name := identifier(source)
	if name == "" || st.forced || isLuaWord(name) || sh.isCommand(name) {
		return err
	}
	if v, ok := sh.lua.Get(name); ok && v != nil {
		return err
	}
	if text, ok := sh.aliases.get(name); ok {
		return unknown{primitive.Usagef("%s is an alias, which only lines that are typed may use", name).WithHint("write what it stands for: %s", text)}
	}
	rest := strings.TrimLeft(source[len(name):], " \t")
	inSource := primitive.KindOf(err) == primitive.Usage
	called := rest == "" || strings.ContainsRune(`("'{.:`, rune(rest[0]))
	near := primitive.Nearest(name, sh.commandNames())
	if near != "" && (inSource || called) || inSource && looksTyped(rest) {
		return unknown{sh.table.Unknown(name, sh.commandNames()...)}
	}
	return err
}

// An unknown error is about a command, where Lua was tried: it does not say its
// place as those of Lua do.
type unknown struct{ error }

func (e unknown) Unwrap() error { return e.error }

// looksTyped is whether what follows a name is like the words of a command, and
// not like Lua.
func looksTyped(rest string) bool {
	if rest == "" {
		return false
	}
	c := rest[0]
	return c == '_' || c == '-' || c == '/' || c == '$' || isLetter(c) || c >= '0' && c <= '9'
}

// isLuaWord is whether a name has a meaning of its own in Lua.
func isLuaWord(name string) bool {
	switch name {
	case "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
		"local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while":
		return true
	}
	return false
}
