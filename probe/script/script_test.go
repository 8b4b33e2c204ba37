package script

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sosh/primitive"
	"sosh/probe"
)

// A fake is a function of a script.
type fake func(ctx context.Context, target map[string]any) ([]any, error)

func (f fake) Call(ctx context.Context, args ...any) ([]any, error) {
	return f(ctx, args[0].(map[string]any))
}
func (fake) String() string { return "function at fake" }

func says(values ...any) fake {
	return func(context.Context, map[string]any) ([]any, error) { return values, nil }
}

func attend(ctx context.Context, _ string, fn func(context.Context) ([]any, error)) ([]any, error) {
	return fn(ctx)
}

func kinds(list ...any) []any { return list }

func TestDeclared(t *testing.T) {
	s, err := Declared("dir/web.lua", map[string]any{
		"description": "two\n words", "kinds": kinds("discovery", "safe"), "ports": kinds(8080.0, "9000-9001"), "services": "http", "timeout": 1.5, "run": says(1),
	})
	if err != nil || s.Name != "web" || s.Description != "two words" || s.Proto != "tcp" || s.Timeout != 1500*time.Millisecond ||
		s.For != "8080,9000-9001,http" || len(s.ports) != 4 || strings.Join(s.Kinds, " ") != "safe discovery" {
		t.Errorf("%+v, %v", s, err)
	}
	good := func() map[string]any { return map[string]any{"kinds": "safe", "run": says(1)} }
	for field, c := range map[string]struct {
		value any
		hint  string
	}{
		"run": {nil, ""}, "kinds": {kinds("saef"), "kinds are safe"}, "categories": {kinds("safe"), "called kinds"}, "action": {says(1), "called run"},
		"ports": {kinds(true), ""}, "services": {"no-such-service", ""}, "proto": {"sctp", ""}, "timeout": {-1.0, ""}, "rule": {"x", ""},
		"name": {7.0, ""}, "description": {strings.Repeat("x", 1000), ""}, "port": {80.0, "ports"},
	} {
		m := good()
		m[field] = c.value
		_, err := Declared("x.lua", m)
		e := primitive.AsError(err)
		if err == nil || e.Kind != primitive.Usage || !strings.Contains(e.Hint, c.hint) || !strings.Contains(err.Error(), "x.lua") {
			t.Errorf("%s = %v: %v, hint %q", field, c.value, err, e.Hint)
		}
	}
	for _, list := range [][]any{kinds(), kinds("version"), kinds("safe", "intrusive")} {
		if _, err := Declared("x.lua", map[string]any{"kinds": list, "run": says(1)}); err == nil {
			t.Errorf("%v says whether it is safe", list)
		}
	}
	for _, v := range []any{nil, "text", 5.0, []any{}} {
		if _, err := Declared("x.lua", v); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%v is a script: %v", v, err)
		}
	}
}

// An intrusive script runs only where that very word was chosen.
func TestChoice(t *testing.T) {
	for _, c := range []struct {
		chosen, kinds string
		allowed       bool
	}{
		{"safe", "safe", true}, {"safe", "safe version", true}, {"safe", "intrusive", false}, {"version", "safe version", true}, {"auth", "intrusive auth", false},
		{"auth,intrusive", "intrusive auth", true}, {"intrusive", "safe", false}, {"all", "intrusive", true}, {"", "safe", false},
	} {
		choice, err := ParseChoice(c.chosen)
		s := &Script{Kinds: strings.Fields(c.kinds)}
		if err != nil || choice.Allows(s) != c.allowed {
			t.Errorf("%s allows %s: %v, %v", c.chosen, c.kinds, choice.Allows(s), err)
		}
		if left, err := Choose([]*Script{s}, choice); (err == nil) != c.allowed || (len(left) == 1) != c.allowed {
			t.Errorf("%s chooses %s: %v", c.chosen, c.kinds, err)
		}
	}
	if _, err := ParseChoice("safe,mad"); primitive.KindOf(err) != primitive.Usage {
		t.Error(err)
	}
}

type opaque struct{ v any }

func (o opaque) Plain() (any, error) { return o.v, nil }

func TestOutputs(t *testing.T) {
	nested := any("x")
	for range maxNested + 1 {
		nested = []any{nested}
	}
	for _, c := range []struct {
		in, out any
		kind    primitive.Kind
	}{
		{"a\xff", primitive.Bytes("a\xff"), ""}, {int64(3), 3.0, ""}, {true, true, ""}, {nil, nil, ""}, {math.Inf(1), primitive.Bytes(primitive.FormatNumber(math.Inf(1))), ""},
		{opaque{map[string]any{"a": []any{1.0, "b"}}}, map[string]any{"a": []any{1.0, primitive.Bytes("b")}}, ""}, {opaque{opaque{}}, nil, ""},
		{strings.Repeat("x", maxOutput+1), nil, primitive.Oversized}, {slices.Repeat([]any{1.0}, maxItems+1), nil, primitive.Oversized},
		{nested, nil, primitive.Oversized}, {says(1), nil, primitive.Usage}, {map[string]any{strings.Repeat("k", maxOutput+1): 1.0}, nil, primitive.Oversized},
	} {
		got, err := plain(c.in)
		if primitive.KindOf(err) != c.kind || c.kind == "" && !reflect.DeepEqual(got, c.out) {
			t.Errorf("%.40v: %.80v, %v; want %v", c.in, got, err, c.out)
		}
	}
}

// Scripts run one after another at each port they are for; what goes wrong with one
// is told in its finding, and the others go on.
func TestInspect(t *testing.T) {
	declare := func(name string, more map[string]any) *Script {
		m := map[string]any{"name": name, "kinds": "safe"}
		for k, v := range more {
			m[k] = v
		}
		s, err := Declared(name, m)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	waits := fake(func(ctx context.Context, _ map[string]any) ([]any, error) { <-ctx.Done(); return nil, ctx.Err() })
	crew := Crew{Timeout: time.Minute, Attend: attend, Scripts: []*Script{
		declare("first", map[string]any{"run": fake(func(_ context.Context, m map[string]any) ([]any, error) {
			return []any{fmt.Sprint(m["host"], m["port"])}, nil
		})}),
		declare("other", map[string]any{"run": says("x"), "ports": 81.0}),
		declare("udp", map[string]any{"run": says("x"), "proto": "udp"}),
		declare("no-rule", map[string]any{"run": says("x"), "rule": says(false)}),
		declare("bad-rule", map[string]any{"run": says("x"), "rule": fake(func(context.Context, map[string]any) ([]any, error) { return nil, errors.New("rule broke") })}),
		declare("silent", map[string]any{"run": says(nil)}),
		declare("fails", map[string]any{"run": says(nil, "connection refused", "refused")}),
		declare("broken", map[string]any{"run": fake(func(context.Context, map[string]any) ([]any, error) { return nil, errors.New("x.lua:1: oh") })}),
		declare("late", map[string]any{"run": waits, "timeout": 0.02}),
		declare("last", map[string]any{"run": says(opaque{map[string]any{"b": "2\x1b", "a": 1.0}}), "rule": says(true)}),
	}}
	f := crew.Inspect(t.Context(), probe.Found{Host: "h", Port: 80, Proto: "tcp"})
	var lines []string
	for _, s := range f.Script {
		lines = append(lines, s.String())
	}
	want := "first: h80|bad-rule: failed: rule broke|fails: failed: connection refused|broken: failed: x.lua:1: oh|late: failed: no result within 20ms|last: a 1, b 2\\x1b"
	if got := strings.Join(lines, "|"); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if f := crew.Inspect(ctx, probe.Found{Proto: "tcp"}); f.Script != nil {
		t.Errorf("after the end: %v", f.Script)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"b.lua": "b", "a.lua": "a", "notes.txt": "", "big.lu": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	load := func(_ context.Context, file, source string) (any, error) {
		return map[string]any{"kinds": "safe", "run": says(source)}, nil
	}
	find := func(words string) string {
		list, err := Find(t.Context(), words, load)
		if err != nil {
			return string(primitive.KindOf(err))
		}
		var names []string
		for _, s := range list {
			names = append(names, s.Name)
		}
		return strings.Join(names, " ")
	}
	for words, want := range map[string]string{
		dir: "a b", dir + "/b.lua, " + dir: "b a", "echo,http-title": "echo http-title", "all": strings.Join(Names(), " "), "echo,echo": "echo",
		"": "usage", "nobody": "usage", dir + "/c.lua": "not-found", "c.lua": "not-found", t.TempDir(): "usage",
	} {
		if got := find(words); got != want {
			t.Errorf("%s: %s, want %s", words, got, want)
		}
	}
}
