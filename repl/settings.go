package repl

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"sosh/primitive"
	"sosh/repl/history"
	"sosh/repl/style"
)

// A setting is an option of the shell, changed with set.
type setting struct {
	name, value, help string   // value is what it is at first
	values            []string // the words it allows; nil for any text
	check             func(text string) error
}

// allSettings is the one list of them: for set, its help and its completion.
func allSettings() []setting {
	return []setting{
		{name: "color", value: "auto", values: []string{"auto", "always", "never"}, help: "colours; auto heeds NO_COLOR, CLICOLOR_FORCE and the terminal"},
		{name: "edit", value: "emacs", values: []string{"emacs", "vi"}, help: "keys that edit the line"},
		{name: "history-size", value: strconv.Itoa(history.DefaultLimit), check: wholeNumber, help: "lines of the history to keep"},
		{name: "notify", value: notifyModes()[0], values: notifyModes(), help: "what is told above the prompt of what happens beside it"},
		{name: "pager", value: "auto", help: "program that shows what is longer than the window; auto: $PAGER, else less; off"},
		{name: "prompt", value: defaultPrompt, check: checkPrompt, help: "the prompt: text with " + fieldNames()},
	}
}

func wholeNumber(text string) error {
	if n, err := strconv.Atoi(text); err != nil || n < 0 || n > history.DefaultLimit {
		return primitive.Usagef("it is a number from 0 to %d, not %s", history.DefaultLimit, primitive.Quote(text))
	}
	return nil
}

// Settings are the values of all options.
type settings struct {
	mu     sync.Mutex
	values map[string]string // of all; nil until somebody asks
}

// get is the value of an option.
func (s *settings) get(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all()[name]
}

// all is the values by name; the caller holds the lock.
func (s *settings) all() map[string]string {
	if s.values == nil {
		s.values = map[string]string{}
		for _, o := range allSettings() {
			s.values[o.name] = o.value
		}
	}
	return s.values
}

// set changes an option. The name may be one that there is not, and the value
// one that it does not allow: errors of kind usage.
func (s *settings) set(name, value string) error {
	o, err := findSetting(name)
	if err != nil {
		return err
	}
	if o.values != nil && !slices.Contains(o.values, value) {
		return primitive.Usagef("%s is one of %s, not %s", name, strings.Join(o.values, ", "), primitive.Quote(value))
	}
	if o.check != nil {
		if err := o.check(value); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all()[name] = value
	return nil
}

func findSetting(name string) (setting, error) {
	var names []string
	for _, o := range allSettings() {
		if o.name == name {
			return o, nil
		}
		names = append(names, o.name)
	}
	e := primitive.Usagef("there is no option %s", primitive.Quote(name))
	if near := primitive.Nearest(name, names); near != "" {
		return setting{}, e.WithHint("did you mean %s?", near)
	}
	return setting{}, e.WithHint("the options are %s", strings.Join(names, ", "))
}

// runSet lists the options, shows one, or changes one.
func runSet(_ context.Context, sh *Shell, c ownCall) (any, error) {
	c = c.listing()
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	switch len(texts) {
	case 0:
		return nil, sh.listSettings(c.f)
	case 1:
		if _, err := findSetting(texts[0]); err != nil {
			return nil, err
		}
		return nil, c.f.text(sh.settings.get(texts[0]))
	case 2:
		if err := sh.settings.set(texts[0], texts[1]); err != nil {
			return nil, err
		}
		sh.applySettings()
		return nil, nil
	}
	return nil, primitive.Usagef("one value").WithHint(`a value with blanks stands in quotes: set prompt "%s"`, "{handle} $ ")
}

func (sh *Shell) listSettings(f frame) error {
	var list []any
	for _, o := range allSettings() {
		list = append(list, primitive.Record{
			{Name: "option", Value: o.name}, {Name: "value", Value: sh.settings.get(o.name)}, {Name: "meaning", Value: o.meaning()},
		})
	}
	if f.json {
		return writeJSON(f.out, list)
	}
	return showList(f, list)
}

func (o setting) meaning() string {
	if o.values == nil {
		return o.help
	}
	return fmt.Sprintf("%s (%s)", o.help, strings.Join(o.values, ", "))
}

// applySettings tells those who are open already.
func (sh *Shell) applySettings() {
	if source := sh.source.Load(); source != nil {
		if editor, ok := (*source).(interface{ SetVi(bool) }); ok {
			editor.SetVi(sh.settings.get("edit") == "vi")
		}
	}
	sh.notices.set(sh.settings.get("notify"))
	if n, err := strconv.Atoi(sh.settings.get("history-size")); err == nil {
		sh.history.SetLimit(n)
		sh.said.setLimit(n)
	}
}

// look is how text looks on an output.
func (sh *Shell) look(terminal bool) style.Style {
	return style.For(style.Mode(sh.settings.get("color")), terminal && sh.moves(), sh.env)
}

// moves is whether a terminal understands escape sequences: a dumb one does not,
// and the old console of Windows does not unless a program says so.
func (sh *Shell) moves() bool {
	if runtime.GOOS == "windows" && sh.env("WT_SESSION") == "" && sh.env("ANSICON") == "" && sh.env("TERM") == "" {
		return false
	}
	return sh.env("TERM") != "dumb"
}

// env is a variable of the environment.
func (sh *Shell) env(name string) string { return sh.opts.Env(name) }
