package docgen

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"sosh/primitive"
)

// Width that help texts are wrapped to.
const width = 78

// Help is the whole help of a row: usage, description, parameters, result,
// failures, and an example in both spellings.
func Help(r *primitive.Row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", r.Name, r.Short)
	fmt.Fprintf(&b, "usage: %s\n", r.Usage())
	fmt.Fprintf(&b, "Lua:   %s\n", LuaUsage(r))
	for paragraph := range strings.Lines(r.Doc) {
		b.WriteString("\n" + wrap(paragraph, width))
	}
	writeParams(&b, r)
	writeServices(&b, r)
	writeResult(&b, r)
	fmt.Fprintf(&b, "\nexample:\n")
	for line := range strings.SplitSeq(r.Example, "; ") {
		fmt.Fprintf(&b, "    %s\n", line)
	}
	return b.String()
}

func writeParams(b *strings.Builder, r *primitive.Row) {
	if len(r.Params) == 0 {
		return
	}
	b.WriteString("\nparameters:\n")
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, p := range r.Params {
		name := p.FlagName()
		if !p.Positional {
			name = "--" + name
		}
		fmt.Fprintf(w, "    %s\t%s\t%s%s\n", name, kindName(p), p.Help, defaultOf(p))
	}
	w.Flush()
}

// writeServices lists the services of a row, or says whose flags a service has
// beside its own.
func writeServices(b *strings.Builder, r *primitive.Row) {
	if host := r.Host(); host != nil {
		fmt.Fprintf(b, "\nand those of every service: help %s\n", host.Name)
	}
	if len(r.ServiceRows()) == 0 {
		return
	}
	fmt.Fprintf(b, "\nservices (help %s NAME tells all about one):\n", r.Name)
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, s := range r.ServiceRows() {
		fmt.Fprintf(w, "    %s\t%s\n", serviceHead(s), s.Short)
	}
	w.Flush()
}

// serviceHead is a service with its places: "reply text…".
func serviceHead(s *primitive.Row) string {
	text := s.Verb()
	for _, p := range s.Params {
		if p.Positional {
			text += " " + p.Usage()
		}
	}
	return text
}

func kindName(p *primitive.Param) string {
	if p.Enum != nil {
		return strings.Join(p.Enum, "|")
	}
	return p.Kind.Name
}

func defaultOf(p *primitive.Param) string {
	switch {
	case p.Default != "":
		return withOf(p) + " (default " + p.Default + ")"
	case p.IsHandle() && (p.Required || p.Current):
		return " (left out at the prompt: the current one)"
	}
	return withOf(p)
}

// withOf says which other options one needs to mean anything.
func withOf(p *primitive.Param) string {
	if p.With == nil {
		return ""
	}
	return " (with --" + strings.ReplaceAll(strings.Join(p.With, ", --"), "_", "-") + ")"
}

func writeResult(b *strings.Builder, r *primitive.Row) {
	fmt.Fprintf(b, "\nresult: %s\n", resultName(r))
	if len(r.Result.Fields) > 0 {
		w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
		for _, f := range r.Result.Fields {
			fmt.Fprintf(w, "    %s\t%s\t%s\n", f.Name, f.Type, f.Help)
		}
		w.Flush()
	}
	if len(r.Raises) > 0 {
		b.WriteString(wrap("failures: "+strings.Join(kindNames(r.Raises), ", "), width))
	}
}

func kindNames(kinds []primitive.Kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}

func resultName(r *primitive.Row) string {
	switch r.Result.Type {
	case "items":
		return "items, one by one"
	case "nothing":
		return "nothing (true in Lua)"
	}
	return r.Result.Type
}

// Overview lists all rows with a line each.
func Overview(t *primitive.Table) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for r := range t.All() {
		fmt.Fprintf(w, "  %s\t%s\n", r.Name, r.Short)
	}
	w.Flush()
	return b.String()
}

// Family lists the rows of a family with their usage.
func Family(t *primitive.Table, name string) string {
	var b strings.Builder
	for _, r := range t.Family(name) {
		fmt.Fprintf(&b, "  %s\n      %s\n", r.Usage(), r.Short)
	}
	return b.String()
}

// wrap breaks a paragraph at blanks.
func wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		n := len([]rune(word))
		if column > 0 && column+1+n > width {
			b.WriteByte('\n')
			column = 0
		} else if column > 0 {
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	b.WriteByte('\n')
	return b.String()
}
