package lesson

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sosh/primitive"
	"sosh/session"
)

// do makes a step's function.
func do(f func(ctx context.Context) error) function {
	return func(ctx context.Context, _ ...any) ([]any, error) { return nil, f(ctx) }
}

// player plays declarations instead of scripts.
func player(t *testing.T, declare map[string]func(Script) map[string]any) *Player {
	t.Helper()
	s := session.New(session.Options{})
	t.Cleanup(s.Close)
	return &Player{
		Session: s, Limit: 10 * time.Second,
		Find: func(id string) (Script, error) { return Script{Name: id, Builtin: true}, nil },
		Load: func(_ context.Context, s Script) (any, func(), error) { return declare[s.Name](s), func() {}, nil },
		Type: func(_ context.Context, line string, out io.Writer) error {
			_, err := fmt.Fprintf(out, "did %s\nand", line)
			return err
		},
	}
}

func declaration(id string, steps []any, more map[string]any) map[string]any {
	m := map[string]any{"id": id, "title": id, "steps": steps}
	for k, v := range more {
		m[k] = v
	}
	return m
}

func stepOf(code any, fails string) map[string]any {
	m := map[string]any{"text": "A step.", "side": "client", "code": code}
	if fails != "" {
		m["fails"] = fails
	}
	return m
}

// TestPlaySays plays a lesson and looks at what is shown.
func TestPlaySays(t *testing.T) {
	var b bytes.Buffer
	p := player(t, map[string]func(Script) map[string]any{"a": func(s Script) map[string]any {
		return declaration("a", []any{
			stepOf("listen 0", ""),
			stepOf(do(func(ctx context.Context) error {
				answer, err := s.Scene.Ask(ctx, "sure?", "no")
				s.Scene.Print("answered " + answer)
				return err
			}), ""),
			stepOf(do(func(context.Context) error { return primitive.Newf(primitive.Refused, "a.lua:3: nobody there") }), "refused"),
		}, map[string]any{"typed": "yes"})
	}})
	if err := p.Play(t.Context(), "a", Playing{View: Brief{&Screen{W: &b}}}); err != nil {
		t.Fatal(err)
	}
	want := `-- A step
client | > listen 0
client | did listen 0
client | and
-- A step
client | sure? yes
client | answered yes
-- A step
client | refused: nobody there
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// TestPlayFailures holds what makes a lesson fail, and as what.
func TestPlayFailures(t *testing.T) {
	refuse := do(func(context.Context) error { return primitive.Newf(primitive.Refused, "nobody there") })
	well := do(func(context.Context) error { return nil })
	question := func(answer string) map[string]any {
		return map[string]any{"question": map[string]any{"ask": "?", "answer": function(func(context.Context, ...any) ([]any, error) { return []any{answer}, nil })}}
	}
	for name, c := range map[string]struct {
		step map[string]any
		more map[string]any
		want primitive.Kind
	}{
		"fails":               {stepOf(refuse, ""), nil, primitive.Refused},
		"does not fail":       {stepOf(well, "refused"), nil, primitive.Expectation},
		"fails otherwise":     {stepOf(refuse, "timeout"), nil, primitive.Expectation},
		"its end fails":       {stepOf(well, ""), map[string]any{"finally": refuse}, primitive.Refused},
		"question unanswered": {stepOf(well, ""), question(""), primitive.Expectation},
		"takes too long":      {stepOf(do(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }), "timeout"), nil, primitive.Timeout},
	} {
		p := player(t, map[string]func(Script) map[string]any{"a": func(Script) map[string]any { return declaration("a", []any{c.step}, c.more) }})
		p.Limit = 50 * time.Millisecond
		if err := p.Play(t.Context(), "a", Playing{View: silent{}}); primitive.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// pairOf declares a server that waits to be stopped and two clients.
func pairOf(log func(string), server, client map[string]any) map[string]func(Script) map[string]any {
	server["side"], server["peers"], client["side"], client["peers"] = "server", []any{"x-client", "x-client"}, "client", "x-server"
	return map[string]func(Script) map[string]any{
		"x-server": func(s Script) map[string]any {
			return declaration("x-server", []any{
				stepOf(do(func(context.Context) error { s.Scene.Print("ready"); s.Scene.Listening(4321); return nil }), ""),
				stepOf(do(func(ctx context.Context) error { <-ctx.Done(); s.Scene.Print("stopped"); return ctx.Err() }), ""),
			}, server)
		},
		"x-client": func(s Script) map[string]any {
			say := func(text string) map[string]any {
				return stepOf(do(func(context.Context) error {
					log(text + " " + strings.Join(s.Args, " "))
					s.Scene.Print(text)
					return nil
				}), "")
			}
			return declaration("x-client", []any{say("one"), say("two")}, client)
		},
	}
}

// TestPair holds that clients play step by step together, on the server's port,
// that the server is stopped after them, and that what they say is looked at.
func TestPair(t *testing.T) {
	var mu sync.Mutex
	var all []string
	log := func(text string) { mu.Lock(); defer mu.Unlock(); all = append(all, text) }
	p := player(t, pairOf(log, map[string]any{"says": []any{"ready", "stopped"}}, map[string]any{"says": []any{"one", "two"}}))
	for _, id := range []string{"x-server", "x-client"} {
		all = nil
		if err := p.Play(t.Context(), id, Playing{View: silent{}}); err != nil {
			t.Fatal(err)
		}
		if want := []string{"one --port 4321", "one --port 4321", "two --port 4321", "two --port 4321"}; !slices.Equal(all, want) {
			t.Errorf("%s: %q", id, all)
		}
	}
	for name, decl := range map[string]map[string]func(Script) map[string]any{
		"server": pairOf(log, map[string]any{"says": "hello"}, map[string]any{}),
		"client": pairOf(log, map[string]any{}, map[string]any{"says": []any{"two", "one"}}),
	} {
		err := player(t, decl).Play(t.Context(), "x-server", Playing{View: silent{}})
		if primitive.KindOf(err) != primitive.Expectation || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCourse holds that a client is not played again after its server.
func TestCourse(t *testing.T) {
	var b bytes.Buffer
	p := player(t, pairOf(func(string) {}, map[string]any{}, map[string]any{}))
	list := []Head{{Name: "x-server", Title: "S", Part: 3, Side: "server"}, {Name: "x-client", Title: "C", Part: 3, Side: "client"}}
	if err := p.Course(t.Context(), list, &Screen{W: &b}); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	if strings.Count(out, "client 2 | two") != 1 || !strings.Contains(out, "== Part 3. ") || strings.Contains(out, "=== C ") {
		t.Error(out)
	}
}

// TestCleanClosesAll holds that what a lesson opened is closed after it, a task
// too.
func TestCleanClosesAll(t *testing.T) {
	var p *Player
	ended := make(chan struct{})
	p = player(t, map[string]func(Script) map[string]any{"a": func(Script) map[string]any {
		return declaration("a", []any{stepOf(do(func(ctx context.Context) error {
			p.Session.Go(ctx, "beside", func(ctx context.Context) ([]any, error) { <-ctx.Done(); close(ended); return nil, ctx.Err() })
			return nil
		}), "")}, nil)
	}})
	if err := p.Play(t.Context(), "a", Playing{View: silent{}}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	default:
		t.Error("the task still runs")
	}
	if left := p.Opened(); len(left) != 0 {
		t.Errorf("%v", left)
	}
}
