package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sosh/docgen"
	"sosh/primitive"
)

// programOptions is the one list of the program's own options, for its help,
// completion and man page; what they do is in invocation.
func programOptions() []docgen.Option {
	return []docgen.Option{
		{Name: "-c", Value: "COMMANDS", Help: "run these commands"},
		{Name: "-i", Help: "stay in the shell afterwards"},
		{Name: "--keep-going", Help: "go on after a failed command; the exit code is that of the first"},
		{Name: "--no-wait", Help: "end tasks that still run at the end, instead of waiting for them"},
		{Name: "--no-init", Help: "do not run init.lua at the prompt"},
		{Name: "--json", Help: "show results and errors as JSON, one object a line"},
		{Name: "--quiet", Short: "-q", Help: "show no notes"},
		{Name: "--max-time", Value: "D", Help: "give up after this long: 30s, 500ms"},
		{Name: "--escapes", Help: `decode \n \xHH … in the words of COMMAND`},
		{Name: "--keep", Help: "listen COMMAND: serve one client after another"},
		{Name: "--linger", Value: "D", Help: "wait this long for the peer after the end of input; else for its end"},
		{Name: "--version", Help: "show the version"},
		{Name: "--help", Short: "-h", Help: "show help"},
	}
}

// optionsText is the options as help shows them.
func optionsText() string {
	var b strings.Builder
	b.WriteString("options:\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, o := range programOptions() {
		names := o.Name
		if o.Short != "" {
			names += ", " + o.Short
		}
		if o.Value != "" {
			names += " " + o.Value
		}
		fmt.Fprintf(w, "  %s\t%s\n", names, o.Help)
	}
	w.Flush()
	return b.String() + "\n"
}

// described is what documents tell beside the rows.
func (sh *Shell) described() docgen.Program {
	p := docgen.Program{Version: sh.version(), Date: time.Now(), Options: programOptions()}
	for _, c := range ownCommands() {
		p.Commands = append(p.Commands, docgen.Command{Name: c.names[0], Usage: c.usage, Short: c.short})
	}
	for _, f := range commonFlags() {
		p.Flags = append(p.Flags, docgen.Option{Name: "--" + f.name, Value: f.value, Help: f.help})
	}
	for _, l := range sh.lessons() {
		p.Lessons = append(p.Lessons, docgen.Lesson{Name: l.Name, Title: l.Title})
	}
	return p
}

// runCompletion prints the script that teaches another shell our words.
func runCompletion(_ context.Context, sh *Shell, c ownCall) (any, error) {
	texts, err := c.texts()
	if err != nil {
		return nil, err
	}
	if len(texts) != 1 {
		return nil, primitive.Usagef("for which shell?")
	}
	script, err := docgen.Completion(sh.table, texts[0], sh.described())
	if err != nil {
		return nil, err
	}
	return nil, c.f.text(script)
}

// runMan prints the manual page, in the language of man.
func runMan(_ context.Context, sh *Shell, c ownCall) (any, error) {
	if len(c.args) > 0 {
		return nil, primitive.Usagef("it is one page").WithHint("help tells about one command")
	}
	return nil, c.f.text(docgen.ManPage(sh.table, sh.described()))
}

// helpJSON shows all rows, those of a family, or one, for programs.
func (sh *Shell) helpJSON(f frame, words []string) error {
	rows := slices.Collect(sh.table.All())
	if len(words) > 0 {
		rows = sh.rowsOf(words)
	}
	if rows == nil && len(words) == 1 && sh.own[words[0]] != nil {
		return primitive.Usagef("%s is of the shell alone, which has no rows", words[0]).WithHint("help %s", words[0])
	}
	if rows == nil {
		return sh.table.Unknown(strings.Join(words, " "), sh.commandNames()...)
	}
	data, err := docgen.RowsJSON(slices.Values(rows))
	if err != nil {
		return err
	}
	return f.text(string(data))
}

// rowsOf is the row of that name, or the rows of the family; nil if neither.
func (sh *Shell) rowsOf(words []string) []*primitive.Row {
	if row := sh.table.Named(words...); row != nil {
		return []*primitive.Row{row}
	}
	if len(words) == 1 {
		return sh.table.Family(words[0])
	}
	return nil
}
