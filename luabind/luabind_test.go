package luabind

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"sosh/primitive"
	"sosh/session"
)

// A fixture is a state with its session and what both wrote.
type fixture struct {
	*State
	session *session.Session
	out     *safeBuffer
	notes   *safeBuffer
}

type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}
func (b *safeBuffer) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.buf.String() }

func newFixture(t testing.TB, o Options) *fixture { return fixtureOf(t, testTable(t), o) }

func fixtureOf(t testing.TB, table *primitive.Table, o Options) *fixture {
	return fixtureWith(t, table, o, session.Options{})
}

// fixtureWith keeps what is written unless so says where it goes.
func fixtureWith(t testing.TB, table *primitive.Table, o Options, so session.Options) *fixture {
	f := &fixture{out: &safeBuffer{}, notes: &safeBuffer{}}
	if so.Out == nil {
		so.Out = f.out
		so.Notes = func(n session.Note) {
			if !n.Minor {
				f.notes.Write([]byte(n.Text + "\n"))
			}
		}
	}
	f.session = session.New(so)
	if o.Stdin == nil {
		o.Stdin = strings.NewReader("")
	}
	f.State = New(table, f.session, o)
	t.Cleanup(func() {
		f.session.Close()
		f.State.Close()
	})
	return f
}

func (f *fixture) eval(t testing.TB, source string) []any {
	t.Helper()
	values, err := f.Run(t.Context(), source, "prompt")
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return values
}

func (f *fixture) fails(t *testing.T, source string, kind primitive.Kind, parts ...string) error {
	t.Helper()
	_, err := f.Run(t.Context(), source, "prompt")
	if err == nil {
		t.Fatalf("%s: no error", source)
	}
	e := primitive.AsError(err)
	if e.Kind != kind {
		t.Errorf("%s: kind %s, want %s: %v", source, e.Kind, kind, err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error()+"\n"+e.Hint, part) {
			t.Errorf("%s: %q (hint %q) lacks %q", source, err, e.Hint, part)
		}
	}
	return err
}

func TestScripts(t *testing.T) {
	for _, name := range []string{"calls", "language", "codecs", "tasks", "modules", "groups", "groups_states", "deadlock"} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, Options{})
			if err := f.RunFile(t.Context(), "testdata/"+name+".lua", []string{"a", "--b"}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestPrompt(t *testing.T) {
	f := newFixture(t, Options{Strict: true})
	if got := f.eval(t, "1 + 1, 'a', nil"); len(got) != 3 || got[0] != 2.0 || got[1] != "a" || got[2] != nil {
		t.Errorf("values: %v", got)
	}
	f.eval(t, "local a, b = 1, 2; local c")
	f.eval(t, "local function double(n) return 2 * n end")
	if got := f.eval(t, "double(a + b), c"); got[0] != 6.0 || got[1] != nil {
		t.Errorf("locals at the prompt: %v", got)
	}
	f.eval(t, "do local inner = 1 end")
	f.fails(t, "inner", primitive.Usage, "undefined name inner")
	f.fails(t, "duoble(1)", primitive.Usage, "prompt:1:", "did you mean double?")
	f.fails(t, "x = True", primitive.Usage, "it is true in Lua")
	f.eval(t, "line.open('127.0.0.1:7')")
	if got := f.eval(t, "c1:send('abc')"); got[0] != 3.0 {
		t.Errorf("a session's name at the prompt: %v", got)
	}
	f.session.SetLast("last")
	if got := f.eval(t, "_"); got[0] != "last" {
		t.Errorf("_ is %v", got)
	}
	if got := f.eval(t, "t = {1}; return t"); f.Show(got[0]) != "{1}" {
		t.Errorf("a table: %s", f.Show(got[0]))
	}
	f.Set("again", f.eval(t, "t")[0])
	if got := f.eval(t, "again == t"); got[0] != true {
		t.Error("a table that went out and came back is another one")
	}
}

func TestSyntaxErrors(t *testing.T) {
	f := newFixture(t, Options{})
	for source, hint := range map[string]string{
		"if 1 != 2 then end":   "~=",
		"x += 1":               "x = x + 1",
		"x++":                  "x = x + 1",
		"import socket":        "require",
		"def f(x):":            "function",
		"while x:\n  f()\nend": "do",
		"a = b && c":           "and, or, not",
		"x = = 1":              "prompt:1:",
		"break":                "prompt:1:",
		"goto nowhere":         "no visible label",
	} {
		f.fails(t, source, primitive.Usage, hint)
	}
	err := f.fails(t, "\n\nx = \"\x1b[2J", primitive.Usage)
	if strings.Contains(err.Error(), "\x1b") {
		t.Errorf("an escape reaches the terminal: %q", err)
	}
}

func TestIncomplete(t *testing.T) {
	f := newFixture(t, Options{})
	for source, want := range map[string]bool{
		"x": false, "x = 1": false, "f(": true, "f(1)": false, "for i = 1, 3 do": true, "for i = 1, 3 do end": false,
		"x =": true, "1 +": true, "'abc": false, "[[abc": true, "--[[ abc": true, "-- abc": false, "function f()": true,
		"foo bar": false, "x = = 1": false, "{1, 2": true, "end": false, "\n\nif a then": true, "repeat x()": true, "": false,
		"x = [==[\n]]": true, "x = [==[\n]==]": false, "--[==[ a\n]]": true, "--[[ a ]]": false, "x ..": true, "x = a ..": true, "x and": true,
		"not": true, "local": true, "local x =": true, "return": false, "return 1,": true, "f{": true, "f{\n1,": true, "f(function()": true,
		"f(function()\nend": true, "f(function()\nend)": false, "x = function(a": true, "x = function(a)": true, "x:": true, "x.": true,
		"if a then else": true, "if a then elseif b": true, "while": true, "for i in pairs(t) do\nend": false, "'a\\": true, "'a\\\nb'": false,
		"goto": true, "do\n-- a comment": true, "x = 1 -- function(": false, "x = '('": false, "#": true, "a, b": false, "a, b =": true, "a, b = 1": false,
		"function t.f:g(": true, "{} .. {": true, "x = = [[": false, "if (a) {": true,
	} {
		if got := f.Incomplete(source); got != want {
			t.Errorf("Incomplete(%q) = %v", source, got)
		}
	}
}

func TestShow(t *testing.T) {
	f := newFixture(t, Options{})
	for source, want := range map[string]string{
		`"a\n\27[2J"`:                      `"a\n\x1b[2J"`,
		`{1, "x", {a = 1, [true] = 2}}`:    `{1, "x", {[true] = 2, a = 1}}`,
		`nil`:                              "nil",
		`1.5`:                              "1.5",
		`{{{{{1}}}}}`:                      "{{{{{…}}}}}",
		`function() end`:                   "function at prompt:1",
		`print`:                            "built-in function",
		`line.open("127.0.0.1:7")`:         "line c1 127.0.0.1:1000 -> 127.0.0.1:7",
		`json.null`:                        "null",
		`{["a b"] = 1, [2.5] = 2}`:         `{["a b"] = 1, [2.5] = 2}`,
		`coroutine.create(function() end)`: "coroutine",
		`task.queue(3)`:                    "queue of 3, 0 in it",
		`(function() local t = {} t.t = t return t end)()`: "{t = {…}}",
	} {
		if got := f.Show(f.eval(t, source)[0]); got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
	record := primitive.Record{{Name: "b", Value: primitive.Bytes("\x00")}, {Name: "a", Value: []any{time.Second}}}
	if got := f.Show(record); got != `{b = "\x00", a = {1s}}` {
		t.Error(got)
	}
	if got := f.Show(f.eval(t, "(function() local t = {} for i = 1, 1000 do t[i] = i end return t end)()")[0]); len(got) > 1000 || !strings.HasSuffix(got, "\n  100,\n  … 900 more\n}") {
		t.Errorf("a long table is shown as %s", got)
	}
	if got := f.Show(f.eval(t, "{{a = ('x'):rep(60)}, {b = ('y'):rep(60)}, n = 1}")[0]); !strings.HasPrefix(got, "{\n  {a = ") || !strings.HasSuffix(got, "},\n  n = 1\n}") {
		t.Errorf("a wide table is shown as %s", got)
	}
	if got := f.Show(f.eval(t, "('z'):rep(10000)")[0]); !strings.HasSuffix(got, "z\" … 1808 bytes more") {
		t.Errorf("a long text is shown as %s", got[8000:])
	}
	data, err := primitive.JSON(f.eval(t, `{a = {1, json.null}}`)[0])
	if err != nil || string(data) != `{"a":[1,null]}` {
		t.Errorf("a table as JSON: %s %v", data, err)
	}
}

func TestGetSetGlobals(t *testing.T) {
	f := newFixture(t, Options{})
	f.eval(t, `h = line.open("127.0.0.1:7"); fn = function(a) return a .. "!" end; n = 1; command.hello = print`)
	h, ok := f.Get("h")
	if _, isHandle := h.(primitive.Handle); !ok || !isHandle {
		t.Errorf("h is %T", h)
	}
	fn, _ := f.Get("fn")
	results, err := fn.(primitive.Callable).Call(t.Context(), "x")
	if err != nil || results[0] != "x!" {
		t.Errorf("call: %v %v", results, err)
	}
	if v, ok := f.Get("command.hello"); !ok || v == nil {
		t.Error("no command.hello")
	}
	if _, ok := f.Get("nothing"); ok {
		t.Error("Get finds nothing")
	}
	f.Set("d", 1500*time.Millisecond)
	if got := f.eval(t, "d"); got[0] != 1.5 {
		t.Errorf("a duration is %v", got)
	}
	f.take() // a script that runs
	defer f.give()
	if _, ok := f.Get("n"); ok {
		t.Error("Get got through")
	}
}

func TestErrors(t *testing.T) {
	f := newFixture(t, Options{})
	f.fails(t, "line.open('127.0.0.1', 81):send('x')", primitive.Usage, "connection refused")
	f.fails(t, "assert(line.open('127.0.0.1', 81))", primitive.Refused, "prompt:1: line open 127.0.0.1:81: connection refused", "nobody listens")
	f.fails(t, "assert(nil, 'no match', 'expectation')", primitive.Expectation, "prompt:1: no match")
	f.fails(t, "local a, m, k = line.open('127.0.0.1', 81); error(m)", primitive.Refused)
	f.fails(t, "error({code = 3})", primitive.Failed, "{code = 3}")
	f.fails(t, "error('\\27[2J')", primitive.Failed, `\x1b[2J`)
	f.fails(t, "line.open('127.0.0.1:7', {tiemout = 1})", primitive.Usage, "did you mean timeout?")

	path := t.TempDir() + "/deep.lua"
	if err := os.WriteFile(path, []byte("#!/usr/bin/env sosh\nlocal function f() error('deep') end\nf()\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := f.RunFile(t.Context(), path, nil)
	var script *ScriptError
	if !errors.As(err, &script) || !strings.Contains(script.Error(), "deep.lua:2: deep\n  2 | local function f() error('deep') end\n    |                           ^^^^\nstack traceback:") || !strings.Contains(script.Traceback, "deep.lua:3:") {
		t.Errorf("%v", err)
	}
	if err := f.RunFile(t.Context(), "testdata/nothing.lua", nil); primitive.KindOf(err) != primitive.NotFound {
		t.Errorf("%v", err)
	}
	f.eval(t, "tt = task.spawn(function() error('unjoined') end)")
	f.fails(t, "wrong(", primitive.Usage)
	waitFor(t, func() bool { return strings.Contains(f.notes.String(), "unjoined") })
	if notes := f.notes.String(); strings.Count(notes, ": unjoined\n") != 1 || !strings.Contains(notes, "stack traceback") {
		t.Errorf("notes: %q", notes)
	}
}

func waitFor(t *testing.T, what func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !what() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("it did not come")
		}
	}
}

func TestPrint(t *testing.T) {
	f := newFixture(t, Options{})
	f.eval(t, `print("a\27", 1, nil, {} ~= nil); io.write("x", 2); io.stdout:write("\\y\n")`)
	if got := f.out.String(); got != "a\x1b\t1\tnil\ttrue\nx2\\y\n" {
		t.Errorf("%q", got)
	}
	f = newFixture(t, Options{Terminal: true})
	f.eval(t, `print("a\27[2J\\\t\226\128\174b\255"); io.write("\r\n")`)
	if got := f.out.String(); got != "a\\x1b[2J\\\t\\u{202e}b\\xff\n\\r\n" {
		t.Errorf("%q", got)
	}
}

func TestStdin(t *testing.T) {
	f := newFixture(t, Options{Stdin: strings.NewReader("one\n2\nthree\nfour\nrest")})
	got := f.eval(t, `(function() local a, b = io.read("l", "n") local l = {} for x in io.lines() do l[#l+1] = x end return a, b, table.concat(l, ","), io.read() end)()`)
	if got[0] != "one" || got[1] != 2.0 || got[2] != "three,four,rest" || got[3] != nil {
		t.Errorf("%v", got)
	}
}

var lessons = fstest.MapFS{
	"first.lua":      {Data: []byte(`local l = require "lesson"; assert(l == "shared"); assert(dofile("part.lua") == 4); print(arg[1]); x = nil; if x then end`)},
	"part.lua":       {Data: []byte(`return 4`)},
	"strict.lua":     {Data: []byte(`print(undefiend)`)},
	"lib/lesson.lua": {Data: []byte(`return "shared"`)},
}

func TestLessons(t *testing.T) {
	f := newFixture(t, Options{Lessons: fs.FS(lessons)})
	if err := f.RunLesson(t.Context(), "first", []string{"hey"}); err != nil || f.out.String() != "hey\n" {
		t.Errorf("%v %q", err, f.out)
	}
	err := f.RunLesson(t.Context(), "strict", nil)
	if primitive.KindOf(err) != primitive.Usage || !strings.Contains(err.Error(), "strict.lua:1: undefined name undefiend") {
		t.Errorf("%v", err)
	}
	if err := f.RunLesson(t.Context(), "../x", nil); err == nil {
		t.Error("a lesson from outside")
	}
}

func TestShell(t *testing.T) {
	f := newFixture(t, Options{Shell: func(_ context.Context, line string) (any, error) {
		if line == "bad" {
			return nil, primitive.Newf(primitive.Refused, "no")
		}
		return primitive.Record{{Name: "line", Value: line}}, nil
	}})
	if got := f.eval(t, `sosh("x y").line, select(3, sosh("bad"))`); got[0] != "x y" || got[1] != "refused" {
		t.Errorf("%v", got)
	}
	newFixture(t, Options{}).fails(t, `sosh("x")`, primitive.Unsupported)
}

// A handler runs on the goroutine of its caller, many at once.
func TestHandlers(t *testing.T) {
	f := newFixture(t, Options{})
	f.eval(t, `n = 0; handler = function(c) for i = 1, 10 do c:send("x"); local d = c:recv(); n = n + #d end end`)
	fn, _ := f.Get("handler")
	var tasks []*session.Task
	for range 200 {
		tasks = append(tasks, f.session.Go(t.Context(), "client", func(ctx context.Context) ([]any, error) {
			c := newLine()
			f.session.Adopt(c)
			defer f.session.Forget(c)
			defer c.Close()
			return fn.(primitive.Callable).Call(ctx, c)
		}))
	}
	for _, task := range tasks {
		if _, err := task.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := f.eval(t, "n"); got[0] != 2000.0 {
		t.Errorf("n is %v", got)
	}
	if n := len(f.State.handles.values); n > 200 {
		t.Errorf("%d handles are kept", n)
	}
}

// Handles that are closed are let go of.
func TestHandleSweep(t *testing.T) {
	f := newFixture(t, Options{})
	f.eval(t, `for i = 1, 5000 do local c = line.open("127.0.0.1:7"); c:close() end`)
	if n := len(f.State.handles.values); n > 2*firstSweep {
		t.Errorf("%d handles are kept", n)
	}
}
