package primitive

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"time"
)

// A fake handle, and one that plays it as a role.
type lamp struct {
	Label
	closed bool
}

func (*lamp) Prefix() string { return "c" }
func (*lamp) Type() string   { return "lamp" }
func (l *lamp) Info() any    { return struct{ ID string }{l.Name()} }
func (l *lamp) Closed() bool { return l.closed }
func (l *lamp) Close() error { l.closed = true; return nil }

type socket struct {
	lamp
	role *lamp
}

func (*socket) Type() string { return "socket" }
func (s *socket) Role() Handle {
	if s.role == nil {
		return nil
	}
	return s.role
}

// A fake session that names and records.
type env struct {
	adopted []Handle
	calls   []Call
}

func (e *env) Adopt(h Handle)                   { e.adopted = append(e.adopted, h); h.SetName("c1") }
func (e *env) Own(context.Context, Handle)      {}
func (e *env) Recording() bool                  { return true }
func (e *env) Tap() *Tap                        { return nil }
func (e *env) Record(_ context.Context, c Call) { e.calls = append(e.calls, c) }

type shineArgs struct {
	Lamp    *lamp         `arg:"" help:"lamp to use"`
	Addr    Addr          `arg:"" help:"where"`
	Data    Bytes         `arg:"" rest:"" help:"what"`
	Colour  string        `default:"red" enum:"red,green" alias:"RUBY=red" help:"colour"`
	Count   int           `default:"3" min:"1" max:"9" help:"how often"`
	MaxSize Size          `default:"4k" help:"how large"`
	Timeout time.Duration `default:"2s" help:"how long"`
	Once    bool          `help:"only once"`
}

type shone struct {
	Data  Bytes `help:"what"`
	Count int   `help:"how often"`
}

var shine = New(Spec{Name: "lamp shine", Short: "Shine", Example: "lamp shine"},
	func(_ context.Context, _ *env, a shineArgs) (shone, error) { return shone{a.Data, a.Count}, nil })

func valuesOf(list ...any) (values []Value) {
	for _, v := range list {
		values = append(values, ValueOf(v))
	}
	return values
}

func run(t *testing.T, r *Row, values []any, options map[string]any) (any, shineArgs, error) {
	t.Helper()
	a := r.NewArgs()
	for name, v := range options {
		if err := a.Set(name, ValueOf(v)); err != nil {
			return nil, shineArgs{}, err
		}
	}
	if err := a.Bind(valuesOf(values...)); err != nil {
		return nil, shineArgs{}, err
	}
	v, err := r.Do(t.Context(), &env{}, a)
	return v, *a.ptr.(*shineArgs), err
}

func TestBind(t *testing.T) {
	l := &lamp{}
	for name, tc := range map[string]struct {
		values []any
		want   string
		err    string
	}{
		"words":                {[]any{l, Word("h"), Word("80"), Word("a"), Word("b")}, "h:80 a b", ""},
		"one-word address":     {[]any{l, Word("[::1]:80"), Word("x")}, "[::1]:80 x", ""},
		"a script's values":    {[]any{l, "127.0.0.1", 12345.0, "x y"}, "127.0.0.1:12345 x y", ""},
		"a service's name":     {[]any{l, Word("h"), Word("http"), Word("x")}, "h:80 x", ""},
		"a role":               {[]any{&socket{role: l}, Word("h:1"), Word("x")}, "h:1 x", ""},
		"no role yet":          {[]any{&socket{}, Word("h:1"), Word("x")}, "", "not-ready"},
		"no data":              {[]any{l, Word("h:1")}, "", "usage"},
		"no handle":            {[]any{Word("h:1"), Word("x")}, "", "usage"},
		"port out of range":    {[]any{l, Word("h"), Word("99999"), Word("x")}, "", "usage"},
		"port that is no port": {[]any{l, Word("h"), Word("eighty"), Word("x")}, "", "usage"},
		"a number as data":     {[]any{l, "h:1", 5.0}, "h:1 5", ""},
		"a table as data":      {[]any{l, "h:1", []any{}}, "", "usage"},
	} {
		t.Run(name, func(t *testing.T) {
			_, a, err := run(t, shine, tc.values, nil)
			if string(KindOf(err)) != tc.err {
				t.Fatalf("kind %q, want %q (%v)", KindOf(err), tc.err, err)
			}
			if got := a.Addr.String() + " " + string(a.Data); tc.err == "" && got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	ok := []any{&lamp{}, Word("h:1"), Word("x")}
	for name, tc := range map[string]struct {
		option string
		value  any
		want   string // of the error; empty is none
	}{
		"duration of words":     {"timeout", Word("500ms"), ""},
		"duration of a number":  {"timeout", 0.5, ""},
		"negative duration":     {"timeout", Word("-1s"), `lamp shine: "-1s" is no duration`},
		"size":                  {"max-size", Word("1MiB"), ""},
		"size spelled for Lua":  {"max_size", 10.0, ""},
		"negative size":         {"max_size", -1.0, "lamp shine: max-size must be a number of bytes, not the number -1"},
		"alias":                 {"colour", Word("ruby"), ""},
		"outside the enum":      {"colour", Word("gren"), `lamp shine: colour must be one of red, green, not "gren"`},
		"fraction":              {"count", 1.5, "lamp shine: count must be a whole number, not the number 1.5"},
		"below the minimum":     {"count", Word("0"), "lamp shine: count must be at least 1, not 0"},
		"a word for a number":   {"count", Word("ten"), `lamp shine: count must be a whole number, not "ten"`},
		"leading zero is ten":   {"count", Word("09"), ""},
		"a string for a switch": {"once", "yes", `lamp shine: once must be true or false, not the string "yes"`},
		"unknown":               {"tiemout", Word("1"), `lamp shine: no option "tiemout"`},
		"positional is no flag": {"addr", Word("h:1"), `lamp shine: no option "addr"`},
		"escapes are made safe": {"\x1b[2J", Word("1"), `lamp shine: no option "\x1b[2J"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := run(t, shine, ok, map[string]any{tc.option: tc.value})
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	if _, err := shine.Flag("tiemout"); AsError(err).Hint != "did you mean timeout?" {
		t.Errorf("hint %q", AsError(err).Hint)
	}
}

func TestDoCurrentHandle(t *testing.T) {
	l := &lamp{}
	a := shine.NewArgs()
	a.UseCurrent(func(fits func(Handle) bool) (Handle, error) {
		if fits(l) {
			return l, nil
		}
		return nil, nil
	})
	if err := a.Bind(valuesOf(Word("h:1"), Word("x"))); err != nil {
		t.Fatal(err)
	}
	e := &env{}
	v, err := shine.Do(t.Context(), e, a)
	if err != nil {
		t.Fatal(err)
	}
	if data, _ := v.(Record).Get("data"); string(data.(Bytes)) != "x" {
		t.Errorf("data %v", data)
	}
	if len(e.calls) != 1 || len(e.calls[0].Given) != 3 {
		t.Errorf("recorded %+v", e.calls)
	}
}

func TestDoShapesErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		kind Kind
		text string
	}{
		"plain":    {errors.New("it broke"), Failed, "lamp dim h:1: it broke"},
		"own":      {Newf(Refused, "connection refused"), Refused, "lamp dim h:1: connection refused"},
		"canceled": {context.Canceled, Canceled, "lamp dim h:1: interrupted"},
		"deadline": {context.DeadlineExceeded, Timeout, "lamp dim h:1: timed out"},
		"end":      {io.EOF, EOF, "lamp dim h:1: EOF"},
		"no file":  {&os.PathError{Op: "open", Path: "x", Err: os.ErrNotExist}, NotFound, "lamp dim h:1: open x: file does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			type args struct {
				Addr Addr `arg:"" help:"where"`
			}
			r := New(Spec{Name: "lamp dim"}, func(context.Context, *env, args) (*lamp, error) { return nil, tc.err })
			a := r.NewArgs()
			if err := a.Bind(valuesOf(Word("h:1"))); err != nil {
				t.Fatal(err)
			}
			_, err := r.Do(t.Context(), &env{}, a)
			if KindOf(err) != tc.kind || err.Error() != tc.text {
				t.Errorf("%s %q, want %s %q", KindOf(err), err, tc.kind, tc.text)
			}
		})
	}
}

func TestDoContainsPanics(t *testing.T) {
	r := New(Spec{Name: "lamp burst"}, func(context.Context, *env, struct{}) (None, error) { panic("glass") })
	_, err := r.Do(t.Context(), &env{}, r.NewArgs())
	if err == nil || !strings.Contains(err.Error(), "internal error: glass") {
		t.Errorf("got %v", err)
	}
}

func TestStreamsArePulled(t *testing.T) {
	ended := false
	count := func(context.Context, *env, struct{}) (iter.Seq2[int, error], error) {
		return func(yield func(int, error) bool) {
			defer func() { ended = true }()
			for i := 0; yield(i, nil); i++ {
			}
		}, nil
	}
	r := New(Spec{Name: "lamp count"}, count)
	v, err := r.Do(t.Context(), &env{}, r.NewArgs())
	if err != nil {
		t.Fatal(err)
	}
	var got []any
	for item := range v.(Stream) {
		if got = append(got, item); len(got) == 3 {
			break
		}
	}
	if len(got) != 3 || got[2] != int64(2) || !ended {
		t.Errorf("got %v, ended %v", got, ended)
	}
}

// Items that come with an error are never drawn: the call has failed.
func TestNoItemsWithAnError(t *testing.T) {
	failed := Newf(Refused, "no")
	r := New(Spec{Name: "lamp count"}, func(context.Context, *env, struct{}) (iter.Seq2[int, error], error) {
		return func(func(int, error) bool) { t.Error("the work was done") }, failed
	})
	for range 2 {
		if v, err := r.Do(t.Context(), &env{}, r.NewArgs()); v != nil || KindOf(err) != Refused {
			t.Errorf("%v, %v", v, err)
		}
	}
}

// Rows that would be wrong in some face are refused, each for its own reason.
func TestCheckRefuses(t *testing.T) {
	ok := Spec{Name: "lamp x", Short: "Do it", Example: "lamp x"}
	type good struct{}
	spec := func(change func(*Spec)) Spec { s := ok; change(&s); return s }
	row := func(s Spec) *Row {
		return New(s, func(context.Context, *env, good) (None, error) { return None{}, nil })
	}
	for name, tc := range map[string]struct {
		row  *Row
		want string
	}{
		"no short":      {row(spec(func(s *Spec) { s.Short = "" })), "no short help"},
		"full stop":     {row(spec(func(s *Spec) { s.Short = "Do it." })), "no full stop"},
		"no example":    {row(spec(func(s *Spec) { s.Example = "" })), "no example"},
		"keyword":       {row(spec(func(s *Spec) { s.Name = "lamp until" })), "Lua keyword"},
		"global":        {row(spec(func(s *Spec) { s.Name = "print" })), "Lua global"},
		"three words":   {row(spec(func(s *Spec) { s.Name = "a b c" })), "one or two words"},
		"method's flag": {row(spec(func(s *Spec) { s.Methods = map[string]string{"x": "--y"} })), "no flag"},
		"no help":       {rowOf[struct{ A int }](ok), "a has no help"},
		"bad default": {rowOf[struct {
			A int `default:"x" help:"a"`
		}](ok), "default"},
		"unknown tag": {rowOf[struct {
			A int `hlep:"a"`
		}](ok), "unknown tag hlep"},
		"keyword option": {rowOf[struct {
			End int `help:"a"`
		}](ok), "Lua keyword"},
		"global flag": {rowOf[struct {
			JSON bool `help:"a"`
		}](ok), "every command"},
		"no kind": {rowOf[struct {
			A chan int `help:"a"`
		}](ok), "no value kind"},
		"empty value": {rowOf[struct {
			A string `enum:",b" help:"a"`
		}](ok), "a has an empty value"},
		"goes with nothing": {rowOf[struct {
			A int `with:"b" help:"a"`
		}](ok), "a goes with b, which is no option"},
		"order": {rowOf[struct {
			A int `arg:"" default:"1" help:"a"`
			B int `arg:"" help:"b"`
		}](ok), "follows the optional"},
	} {
		t.Run(name, func(t *testing.T) {
			err := errors.Join(tc.row.Check()...)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	if err := NewTable(Rows(row(ok), row(ok))).Check(); err == nil {
		t.Error("two rows of one name were taken")
	}
}

func rowOf[A any](s Spec) *Row {
	return New(s, func(context.Context, *env, A) (None, error) { return None{}, nil })
}

func TestJSON(t *testing.T) {
	for want, v := range map[string]any{
		`{"data":"x","count":2}`:               Plain(shone{Bytes("x"), 2}),
		`{"data":{"base64":"AP8="},"count":0}`: Plain(shone{Bytes("\x00\xff"), 0}),
		`1.5`:                                  Plain(1500 * time.Millisecond),
		`[1,2]`:                                Plain([]int{1, 2}),
		`null`:                                 Plain(None{}),
		`{"id":""}`:                            Plain(&lamp{}),
		`"h:1"`:                                Plain(Addr{Host: "h", Port: 1}),
	} {
		got, err := JSON(v)
		if err != nil || string(got) != want {
			t.Errorf("%v: got %s (%v), want %s", v, got, err, want)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"tcp", "tcp connect", "accept", "recv", "handles", "load"}
	for in, want := range map[string]string{
		"tpc": "tcp", "acept": "accept", "recieve": "", "handels": "handles", "x": "", "": "", "bad": "", "tcp conect": "tcp connect", "ls": "",
	} {
		if got := Nearest(in, names); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// A look makes no more groups than it needs: a start of the program looks at one
// command.
func TestTableIsMadeAsFarAsLookedAt(t *testing.T) {
	made := 0
	group := func(names ...string) Group {
		return func() (rows []*Row) {
			made++
			for _, name := range names {
				rows = append(rows, New(Spec{Name: name, Short: "Do", Example: name}, func(context.Context, *env, struct{}) (None, error) { return None{}, nil }))
			}
			return rows
		}
	}
	table := NewTable(group("one two", "one three"), group("four"), group("five six"), group("one seven"))
	for _, c := range []struct {
		words []string
		used  int
		made  int
	}{
		{nil, 0, 0}, {[]string{"one", "three"}, 2, 1}, {[]string{"one"}, 0, 1}, {[]string{"four", "one"}, 1, 2},
		{[]string{"five", "x"}, 0, 4}, {[]string{"one", "seven"}, 2, 4}, {[]string{"six"}, 0, 4},
	} {
		row, used := table.Find(c.words...)
		if used != c.used || (row != nil) != (used > 0) || made != c.made {
			t.Errorf("%q takes %d words and makes %d groups, want %d and %d", c.words, used, made, c.used, c.made)
		}
	}
	for word, want := range map[string]bool{"one": true, "four": true, "five": true, "six": false, "": false} {
		if got := table.Begins(word); got != want {
			t.Errorf("a name begins with %q: %t", word, got)
		}
	}
}
