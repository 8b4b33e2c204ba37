package repl_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	"sosh/lesson"
	"sosh/primitive"
)

// A fakeLua knows names, numbers, strings and calls of the Go functions it was
// given: what the shell needs to be tested without the other face.
type fakeLua struct {
	mu      sync.Mutex
	globals map[string]any
	lookup  func(name string) any // of what is no global
	ran     []string              // what was run, files and lessons with their arguments
}

func newFakeLua() *fakeLua { return &fakeLua{globals: map[string]any{}} }

// A fakeFunction is a global that can be called.
type fakeFunction func(context.Context) ([]any, error)

func (f fakeFunction) Call(ctx context.Context, _ ...any) ([]any, error) { return f(ctx) }
func (f fakeFunction) String() string                                    { return "function at fake.lua:1" }

func (l *fakeLua) Run(ctx context.Context, source, chunk string) ([]any, error) {
	line := 1 + strings.Count(source, "\n") - strings.Count(strings.TrimLeft(source, "\n"), "\n")
	source = strings.TrimSpace(source)
	l.mu.Lock()
	l.ran = append(l.ran, source)
	l.mu.Unlock()
	source = strings.TrimPrefix(source, "return ")
	if name, value, ok := strings.Cut(source, " = "); ok && isName(name) {
		v, err := l.value(value)
		if err == nil {
			l.Set(name, v)
		}
		return nil, err
	}
	if name, ok := strings.CutSuffix(source, "()"); ok {
		if fn, ok := l.global(name).(fakeFunction); ok {
			return fn(ctx)
		}
		return nil, primitive.Newf(primitive.Failed, "%s:%d: attempt to call a nil value", chunk, line)
	}
	v, err := l.value(source)
	if err != nil {
		return nil, primitive.Usagef("%s:%d: syntax error", chunk, line)
	}
	return []any{v}, nil
}

func (l *fakeLua) Commands() []primitive.ScriptCommand { return nil }

func (l *fakeLua) value(text string) (any, error) {
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f, nil
	}
	if s, err := strconv.Unquote(text); err == nil {
		return s, nil
	}
	if isName(text) {
		return l.global(text), nil
	}
	if strings.HasPrefix(text, "{") {
		return map[string]any{}, nil
	}
	return nil, primitive.Usagef("syntax error")
}

func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_0123456789") == ""
}

func (l *fakeLua) global(name string) any {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v := l.globals[name]; v != nil || l.lookup == nil {
		return v
	}
	return l.lookup(name)
}

func (l *fakeLua) RunFile(_ context.Context, path string, args []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := os.ReadFile(path)
	l.ran = append(l.ran, strings.Join(append([]string{"file", path}, args...), " "))
	return err
}

// Load declares a lesson of one step.
func (l *fakeLua) Module(context.Context, string, string) (any, error) { return nil, nil }

func (l *fakeLua) Load(_ context.Context, s lesson.Script) (any, func(), error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ran = append(l.ran, strings.Join(append([]string{"lesson", s.Name}, s.Args...), " "))
	steps := []any{map[string]any{"text": "One step."}}
	return map[string]any{"id": "fake", "title": "A fake", "steps": steps}, func() {}, nil
}

func (l *fakeLua) Stop()                          {}
func (l *fakeLua) SetFailed(name string, _ error) { l.Set(name, nil) }
func (l *fakeLua) Deadlock(context.Context) error { return nil }

func (l *fakeLua) Incomplete(source string) bool {
	if source == "crash(" {
		panic("as the test wants")
	}
	return strings.Count(source, "{") > strings.Count(source, "}")
}

func (l *fakeLua) Get(name string) (any, bool) {
	v := l.global(name)
	return v, v != nil
}

func (l *fakeLua) Set(name string, value any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.globals[name] = value
}

func (l *fakeLua) Fields(path string, _ bool) (list []primitive.Candidate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name := range l.globals {
		if path == "" {
			list = append(list, primitive.Candidate{Text: name, Help: "Lua"})
		}
	}
	return list
}

func (l *fakeLua) Show(value any) string {
	if s, ok := value.(string); ok {
		return primitive.Quote(s)
	}
	return fmt.Sprint(value)
}
