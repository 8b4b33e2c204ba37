package main

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sosh/luabind"
	"sosh/primitive"
	"sosh/repl"
	"sosh/scripts"
	"sosh/session"
	"sosh/verbs"
)

// play checks one lesson in this process.
func play(t *testing.T, table *primitive.Table, id string) (code int, said string) {
	t.Helper()
	w := &world{}
	w.session = session.New(session.Options{Out: &w.all})
	w.shell = repl.New(repl.Options{
		Table: table, Session: w.session, In: strings.NewReader(""), Out: &w.all, Err: &w.all,
		Lessons: scripts.List, Progress: filepath.Join(t.TempDir(), "lessons.json"),
	})
	w.lua = luabind.New(table, w.session, luabind.Options{Shell: w.shell.Line, Lessons: scripts.FS(), Taken: w.shell.IsOwn})
	w.shell.SetLua(w.lua)
	code = w.shell.Main(t.Context(), []string{"lesson", "run", id, "--check"})
	w.session.Close()
	w.lua.Close()
	return code, w.all.String()
}

// TestLessonsNoticeBreaks holds that every primitive is used by a lesson that
// fails when the primitive does.
func TestLessonsNoticeBreaks(t *testing.T) {
	if testing.Short() {
		t.Skip("plays every lesson several times")
	}
	t.Parallel()
	users := usersOf(t)
	for row := range verbs.Table().Rows() {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			if len(users[row.Name]) == 0 {
				t.Fatal("no lesson uses it")
			}
			for _, id := range users[row.Name] {
				if code, _ := play(t, broken(row.Name), id); code != 0 {
					return
				}
			}
			t.Errorf("none of %v notices that it is broken", users[row.Name])
		})
	}
}

// broken is a table with one row that only fails.
func broken(name string) *primitive.Table {
	table := verbs.Table()
	table.Around(func(r *primitive.Row, run primitive.Run) primitive.Run {
		if r.Name != name {
			return run
		}
		return func(context.Context, primitive.Env, any) (any, error) { return nil, errors.New("broken") }
	})
	return table
}

// counting is a table that notes which rows are called.
func counting(calls *sync.Map) *primitive.Table {
	table := verbs.Table()
	table.Around(func(r *primitive.Row, run primitive.Run) primitive.Run {
		return func(ctx context.Context, env primitive.Env, args any) (any, error) {
			calls.Store(r.Name, true)
			return run(ctx, env, args)
		}
	})
	return table
}

// usersOf lists the lessons that call each row, the quickest first.
func usersOf(t *testing.T) map[string][]string {
	users, took := map[string][]string{}, map[string]time.Duration{}
	var mu sync.Mutex // for both
	t.Run("lessons", func(t *testing.T) {
		for _, l := range scripts.List() {
			t.Run(l.Name, func(t *testing.T) {
				t.Parallel()
				var calls sync.Map
				begun := time.Now()
				if code, said := play(t, counting(&calls), l.Name); code != 0 {
					t.Fatalf("it ended with exit code %d: %s", code, said)
				}
				mu.Lock()
				defer mu.Unlock()
				took[l.Name] = time.Since(begun)
				for name := range calls.Range {
					users[name.(string)] = append(users[name.(string)], l.Name)
				}
			})
		}
	})
	for _, list := range users {
		slices.SortFunc(list, func(a, b string) int { return cmp.Compare(took[a], took[b]) })
	}
	return users
}
