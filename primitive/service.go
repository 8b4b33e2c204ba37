package primitive

import (
	"context"
	"strings"
)

// NewService makes the row of a built-in service: what a handler parameter takes
// by its name, as "http" of `serve 8080 http DIR --status 503`. Its arguments
// stand behind the name, its flags beside those of the row it is a service of;
// both are read from the argument struct, as those of any row. H is what the
// service gets of its host, R what it gives back: see Handler.Start.
func NewService[H, A, R any](spec Spec, fn func(context.Context, H, A) (R, error)) *Row {
	return newRow(spec, fn)
}

// Service is the built-in service of a name. An unknown one is an error of kind
// usage that names the nearest, or all.
func (r *Row) Service(name string) (*Row, error) {
	var names, usages []string
	for _, s := range r.services {
		if s.Verb() == name {
			return s, nil
		}
		names, usages = append(names, s.Verb()), append(usages, s.ownUsage(false))
	}
	e := Usagef("no service %s", Quote(name))
	if hint := DidYouMean(name, names); hint != "" {
		return nil, e.WithHint("%s", hint)
	}
	return nil, e.WithHint("services are: %s; or a Lua function", strings.Join(usages, ", "))
}

// ServiceRows lists the built-in services of a row, each a row of its own that is
// called "serve http"; nil for a row that has none.
func (r *Row) ServiceRows() []*Row { return r.services }

// Host is the row that this one is a service of; nil for a row of the table.
func (r *Row) Host() *Row { return r.host }

// ServiceIn is the service that the words behind the row's name choose, flags left
// out; nil while they have not come to it.
func (r *Row) ServiceIn(words []string) *Row {
	for _, p := range r.Params {
		switch {
		case !p.Positional:
			continue
		case len(words) == 0:
			return nil
		case p.Kind == handlerKind:
			s, _ := r.Service(words[0])
			return s
		case p.WantsPort(words[0]) && len(words) > 1:
			words = words[1:]
		}
		words = words[1:]
	}
	return nil
}

// loadServices makes the services of a row known to it.
func (r *Row) loadServices() {
	if r.Services == nil {
		return
	}
	for _, s := range r.Services() {
		s.Name, s.host, s.hint = r.Name+" "+s.Name, r, r.hint
		s.load().Result = r.Result
		r.services = append(r.services, s)
	}
}

// ownUsage is the usage without that of the host: "http [dir] [--status NUMBER]".
func (r *Row) ownUsage(flags bool) string {
	text := r.Verb()
	for _, p := range r.Params {
		if p.Positional || flags {
			text += " " + p.Usage()
		}
	}
	return text
}

// serviceUsage is how a service is typed: "serve [host:]port http dir [--status
// NUMBER]".
func (r *Row) serviceUsage() string {
	text := r.host.Name
	for _, p := range r.host.Params {
		if p.Positional && p.Kind != handlerKind {
			text += " " + p.Usage()
		}
	}
	return text + " " + r.ownUsage(true)
}

// checkServices refuses services that are wrong in themselves, or whose flags are
// those of their host.
func (r *Row) checkServices(bad complain) []error {
	var errs []error
	seen := map[string]bool{}
	for _, s := range r.services {
		if seen[s.Name] {
			bad("two services %s", s.Verb())
		}
		seen[s.Name] = true
		errs = append(errs, s.Check()...)
		for _, p := range s.Params {
			if _, err := r.Flag(p.Name); err == nil && !p.Positional {
				bad("--%s of %s is a flag of every service", p.FlagName(), s.Verb())
			}
			if p.IsHandle() || p.Kind == handlerKind {
				bad("%s of %s: a service takes no %s", p.Name, s.Verb(), p.Kind.Name)
			}
		}
	}
	return errs
}

// Choose says which service the arguments are for, before its name is bound: its
// flags may come first. A function is none, and needs no choice.
func (a *Args) Choose(service string) error {
	if a.service != nil && a.service.row.Verb() == service {
		return nil
	}
	s, err := a.row.Service(service)
	if err != nil {
		return a.row.wrap(err, "")
	}
	a.service = s.NewArgs()
	return nil
}

// Flag finds the parameter of a flag or option: of the row, else of the service
// that was chosen. An unknown name is an error with the nearest of both.
func (a *Args) Flag(name string) (*Param, error) {
	p, err := a.row.Flag(name)
	if err == nil || len(a.row.services) == 0 {
		return p, err
	}
	if a.service == nil {
		return nil, a.row.elsewhere(name, err)
	}
	if p, err := a.service.row.Flag(name); err == nil {
		return p, nil
	}
	return nil, a.service.row.unknownFlag(name, append(a.service.row.optionNames(), a.row.optionNames()...))
}

// elsewhere says of an option that a service has, where it stands.
func (r *Row) elsewhere(name string, err error) error {
	var of []string
	for _, s := range r.services {
		if _, unknown := s.Flag(name); unknown == nil {
			of = append(of, s.Verb())
		}
	}
	if of == nil {
		return err
	}
	return AsError(err).WithHint("%s has it, behind its name: help %s %s", strings.Join(of, " and "), r.Name, of[0])
}

func (r *Row) optionNames() []string {
	var names []string
	for _, p := range r.Params {
		if !p.Positional {
			names = append(names, p.Name)
		}
	}
	return names
}

// takeHandler fills a handler with a function, or with a service and its own
// arguments, which are all the values left.
func (a *Args) takeHandler(i int, p *Param, values []Value) (used int, err error) {
	v, err := p.convert(values[0].Any())
	if err != nil {
		return 0, err
	}
	h := v.(Handler)
	if h.Fn != nil {
		a.service = nil
		return 1, a.store(i, p, h, nil)
	}
	if err := a.Choose(h.Service); err != nil {
		return 0, err
	}
	h.args = a.service
	if err := a.service.Bind(values[1:]); err != nil {
		return 0, err
	}
	return len(values), a.store(i, p, h, nil)
}
