package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"sosh/lesson"
	"sosh/luabind"
	"sosh/scripts"
)

// brokenCourse is a folder with the lessons, one of them changed.
func brokenCourse(t *testing.T, name, from, to string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, scripts.FS()); err != nil {
		t.Fatal(err)
	}
	source, err := fs.ReadFile(scripts.FS(), name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(source, []byte(from)) {
		t.Fatalf("%s has no %s", name, from)
	}
	source = bytes.Replace(source, []byte(from), []byte(to), 1)
	if err := os.WriteFile(filepath.Join(dir, name), source, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestBrokenExpectation holds that the course notices: a server that says
// something else makes it end with exit code 3.
func TestBrokenExpectation(t *testing.T) {
	t.Parallel()
	dir := brokenCourse(t, "tcp-server.lua", `client:send("hey client")`, `client:send("hey you")`)
	check := launch(t, sosh(t, "lesson", "run", filepath.Join(dir, "tcp-client.lua"), "--check"))
	check.finish(0) // its other side is the one built in
	check = launch(t, sosh(t, "lesson", "run", dir, "--tap"))
	check.finish(3)
	check.after(check.err, "2 of ")
	check.says("not ok ", " - tcp-server\n", "message: \"expectation failed: the client says: hey client")
}

// TestCheckReports holds the reports of a lesson that fails: where, in TAP and in
// JUnit's XML.
func TestCheckReports(t *testing.T) {
	dir := brokenCourse(t, "half-close.lua", `"that were 12 bytes")`, `"that were 13 bytes")`)
	file, junit := filepath.Join(dir, "half-close.lua"), filepath.Join(dir, "junit.xml")
	line := 1 + bytes.Count(before(t, file, "that were 13 bytes"), []byte("\n"))
	check := launch(t, sosh(t, "lesson", "run", file, "--tap", "--junit", junit))
	check.finish(3)
	check.says("TAP version 14\n1..1\nnot ok 1 - ", fmt.Sprintf("  line: %d\n", line))
	data, err := os.ReadFile(junit)
	if err != nil {
		t.Fatal(err)
	}
	var suite struct {
		Failures int `xml:"failures,attr"`
		Case     struct {
			Line    int `xml:"line,attr"`
			Failure struct {
				Type    string `xml:"type,attr"`
				Message string `xml:"message,attr"`
			} `xml:"failure"`
		} `xml:"testcase"`
	}
	if err := xml.Unmarshal(data, &suite); err != nil {
		t.Fatal(err)
	}
	if suite.Failures != 1 || suite.Case.Line != line || suite.Case.Failure.Type != "expectation" || !strings.Contains(suite.Case.Failure.Message, "13 bytes, but got that were 12 bytes") {
		t.Errorf("%+v", suite)
	}
}

func before(t *testing.T, file, text string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := bytes.Cut(data, []byte(text))
	if !found {
		t.Fatalf("%s has no %s", file, text)
	}
	return head
}

// TestHeads holds that what a list shows of a lesson, which is read from its
// text, is what the lesson declares when it runs.
func TestHeads(t *testing.T) {
	table := tableOf(t)
	w := newWorld(t, table)
	lua := luabind.New(table, w.session, luabind.Options{Lessons: scripts.FS()})
	t.Cleanup(lua.Close)
	for _, head := range scripts.List() {
		value, release, err := lua.Load(t.Context(), lesson.Script{Name: head.Name, Builtin: true})
		if err != nil {
			t.Fatal(err)
		}
		l, err := lesson.From(value)
		release()
		if err != nil {
			t.Fatalf("%s: %v", head.Name, err)
		}
		if diff := gocmp.Diff(head, l.Head); diff != "" {
			t.Errorf("%s: the text says (-), the script (+):\n%s", head.Name, diff)
		}
		if l.Try == "" || l.Question == nil {
			t.Errorf("%s has nothing to try, or no question", head.Name)
		}
		for n, s := range l.Steps {
			if s.Text == "" {
				t.Errorf("%s: step %d says nothing", head.Name, n+1)
			}
		}
	}
}

// TestLessonsOfTheDocs plays the lessons that the pages show.
func TestLessonsOfTheDocs(t *testing.T) {
	page, err := os.ReadFile("docs/lessons.md")
	if err != nil {
		t.Fatal(err)
	}
	dir, found := t.TempDir(), regexp.MustCompile("(?sm)^```lua lesson\n(.*?)^```").FindAllSubmatch(page, -1)
	for i, m := range found {
		head, ok := lesson.Describe(string(m[1]))
		if !ok {
			t.Fatalf("lesson %d is none", i+1)
		}
		if err := os.WriteFile(filepath.Join(dir, head.Name+".lua"), m[1], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := launch(t, sosh(t, "lesson", "run", dir, "--check")).finish(0)
	if got := strings.Count(out, "ok "); got != len(found) || got < 3 {
		t.Errorf("%d of %d: %s", got, len(found), out)
	}
}
