package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sosh/internal/nettest"
	"sosh/luabind"
	"sosh/primitive"
	"sosh/repl"
	"sosh/session"
	"sosh/verbs"
)

// At most this many rows may say why their example cannot be compared.
const mostUnfit = 5

// The two faces are each other's oracle: the example of every row runs in the
// shell, is exported, runs in Lua, and gives the same results.
func TestFacesAgree(t *testing.T) {
	table := verbs.Table()
	unfit := 0
	for row := range table.Rows() {
		if row.Unfit != "" {
			unfit++
		}
		t.Run(row.Name, func(t *testing.T) { agree(t, table, row) })
	}
	if unfit > mostUnfit {
		t.Errorf("%d rows are unfit, at most %d may be", unfit, mostUnfit)
	}
}

func agree(t *testing.T, table *primitive.Table, row *primitive.Row) {
	lua, lines := filepath.Join(t.TempDir(), "saved.lua"), filepath.Join(t.TempDir(), "saved.sosh")
	typed, printed := inShell(t, table, fmt.Sprintf("%s\nhistory --save '%s'; history --save '%s'", substitute(t, row), lua, lines))
	if !slicesContainRow(typed, row) {
		t.Fatalf("the example does not run %s", row.Name)
	}
	if row.Unfit != "" {
		return // it ran, but cannot be compared
	}
	script := saved(t, lua, typed)
	scripted, luaPrinted := inLua(t, table, script)
	if diff := cmp.Diff(outcomes(typed), outcomes(scripted)); diff != "" {
		t.Errorf("shell and Lua differ:\n%s\nthe script was:\n%s", diff, script)
	}
	script = saved(t, lines, typed)
	again, _ := inShell(t, table, script)
	if diff := cmp.Diff(outcomes(typed), outcomes(again)); diff != "" {
		t.Errorf("the shell and its own lines differ:\n%s\nthe lines were:\n%s", diff, script)
	}
	switch {
	case row.Result.Type != "items":
	case row.Result.Item == "record": // the shell has a table, Lua what --json prints
		_, listed := inShell(t, table, script, "--json")
		if shell, lua := items(listed, row), items(luaPrinted, row); lua == "" || shell != lua {
			t.Errorf("the shell printed %q, Lua %q", shell, lua)
		}
	case printed != luaPrinted:
		t.Errorf("the shell printed %q, Lua %q", printed, luaPrinted)
	}
}

// items are the records of a stream in lines of JSON, in any order, without what
// differs from run to run.
func items(printed string, row *primitive.Row) string {
	var list []string
	for line := range strings.Lines(printed) {
		var item map[string]any
		if json.Unmarshal([]byte(line), &item) != nil || item[row.Result.Fields[0].Name] == nil {
			continue
		}
		for _, f := range row.Result.Fields {
			if f.Volatile {
				delete(item, f.Name)
			}
		}
		maps.DeleteFunc(item, func(_ string, v any) bool { return v == nil }) // in Lua a field that is nil is none
		text, _ := json.Marshal(item)
		list = append(list, string(text))
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// saved is a saved script, on another port: the one it was typed with may be in
// TIME_WAIT.
func saved(t *testing.T, path string, typed []primitive.Call) string {
	script, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(script), port(typed), nettest.FreePort(t))
}

// substitute puts the addresses of live peers and a free port into the example.
func substitute(t *testing.T, row *primitive.Row) string {
	needs := map[string]func(testing.TB) string{"": nil, "echo": nettest.Echo, "udp-echo": nettest.UDPEcho}
	start, known := needs[row.Needs]
	if !known {
		t.Fatalf("no peer for what the row needs: %s", row.Needs)
	}
	example := row.Example
	if start != nil {
		example = strings.ReplaceAll(example, "127.0.0.1 7", spaced(start(t)))
	}
	return strings.ReplaceAll(example, "12345", nettest.FreePort(t))
}

// port is the port that the calls listened on; a word no script holds if none.
func port(calls []primitive.Call) string {
	for _, c := range calls {
		for _, g := range c.Given {
			if a, ok := g.Value.(primitive.Addr); ok && g.Param.Listen && a.Port != 0 {
				return fmt.Sprint(a.Port)
			}
		}
	}
	return "\x00"
}

func slicesContainRow(calls []primitive.Call, row *primitive.Row) bool {
	for _, c := range calls {
		if c.Row == row || c.Row == row.Host() && row.Host() != nil {
			return true
		}
	}
	return false
}

// A world is a session with both faces and a recorder.
type world struct {
	session  *session.Session
	recorder *primitive.Recorder
	shell    *repl.Shell
	lua      *luabind.State
	out, all buffer // what went to stdout; that and stderr
}

// A buffer takes writes of several tasks.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// newWorld makes one that must leave nothing in this process: a test that uses it
// runs alone, others beside each other (t.Parallel).
func newWorld(t *testing.T, table *primitive.Table) *world {
	t.Helper()
	nothingLeft := heldNow()
	w := &world{recorder: primitive.NewRecorder(100)}
	out := io.MultiWriter(&w.out, &w.all)
	w.session = session.New(session.Options{Out: out, Recorder: w.recorder})
	w.shell = repl.New(repl.Options{Table: table, Session: w.session, In: strings.NewReader(""), Out: out, Err: &w.all, Recorder: w.recorder})
	w.lua = luabind.New(table, w.session, luabind.Options{Shell: w.shell.Line})
	w.shell.SetLua(w.lua)
	t.Cleanup(func() {
		w.session.Close()
		w.lua.Close()
		if err := nothingLeft(); err != nil {
			t.Errorf("left behind: %v", err)
		}
	})
	return w
}

// close ends the world, so that its ports are free for the next one.
func (w *world) close() []primitive.Call {
	w.session.Close()
	return w.recorder.Calls()
}

func inShell(t *testing.T, table *primitive.Table, lines string, flags ...string) ([]primitive.Call, string) {
	w := newWorld(t, table)
	if code := w.shell.Main(t.Context(), append(flags, "--no-wait", "-c", lines)); code != 0 {
		t.Fatalf("%s\nexit code %d: %s", lines, code, w.all.String())
	}
	return w.close(), w.out.String()
}

func inLua(t *testing.T, table *primitive.Table, script string) ([]primitive.Call, string) {
	w := newWorld(t, table)
	path := filepath.Join(t.TempDir(), "exported.lua")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := w.lua.RunFile(t.Context(), path, nil); err != nil {
		t.Fatalf("%v\nthe script was:\n%s", err, script)
	}
	return w.close(), w.out.String()
}

// outcomes are the calls as far as they must be the same in both faces.
func outcomes(calls []primitive.Call) []string {
	var list []string
	for _, c := range calls {
		if c.Begun || c.Row == nil {
			continue
		}
		list = append(list, fmt.Sprintf("%s: %s %s", c.Row.Name, steady(c.Result), primitive.KindOf(c.Err)))
	}
	return list
}

// steady is a result with what differs from run to run left out.
func steady(v any) string {
	switch v := v.(type) {
	case primitive.Handle:
		return "a " + v.Type()
	case primitive.Stream:
		return "items"
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, steady(item))
		}
		return "[" + strings.Join(items, " ") + "]"
	case primitive.Record:
		var fields []string
		for _, f := range v {
			value := steady(f.Value)
			if f.Volatile {
				value = fmt.Sprintf("a %T", f.Value)
			}
			fields = append(fields, f.Name+"="+value)
		}
		return "{" + strings.Join(fields, " ") + "}"
	case primitive.Bytes:
		return fmt.Sprintf("%q", []byte(v))
	}
	return fmt.Sprintf("%#v", v)
}
