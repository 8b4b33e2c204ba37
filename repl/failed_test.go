package repl_test

import (
	"context"
	"iter"
	"strings"
	"testing"

	"sosh/primitive"
	"sosh/repl"
	"sosh/session"
)

type halfDone struct {
	Done int `help:"how much"`
}

// What comes with an error is shown once, and the error too; items that come with
// one are not drawn at all, and an error among items is told once.
func TestResultsOfFailedCalls(t *testing.T) {
	items := func(list ...int) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for _, n := range list {
				if !yield(n, nil) {
					return
				}
			}
			yield(0, primitive.Newf(primitive.Reset, "broke off"))
		}
	}
	no := primitive.Newf(primitive.Refused, "would not")
	type args struct{}
	table := primitive.NewTable(primitive.Rows(
		primitive.New(primitive.Spec{Name: "odd items", Short: "Fail at once", Example: "odd items"},
			func(context.Context, *session.Session, args) (iter.Seq2[int, error], error) { return items(1, 2), no }),
		primitive.New(primitive.Spec{Name: "odd end", Short: "Fail at last", Example: "odd end"},
			func(context.Context, *session.Session, args) (iter.Seq2[int, error], error) { return items(1, 2), nil }),
		primitive.New(primitive.Spec{Name: "odd record", Short: "Fail half way", Example: "odd record"},
			func(context.Context, *session.Session, args) (halfDone, error) { return halfDone{5}, no }),
	))
	for line, want := range map[string][2]string{
		"odd items":         {"", "-c:1: odd items: would not\n"},
		"odd items --json":  {"", `{"op":"odd items","target":"","kind":"refused"`},
		"odd end":           {"1\n2\n", "-c:1: odd end: broke off\n"},
		"odd record":        {"done: 5\n", "-c:1: odd record: would not\n"},
		"odd record --json": {`{"done":5}` + "\n", `{"op":"odd record","target":"","kind":"refused"`},
	} {
		s := session.New(session.Options{})
		var out, errs buffer
		sh := repl.New(repl.Options{Table: table, Session: s, Lua: newFakeLua(), In: strings.NewReader(""), Out: &out, Err: &errs})
		code := sh.Main(t.Context(), []string{"-c", line})
		s.Close()
		if code != 1 || out.String() != want[0] || !strings.HasPrefix(errs.String(), want[1]) || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%s: exit %d, %q, %q", line, code, out.String(), errs.String())
		}
	}
}
