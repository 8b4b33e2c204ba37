package primitive

import (
	"context"
	"reflect"
	"strings"
	"sync"
)

// A Spec is what a person writes about a primitive. Everything else is read
// from the argument struct and the result type.
type Spec struct {
	Name    string            // shell words: "tcp connect"; in Lua tcp.connect
	Short   string            // imperative, capital, no full stop, at most 60 characters
	Doc     string            // paragraphs, wrapped by the reader's window; may be empty
	Example string            // shell lines that work as they stand; required
	Needs   string            // what the example needs beside it: "echo" is an echo server on port 7
	Says    string            // how a person is told a result that is no data: "%v bytes taken"; on stderr
	Raises  []Kind            // failures a caller should expect
	Methods map[string]string // further Lua methods and the flag each one sets: {"recvline": "--line"}
	Beside  bool              // its task runs beside the caller at once, without &
	Varies  bool              // what the example shows is this machine's own state: documents leave it out
	// Offers lists words that a parameter may be, by its name, for completion:
	// others may do as well. What has to be one of a few is an enum.
	Offers map[string]func() []Candidate
	// Services makes the built-in services of a handler parameter: see NewService.
	Services func() []*Row
	Unfit    string // why the example cannot be compared between the faces; rarely
}

// A Row is one primitive. A table gives it out with everything read from its
// types; until then only the Spec is there, because every start of the program
// makes every row and uses one or two.
type Row struct {
	Spec
	Params []*Param // in row order, the only order
	Result Result

	hint     func(op, target string, kind Kind) string // nil: none
	fn       function
	wrapped  Run // see Table.Around; nil otherwise
	around   func(*Row, Run) Run
	pool     sync.Pool // of *Args
	services []*Row    // made by Services
	host     *Row      // that this is a service of; or nil
	loading  sync.Once
	problems []string // what Check reports
	tied     uint64   // bit i: parameter i means nothing alone
}

// A function is the Go function of a row, its types forgotten.
type function interface {
	read(r *Row)  // fills in what the types say
	newArgs() any // *A, holding the defaults
	setDefaults(args any)
	run(ctx context.Context, env, args any) (any, error)
}

// A Run is what a row does with its argument struct, by pointer.
type Run = func(ctx context.Context, env Env, args any) (any, error)

// An Env is what the door needs of a session. Primitives get the session itself.
type Env interface {
	Adopt(h Handle)                     // takes ownership of a handle and names it; again is harmless
	Own(ctx context.Context, h Handle)  // the task of the context, if there is one, takes care of a handle
	Recording() bool                    // whether Record keeps anything
	Record(ctx context.Context, c Call) // keeps what was done, in order; must be cheap
	Tap() *Tap                          // who hears what happens on sockets; nil for nobody
}

// New makes a row of a typed function. It cannot fail; Table.Check reports what
// is wrong with a row.
func New[E Env, A, R any](spec Spec, fn func(context.Context, E, A) (R, error)) *Row {
	return newRow(spec, fn)
}

// newRow is New for what runs with anything.
func newRow[E, A, R any](spec Spec, fn func(context.Context, E, A) (R, error)) *Row {
	return &Row{Spec: spec, fn: &typed[E, A, R]{call: fn}}
}

type typed[E, A, R any] struct {
	call     func(context.Context, E, A) (R, error)
	defaults A
}

func (t *typed[E, A, R]) read(r *Row) {
	r.Params = readParams(r, reflect.ValueOf(&t.defaults).Elem())
	r.tie()
	r.Result = readResult(reflect.TypeFor[R]())
	r.loadServices()
}

func (t *typed[E, A, R]) newArgs() any { c := t.defaults; return &c }

func (t *typed[E, A, R]) setDefaults(args any) { *args.(*A) = t.defaults }

func (t *typed[E, A, R]) run(ctx context.Context, env, args any) (any, error) {
	e, ok := env.(E)
	if !ok {
		return nil, Newf(Failed, "this session (%T) cannot run it", env)
	}
	v, err := t.call(ctx, e, *args.(*A))
	if err != nil && isZero(v) {
		return nil, err
	}
	return v, err
}

// load reads the types of a row, once.
func (r *Row) load() *Row {
	r.loading.Do(func() { r.fn.read(r) })
	return r
}

func isZero(v any) bool {
	rv := reflect.ValueOf(v)
	return !rv.IsValid() || rv.IsZero()
}

// Family is the first word of a name of two words, else "".
func (r *Row) Family() string {
	if family, _, ok := strings.Cut(r.Name, " "); ok {
		return family
	}
	return ""
}

// LuaName is the name as Lua spells it: "tcp.connect".
func (r *Row) LuaName() string { return strings.ReplaceAll(r.Name, " ", ".") }

// Verb is the last word of the name, and the name of the method.
func (r *Row) Verb() string { return r.Name[strings.LastIndex(r.Name, " ")+1:] }

// Receiver is the first parameter when it is a handle, so that the row is a
// method of that handle; else nil. A row that does as well without the handle is
// no method.
func (r *Row) Receiver() *Param {
	if len(r.Params) == 0 {
		return nil
	}
	if p := r.Params[0]; p.Positional && p.IsHandle() && !p.Current {
		return p
	}
	return nil
}

// Flag finds the parameter of a flag or option; '-' and '_' are one. An unknown
// name is an error with the nearest one.
func (r *Row) Flag(name string) (*Param, error) {
	want := strings.ReplaceAll(name, "-", "_")
	for _, p := range r.Params {
		if !p.Positional && p.Name == want {
			return p, nil
		}
	}
	return nil, r.unknownFlag(name, r.optionNames())
}

func (r *Row) unknownFlag(name string, names []string) error {
	e := Usagef("no option %s", Quote(name))
	e.Op = r.Name
	if hint := DidYouMean(strings.ReplaceAll(name, "-", "_"), names); hint != "" {
		return e.WithHint("%s", strings.ReplaceAll(hint, "_", "-"))
	}
	if len(names) == 0 {
		return e.WithHint("%s takes no options", r.Name)
	}
	return e.WithHint("it has %s", strings.ReplaceAll(strings.Join(names, ", "), "_", "-"))
}
