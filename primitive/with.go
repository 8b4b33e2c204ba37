package primitive

import "strings"

// alone refuses an option that was given without any of those that it is about:
// whoever wrote it expects something that will not happen.
func (a *Args) alone() error {
	for i, p := range a.row.Params {
		if p.With == nil || !a.says(i, p) || a.has(p.With) || a.service != nil && a.service.has(p.With) {
			continue
		}
		flags := a.known(p.With)
		return Usagef("--%s means nothing without %s", p.FlagName(), or(flags)).WithHint("add %s, or leave out --%s", flags[0], p.FlagName())
	}
	return nil
}

// says is whether a parameter was given a value that says something.
func (a *Args) says(i int, p *Param) bool {
	return a.set&(1<<i) != 0 && !p.field(a.fields).IsZero()
}

// has is whether one of some options says something.
func (a *Args) has(names []string) bool {
	for i, p := range a.row.Params {
		if contains(names, p.Name) && a.says(i, p) {
			return true
		}
	}
	return false
}

// known are those of some options that there are, as flags: those of the service,
// where one was chosen, too.
func (a *Args) known(names []string) (flags []string) {
	for _, p := range a.row.Params {
		if contains(names, p.Name) {
			flags = append(flags, "--"+p.FlagName())
		}
	}
	if a.service != nil {
		flags = append(flags, a.service.known(names)...)
	}
	return flags
}

func or(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// tie finds the options that mean nothing alone.
func (r *Row) tie() {
	for i, p := range r.Params {
		if p.With != nil {
			r.tied |= 1 << i
		}
	}
}

// checkWith refuses an option that belongs to one that the row does not have
// itself, or none that there is.
func (r *Row) checkWith(bad complain, p *Param) {
	for i, name := range p.With {
		found := false
		for _, row := range append([]*Row{r}, r.services...) {
			q, err := row.Flag(name)
			found = found || err == nil && q != p && (i > 0 || row == r)
		}
		if !found || p.Positional {
			bad("%s goes with %s, which is no option", p.Name, name)
		}
	}
}
