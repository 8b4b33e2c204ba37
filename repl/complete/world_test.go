package complete_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sosh/luabind"
	"sosh/primitive"
	"sosh/repl"
	"sosh/repl/complete"
	"sosh/session"
	"sosh/verbs"
)

// A world is a shell with both faces, and what its completer says.
type world struct {
	*complete.Completer
	sh  *repl.Shell
	lua *luabind.State
	s   *session.Session
}

type loginArgs struct {
	User     string `arg:"" help:"name of the user"`
	Password string `arg:"" secret:"" help:"what only the user knows"`
	Pin      string `secret:"" help:"a further secret"`
	Depth    int    `default:"1" help:"how deep"`
}

func login(context.Context, *session.Session, loginArgs) (string, error) { return "in", nil }

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{s: session.New(session.Options{})}
	t.Cleanup(w.s.Close)
	table := primitive.NewTable(append(verbs.All(), primitive.Rows(primitive.New(primitive.Spec{
		Name: "login", Short: "Log in", Example: "login me x",
	}, login)))...)
	w.sh = repl.New(repl.Options{
		Table: table, Session: w.s, In: strings.NewReader(""), Out: &strings.Builder{}, Err: &strings.Builder{},
		Lessons: func() []repl.Lesson {
			return []repl.Lesson{{Name: "tcp-server", Title: "A TCP server"}, {Name: "udp-server", Title: "A UDP server"}}
		},
	})
	w.lua = luabind.New(table, w.s, luabind.Options{Shell: w.sh.Line})
	t.Cleanup(w.lua.Close)
	w.sh.SetLua(w.lua)
	w.Completer = w.sh.Completer()
	return w
}

// does runs lines.
func (w *world) does(t testing.TB, lines ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for _, line := range lines {
		if _, err := w.sh.Line(ctx, line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
}
