package complete

import (
	"strings"

	"sosh/primitive"
	"sosh/session"
)

// A Style is what a piece of a line is. How it looks is the terminal's matter.
type Style uint8

// The styles. There are no others.
const (
	StylePlain    Style = iota
	StyleCommand        // a command that there is, or a row in Lua
	StyleUnknown        // a command or flag that there is not
	StyleFlag           // --name
	StyleString         // quoted text
	StyleVariable       // $name, ${expr}, the NAME of NAME = COMMAND
	StyleHandle         // a live handle
	StyleDead           // the name of a handle that is not live
	StyleNumber         // with its unit
	StyleOperator       // ; = > >> | & ! and those of Lua
	StyleComment        // # or --
	StyleKeyword        // of Lua
)

// A Span is the bytes from Start to End of a line, and what they are.
type Span struct {
	Start, End int
	Style      Style
}

// Paint tells what the pieces of a line are: spans in order, that do not overlap
// and are not empty. What is in none is Plain.
func (c *Completer) Paint(line string) []Span {
	p := &painter{c: c, line: line}
	for _, st := range c.o.Cut(line) {
		p.statement(st)
	}
	p.gap(len(line))
	return p.spans
}

// A painter collects spans from left to right.
type painter struct {
	c     *Completer
	line  string
	pos   int // up to which the line is done
	spans []Span
}

// span adds a piece, after what stands before it.
func (p *painter) span(start, end int, style Style) {
	p.gap(min(start, len(p.line)))
	start = max(start, p.pos) // a comment may have gone on
	if end = min(end, len(p.line)); start >= end {
		return
	}
	p.pos = end
	if style != StylePlain {
		p.spans = append(p.spans, Span{start, end, style})
	}
}

// gap goes on to a word: there may be blanks, a comment, and ';'.
func (p *painter) gap(end int) {
	for p.pos < end {
		at := p.pos
		p.pos++
		switch p.line[at] {
		case '#':
			p.pos = at + len(firstLine(p.line[at:]))
			p.spans = append(p.spans, Span{at, p.pos, StyleComment})
		case ';', '!', '=':
			p.spans = append(p.spans, Span{at, p.pos, StyleOperator})
		}
	}
}

func firstLine(s string) string {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return s[:i]
	}
	return s
}

func (p *painter) statement(st Statement) {
	p.gap(st.Start)
	head := st.LuaStart
	if !st.Lua {
		head = st.End
		if len(st.Words) > 0 {
			head = st.Words[0].Start
		}
	}
	p.head(st.Start, head)
	switch {
	case st.Lua:
		p.lua(st)
	case st.Program:
		p.program(st.Words)
	default:
		p.command(st.Words)
	}
	p.gap(st.End)
}

// head paints what stands before a command or a piece of Lua: "try", "lua",
// "NAME =".
func (p *painter) head(start, end int) {
	for pos := start; pos < end && p.line[pos] != '#'; {
		word := identifier(p.line[pos:end])
		switch {
		case word == "try" || word == "lua":
			p.span(pos, pos+len(word), StyleCommand)
		case word != "":
			p.span(pos, pos+len(word), StyleVariable)
		}
		pos += max(1, len(word))
	}
}

func (p *painter) program(words []Word) {
	for i, w := range words {
		style := StylePlain
		if i == 0 {
			style = StyleCommand
		}
		p.word(w, style)
	}
}

// word paints a word: its quotes and values, and the rest in one style.
func (p *painter) word(w Word, rest Style) {
	for _, part := range w.Parts {
		p.span(max(w.Start, p.pos), part.Start, rest)
		style := StyleString
		if part.Kind == Value {
			style = StyleVariable
		}
		p.span(part.Start, part.End, style)
	}
	p.span(max(w.Start, p.pos), w.End, rest)
}

func (p *painter) command(words []Word) {
	if len(words) == 0 {
		return
	}
	row, used := p.c.row(words)
	if row == nil {
		p.noRow(words)
		return
	}
	for _, w := range words[:used] {
		p.word(w, StyleCommand)
	}
	for i, s := range p.c.read(row, words[used:]).slots {
		w := words[used+i]
		p.word(w, p.style(w, s))
	}
}

// noRow paints a command that is no row, or none at all.
func (p *painter) noRow(words []Word) {
	own := p.c.own(words[0].Text)
	known := own != nil || len(p.c.o.Table.Family(words[0].Text)) > 0
	first := StyleUnknown
	if known {
		first = StyleCommand
	}
	p.word(words[0], first)
	for i, w := range words[1:] {
		if own != nil && i+1 == commandWithin(own.Usage) {
			p.command(words[i+1:])
			return
		}
		style := p.style(w, slot{role: argument})
		if own == nil && known && i == 0 && w.Text != "?" && w.Text != "--help" {
			style = StyleUnknown
		}
		p.word(w, style)
	}
}

// style is what a word behind a command is.
func (p *painter) style(w Word, s slot) Style {
	switch s.role {
	case operator:
		return StyleOperator
	case flag, dashes:
		return StyleFlag
	case wrongFlag:
		return StyleUnknown
	case program, file:
		return StylePlain
	}
	switch {
	case !w.Bare || w.Text == "":
		return StylePlain
	case isOperator(w.Text):
		return StyleOperator
	case s.param != nil && s.param.IsHandle():
		return p.handleStyle(w.Text)
	case s.param == nil && strings.HasPrefix(w.Text, "--"):
		return StyleFlag
	case s.param == nil && p.isLive(w.Text):
		return StyleHandle
	case (s.param == nil || !s.param.Rest) && number(w.Text):
		return StyleNumber
	}
	return StylePlain
}

func (p *painter) handleStyle(name string) Style {
	if p.isLive(name) || name == "_" {
		return StyleHandle
	}
	return StyleDead
}

// isLive is whether the name is that of a live handle.
func (p *painter) isLive(name string) bool {
	h, err := p.c.o.Session.Lookup(name)
	return err == nil && h != nil && !h.Closed()
}

// number is whether a word is a number, perhaps with a unit: 80, 1.5s, 64k,
// 127.0.0.1, 1-1024.
func number(text string) bool {
	if text[0] < '0' || text[0] > '9' {
		return false
	}
	letters := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9' || c == '.' || c == '-' || c == ',' || c == ':' || c == '/':
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		default:
			return false
		}
	}
	return letters <= 3
}

func (p *painter) lua(st Statement) {
	src := p.line[:st.End]
	if word := p.unknownWord(src[min(st.LuaStart, len(src)):]); word > 0 {
		p.span(st.LuaStart, st.LuaStart+word, StyleUnknown)
	}
	var before token
	for pos := max(st.LuaStart, p.pos); ; {
		t, ok := next(src, pos)
		if !ok {
			break
		}
		p.span(t.start, t.end, p.luaStyle(src, t, before))
		pos = t.end
		before = t
	}
	p.pos = max(p.pos, st.End) // a comment there is Lua's
}

// unknownWord is the length of a word that was to be a command, at the
// beginning of what reads as Lua: "tpc connect", "lisen".
func (p *painter) unknownWord(text string) int {
	word := identifier(text)
	rest := text[len(word):]
	trimmed := strings.TrimLeft(rest, " \t")
	switch {
	case word == "" || isKeyword(word) || p.isLive(word):
		return 0
	case trimmed != "" && len(trimmed) == len(rest) && trimmed[0] != '\n' && trimmed[0] != ';':
		return 0 // a call, a field
	case trimmed != "" && strings.IndexByte("=({[\"',.:;+*/%^<>~", trimmed[0]) >= 0:
		return 0
	}
	if w := identifier(trimmed); w == "and" || w == "or" {
		return 0
	}
	if p.c.o.Lua != nil {
		if v, ok := p.c.o.Lua.Get(word); ok && v != nil {
			return 0
		}
	}
	return len(word)
}

func (p *painter) luaStyle(src string, t, before token) Style {
	switch t.kind {
	case luaKeyword:
		return StyleKeyword
	case luaNumber:
		return StyleNumber
	case luaString:
		return StyleString
	case luaComment:
		return StyleComment
	case luaSymbol:
		return StyleOperator
	}
	name := src[t.start:t.end]
	if before.end > before.start && isDot(src[before.start:before.end]) {
		return StylePlain
	}
	switch {
	case p.isLive(name):
		return StyleHandle
	case p.isRow(src, t):
		return StyleCommand
	case session.LooksGenerated(name) && p.gone(name):
		return StyleDead
	}
	return StylePlain
}

// isRow is whether a name of Lua is that of a row, or of a family with its verb.
func (p *painter) isRow(src string, t token) bool {
	name := src[t.start:t.end]
	if row, used := p.c.o.Table.Find(name); row != nil && used == 1 {
		return true
	}
	rest, ok := strings.CutPrefix(src[t.end:], ".")
	if !ok {
		return false
	}
	row, used := p.c.o.Table.Find(name, identifier(rest))
	return row != nil && used == 2
}

// gone is whether a handle of that name was there.
func (p *painter) gone(name string) bool {
	_, err := p.c.o.Session.Lookup(name)
	return primitive.KindOf(err) == primitive.Closed
}
