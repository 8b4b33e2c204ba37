package docgen

import (
	"fmt"
	"slices"
	"strings"

	"sosh/primitive"
)

// Shells lists the shells that Completion knows.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// Completion is a script that teaches another shell the program's words:
// commands, flags, the values of both, lessons and files. An unknown shell is
// an error of kind usage.
func Completion(t *primitive.Table, shell string, p Program) (string, error) {
	w := &completionWriter{table: t, program: p}
	switch shell {
	case "bash":
		w.bash()
	case "zsh":
		w.zsh()
	case "fish":
		w.fish()
	default:
		e := primitive.Usagef("no completion for %s", primitive.Quote(shell))
		return "", e.WithHint("it is made for %s", strings.Join(Shells(), ", "))
	}
	return w.b.String(), nil
}

type completionWriter struct {
	b       strings.Builder
	table   *primitive.Table
	program Program
}

func (w *completionWriter) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

// A word is a candidate and what it means.
type word struct{ text, help string }

func texts(words []word) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.text
	}
	return strings.Join(list, " ")
}

// single is text between single quotes; how a quote stands inside is the shell's.
func single(text, quote string) string { return "'" + strings.ReplaceAll(text, "'", quote) + "'" }

// topics are the words that help takes, and a command line begins with.
func (w *completionWriter) topics() []word {
	var list []word
	for _, f := range w.table.Families() {
		list = append(list, word{f, "commands: " + verbs(w.table.Family(f))})
	}
	for r := range w.table.All() {
		if r.Family() == "" {
			list = append(list, word{r.Name, r.Short})
		}
	}
	for _, c := range w.program.Commands {
		if !slices.ContainsFunc(list, func(x word) bool { return x.text == c.Name }) {
			list = append(list, word{c.Name, c.Short})
		}
	}
	return list
}

func verbs(rows []*primitive.Row) string {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.Verb()
	}
	return strings.Join(names, ", ")
}

// seconds are the second words of a family.
func (w *completionWriter) seconds(family string) []word {
	var list []word
	for _, r := range w.table.Family(family) {
		list = append(list, word{r.Verb(), r.Short})
	}
	return list
}

// options are those of the program, long and short.
func (w *completionWriter) options(valued bool) []word {
	var list []word
	for _, o := range w.program.Options {
		if valued && o.Value == "" {
			continue
		}
		for _, name := range []string{o.Name, o.Short} {
			if name != "" {
				list = append(list, word{name, o.Help})
			}
		}
	}
	return list
}

func (w *completionWriter) lessons() []word {
	var list []word
	for _, l := range w.program.Lessons {
		list = append(list, word{l.Name, l.Title})
	}
	return list
}

func shellWords() []word {
	var list []word
	for _, s := range Shells() {
		list = append(list, word{s, "completion for " + s})
	}
	return list
}

// flagWords are the flags of a command, its own first.
func (w *completionWriter) flagWords(r *primitive.Row) []word {
	var list []word
	for _, p := range r.Params {
		if !p.Positional {
			list = append(list, word{"--" + p.FlagName(), p.Help})
		}
	}
	list = append(list, serviceFlags(r, false)...)
	for _, f := range w.program.Flags {
		list = append(list, word{f.Name, f.Help})
	}
	return list
}

// valuedFlags are the flags that a value follows.
func (w *completionWriter) valuedFlags(r *primitive.Row) []word {
	var list []word
	for _, p := range r.Params {
		if !p.Positional && !p.IsSwitch() {
			list = append(list, word{"--" + p.FlagName(), p.Help})
		}
	}
	list = append(list, serviceFlags(r, true)...)
	for _, f := range w.program.Flags {
		if f.Value != "" {
			list = append(list, word{f.Name, f.Help})
		}
	}
	return list
}

// serviceFlags are those of a row's services, each once.
func serviceFlags(r *primitive.Row, valued bool) []word {
	var list []word
	for _, s := range r.ServiceRows() {
		for _, p := range s.Params {
			name := "--" + p.FlagName()
			known := slices.ContainsFunc(list, func(w word) bool { return w.text == name })
			if !p.Positional && !known && !(valued && p.IsSwitch()) {
				list = append(list, word{name, s.Verb() + ": " + p.Help})
			}
		}
	}
	return list
}

// A choice is a place where one of a few words is to stand: behind a flag, or as
// the positional of that number.
type choice struct {
	at    string
	param *primitive.Param
}

// choices lists the places of a row that take one of a few words. Handles do not
// count as positionals: a command of its own has none. An address is one word or
// two, so what follows it is left open.
func choices(r *primitive.Row) []choice {
	var list []choice
	number, certain := 0, true
	for _, p := range r.Params {
		at := "--" + p.FlagName()
		if p.Positional {
			if p.IsHandle() {
				continue
			}
			number++
			at = fmt.Sprint(number)
			certain = certain && !isAddress(p)
		}
		if p.Enum != nil && (!p.Positional || certain) {
			list = append(list, choice{at, p})
		}
	}
	return list
}
