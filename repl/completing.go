package repl

import (
	"strings"

	"sosh/primitive"
	"sosh/repl/complete"
	"sosh/repl/history"
	"sosh/sock"
)

// newCompleter makes what knows the lines of this shell.
func newCompleter(sh *Shell) *complete.Completer {
	o := complete.Options{
		Table: sh.table, Session: sh.session, Cut: sh.cut, Lua: completedLua{sh},
		Commands: completedCommands, History: func() []string { return sh.history.List() }, Interfaces: interfaces,
		Lessons: func() (list []complete.Candidate) {
			for _, l := range sh.lessons() {
				list = append(list, complete.Candidate{Text: l.Name, Help: l.Title})
			}
			return list
		},
	}
	for _, f := range commonFlags() {
		o.Flags = append(o.Flags, complete.Candidate{Text: f.name, Help: f.help})
	}
	return complete.New(o)
}

// completedLua is the Lua of the shell, which may come later.
type completedLua struct{ sh *Shell }

func (l completedLua) Get(name string) (any, bool) {
	if l.sh.lua == nil {
		return nil, false
	}
	return l.sh.lua.Get(name)
}

func (l completedLua) Fields(path string, methods bool) []complete.Candidate {
	if l.sh.lua == nil {
		return nil
	}
	return l.sh.lua.Fields(path, methods)
}

func completedCommands() (list []complete.Command) {
	for _, own := range ownCommands() {
		list = append(list, complete.Command{Names: own.names, Usage: own.usage, Short: own.short})
	}
	return list
}

// interfaces are the addresses of this machine; scoped ones with their zone.
func interfaces() (list []complete.Candidate) {
	for _, a := range sock.LocalAddrs() {
		list = append(list, complete.Candidate{Text: a.Addr.String(), Help: "address of " + primitive.Escape(a.Interface, false)})
	}
	return list
}

// cut reads a line that is looked at: nothing in it is wrong.
func (sh *Shell) cut(text string) []complete.Statement {
	g := grammar{sh: sh, incomplete: complete.NewOpen(), loose: true}
	var list []complete.Statement
	for pos := 0; pos < len(text); {
		st, next, _ := g.statement(text, pos) // what is unfinished is there as far as it goes
		next = max(next, pos+1)
		if !st.empty() || st.forced {
			list = append(list, asStatement(st, text, next))
		}
		pos = next
	}
	return list
}

func asStatement(st statement, text string, next int) complete.Statement {
	s := complete.Statement{Start: st.pos, End: next, Program: st.prog, Lua: st.words == nil, LuaStart: st.luaPos}
	last := st.luaPos + len(st.lua)
	for _, w := range st.words {
		s.Words = append(s.Words, asWord(w))
		last = w.end
	}
	if next > last && (text[next-1] == '\n' || text[next-1] == ';' && !s.Lua) {
		s.End = next - 1
	}
	return s
}

func asWord(w word) complete.Word {
	out := complete.Word{Start: w.pos, End: w.end, Bare: !w.quoted && !w.data, Quoted: w.quoted, Open: w.open}
	var b strings.Builder
	for _, p := range w.parts {
		b.WriteString(p.text)
	}
	out.Text = b.String()
	for _, m := range w.marks {
		kind := complete.Quoted
		if m.value {
			kind = complete.Value
		}
		out.Parts = append(out.Parts, complete.Part{Start: m.pos, End: m.end, Kind: kind})
	}
	return out
}

// redact takes out of a line what its rows declare to be secret.
func (sh *Shell) redact(line string) string {
	var b strings.Builder
	end := 0
	for _, s := range sh.completer.Secrets(line) {
		b.WriteString(line[end:s.Start] + history.Redacted)
		end = s.End
	}
	return b.String() + line[end:]
}
