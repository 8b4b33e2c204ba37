package docgen

import (
	"fmt"
	"slices"
	"strings"

	"sosh/primitive"
)

// Regenerate is the command that makes the generated files again.
const Regenerate = "go test . -update"

// A Demo is what came out when the example of a row was run: what a person saw,
// lines typed and answers; the same calls exported as Lua; and what that printed.
type Demo struct{ Session, Script, Printed string }

// Reference is the whole reference as Markdown: every row in both spellings. The
// demos are found by the name of the row; a row without one shows its example
// as it is typed.
func Reference(t *primitive.Table, demos map[string]Demo) string {
	r := &reference{demos: demos}
	r.line("<!-- Generated from the table of primitives by: %s. Do not edit. -->", Regenerate)
	r.line("# Reference\n")
	r.line("Every command, in both spellings, made from the table of primitives by `%s`. In Lua a wrong call raises, and a", Regenerate)
	r.line("failed one returns `nil, message, kind`. The outputs are those of a run on Linux; ports that the system chose stand")
	r.line("here as 50000.\n")
	r.contents(t)
	r.json(t)
	for _, family := range sections(t) {
		r.line("## %s\n", sectionTitle(family))
		for _, row := range t.Family(family) {
			r.row(row)
			for _, service := range row.ServiceRows() {
				r.service(service)
			}
		}
	}
	return strings.TrimRight(r.b.String(), "\n") + "\n"
}

type reference struct {
	b     strings.Builder
	demos map[string]Demo
}

func (r *reference) line(format string, args ...any) { fmt.Fprintf(&r.b, format+"\n", args...) }

// sections lists the families, and "" for the rows of one word at the end.
func sections(t *primitive.Table) []string {
	if len(t.Family("")) == 0 {
		return t.Families()
	}
	return append(slices.Clone(t.Families()), "")
}

func sectionTitle(family string) string {
	if family == "" {
		return "Commands of one word"
	}
	return family
}

func (r *reference) contents(t *primitive.Table) {
	for _, family := range sections(t) {
		var links []string
		for _, row := range t.Family(family) {
			links = append(links, link(row))
			for _, service := range row.ServiceRows() {
				links = append(links, link(service))
			}
		}
		r.line("* %s: %s", sectionTitle(family), strings.Join(links, ", "))
	}
	r.line("")
}

func link(row *primitive.Row) string {
	return fmt.Sprintf("[%s](#%s)", row.Name, strings.ReplaceAll(row.Name, " ", "-"))
}

func (r *reference) row(row *primitive.Row) {
	r.line("### %s\n", row.Name)
	r.line("%s.\n", markdown(row.Short))
	r.spellings(row)
	for paragraph := range strings.Lines(row.Doc) {
		r.line("%s", wrap(markdown(paragraph), width))
	}
	r.params(row)
	r.result(row)
	r.example(row)
}

// service is a service of the row before it. Its flags stand beside those of the
// row.
func (r *reference) service(s *primitive.Row) {
	r.line("#### %s\n", s.Name)
	r.line("%s.\n", markdown(s.Short))
	r.spellings(s)
	for paragraph := range strings.Lines(s.Doc) {
		r.line("%s", wrap(markdown(paragraph), width))
	}
	r.params(s)
	r.example(s)
}

func (r *reference) spellings(row *primitive.Row) {
	r.line("| | |\n|---|---|")
	r.line("| shell | %s |", code(row.Usage()))
	r.line("| Lua | %s |", code(luaFunction(row)))
	for _, m := range luaMethods(row) {
		note := ""
		if m.flag != "" {
			note = ", with " + code(m.flag)
		}
		r.line("| method | %s%s |", code(m.usage), note)
	}
	r.line("")
}

func (r *reference) params(row *primitive.Row) {
	if len(row.Params) == 0 {
		return
	}
	r.line("| parameter | kind | unit | default | values | meaning |\n|---|---|---|---|---|---|")
	for _, p := range row.Params {
		r.line("| %s | %s | %s | %s | %s | %s |", code(typedName(p)), p.Kind.Name, p.Kind.Unit, code(p.Default), values(p), cell(p.Help+leftOut(p)))
	}
	r.line("")
}

// typedName is the parameter as the shell spells it.
func typedName(p *primitive.Param) string {
	if p.Positional {
		return p.FlagName()
	}
	return "--" + p.FlagName()
}

// leftOut says what stands in for a handle left out.
func leftOut(p *primitive.Param) string {
	if p.IsHandle() && (p.Required || p.Current) {
		return " (left out at the prompt: the current one)"
	}
	return withOf(p)
}

// values is what the parameter allows: words, or bounds.
func values(p *primitive.Param) string {
	if p.Enum != nil {
		words := make([]string, len(p.Enum))
		for i, e := range p.Enum {
			words[i] = code(e)
		}
		return strings.Join(words, " ")
	}
	switch {
	case p.Min != nil && p.Max != nil:
		return bound(*p.Min) + " to " + bound(*p.Max)
	case p.Min != nil:
		return "at least " + bound(*p.Min)
	case p.Max != nil:
		return "at most " + bound(*p.Max)
	}
	return ""
}

func bound(n float64) string {
	if n == float64(int64(n)) {
		return fmt.Sprint(int64(n))
	}
	return fmt.Sprint(n)
}

func (r *reference) result(row *primitive.Row) {
	r.line("Result: %s. With `--json`: %s.", resultName(row)+spread(row), jsonShape(row))
	if len(row.Raises) > 0 {
		r.line("Failures: %s.", strings.Join(kindNames(row.Raises), ", "))
	}
	r.line("")
	if len(row.Result.Fields) == 0 {
		return
	}
	r.line("| field | kind | meaning |\n|---|---|---|")
	for _, f := range row.Result.Fields {
		r.line("| %s | %s | %s |", code(f.Name), f.Type, cell(f.Help))
	}
	r.line("")
}

func spread(row *primitive.Row) string {
	if row.Result.Multi {
		return "; in Lua its fields as several values"
	}
	return ""
}

// example shows both spellings with their outputs. The fences carry a second
// word, because the outputs are checked where they are made, not as documents.
func (r *reference) example(row *primitive.Row) {
	if row.Needs != "" {
		r.line("With %s server on port 7:\n", peer(row.Needs))
	}
	demo, ok := r.demos[row.Name]
	if !ok {
		r.fence("text", strings.ReplaceAll(row.Example, "; ", "\n"))
		return
	}
	r.fence("text", demo.Session)
	if demo.Script == "" {
		return
	}
	r.fence("lua demo", demo.Script)
	if demo.Printed != "" {
		r.line("prints\n")
		r.fence("text", demo.Printed)
	}
}

// peer names what an example needs: "udp-echo" is a UDP echo.
func peer(needs string) string {
	name := strings.ReplaceAll(strings.Replace(needs, "udp-", "UDP ", 1), "-", " ")
	if strings.ContainsRune("aeio", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

func (r *reference) fence(info, text string) {
	r.line("```%s", info)
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		r.line("%s", strings.TrimRight(line, " \r"))
	}
	r.line("```\n")
}

// code is text as code in a table cell; nothing for nothing.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(text, "|", `\|`) + "`"
}

// cell is text in a table cell.
func cell(text string) string { return strings.ReplaceAll(markdown(text), "|", `\|`) }

// markdown keeps the signs of plain text from meaning something.
func markdown(text string) string {
	return strings.NewReplacer("\\", `\\`, "<", `\<`, "*", `\*`, "`", "\\`").Replace(text)
}
