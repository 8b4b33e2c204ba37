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
