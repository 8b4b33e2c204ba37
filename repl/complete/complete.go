// Package complete knows what a line being typed may become, what it still
// lacks, and what its parts are: completion, hints and colours. It knows no
// terminal. Lines are cut by the shell's own grammar, so that all three agree
// with what the shell will do.
package complete

import (
	"context"
	"slices"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/session"
)

// A Candidate is what the word at the cursor may become.
type Candidate = primitive.Candidate

// A Command is a command that is no row: the shell's own, an alias, a function
// of a script.
type Command struct {
	Names []string // the first is offered, all are known
	Usage string   // "run [lesson|file] [args…]": says what is offered behind it
	Short string
	Means string // of an alias: the beginning of a command that it stands for
	// Words lists further words that may follow those before; may be nil.
	Words func(before []string) []Candidate
}

// A Lua is the other face as far as completion needs it. None of its methods may
// wait for a script that runs; they find nothing then.
type Lua interface {
	// Get reads a global.
	Get(name string) (value any, ok bool)
	// Fields lists what a value holds: the value of a name, or of names joined by
	// dots. The empty path lists the globals. With methods, what can be called
	// with a colon.
	Fields(path string, methods bool) []Candidate
}

// Options is what a Completer knows. Functions may be nil.
type Options struct {
	Table      *primitive.Table
	Session    *session.Session
	Cut        func(text string) []Statement // the grammar of the shell; required
	Lua        Lua                           // may be nil
	Flags      []Candidate                   // of every command, without dashes
	Commands   func() []Command              // that are no rows
	Lessons    func() []Candidate
	History    func() []string    // lines typed, oldest first
	Interfaces func() []Candidate // addresses of this machine, and the interfaces they belong to
}

// A Completer answers questions about lines. Any goroutine may use it.
type Completer struct{ o Options }

// New makes a completer.
func New(o Options) *Completer { return &Completer{o} }

// Deadline is how long Complete looks for candidates. What was found until then
// is what there is.
const Deadline = 50 * time.Millisecond

// Complete lists what the word that ends at byte pos may become, in order and
// without doubles; start is where that word begins. A candidate takes the place
// of line[start:pos], quoted as it must be. A pos outside of the line is moved
// into it.
func (c *Completer) Complete(ctx context.Context, line string, pos int) (start int, list []Candidate) {
	ctx, cancel := context.WithTimeout(ctx, Deadline)
	defer cancel()
	pos = within(line, pos)
	s := &search{c: c, ctx: ctx, line: line[:pos], start: pos}
	s.statement(lastStatement(c.o.Cut(line[:pos]), pos))
	list = s.finish()
	if pos < len(line) && !strings.ContainsRune(" \t\n;)", rune(line[pos])) {
		for i := range list { // in the middle of a word
			list[i].Suffix = ""
		}
	}
	return s.start, list
}

func within(line string, pos int) int { return min(max(pos, 0), len(line)) }

// lastStatement is the one the cursor is in; an empty one where none has begun.
func lastStatement(list []Statement, pos int) Statement {
	if n := len(list); n > 0 && list[n-1].End >= pos {
		return list[n-1]
	}
	return Statement{Start: pos, End: pos, LuaStart: pos}
}

// A search collects candidates for one word.
type search struct {
	c     *Completer
	ctx   context.Context
	line  string // up to the cursor
	start int    // of what is replaced
	word  Word   // being typed
	typed string // what the candidates begin with
	found []Candidate
	raw   bool // they are no words of a command: no quotes
	meant bool // an alias was written out: none is again
}

// over is whether the time is up.
func (s *search) over() bool { return s.ctx.Err() != nil }

// add offers a text if it begins as what was typed does.
func (s *search) add(text, help, suffix string) {
	if strings.HasPrefix(text, s.typed) {
		s.found = append(s.found, Candidate{Text: text, Help: help, Suffix: suffix})
	}
}

// finish orders the candidates and quotes them: all if one must be, so that they
// begin alike.
func (s *search) finish() []Candidate {
	slices.SortStableFunc(s.found, func(a, b Candidate) int { return strings.Compare(a.Text, b.Text) })
	list := slices.CompactFunc(s.found, func(a, b Candidate) bool { return a.Text == b.Text })
	if s.raw {
		return list
	}
	style := s.word.Open
	if style == 0 && (s.word.Quoted || slices.ContainsFunc(list, func(k Candidate) bool { return !plain(k.Text) })) {
		style = quoteFor(list)
	}
	if style == 0 {
		return list
	}
	quoted := list[:0]
	for _, k := range list {
		if text, ok := quote(k.Text, style); ok {
			if !strings.HasSuffix(k.Text, "/") {
				k.Suffix = string(style) + k.Suffix
			}
			k.Text = text
			quoted = append(quoted, k)
		}
	}
	return quoted
}

// statement collects for the last word of a statement.
func (s *search) statement(st Statement) {
	switch {
	case st.Lua:
		s.lua(st)
	case st.Program:
		s.program(st.Words)
	default:
		s.command(st.Words)
	}
}

// program completes a command line for another program: file names.
func (s *search) program(words []Word) {
	before := s.take(words)
	if len(before) > 0 || strings.ContainsRune(s.typed, '/') {
		s.files()
	}
}

// take makes the last word the one being typed, if the cursor is at its end, and
// gives those before it.
func (s *search) take(words []Word) []Word {
	n := len(words)
	if n > 0 && words[n-1].End == len(s.line) {
		s.word = words[n-1]
		s.start, s.typed = s.word.Start, s.word.Text
		return words[:n-1]
	}
	s.word = Word{Start: len(s.line), End: len(s.line), Bare: true}
	return words
}

// command completes the last word of a command.
func (s *search) command(words []Word) {
	before := s.take(words)
	if s.value() {
		return
	}
	s.behind(before)
}

// behind completes what follows the words of a command.
func (s *search) behind(before []Word) {
	if op, ok := operatorBefore(before); ok {
		s.redirected(op)
		return
	}
	if len(before) == 0 {
		s.commands()
		return
	}
	first := before[0].Text
	if own := s.c.own(first); own != nil && !(s.meant && own.Means != "") {
		s.own(*own, before)
		return
	}
	row, used := s.c.o.Table.Find(texts(before[:min(2, len(before))])...)
	if rest, ok := action(row, before[min(used, len(before)):]); ok && !(len(rest) == 0 && strings.HasPrefix(s.typed, "-")) {
		s.behind(rest)
		return
	}
	if row != nil {
		s.argument(row, before[used:])
		return
	}
	if len(before) == 1 {
		for _, r := range s.c.o.Table.Family(first) {
			s.add(r.Verb(), r.Short, " ")
		}
	}
}

// redirected completes what follows '>' or '|'.
func (s *search) redirected(op string) {
	if op == ">" || op == ">>" || strings.ContainsRune(s.typed, '/') {
		s.files()
	}
}

// value completes $name and ${expr} in a word; it says whether the cursor is in
// one.
func (s *search) value() bool {
	if len(s.word.Parts) == 0 {
		return false
	}
	p := s.word.Parts[len(s.word.Parts)-1]
	if p.Kind != Value || p.End != len(s.line) {
		return false
	}
	text := s.line[p.Start:p.End]
	inner := strings.TrimPrefix(strings.TrimPrefix(text, "$"), "{")
	if strings.HasPrefix(text, "${") && strings.HasSuffix(text, "}") {
		return true // it is whole
	}
	s.expression(inner, !strings.HasPrefix(text, "${"))
	return true
}

func texts(words []Word) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.Text
	}
	return list
}
