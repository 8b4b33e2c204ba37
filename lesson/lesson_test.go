package lesson

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"sosh/primitive"
)

func TestDescribe(t *testing.T) {
	for _, c := range []struct {
		source string
		want   Head
		ok     bool
	}{
		{"return lesson {\n  id = \"a-b\",\n  title = \"A \\\"b\\\"\",\n  part = 3,\n  order = 31,\n  steps = {\n    step \"x\"\n  },\n}", Head{Name: "a-b", Title: `A "b"`, Part: 3, Order: 31}, true},
		{"local x = 1\nreturn lesson{\r\n  id = \"a\",\r\n  side = \"server\",\r\n}\r\n", Head{Name: "a", Side: "server"}, true},
		{"id = \"a\"\nprint('return lesson')", Head{}, false},
		{"", Head{}, false},
	} {
		got, ok := Describe(c.source)
		if ok != c.ok || got != c.want {
			t.Errorf("%q: %+v %v", c.source, got, ok)
		}
	}
}

func FuzzDescribe(f *testing.F) {
	f.Add("return lesson {\n  id = \"a\",\n  part = 99999999999999999999,\n}")
	f.Add(Template("x"))
	f.Fuzz(func(t *testing.T, source string) {
		if h, ok := Describe(source); !ok && h != (Head{}) {
			t.Errorf("%q: %+v of no lesson", source, h)
		}
		body(source)
		folded(source)
		clip(source, 10)
		wrap(source, 10)
		attribute(source)
	})
}

func TestListIsInOrder(t *testing.T) {
	script := func(id string, order string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("return lesson {\n  id = \"" + id + "\",\n  order = " + order + ",\n}")}
	}
	files := fstest.MapFS{"b.lua": script("b", "1"), "a.lua": script("a", "2"), "other.lua": script("c", "0"), "no.lua": {Data: []byte("print(1)")}}
	var names []string
	for _, h := range List(files) {
		names = append(names, h.Name)
	}
	if diff := cmp.Diff([]string{"b", "a"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestFromRefuses(t *testing.T) {
	steps := []any{map[string]any{"text": "One."}}
	good := func(change map[string]any) map[string]any {
		m := map[string]any{"id": "a", "title": "A", "steps": steps}
		for k, v := range change {
			m[k] = v
		}
		return m
	}
	if _, err := From(good(nil)); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{
		"no table": "text", "no id": good(map[string]any{"id": "A b"}), "no steps": good(map[string]any{"steps": map[string]any{}}),
		"unknown field": good(map[string]any{"titel": "A"}), "number": good(map[string]any{"title": 3.0}),
		"side": good(map[string]any{"side": "left"}), "question": good(map[string]any{"question": map[string]any{"ask": "what?"}}),
		"step": good(map[string]any{"steps": []any{"text"}}), "empty step": good(map[string]any{"steps": []any{map[string]any{}}}),
		"kind": good(map[string]any{"steps": []any{map[string]any{"text": "a", "fails": "badly"}}}), "point": good(map[string]any{"grade": []any{map[string]any{"text": "a"}}}),
	} {
		if _, err := From(value); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBody(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"    step \"x\" (function()\n      a()\n        b()\n    end),", "a()\n  b()"},
		{"  step \"x\" (function() a() end) :fails \"eof\",", "a()"},
		{"  step \"x\" (function(s)\n    send(s)\n  end)", "send(s)"},
	} {
		if got := strings.TrimSpace(body(c.text)); got != c.want {
			t.Errorf("%q: %q", c.text, got)
		}
	}
}

func TestFolded(t *testing.T) {
	got := folded("\n  one\n  two\n\n    a  drawing\n  of  it\n")
	if got != "one two\n\n  a  drawing\nof  it" {
		t.Errorf("%q", got)
	}
}

func TestColumns(t *testing.T) {
	got := columns([]event{{"server", "listening"}, {"client", "a line that is longer than its column"}, {"", "both"}}, []string{"server", "client"}, 35)
	want := []string{
		"SERVER           │ CLIENT",
		strings.Repeat("─", 35),
		"listening        │",
		"                 │ a line that is",
		"                 │ longer than its",
		"                 │ column",
		"both",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestJUnitIsXML(t *testing.T) {
	var b bytes.Buffer
	results := []Result{{ID: "good", Took: time.Second}, {ID: "bad", File: `a"<b>.lua`, Line: 3, Err: primitive.Newf(primitive.Expectation, "a & b < c\x00\x1b\xff")}}
	if err := JUnit(&b, results); err != nil {
		t.Fatal(err)
	}
	var suite struct {
		Tests int `xml:"tests,attr"`
		Cases []struct {
			Name string `xml:"name,attr"`
			File string `xml:"file,attr"`
		} `xml:"testcase"`
	}
	if err := xml.Unmarshal(b.Bytes(), &suite); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	if suite.Tests != 2 || suite.Cases[1].File != `a"<b>.lua` {
		t.Errorf("%+v", suite)
	}
}

func TestPlaceIn(t *testing.T) {
	for text, want := range map[string]string{
		"./x.lua:12: expectation failed": "./x.lua 12", "at lib/y.lua:3: z": "lib/y.lua 3", "nothing": " 0",
	} {
		file, line := placeIn(primitive.Newf(primitive.Failed, "%s", text))
		if got := file + " " + strconv.Itoa(line); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestProgress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sosh", "lessons.json")
	done := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p := ReadProgress(path)
	for _, r := range []Reached{{Step: 3, Of: 3, Done: done, Answered: true}, {Step: 1, Of: 3}} {
		if err := p.Reach("octets", r); err != nil {
			t.Fatal(err)
		}
	}
	if got := ReadProgress(path).Lessons["octets"]; got.Step != 1 || !got.Done.Equal(done) || !got.Answered {
		t.Errorf("what was done is forgotten: %+v", got)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if err := os.WriteFile(path, []byte("[broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ReadProgress(path); len(got.Lessons) != 0 || got.Lessons == nil {
		t.Errorf("%+v", got)
	}
}

// typist answers questions in order.
func typist(answers ...string) func(context.Context, string) (string, error) {
	return func(context.Context, string) (string, error) {
		if len(answers) == 0 {
			return "", errors.New("nothing more is typed")
		}
		answer := answers[0]
		answers = answers[1:]
		return answer, nil
	}
}

func TestQuiz(t *testing.T) {
	l := &Lesson{Question: &Question{Ask: "How many?", Answers: []string{"four", "4"}, Hint: "Count.", Why: "Because."}}
	for _, c := range []struct {
		typed []string
		right bool
		says  string
	}{
		{[]string{" FOUR. "}, true, "Right. Because."},
		{[]string{"3", "4"}, true, "No. Count.\nRight. Because."},
		{[]string{"1", "2", "3"}, false, "It is: four. Because."},
		{[]string{""}, false, "It is: four. Because."},
	} {
		var b bytes.Buffer
		w := &Walk{Told: Told{&Screen{W: &b}}, Person: Person{Ask: typist(c.typed...)}}
		right, err := w.Quiz(t.Context(), l)
		if err != nil || right != c.right || !strings.Contains(b.String(), c.says) {
			t.Errorf("%q: %v %v %q", c.typed, right, err, b.String())
		}
	}
}

// TestScreenIsSafe holds that what a peer sends drives no terminal.
func TestScreenIsSafe(t *testing.T) {
	for _, view := range []func(*Screen) View{
		func(s *Screen) View { return Brief{s} }, func(s *Screen) View { return Told{s} }, func(s *Screen) View { return &Walk{Told: Told{s}} },
	} {
		var b bytes.Buffer
		view(&Screen{W: &b, Terminal: true}).Say("client", "\x1b]0;owned\x07\u202e")
		if strings.ContainsAny(b.String(), "\x1b\x07\u202e") {
			t.Errorf("%q", b.String())
		}
	}
	var b bytes.Buffer
	p := &Present{Screen: &Screen{W: &b, Terminal: true, Width: 40}}
	l := &Lesson{Head: Head{Title: "T"}, Steps: []Step{{Text: "a", Side: "client"}}}
	p.Show(l, 0)
	p.Say("client", "\x1b]0;owned\x07")
	if err := p.Pause(t.Context(), l, 0); err != nil || strings.Contains(b.String(), "\x1b]") {
		t.Errorf("%v %q", err, b.String())
	}
}

func TestCSVCells(t *testing.T) {
	var b bytes.Buffer
	grades := []*Grade{{Student: "=cmd()", Points: 1, Of: 2, Marks: []Mark{{What: "a", OK: true}, {What: "b", Why: "no, \"never\""}}}}
	if err := CSV(&b, grades); err != nil {
		t.Fatal(err)
	}
	if want := "student,points,of,a,b,missing\n'=cmd(),1,2,1,0,\"b: no, \"\"never\"\"\"\n"; b.String() != want {
		t.Errorf("%q", b.String())
	}
}

func TestTailKeepsTheEnd(t *testing.T) {
	var tl tail
	for range 3 {
		_, _ = tl.Write(bytes.Repeat([]byte("x"), maxTail))
	}
	_, _ = tl.Write([]byte("end"))
	if got := tl.String(); len(got) != maxTail || !strings.HasSuffix(got, "xend") {
		t.Errorf("%d bytes", len(got))
	}
}
