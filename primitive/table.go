package primitive

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
)

// A Table is all rows, in the order help shows them. It does not change.
type Table struct {
	groups []Group
	hint   func(op, target string, kind Kind) string
}

// A Group makes the rows of one family, or of what belongs together.
type Group = func() []*Row

// Rows is the group of rows that are there already.
func Rows(rows ...*Row) Group { return func() []*Row { return rows } }

// NewTable makes the table. Groups are made when they are first looked at, since
// making all would cost more than the rest of a start; Check looks at everything.
func NewTable(groups ...Group) *Table {
	t := &Table{groups: make([]Group, len(groups))}
	for i, g := range groups {
		t.groups[i] = sync.OnceValue(func() []*Row { return t.hinted(g()) })
	}
	return t
}

func (t *Table) hinted(rows []*Row) []*Row {
	for _, r := range rows {
		r.hint = t.hint
	}
	return rows
}

// WithHints makes every row say what to type after a failure that has no hint of
// its own. fn gets the row's name, the target and the kind; it may return "". It
// must come before the first look.
func (t *Table) WithHints(fn func(op, target string, kind Kind) string) *Table {
	t.hint = fn
	return t
}

// each walks the rows in help order as they are: their types are not read.
func (t *Table) each() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for _, g := range t.groups {
			for _, r := range g() {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// Around puts wrap around what every row and service runs (a service has no Env:
// nil): tests count calls with it, and make
// them fail. It must come before the first call.
func (t *Table) Around(wrap func(r *Row, run Run) Run) {
	for r := range t.each() {
		r.wrapped, r.around = wrap(r, func(ctx context.Context, env Env, args any) (any, error) { return r.fn.run(ctx, env, args) }), wrap
	}
}

// Check refuses rows that are wrong, two rows of one name, and a row with the
// name of a family. Nothing else looks; a test must call it.
func (t *Table) Check() error {
	var errs []error
	seen := map[string]bool{}
	for r := range t.All() {
		if seen[r.Name] {
			errs = append(errs, fmt.Errorf("%s: two rows of this name", r.Name))
		}
		seen[r.Name] = true
		errs = append(errs, r.Check()...)
	}
	for _, f := range t.Families() {
		if seen[f] {
			errs = append(errs, fmt.Errorf("%s: a row and a family of this name", f))
		}
	}
	return errors.Join(errs...)
}

// All walks the rows in help order.
func (t *Table) All() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for r := range t.each() {
			if !yield(r.load()) {
				return
			}
		}
	}
}

// Families lists the first words of two-word names, in help order.
func (t *Table) Families() []string {
	var families []string
	for r := range t.each() {
		if f := r.Family(); f != "" && !slices.Contains(families, f) {
			families = append(families, f)
		}
	}
	return families
}

// Find is the row whose name the words begin with, and how many words it took.
func (t *Table) Find(words ...string) (row *Row, used int) {
	if len(words) == 0 {
		return nil, 0
	}
	for r := range t.each() {
		family, verb, two := strings.Cut(r.Name, " ")
		switch {
		case family != words[0]:
		case !two:
			return r.load(), 1
		case len(words) == 1: // a family, which no row is called like
			return nil, 0
		case verb == words[1]:
			return r.load(), 2
		}
	}
	return nil, 0
}

// Begins is whether a name begins with the word: that of a row or of a family.
func (t *Table) Begins(word string) bool {
	for r := range t.each() {
		if first, _, _ := strings.Cut(r.Name, " "); first == word {
			return true
		}
	}
	return false
}

// Named is the row that has exactly this name, or the service: "serve http". Nil
// for none.
func (t *Table) Named(words ...string) *Row {
	row, used := t.Find(words...)
	switch {
	case row == nil || used == len(words):
		return row
	case len(words)-used == 1:
		for _, s := range row.services {
			if s.Verb() == words[used] {
				return s
			}
		}
	}
	return nil
}

// Rows lists every row and, behind each, its services: all that has an example.
func (t *Table) Rows() iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for r := range t.All() {
			for _, x := range append([]*Row{r}, r.services...) {
				if !yield(x) {
					return
				}
			}
		}
	}
}

// Family lists the rows of a family.
func (t *Table) Family(name string) []*Row {
	var rows []*Row
	for r := range t.each() {
		if r.Family() == name {
			rows = append(rows, r.load())
		}
	}
	return rows
}

// Names lists every name and every family, for did-you-mean and completion.
func (t *Table) Names() []string {
	var names []string
	for r := range t.each() {
		names = append(names, r.Name)
	}
	return append(names, t.Families()...)
}

// Unknown is the error for a name that is no primitive; more lists other names
// that would have done.
func (t *Table) Unknown(name string, more ...string) *Error {
	e := Usagef("unknown command %s", Escape(name, false))
	if hint := DidYouMean(name, append(t.Names(), more...)); hint != "" {
		e.Cause += ", " + strings.TrimSuffix(hint, "?")
		return e
	}
	return e.WithHint("help lists the commands")
}

// A Method is a row as a method of a handle: the flag it sets, if any.
type Method struct {
	Row  *Row
	Flag *Param
}

// Method finds what name does on a handle. A row made for exactly this type of
// handle goes before one for a role it may play.
func (t *Table) Method(h Handle, name string) (m Method, ok bool) {
	for r := range t.All() {
		p := r.Receiver()
		if p == nil || !p.Accepts(h) {
			continue
		}
		if flag, found := r.method(name); found && (!ok || p.Own(h)) {
			m, ok = Method{r, flag}, true
		}
	}
	return m, ok
}

// method is whether the row is a method of this name, and the flag that sets.
func (r *Row) method(name string) (flag *Param, ok bool) {
	if name == r.Verb() {
		return nil, true
	}
	flagName, ok := r.Methods[name]
	if !ok {
		return nil, false
	}
	flag, err := r.Flag(strings.TrimLeft(flagName, "-"))
	return flag, err == nil
}

// Methods lists the names of the methods of a handle.
func (t *Table) Methods(h Handle) []string {
	var names []string
	for r := range t.All() {
		if p := r.Receiver(); p != nil && p.Accepts(h) {
			names = append(names, r.Verb())
			for name := range r.Methods {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
