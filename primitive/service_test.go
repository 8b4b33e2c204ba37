package primitive

import (
	"context"
	"strings"
	"testing"
	"time"
)

// A place is what the services of these tests get of their host.
type place struct{ name string }

type pageArgs struct {
	Dir    string        `arg:"" help:"folder"`
	Status int           `default:"200" min:"100" max:"599" help:"answer"`
	Wait   time.Duration `help:"before it"`
	Secret string        `secret:"" help:"password"`
}

type offerArgs struct {
	Addr    Addr    `arg:"" listen:"" help:"where"`
	Handler Handler `arg:"" rest:"" help:"what"`
	Most    int     `default:"3" help:"clients"`
}

// offering is a row with a service, which gives what it was started with.
func offering(extra ...*Row) *Row {
	page := NewService(Spec{Name: "page", Short: "Serve pages", Example: "x"}, func(_ context.Context, p place, a pageArgs) (pageArgs, error) {
		a.Dir = p.name + ":" + a.Dir
		return a, nil
	})
	return New(Spec{Name: "offer", Short: "Offer", Example: "x", Services: func() []*Row { return append([]*Row{page}, extra...) }},
		func(ctx context.Context, _ *env, a offerArgs) (string, error) {
			v, err := a.Handler.Start(ctx, place{"here"})
			page, _ := v.(pageArgs)
			return page.Dir + " " + FormatNumber(float64(page.Status)), err
		})
}

func words(texts ...string) []Value {
	var list []Value
	for _, t := range texts {
		list = append(list, ValueOf(Word(t)))
	}
	return list
}

func TestService(t *testing.T) {
	row := offering().load()
	a := row.NewArgs()
	if err := a.Bind(words("80", "page", "docs")); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]Value{"status": NumberValue(404), "most": NumberValue(5)} {
		if err := a.Set(name, v); err != nil {
			t.Error(err)
		}
	}
	got, err := row.Do(t.Context(), &env{}, a)
	if err != nil || got != "here:docs 404" {
		t.Errorf("%v, %v", got, err)
	}
	var given []string
	for _, g := range a.Given() {
		given = append(given, g.Param.Name+"="+g.Param.Kind.Text(g.Value))
	}
	if text := strings.Join(given, " "); text != "addr=127.0.0.1:80 handler=page most=5 dir=docs status=404" {
		t.Errorf("it was given %s", text)
	}
	a.Release()
	if b := row.NewArgs(); b.service != nil {
		t.Error("the next call has the service of this one")
	}
}

// Flags may come before the name is bound, when one says which service it is.
func TestServiceChosenFirst(t *testing.T) {
	row := offering().load()
	a := row.NewArgs()
	if got := row.ServiceIn([]string{"::1", "80", "page"}); got == nil || got.Verb() != "page" {
		t.Errorf("the words choose %v", got)
	}
	for _, not := range [][]string{nil, {"80"}, {"::1", "page"}, {"80", "other"}} {
		if got := row.ServiceIn(not); got != nil {
			t.Errorf("%q choose %v", not, got.Name)
		}
	}
	if err := a.Choose("page"); err != nil {
		t.Fatal(err)
	}
	p, err := a.Flag("status")
	if err != nil || a.SetParam(p, ValueOf(Word("300"))) != nil {
		t.Fatal(err)
	}
	if err := a.Bind(words("80", "page", "x")); err != nil {
		t.Fatal(err)
	}
	if got, err := row.Do(t.Context(), &env{}, a); err != nil || got != "here:x 300" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestServiceMistakes(t *testing.T) {
	for _, test := range []struct {
		words []string
		flag  string
		want  string
	}{
		{[]string{"80", "pag"}, "", `offer: no service "pag"; did you mean page?`},
		{[]string{"80", "nothing"}, "", `offer: no service "nothing"; services are: page dir; or a Lua function`},
		{[]string{"80", "page"}, "", "offer page: dir is missing: folder; usage: offer [host:]port page dir [--status NUMBER] [--wait DURATION] [--secret TEXT]"},
		{[]string{"80", "page", "a", "b"}, "", `offer page: too many arguments: "b"; usage: offer [host:]port page dir [--status NUMBER] [--wait DURATION] [--secret TEXT]`},
		{[]string{"80", "page", "a"}, "statsu", `offer page: no option "statsu"; did you mean status?`},
		{[]string{"80", "page", "a"}, "msot", `offer page: no option "msot"; did you mean most?`},
		{[]string{"80"}, "status", `offer: no option "status"; page has it, behind its name: help offer page`},
	} {
		a := offering().load().NewArgs()
		err := a.Bind(words(test.words...))
		if err == nil && test.flag != "" {
			err = a.Set(test.flag, NumberValue(1))
		}
		if err == nil {
			err = a.Complete()
		}
		if err == nil {
			t.Errorf("%q is taken", test.words)
			continue
		}
		e := AsError(err)
		if got := e.Error() + "; " + e.Hint; e.Kind != Usage || got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.words, got, test.want)
		}
	}
}

func TestServiceChecks(t *testing.T) {
	if err := NewTable(Rows(offering())).Check(); err != nil {
		t.Error(err)
	}
	type twice struct {
		Most int `help:"as the host's"`
	}
	bad := NewService(Spec{Name: "page", Short: "x", Example: "x"}, func(context.Context, place, twice) (string, error) { return "", nil })
	err := NewTable(Rows(offering(bad))).Check()
	for _, want := range []string{"two services page", "--most of page is a flag of every service", "short help must be"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("nothing says %q: %v", want, err)
		}
	}
}

func TestServiceRows(t *testing.T) {
	table := NewTable(Rows(offering()))
	if r := table.Named("offer", "page"); r == nil || r.Host() == nil || r.Name != "offer page" || r.Verb() != "page" {
		t.Errorf("%+v", r)
	}
	if table.Named("offer", "nothing") != nil || table.Named("offer", "page", "x") != nil || table.Named("offer").Name != "offer" {
		t.Error("names are found wrongly")
	}
	n := 0
	for range table.Rows() {
		n++
	}
	if n != 2 {
		t.Errorf("%d rows", n)
	}
}

func TestDecimal(t *testing.T) {
	p := &Param{Name: "chance", Kind: decimalKind, Max: new(float64)}
	*p.Max = 1
	for text, want := range map[string]float64{"0.3": 0.3, "1": 1, "-2.5e-1": -0.25} {
		if v, err := p.convert(Word(text)); err != nil || v != want {
			t.Errorf("%s: %v, %v", text, v, err)
		}
		if v, err := p.convert(want); err != nil || v != want {
			t.Errorf("%v: %v, %v", want, v, err)
		}
	}
	for _, bad := range []any{Word("x"), Word("nan"), Word("inf"), Word("1.5"), Word(""), "0.3", 2.0, true} {
		if v, err := p.convert(bad); KindOf(err) != Usage {
			t.Errorf("%v: %v, %v", bad, v, err)
		}
	}
}
