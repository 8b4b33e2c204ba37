package primitive

import (
	"reflect"
	"slices"
	"strings"
)

// Args is an argument struct being filled, by either face.
type Args struct {
	row     *Row
	ptr     any // *A
	fields  reflect.Value
	setter  ReceiverSetter // ptr, if it is one
	eager   Eager          // ptr, if it is one
	awaiter Awaiter        // ptr, if it is one
	set     uint64         // bit i: parameter i was given
	current CurrentFunc
	service *Args // of the built-in service that was chosen; or nil
}

// A Given is an argument as the caller wrote it, for the record.
type Given struct {
	Param *Param
	Value any
}

// A CurrentFunc finds the handle that stands in for one left out. Only a
// person's face has one; tasks have none.
type CurrentFunc func(fits func(Handle) bool) (Handle, error)

// A ReceiverSetter is an argument struct whose first parameter is an interface of
// handles, and which sets it by a type assertion. Reflection finds out anew at
// every call that the handle implements the interface, which for a send is as
// long as all the rest of its arguments.
type ReceiverSetter interface {
	SetReceiver(h Handle)
}

// NewArgs starts a call with the row's defaults.
func (r *Row) NewArgs() *Args {
	if a, ok := r.load().pool.Get().(*Args); ok {
		return a
	}
	ptr := r.fn.newArgs()
	a := &Args{row: r, ptr: ptr, fields: reflect.ValueOf(ptr).Elem()}
	a.setter, _ = ptr.(ReceiverSetter)
	if r.wrapped == nil {
		a.eager, _ = ptr.(Eager)
		a.awaiter, _ = ptr.(Awaiter)
	}
	return a
}

// Release lets the next call have the memory; these arguments are not used any
// more. It may be left out.
func (a *Args) Release() {
	a.row.fn.setDefaults(a.ptr)
	a.set, a.current, a.service = 0, nil, nil
	a.row.pool.Put(a)
}

// UseCurrent says which handle stands in for one left out.
func (a *Args) UseCurrent(f CurrentFunc) { a.current = f }

// Given lists what was given, in row order; what a service was given comes behind.
func (a *Args) Given() []Given {
	var given []Given
	for i, p := range a.row.Params {
		if a.set&(1<<i) != 0 {
			given = append(given, Given{p, p.field(a.fields).Interface()})
		}
	}
	if a.service != nil {
		given = append(given, a.service.Given()...)
	}
	return given
}

// Value is the value of a parameter, given or not; nil where there is none of
// that name.
func (a *Args) Value(name string) any {
	for _, p := range a.row.Params {
		if p.Name == name {
			return p.field(a.fields).Interface()
		}
	}
	return nil
}

// Bind fills the positionals in row order.
func (a *Args) Bind(values []Value) error {
	for i, p := range a.row.Params {
		if !p.Positional {
			continue
		}
		used, err := a.take(i, p, values)
		if err != nil {
			return a.row.wrap(err, "")
		}
		values = values[used:]
	}
	if len(values) > 0 {
		return a.row.wrap(Usagef("too many arguments: %s", describe(values[0].Any())).
			WithHint("usage: %s", a.row.Usage()), "")
	}
	return nil
}

// take fills one positional and says how many values it used.
func (a *Args) take(i int, p *Param, values []Value) (used int, err error) {
	if len(values) == 0 {
		return 0, nil
	}
	switch {
	case p.handle:
		h, ok := values[0].other.(Handle)
		if !ok {
			return 0, nil // left out: the current handle, or an error, in Do
		}
		return 1, a.putHandle(i, p, h)
	case p.Kind == handlerKind:
		return a.takeHandler(i, p, values)
	case p.Rest && len(values) > 1:
		v, err := p.Kind.Rest(p, Anys(values))
		return len(values), a.store(i, p, v, err)
	case p.Kind.Pair != nil && len(values) > 1:
		if used, err := a.takePair(i, p, values[0], values[1]); used > 0 {
			return used, err
		}
	}
	return 1, a.put(i, p, values[0])
}

// takePair fills a positional with two values, if the second belongs to the first.
func (a *Args) takePair(i int, p *Param, first, second Value) (used int, err error) {
	if p.Kind.QuickPair != nil && p.Kind.QuickPair(p, p.field(a.fields), first, second) {
		a.set |= 1 << i
		return 2, nil
	}
	v, ok, err := p.Kind.Pair(p, first.Any(), second.Any())
	if !ok {
		return 0, nil
	}
	return 2, a.store(i, p, v, err)
}

// putHandle fills a parameter with a handle or the role of it that fits.
func (a *Args) putHandle(i int, p *Param, h Handle) error {
	fit := p.Fits(h)
	if fit == nil {
		return misfit(p, h)
	}
	if a.setter != nil && i == 0 {
		a.setter.SetReceiver(fit)
	} else {
		p.field(a.fields).Set(reflect.ValueOf(fit))
	}
	a.set |= 1 << i
	return nil
}

// put fills one parameter.
func (a *Args) put(i int, p *Param, v Value) error {
	switch {
	case p.Kind.Quick != nil && p.Kind.Quick(p, p.field(a.fields), v):
		a.set |= 1 << i
		return nil
	case p.Rest:
		plain, err := p.Kind.Rest(p, []any{v.Any()})
		return a.store(i, p, plain, err)
	}
	plain, err := p.convert(v.Any())
	return a.store(i, p, plain, err)
}

// Set gives an option by name; '-' and '_' are one.
func (a *Args) Set(name string, value Value) error {
	p, err := a.Flag(name)
	if err != nil {
		return err
	}
	return a.SetParam(p, value)
}

// SetParam gives one parameter, positional or not.
func (a *Args) SetParam(p *Param, value Value) error {
	for i, q := range a.row.Params {
		if q == p {
			if err := a.put(i, p, value); err != nil {
				return a.row.wrap(err, "")
			}
			return nil
		}
	}
	if a.service != nil {
		return a.service.SetParam(p, value)
	}
	return a.row.wrap(Usagef("no parameter %s", p.Name), "")
}

func (a *Args) store(i int, p *Param, v any, err error) error {
	if err != nil {
		return err
	}
	if h, ok := v.(Handle); ok && p.handle {
		return a.putHandle(i, p, h)
	}
	field := p.field(a.fields)
	if more, ok := v.(Many); ok && a.set&(1<<i) != 0 {
		v = append(slices.Clone(field.Interface().(Many)), more...)
	}
	field.Set(reflect.ValueOf(v))
	a.set |= 1 << i
	return nil
}

// Complete fills in the current handle and refuses what is missing, with an
// error of kind usage. Do does it too.
func (a *Args) Complete() error {
	for i, p := range a.row.Params {
		if a.set&(1<<i) != 0 || !p.Required && !p.Current {
			continue
		}
		if !p.IsHandle() {
			return a.missing(p)
		}
		if err := a.standIn(i, p); err != nil && p.Required {
			return err
		}
	}
	if a.service != nil {
		if err := a.service.Complete(); err != nil {
			return a.service.row.wrap(err, "")
		}
	}
	if a.set&a.row.tied != 0 {
		return a.alone()
	}
	return nil
}

func (a *Args) missing(p *Param) error {
	return Usagef("%s is missing: %s", p.FlagName(), p.Help).WithHint("usage: %s", a.row.Usage())
}

// standIn puts the current handle in the place of one left out.
func (a *Args) standIn(i int, p *Param) error {
	if a.current == nil {
		return a.missing(p)
	}
	h, err := a.current(func(h Handle) bool { return p.Fits(h) != nil })
	if err != nil {
		return err
	}
	if h == nil {
		return Usagef("there is no current %s", strings.ReplaceAll(p.Name, "_", " ")).
			WithHint("name one (see handles), or open one first; usage: %s", a.row.Usage())
	}
	v, err := p.convert(h)
	return a.store(i, p, v, err)
}

// Receiver is the handle that the call is about, or nil.
func (a *Args) Receiver() Handle {
	if p := a.row.Receiver(); p != nil && a.set&1 != 0 {
		h, _ := p.field(a.fields).Interface().(Handle)
		return h
	}
	return nil
}

// Target is what the call is about, for errors: its address, else its handle.
func (a *Args) Target() string {
	var handle string
	for i, p := range a.row.Params {
		if a.set&(1<<i) == 0 {
			continue
		}
		switch v := p.field(a.fields).Interface().(type) {
		case Addr:
			return v.String()
		case Handle:
			handle = v.Name()
		}
	}
	return handle
}
