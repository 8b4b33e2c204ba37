package repl

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sosh/primitive"
	"sosh/session"
)

type loginArgs struct {
	User     string `arg:"" help:"name of the user"`
	Password string `arg:"" secret:"" help:"what only the user knows"`
	Pin      string `secret:"" help:"a further secret"`
}

func login(context.Context, *session.Session, loginArgs) (string, error) { return "in", nil }

// What a row declares to be secret is kept nowhere: not in memory, not in the
// file, not in a saved session.
func TestDeclaredSecrets(t *testing.T) {
	table := primitive.NewTable(primitive.Rows(primitive.New(primitive.Spec{
		Name: "login", Short: "Log in", Example: "login me x",
	}, login)))
	if err := table.Check(); err != nil {
		t.Fatal(err)
	}
	recorder := primitive.NewRecorder(10)
	recorder.Turn(true)
	s := session.New(session.Options{Recorder: recorder})
	defer s.Close()
	path := filepath.Join(t.TempDir(), "history")
	sh := New(Options{Table: table, Session: s, Recorder: recorder, HistoryFile: path,
		In: strings.NewReader(""), Out: &strings.Builder{}, Err: &strings.Builder{}})
	if err := sh.history.Open(); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"login me hunter2", "x = login me 'hunter2' --pin=hunter2; login you $pw", "login us --pin hunter2 hunter2 &"} {
		sh.history.Add(line)
	}
	if err := sh.history.Close(); err != nil {
		t.Fatal(err)
	}
	want := []string{"login me ***", "x = login me *** --pin=***; login you $pw", "login us --pin *** *** &"}
	if got := sh.history.List(); !slices.Equal(got, want) {
		t.Errorf("the history is %q, want %q", got, want)
	}
	if data, err := os.ReadFile(path); err != nil || strings.Contains(string(data), "hunter2") {
		t.Errorf("the file: %s, %v", data, err)
	}
	if _, err := sh.Line(t.Context(), "login me hunter2; login you --pin 4711 b"); err != nil {
		t.Fatal(err)
	}
	if calls, secrets := sh.presentable(recorder.Calls()); len(calls) != 0 || secrets != 2 {
		t.Errorf("%d calls would be saved, %d not", len(calls), secrets)
	}
}
