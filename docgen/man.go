package docgen

import (
	"fmt"
	"strings"
	"time"

	"sosh/primitive"
)

// ManPage is the manual page sosh(1) in the man macros: the program, its
// options, and every row.
func ManPage(t *primitive.Table, p Program) string {
	m := &manPage{}
	m.line(".\\\" Made by: sosh man")
	m.line(".TH SOSH 1 %s %s", p.Date.UTC().Format(time.DateOnly), manQuote("sosh "+p.Version))
	m.section("NAME", "sosh \\- a scriptable network shell")
	m.synopsis()
	m.section("DESCRIPTION", roff(manDescription))
	m.options(p.Options)
	m.line(".SH COMMANDS")
	for _, family := range sections(t) {
		for _, row := range t.Family(family) {
			m.row(row)
			for _, service := range row.ServiceRows() {
				m.row(service)
			}
		}
	}
	m.own(p.Commands)
	m.lessons(p.Lessons)
	m.exitStatus()
	m.section("FILES", ".TP\n.I $XDG_STATE_HOME/sosh/history\n"+roff("what was typed at the prompt"))
	return m.b.String()
}

const manDescription = "One table of network commands, shown twice: to a person at a prompt and to Lua scripts. " +
	"The same words work at the prompt, after -c, in a file, through a pipe, and as arguments of the program itself. " +
	"Data goes to the standard output, everything else to the standard error. Whatever is no command is Lua."

type manPage struct{ b strings.Builder }

func (m *manPage) line(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n", args...) }

// section writes a heading and text that is roff already.
func (m *manPage) section(title, text string) { m.line(".SH %s\n%s", title, text) }

func (m *manPage) synopsis() {
	m.line(".SH SYNOPSIS")
	forms := []string{"", "COMMAND [ARGS…]", "-c 'COMMAND; …'", "run LESSON [ARGS…]", "FILE.lua|FILE.sosh [ARGS…]"}
	for i, form := range forms {
		if i > 0 {
			m.line(".br")
		}
		m.line(".B sosh\n%s", literal(strings.TrimRight("[options] "+form, " ")))
	}
}

func (m *manPage) options(options []Option) {
	m.line(".SH OPTIONS")
	for _, o := range options {
		names := bold(o.Name)
		if o.Short != "" {
			names += ", " + bold(o.Short)
		}
		if o.Value != "" {
			names += " " + literal(o.Value)
		}
		m.item(names, o.Help)
	}
}

// item is a term, in roff, and what it means, in words.
func (m *manPage) item(term, text string) { m.line(".TP\n%s\n%s", term, roff(text)) }

func (m *manPage) row(r *primitive.Row) {
	m.line(".SS %s\n%s.", manQuote(r.Name), roff(r.Short))
	if r.Doc != "" {
		m.line("%s", roff(r.Doc))
	}
	m.line(".PP\n%s\n.br\nLua: %s", filled(literal(r.Usage())), literal(LuaUsage(r)))
	for _, p := range r.Params {
		kind := p.Kind.Name
		if p.Enum != nil {
			kind = strings.Join(p.Enum, "|")
		}
		m.item(bold(typedName(p))+" ("+literal(kind)+")", p.Help+defaultOf(p))
	}
	m.line(".PP\n%s", roff("Result: "+resultName(r)+"."))
	if len(r.Raises) > 0 {
		m.line("%s", roff("Failures: "+strings.Join(kindNames(r.Raises), ", ")+"."))
	}
	m.line(".PP\nExample:\n.PP\n.nf")
	for line := range strings.SplitSeq(r.Example, "; ") {
		m.line("%s", literal(line))
	}
	m.line(".fi")
}

func (m *manPage) own(commands []Command) {
	m.line(".SH COMMANDS OF THE SHELL ALONE")
	for _, c := range commands {
		m.item(bold(c.Usage), c.Short)
	}
}

func (m *manPage) lessons(lessons []Lesson) {
	m.line(".SH LESSONS")
	for _, l := range lessons {
		m.item(bold("run "+l.Name), l.Title)
	}
}

// exitStatus tells what the kinds of failure end the program with.
func (m *manPage) exitStatus() {
	m.line(".SH EXIT STATUS")
	meanings := []word{{"0", "success; the end of a stream is one"}, {"1", "the operation failed"}, {"2", "wrong usage"}, {"3", "an expectation failed"}, {"130", "interrupted"}}
	for _, x := range meanings {
		m.item(bold(x.text), x.help)
	}
	m.line(".PP\n%s", roff("The kinds of failure are "+strings.Join(kindNames(primitive.Kinds()), ", ")+"."))
}

// roff is text in paragraphs that holds no requests.
func roff(text string) string {
	paragraphs := strings.Split(text, "\n")
	for i, p := range paragraphs {
		paragraphs[i] = filled(escaped(p))
	}
	return strings.Join(paragraphs, "\n.PP\n")
}

// escaped is text in which nothing is roff's.
func escaped(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '\\':
			b.WriteString(`\e`)
		case c > 0x7e:
			fmt.Fprintf(&b, `\[u%04X]`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// filled breaks a paragraph into lines, none of which looks like a request.
func filled(text string) string {
	lines := strings.Split(strings.TrimRight(wrap(text, width), "\n"), "\n")
	for i, line := range lines {
		lines[i] = guarded(line)
	}
	return strings.Join(lines, "\n")
}

func guarded(line string) string {
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		return `\&` + line
	}
	return line
}

// literal is text that is typed: its hyphens and quotes are those of the keyboard.
func literal(text string) string {
	return guarded(strings.NewReplacer("-", `\-`, "'", `\(aq`, "^", `\(ha`, "~", `\(ti`, "`", `\(ga`).Replace(escaped(text)))
}

func bold(text string) string { return `\fB` + literal(text) + `\fR` }

// manQuote is text as one argument of a request.
func manQuote(text string) string {
	return `"` + strings.ReplaceAll(escaped(text), `"`, `\(dq`) + `"`
}
