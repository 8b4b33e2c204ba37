package repl

import (
	"context"
	"os"
	"strconv"
	"strings"

	"sosh/primitive"
)

// An argument is a word with its values filled in.
type argument struct {
	text  string
	value any  // a handle or a function, of $name alone; then text is ""
	bare  bool // may be a flag; a handle or @file too, but for:
	arg   bool // a program argument
}

// expand fills in the values of words.
func (sh *Shell) expand(ctx context.Context, words []word) ([]argument, error) {
	args := make([]argument, len(words))
	for i, w := range words {
		a, err := sh.argument(ctx, w)
		if err != nil {
			return nil, err
		}
		args[i] = a
	}
	return args, nil
}

func (sh *Shell) argument(ctx context.Context, w word) (argument, error) {
	if w.action != nil {
		return argument{value: *w.action}, nil
	}
	if text, ok := w.plain(); ok {
		return argument{text: text, bare: !w.quoted && !w.data, arg: w.arg}, nil
	}
	var b strings.Builder
	for _, p := range w.parts {
		if p.expr == "" {
			b.WriteString(p.text)
			continue
		}
		v, err := sh.evaluate(ctx, p)
		if err != nil {
			return argument{}, err
		}
		text, ok := scalarText(v)
		if !ok && len(w.parts) == 1 && !w.quoted && passes(v) {
			return argument{value: withName(v, p)}, nil
		}
		if !ok {
			return argument{}, unfit(p, v)
		}
		b.WriteString(text)
	}
	// "--flag=$x" is a flag with a value; a word that begins with a value never is.
	return argument{text: b.String(), bare: !w.quoted && !w.data && w.parts[0].expr == ""}, nil
}

// A global is a function with the name it was found under.
type global struct {
	primitive.Callable
	name string
}

// Global is the name.
func (g global) Global() string { return g.name }

// withName keeps the name of a function that was given as $name, for the record.
func withName(v any, p part) any {
	if fn, ok := v.(primitive.Callable); ok && p.pure {
		return global{fn, p.expr}
	}
	return v
}

// text is a word that can only be text: the name of a file or program.
func (sh *Shell) text(ctx context.Context, w word) (string, error) {
	a, err := sh.argument(ctx, w)
	if err == nil && a.value != nil {
		err = primitive.Usagef("a handle or function cannot stand here")
	}
	return a.text, err
}

// evaluate is the value of $name or ${expr}.
func (sh *Shell) evaluate(ctx context.Context, p part) (any, error) {
	if sh.lua == nil {
		return nil, primitive.Newf(primitive.Unsupported, "there is no Lua here")
	}
	if p.pure {
		if h := subject(ctx, p.expr); h != nil {
			return h, nil
		}
		if v, ok := sh.lua.Get(p.expr); ok && v != nil {
			return v, nil
		}
		if h, err := sh.session.Lookup(p.expr); err == nil && h != nil {
			return h, nil
		}
	}
	values, err := sh.lua.Run(ctx, "return "+p.expr, "${"+p.expr+"}")
	if err != nil {
		return nil, err
	}
	if len(values) == 0 || values[0] == nil {
		return nil, unfit(p, nil)
	}
	return values[0], nil
}

// passes is whether a value reaches a command as it is.
func passes(v any) bool {
	switch v.(type) {
	case primitive.Handle, primitive.Callable:
		return true
	}
	return false
}

func scalarText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case primitive.Bytes:
		return string(v), true
	case []byte:
		return string(v), true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return primitive.FormatNumber(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	}
	return "", false
}

func unfit(p part, v any) error {
	name := "${" + p.expr + "}"
	if p.pure {
		name = "$" + p.expr
	}
	name = primitive.Escape(name, false)
	switch v.(type) {
	case nil:
		return primitive.Usagef("%s is nil", name).WithHint("set it first: %s = …", strings.TrimPrefix(name, "$"))
	case primitive.Handle, primitive.Callable:
		return primitive.Usagef("%s cannot be a part of a word", name).WithHint("give it as a word of its own, without quotes")
	}
	return primitive.Usagef("%s is no text, number, handle or function", name)
}

// given is the argument as the door takes it: text to be parsed, or a value.
func (a argument) given() (any, error) {
	switch {
	case a.value != nil:
		return a.value, nil
	case a.bare && !a.arg && len(a.text) > 1 && a.text[0] == '@':
		return fileBytes(a.text[1:])
	}
	return primitive.Word(a.text), nil
}

// Most bytes of a file given as @file.
const maxFile = 1 << 30

// fileBytes reads a file as data. A string is taken as it is by every kind.
func fileBytes(name string) (any, error) {
	info, err := os.Stat(name)
	if err == nil && info.Size() > maxFile {
		return nil, primitive.Newf(primitive.Oversized, "%s is larger than 1 GiB", primitive.Quote(name))
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(name)
	}
	if err != nil {
		e := primitive.AsError(fileError(name, err))
		return nil, e.WithHint(`@NAME is the bytes of a file; for the text itself write "@%s"`, primitive.Escape(name, false))
	}
	return string(data), nil
}

// fileError is a failure of the file system in our words.
func fileError(name string, err error) error {
	e := *primitive.AsError(err)
	switch e.Kind {
	case primitive.NotFound:
		e.Cause = "no such file"
	case primitive.Denied:
		e.Cause = "permission denied"
	}
	e.Target = primitive.Escape(name, false)
	return &e
}
