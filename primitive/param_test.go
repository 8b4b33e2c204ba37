package primitive

import (
	"context"
	"errors"
	"testing"
)

type hue struct {
	Hue int `default:"7" help:"angle"`
}

type tint struct {
	hue
	Pale bool `help:"less of it"`
}

type paintArgs struct {
	What string `arg:"" help:"what to paint"`
	tint
	Coats int `default:"1" help:"how many"`
}

// Options that rows share may share options themselves.
func TestSharedOptions(t *testing.T) {
	var got paintArgs
	row := New(Spec{Name: "paint", Short: "Paint", Example: "paint door"},
		func(_ context.Context, _ *env, a paintArgs) (None, error) { got = a; return None{}, nil })
	if errs := row.Check(); errs != nil {
		t.Error(errs)
	}
	if want := "paint what [--hue NUMBER] [--pale] [--coats NUMBER]"; row.Usage() != want {
		t.Errorf("%s, not %s", row.Usage(), want)
	}
	for _, hue := range []int{9, 7} { // the second finds the defaults
		a := row.NewArgs()
		if err := a.Bind(valuesOf("door")); err != nil {
			t.Fatal(err)
		}
		if hue != 7 && (errors.Join(a.Set("hue", ValueOf(float64(hue))), a.Set("pale", ValueOf(true))) != nil) {
			t.Error(a.Set("hue", ValueOf(float64(hue))))
		}
		if _, err := row.Do(t.Context(), &env{}, a); err != nil || got.Hue != hue || got.Pale != (hue != 7) || got.Coats != 1 || got.What != "door" {
			t.Errorf("%+v, %v", got, err)
		}
		a.Release()
	}
}

type mockArgs struct {
	Port    int     `arg:"" help:"where"`
	Handler Handler `arg:"" rest:"" help:"what"`
	Tear    bool    `help:"a fault"`
	Every   int     `default:"0" with:"tear,code" help:"for each such one only"`
	Seed    int     `default:"4" with:"every" help:"of what is chosen"`
}

type leafArgs struct {
	Code int `help:"another fault"`
	Out  int `with:"code" help:"of that"`
}

// An option that means nothing without others is wrong usage alone, whether they
// are the row's or those of the service that was chosen.
func TestOptionsThatGoTogether(t *testing.T) {
	service := func() []*Row {
		return []*Row{NewService(Spec{Name: "page", Short: "Serve", Example: "mock 1 page"}, func(context.Context, string, leafArgs) (string, error) { return "", nil })}
	}
	row := New(Spec{Name: "mock", Short: "Mock", Example: "mock 1 page", Services: service}, func(context.Context, *env, mockArgs) (None, error) { return None{}, nil })
	if errs := NewTable(Rows(row)).Check(); errs != nil {
		t.Fatal(errs)
	}
	for _, c := range []struct {
		given map[string]float64
		want  string
	}{
		{map[string]float64{}, ""},
		{map[string]float64{"every": 3}, "mock: --every means nothing without --tear or --code (add --tear, or leave out --every)"},
		{map[string]float64{"every": 0}, ""},
		{map[string]float64{"every": 3, "code": 503}, ""},
		{map[string]float64{"every": 3, "code": 0}, "mock: --every means nothing without --tear or --code (add --tear, or leave out --every)"},
		{map[string]float64{"seed": 4}, "mock: --seed means nothing without --every (add --every, or leave out --seed)"},
		{map[string]float64{"out": 4}, "mock page: --out means nothing without --code (add --code, or leave out --out)"},
		{map[string]float64{"out": 4, "code": 1, "seed": 1, "every": 2}, ""},
	} {
		a := row.NewArgs()
		if err := a.Bind(valuesOf(1.0, "page")); err != nil {
			t.Fatal(err)
		}
		for name, v := range c.given {
			if err := a.Set(name, NumberValue(v)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := row.Do(t.Context(), &env{}, a)
		got := ""
		if err != nil {
			got = err.Error() + " (" + AsError(err).Hint + ")"
		}
		if got != c.want || err != nil && KindOf(err) != Usage {
			t.Errorf("%v: %q", c.given, got)
		}
	}
}
