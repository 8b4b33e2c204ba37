package repl

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"sosh/primitive"
)

// luaCommand is the command that a script defined by that name, or nil.
func (sh *Shell) luaCommand(name string) *primitive.ScriptCommand {
	if sh.lua == nil || name == "" || identifier(name) != name {
		return nil
	}
	for _, c := range sh.lua.Commands() {
		if c.Name == name {
			return &c
		}
	}
	return nil
}

// scriptCommands lists them.
func (sh *Shell) scriptCommands() []primitive.ScriptCommand {
	if sh.lua == nil {
		return nil
	}
	return sh.lua.Commands()
}

// luaJob is a command that a script defined, ready to run.
func (sh *Shell) luaJob(c *primitive.ScriptCommand, st statement, words []word) job {
	return job{run: func(ctx context.Context, f frame) (any, error) {
		values, flags, err := sh.luaArguments(ctx, words, f)
		if err != nil || flags.help {
			return nil, orElse(err, sh.help(ctx, f, c.Name))
		}
		if err := c.Check(len(values)); err != nil {
			return nil, err
		}
		f.json, f.quiet = flags.json, flags.quiet
		sh.heed()
		ctx, cancel := within(ctx, flags.maxTime)
		defer cancel()
		results, err := c.Run.Call(inside(ctx), values...)
		err = c.Missed(len(values), err)
		if !leaves(err) {
			sh.record(ctx, primitive.Call{Line: st.text, Err: err})
		}
		result, err := outcome(c, results, err)
		if err == nil {
			result, err = sh.finishLua(ctx, st, result, results, f)
		}
		return result, flags.mark(err)
	}}
}

// luaArguments are the words as a script gets them: handles as handles, all else
// as strings. The flags that every command has are taken out.
func (sh *Shell) luaArguments(ctx context.Context, words []word, f frame) (values []any, flags common, err error) {
	args, err := sh.expand(ctx, words)
	if err != nil {
		return nil, flags, err
	}
	flags = common{json: f.json, quiet: f.quiet}
	if len(args) == 1 && args[0].bare && args[0].text == "?" {
		flags.help = true
	}
	b := &binder{sh: sh, frame: f}
	for i := 0; i < len(args); i++ {
		if args[i].bare && strings.HasPrefix(args[i].text, "--") {
			used, known, err := flags.common(args[i].text[2:], args[i+1:])
			if err != nil {
				return nil, flags, err
			}
			if known {
				i += used
				continue
			}
		}
		v, err := b.scriptValue(args[i])
		if err != nil {
			return nil, flags, err
		}
		values = append(values, v)
	}
	return values, flags, nil
}

// common takes one of the flags that every command has.
func (c *common) common(text string, next []argument) (used int, known bool, err error) {
	name, value, has := strings.Cut(text, "=")
	given := argument{text: value}
	known, err = c.set(name, &given, func() error {
		if has {
			return nil
		}
		if len(next) == 0 {
			return primitive.Usagef("--%s needs a value", name)
		}
		given, used = next[0], 1
		return nil
	}, has)
	return used, known, err
}

func (b *binder) scriptValue(a argument) (any, error) {
	if h, err := b.handle(a); h != nil || err != nil {
		return h, err
	}
	v, err := a.given()
	if w, ok := v.(primitive.Word); ok {
		return string(w), err
	}
	return v, err
}

// outcome is the first result, or the failure that nil, message, kind means.
func outcome(c *primitive.ScriptCommand, results []any, err error) (any, error) {
	if err != nil || len(results) == 0 {
		return nil, err
	}
	text, failed := "", false
	if len(results) > 1 && results[0] == nil {
		text, failed = results[1].(string)
	}
	if !failed {
		return results[0], nil
	}
	kind := primitive.Failed
	if len(results) > 2 {
		if k, ok := results[2].(string); ok && slices.Contains(primitive.Kinds(), primitive.Kind(k)) {
			kind = primitive.Kind(k)
		}
	}
	e := primitive.Newf(kind, "%s", primitive.Visible(text))
	e.Op = c.Name
	return nil, e
}

// finishLua shows what a script's command gave as any other result is shown;
// tables as Lua does. True alone says only that it went well.
func (sh *Shell) finishLua(ctx context.Context, st statement, result any, results []any, f frame) (any, error) {
	switch result.(type) {
	case nil:
		return nil, nil
	case bool:
		if len(results) == 1 {
			sh.keep(result, f)
			return result, nil
		}
	case primitive.Handle, primitive.Bytes, string:
		return sh.finish(ctx, nil, st, result, nil, f)
	}
	sh.keep(result, f)
	if f.silent || st.name != "" {
		return result, nil
	}
	return result, sh.showValues(ctx, results, f)
}

// luaHelp is the help of a script's command.
func luaHelp(c *primitive.ScriptCommand) string {
	var b strings.Builder
	head, rest, _ := strings.Cut(c.Help, "\n")
	if head == "" {
		head = "A command of yours"
	}
	fmt.Fprintf(&b, "%s: %s\n\nusage: %s\n", c.Name, head, c.Usage())
	if rest != "" {
		b.WriteString("\n" + rest + "\n")
	}
	fmt.Fprintf(&b, "\nLua:   command.%s, %s\n", c.Name, c.Run)
	return b.String()
}

// ownWords lists the commands of scripts and the aliases, for the overview.
func (sh *Shell) ownWords() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, c := range sh.scriptCommands() {
		short, _, _ := strings.Cut(c.Help, "\n")
		fmt.Fprintf(w, "  %s\t%s\n", c.Name, short)
	}
	for _, name := range sh.aliases.names() {
		text, _ := sh.aliases.get(name)
		fmt.Fprintf(w, "  %s\talias for %s\n", name, text)
	}
	w.Flush()
	if b.Len() == 0 {
		return ""
	}
	return "\nof your own:\n" + b.String()
}

// initialize runs the person's init.lua. A failure is told, and the prompt comes
// all the same.
func (sh *Shell) initialize(ctx context.Context, f frame) {
	path := sh.opts.InitFile
	if path == "" || sh.noInit || sh.lua == nil {
		return
	}
	if _, err := os.Stat(path); err != nil {
		if !os.IsNotExist(err) {
			sh.report(fileError(path, err), "", f)
		}
		return
	}
	ctx, stop := sh.interruptible(ctx, 0)
	defer stop()
	if err := sh.lua.RunFile(inside(ctx), path, nil); err != nil && !leaves(err) {
		sh.report(err, "", f)
	}
}
