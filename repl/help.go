package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"sosh/docgen"
	"sosh/primitive"
	"sosh/repl/style"
)

func runHelp(ctx context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	words := slices.DeleteFunc(slices.Clone(texts), func(w string) bool { return w == "--json" || w == "--run" })
	switch {
	case slices.Contains(texts, "--run"):
		return nil, sh.runExample(ctx, c.f, strings.Join(words, " "))
	case c.f.json || slices.Contains(texts, "--json"):
		return nil, sh.helpJSON(c.f, words)
	}
	return nil, sh.help(ctx, c.f, strings.Join(words, " "))
}

// help shows the help of a command, a family, a topic or an alias, or of all when
// the name is "".
func (sh *Shell) help(ctx context.Context, f frame, name string) error {
	text, err := sh.helpText(strings.Join(strings.Fields(name), " "))
	if err != nil {
		return err
	}
	if f.tty {
		text = style.Fold(text, sh.width())
	}
	return sh.page(ctx, f, f.safe(text))
}

func (sh *Shell) helpText(name string) (string, error) {
	if name == "" {
		return sh.overview(), nil
	}
	var parts []string
	if text, ok := docgen.Topic(name); ok {
		parts = append(parts, text)
	}
	if text := sh.commandHelp(name); text != "" {
		parts = append(parts, text)
	}
	if parts == nil {
		return "", sh.table.Unknown(name, append(sh.commandNames(), docgen.Topics()...)...)
	}
	return strings.Join(parts, "\n"), nil
}

// commandHelp is the help of what a line can begin with; "" for other words.
func (sh *Shell) commandHelp(name string) string {
	words := strings.Fields(name)
	if row := sh.table.Named(words...); row != nil {
		return docgen.Help(row) + "\nhelp " + row.Name + " --run runs it\n"
	}
	if len(words) == 1 && len(sh.table.Family(name)) > 0 {
		return docgen.Family(sh.table, name)
	}
	if own := sh.own[name]; own != nil {
		return own.names[0] + ": " + own.short + "\n\nusage: " + own.usage + "\n" + own.more()
	}
	if c := sh.luaCommand(name); c != nil {
		return luaHelp(c)
	}
	if text, ok := sh.aliases.get(name); ok {
		return name + ": alias for " + text + "\n"
	}
	return ""
}

// more is what is told of a command that has a list of its own.
func (own *ownCommand) more() string {
	if own.names[0] != "set" {
		return ""
	}
	var b strings.Builder
	b.WriteString("\noptions:\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, o := range allSettings() {
		fmt.Fprintf(w, "    %s\t%s\n", o.name, o.meaning())
	}
	w.Flush()
	return b.String()
}

// overview lists all commands.
func (sh *Shell) overview() string {
	var b strings.Builder
	b.WriteString("commands, in the shell and in Lua:\n" + docgen.Overview(sh.table) + "\nof the shell alone:\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, c := range ownCommands() {
		fmt.Fprintf(w, "  %s\t%s\n", c.names[0], c.short)
	}
	w.Flush()
	b.WriteString(sh.ownWords())
	b.WriteString("\ntopics: " + strings.Join(docgen.Topics(), ", ") + "\n")
	b.WriteString("\nhelp COMMAND tells all about one; anything that is no command is Lua\n")
	return b.String()
}

// runExample runs the example of a command as if it were typed, in a session of
// its own that is closed afterwards: nothing of the person's is touched. What the
// example needs is started on loopback.
func (sh *Shell) runExample(ctx context.Context, f frame, name string) error {
	row := sh.table.Named(strings.Fields(name)...)
	if row == nil {
		return primitive.Usagef("which command's example?").WithHint("help tcp connect --run")
	}
	return sh.demonstrate(ctx, f, row)
}
