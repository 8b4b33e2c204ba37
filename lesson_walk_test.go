package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// next presses Enter at the end of a step.
func (p *program) next(answer string) {
	p.t.Helper()
	p.answers("[q] leave", answer)
}

// TestWalk goes through a lesson on a terminal: step by step, back, a shell in
// the middle with what is open, the question, and what is remembered.
func TestWalk(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	cmd := sosh(t, "lesson", "run", "half-close")
	cmd.Env = append(cmd.Env, "XDG_STATE_HOME="+state)
	walk := onTerminal(t, cmd)
	walk.next("")
	walk.says("1. A server that must have all", "2. The client sends")
	walk.next("b")
	walk.says("(step 1, as it went)", "1. A server that must have all")
	walk.next("")
	walk.says("(step 2, as it went)", "no answer yet")
	walk.next("s")
	walk.says("the lesson waits")
	walk.types("print('in ' .. client.state)", "info client", "exit")
	walk.says("in connected", "raddr")
	walk.next("")
	walk.says("client> shutdown client write")
	for range 5 {
		walk.next("")
	}
	walk.answers("your answer", "read")
	walk.says("No.")
	walk.answers("your answer", " Write. ")
	walk.says("Right.")
	walk.finish(0)

	path := filepath.Join(state, "sosh", "lessons.json")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the progress has mode %v", info.Mode())
	}
	list := sosh(t, "lesson", "list")
	list.Env = append(list.Env, "XDG_STATE_HOME="+state)
	for line := range strings.Lines(launch(t, list).finish(0)) {
		if done := strings.HasSuffix(line, "done, answered\n"); done != strings.Contains(line, " half-close ") {
			t.Errorf("the list says %q", line)
		}
	}
}

// TestWalkLeave leaves a lesson in its middle, by q and by Ctrl-C, and at a
// prompt, which is left as it was.
func TestWalkLeave(t *testing.T) {
	t.Parallel()
	walk := onTerminal(t, sosh(t, "lesson", "run", "octets"))
	walk.next("q")
	walk.finish(0)
	walk = onTerminal(t, sosh(t, "lesson", "run", "octets"))
	walk.next("\x03")
	walk.finish(130)
	walk = onTerminal(t, sosh(t, "lesson", "run", "octets"))
	walk.next("\x04") // Ctrl-D
	walk.finish(0)
	walk = onTerminal(t, sosh(t))
	walk.answers("sosh> ", "lesson run half-close")
	walk.next("q")
	walk.answers("sosh> ", "handles; print('server: ' .. tostring(rawget(_G, 'server')))")
	walk.says("server: nil")
	walk.answers("sosh> ", "exit")
	walk.finish(0)
}

// TestWalkServer goes through one program of two; the other is a second process.
func TestWalkServer(t *testing.T) {
	t.Parallel()
	walk := onTerminal(t, sosh(t, "lesson", "run", "tcp-server", "--port", "0"))
	for range 4 {
		walk.next("")
	}
	port := walk.port(walk.out, "listening on 127.0.0.1:")
	walk.says("server waiting for connection")
	client := launch(t, sosh(t, "run", "tcp-client", "--port", port))
	walk.says("client connected from 127.0.0.1")
	for range 3 {
		walk.next("")
	}
	walk.answers("your answer", "")
	walk.says("It is: the client's")
	walk.finish(0)
	want(t, "client", client.finish(0), "hey client\n")
}

// TestGlobalsAreRestored holds that a lesson leaves no names behind, and that one
// of ours which it has used for something else is ours again.
func TestGlobalsAreRestored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.lua")
	script := "local lesson = require 'lesson'\nreturn lesson { id = 'mine', title = 'Mine', steps = { lesson.step 'x' (function() udp, fresh = 1, 2 end) } }\n"
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	lines := "lesson run " + path + "; print(type(udp), type(rawget(_G, 'fresh')))"
	launch(t, sosh(t, "-c", lines)).says("table\tnil")
}

// TestPresent shows both sides in columns.
func TestPresent(t *testing.T) {
	t.Parallel()
	out := launch(t, sosh(t, "lesson", "run", "tcp-client", "--present")).finish(0)
	for _, text := range []string{"A   T C P   C L I E N T", "SERVER", " │ CLIENT", "server waiting for connection"} {
		if !strings.Contains(out, text) {
			t.Errorf("the picture lacks %q:\n%s", text, out)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Error("escapes, and no terminal")
	}
}

// TestNewLesson writes a template, which is a lesson that runs.
func TestNewLesson(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.lua")
	launch(t, sosh(t, "lesson", "new", path)).finish(0)
	launch(t, sosh(t, "lesson", "new", path)).finish(1) // nothing is overwritten
	launch(t, sosh(t, "lesson", "run", path, "--check")).finish(0)
	launch(t, sosh(t, "run", path)).finish(0)
	told := launch(t, sosh(t, "lesson", "run", path))
	told.finish(0)
	told.says("1. Why this is done", "server> listener = listen 0", "client> client = tcp connect", "client | received: welcome", "client | refused: ", "Question: ")
	launch(t, sosh(t, path)).finish(0)
}

// TestLessonCommandUsage holds that wrong words are wrong usage.
func TestLessonCommandUsage(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"lesson run", "lesson run nothing-like-it", "lesson show", "lesson list me", "lesson teach octets", "lesson new", "lesson new Über",
		"grade", "grade tcp-server", "grade octets -- true {port}", "grade tcp-server -- true", "grade tcp-server --port x -- true",
		"grade tcp-server --each '*' -- true {port}", "grade tcp-server --points -- true {port}",
	} {
		launch(t, sosh(t, strings.Fields(words)...)).finish(2)
	}
}
