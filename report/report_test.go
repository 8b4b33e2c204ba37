package report

import (
	"errors"
	"html"
	"regexp"
	"strings"
	"testing"

	"sosh/primitive"
)

// What a hostile peer would like to see in a page.
const hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><a href=javascript:x>&lt;\x1b]0;x\x07\x00\x9b\u202e\xff --></style></title>"

func hostilePage() *Page {
	return &Page{
		Title: hostile, Lead: hostile, Facts: []Fact{{hostile, hostile}}, Tallies: []Tally{{Name: hostile, Count: 3, Tone: primitive.Good}, {Name: "b", Tone: 200}},
		Tables: []Table{{Title: hostile, Columns: []Column{{Name: hostile, Code: true}, {Name: "n", Number: true}},
			Rows: [][]Cell{{{Lines: []string{hostile, hostile}, Key: hostile, Tone: primitive.Bad}, Text("2")}}, Left: 7}},
		Notes: []string{hostile},
	}
}

func written(t *testing.T, p *Page) string {
	t.Helper()
	var b strings.Builder
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Nothing that came from elsewhere becomes HTML, or a character that hides.
func TestHostile(t *testing.T) {
	page := written(t, hostilePage())
	for _, r := range page {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\ufffd' {
			t.Errorf("the page holds %q", r)
		}
	}
	plain := written(t, &Page{
		Title: "x", Lead: "x", Facts: []Fact{{"x", "x"}}, Tallies: []Tally{{Name: "x", Count: 3, Tone: primitive.Good}, {Name: "b", Tone: 200}},
		Tables: []Table{{Title: "x", Columns: []Column{{Name: "x", Code: true}, {Name: "n", Number: true}},
			Rows: [][]Cell{{{Lines: []string{"x", "x"}, Key: "x", Tone: primitive.Bad}, Text("2")}}, Left: 7}},
		Notes: []string{"x"},
	})
	escaped := html.EscapeString(primitive.Visible(hostile))
	if n := strings.Count(page, escaped); n != 12 {
		t.Errorf("the text is there %d times", n)
	}
	if got := strings.ReplaceAll(page, escaped, "x"); got != plain {
		t.Errorf("the text changed the page:\n%s\nwithout it:\n%s", got, plain)
	}
}

// The page asks for nothing: no address in it, and a policy that would stop it.
func TestSelfContained(t *testing.T) {
	page := written(t, &Page{Title: "T", Tables: []Table{{Title: "A", Columns: []Column{{Name: "a"}}, Rows: [][]Cell{{Text("b")}}}}})
	if found := regexp.MustCompile(`(?i)https?:|src=|href=|url\(|@import|fetch\(|XMLHttp|style="|\son\w+=`).FindString(page); found != "" {
		t.Errorf("the page has %s", found)
	}
	policy := regexp.MustCompile(`content="(default-src 'none'; style-src 'sha256-([^']+)'; script-src 'sha256-([^']+)'; base-uri 'none'; form-action 'none')"`).FindStringSubmatch(page)
	if policy == nil {
		t.Fatalf("no policy: %s", page[:400])
	}
	between := func(from, to string) string {
		_, rest, _ := strings.Cut(page, from)
		text, _, _ := strings.Cut(rest, to)
		return text
	}
	if policy[2] != hash(between("<style>", "</style>")) || policy[3] != hash(between("<script>", "</script>")) {
		t.Error("the policy does not allow what is in the page")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriteFails(t *testing.T) {
	if err := hostilePage().Write(full{}); err == nil {
		t.Error("a full disk is no error")
	}
}
