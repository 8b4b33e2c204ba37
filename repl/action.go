package repl

import (
	"context"
	"strings"

	"sosh/docgen"
	"sosh/primitive"
	"sosh/session"
)

// withAction makes one word of the command that a row takes as its last argument:
// its words, flags and operators are its own. A final '&' is not.
func (sh *Shell) withAction(st statement) statement {
	at := sh.actionAt(st.words)
	if at < 0 {
		return st
	}
	words := st.words[at:]
	var behind []word
	if last := words[len(words)-1]; last.bare() == "&" && !last.arg {
		words, behind = words[:len(words)-1], words[len(words)-1:]
	}
	if len(words) == 0 || len(words) == 1 && words[0].isValue() {
		return st
	}
	action := word{action: &primitive.Action{Line: sourceOf(st, words)}}
	st.words = append(append(st.words[:at:at], action), behind...)
	return st
}

// isValue is whether the word is nothing but a value of Lua.
func (w word) isValue() bool { return !w.quoted && len(w.parts) == 1 && w.parts[0].expr != "" }

// sourceOf is a command as it was written; one in quotes is what they hold.
func sourceOf(st statement, words []word) string {
	first := words[0]
	if text, plain := first.plain(); plain && first.quoted && len(words) == 1 {
		return text
	}
	if !first.arg {
		return st.text[first.pos-st.pos : words[len(words)-1].end-st.pos]
	}
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i], _ = w.plain()
	}
	if len(texts) == 1 {
		return texts[0] // one argument of the program is a line
	}
	return quoteLine(texts)
}

// actionAt is where the command begins that a line's row takes; -1 for none.
func (sh *Shell) actionAt(words []word) int {
	if len(words) < 2 || sh.own[words[0].bare()] != nil {
		return -1
	}
	row, used := sh.table.Find(words[0].bare(), words[1].bare())
	if row == nil || row.Action() == nil {
		return -1
	}
	before := 0
	for _, p := range row.Params {
		if p.Positional && !p.IsAction() {
			before++
		}
	}
	for i := used; i < len(words); i++ {
		text := words[i].bare()
		switch {
		case strings.HasPrefix(text, "--"):
			if flagTakesWord(row, text[2:]) {
				i++
			}
		case before == 0:
			return i
		default:
			before--
		}
	}
	return -1
}

// flagTakesWord is whether the word behind a flag is its value.
func flagTakesWord(row *primitive.Row, flag string) bool {
	p, err := row.Flag(flag)
	return flag == "max-time" || err == nil && !p.IsSwitch()
}

// A lineRunner runs the commands of actions.
type lineRunner struct{ sh *Shell }

// Check finds a command that there is not, and a line that is not complete.
func (r lineRunner) Check(line string) error {
	list, err := r.sh.parse(line)
	if err != nil {
		return primitive.AsError(err)
	}
	if len(list) == 0 {
		return primitive.Usagef("there is no command")
	}
	for _, st := range list {
		if err := r.sh.checkStatement(st); err != nil {
			return err
		}
	}
	return nil
}

func (sh *Shell) checkStatement(st statement) error {
	if st.lua != "" {
		name := identifier(st.lua)
		rest := strings.TrimLeft(st.lua[len(name):], " \t")
		if name != "" && !st.forced && looksTyped(rest) && !isLuaWord(name) {
			return sh.table.Unknown(name, sh.commandNames()...)
		}
		return nil
	}
	if st.prog || len(st.words) == 0 || sh.own[st.words[0].bare()] != nil {
		return nil
	}
	second := ""
	if len(st.words) > 1 {
		second = st.words[1].bare()
	}
	if row, _ := sh.table.Find(st.words[0].bare(), second); row != nil {
		return nil
	}
	_, err := sh.familyJob(st.words[0].bare(), second)
	return err
}

// Do runs a line beside others, about a handle. It is a part of what was typed,
// and not recorded by itself. The program's --json holds for it too; one of the
// command that it is an argument of does not.
func (r lineRunner) Do(ctx context.Context, line string, it primitive.Handle) error {
	list, err := r.sh.parse(line)
	f := r.sh.frame()
	f.task, f.it = true, it
	for _, st := range list {
		if err != nil {
			break
		}
		_, err = r.sh.do(inside(ctx), st, f)
	}
	return err
}

// Bind reads a line that is one command and nothing else: what explain is about.
func (r lineRunner) Bind(ctx context.Context, line string) (*primitive.Row, *primitive.Args, error) {
	if err := r.Check(line); err != nil {
		return nil, nil, err
	}
	list, err := r.sh.parse(line)
	if err != nil {
		return nil, nil, primitive.AsError(err)
	}
	if len(list) != 1 || list[0].words == nil || list[0].prog || list[0].name != "" || len(list[0].words) == 0 {
		return nil, nil, primitive.Usagef("one command is to follow").WithHint("explain tcp connect HOST PORT")
	}
	words := list[0].words
	second := ""
	if len(words) > 1 {
		second = words[1].bare()
	}
	row, used := r.sh.table.Find(words[0].bare(), second)
	switch {
	case row == nil && r.sh.own[words[0].bare()] != nil:
		e := primitive.Usagef("%s is a command of the shell alone", words[0].bare())
		return nil, nil, e.WithHint("a network command follows: explain tcp connect HOST PORT")
	case row == nil:
		_, err := r.sh.familyJob(words[0].bare(), second)
		return nil, nil, err
	}
	args, err := r.sh.expand(ctx, words[used:])
	if err != nil {
		return nil, nil, err
	}
	f := r.sh.frame()
	f.task, f.it = session.TaskFrom(ctx) != nil, session.Subject(ctx)
	bound, _, err := r.sh.bind(row, args, f)
	return row, bound, err
}

// Script writes calls in Lua.
func (r lineRunner) Script(calls []primitive.Call) string { return docgen.Export(calls) }

// subject is what it and _ mean in an action.
func subject(ctx context.Context, name string) primitive.Handle {
	if name != "it" && name != "_" {
		return nil
	}
	return session.Subject(ctx)
}

// current is the handle that stands in for one left out: in an action the one it
// is about.
func (sh *Shell) current(f frame) primitive.CurrentFunc {
	if f.it == nil {
		return sh.session.Current
	}
	return func(fits func(primitive.Handle) bool) (primitive.Handle, error) {
		if fits(f.it) {
			return f.it, nil
		}
		return nil, nil
	}
}
