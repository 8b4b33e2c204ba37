package lesson

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"sosh/primitive"
)

// Course plays lessons in order, nobody asked, and stops at the first failure.
func (p *Player) Course(ctx context.Context, list []Head, screen *Screen) error {
	part := -1
	played := map[string]bool{}
	for _, h := range list {
		if h.Part != part && h.Part < len(Parts()) {
			part = h.Part
			screen.line("\n== Part %d. %s", part, Parts()[part])
		}
		if h.Side == "client" && played[strings.TrimSuffix(h.Name, "-client")+"-server"] {
			continue // it was the other side of the lesson before
		}
		screen.line("\n=== %s (%s)", h.Title, h.Name)
		if err := p.Play(ctx, h.Name, Playing{View: Brief{screen}}); err != nil {
			return err
		}
		played[h.Name] = true
	}
	return nil
}

// A Result is how a lesson went when it was checked.
type Result struct {
	ID    string
	Title string
	Took  time.Duration
	Err   error
	File  string // where it failed; "" where that is not known
	Line  int
}

// Check plays lessons without a word and says how each went. It goes on after a
// failure; the end of ctx ends it.
func (p *Player) Check(ctx context.Context, list []Head, each func(n int, r Result)) (failed int, err error) {
	for i, h := range list {
		begun := time.Now()
		r := Result{ID: h.Name, Title: h.Title}
		r.Err = p.Play(ctx, h.Name, Playing{View: silent{}})
		if ctx.Err() != nil {
			return failed, ctx.Err()
		}
		r.Took = time.Since(begun)
		if r.Err != nil {
			failed++
			r.File, r.Line = placeIn(r.Err)
		}
		each(i+1, r)
	}
	return failed, nil
}

// place is what Lua puts in front of an error.
const place = `(?:^|\s)([^\s:]+\.lua):(\d+): ?`

// placeIn is the file and line that an error of a script begins with.
func placeIn(err error) (file string, line int) {
	m := regexp.MustCompile(place).FindStringSubmatch(primitive.AsError(err).Error())
	if m == nil {
		return "", 0
	}
	line, _ = strconv.Atoi(m[2]) // digits
	return m[1], line
}

// withoutPlace is what an error says, without the line of the script.
func withoutPlace(err error) string {
	return regexp.MustCompile(place).ReplaceAllString(primitive.AsError(err).Error(), "")
}

// TAPHead begins a TAP report (version 14) of n tests.
func TAPHead(w io.Writer, n int) {
	fmt.Fprintf(w, "TAP version 14\n1..%d\n", n)
}

// TAP is the lines of one result.
func TAP(w io.Writer, n int, r Result) {
	if r.Err == nil {
		fmt.Fprintf(w, "ok %d - %s # time=%dms\n", n, r.ID, r.Took.Milliseconds())
		return
	}
	fmt.Fprintf(w, "not ok %d - %s\n  ---\n  message: %s\n", n, r.ID, strconv.Quote(problem(r.Err)))
	if r.File != "" {
		fmt.Fprintf(w, "  file: %s\n  line: %d\n", strconv.Quote(r.File), r.Line)
	}
	fmt.Fprintf(w, "  ...\n")
}

func problem(err error) string { return primitive.Visible(primitive.AsError(err).Error()) }

// JUnit writes results as JUnit XML.
func JUnit(w io.Writer, results []Result) error {
	failed, took := 0, time.Duration(0)
	for _, r := range results {
		took += r.Took
		if r.Err != nil {
			failed++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"sosh lessons\" tests=\"%d\" failures=\"%d\" time=\"%.3f\">\n", len(results), failed, took.Seconds())
	for _, r := range results {
		fmt.Fprintf(&b, "  <testcase classname=\"lesson\" name=%s time=\"%.3f\"", attribute(r.ID), r.Took.Seconds())
		if r.Err == nil {
			b.WriteString("/>\n")
			continue
		}
		if r.File != "" {
			fmt.Fprintf(&b, " file=%s line=\"%d\"", attribute(r.File), r.Line)
		}
		fmt.Fprintf(&b, ">\n    <failure type=%s message=%s/>\n  </testcase>\n", attribute(string(primitive.KindOf(r.Err))), attribute(problem(r.Err)))
	}
	b.WriteString("</testsuite>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// attribute is a value of XML in quotes, without the characters that XML has not.
func attribute(text string) string {
	var b strings.Builder
	for _, c := range strings.ToValidUTF8(text, "\uFFFD") {
		switch {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '"':
			b.WriteString("&quot;")
		case c == '\n' || c == '\t' || c == '\r':
			fmt.Fprintf(&b, "&#%d;", c)
		case c < 0x20 || c == 0xFFFE || c == 0xFFFF:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(c)
		}
	}
	return `"` + b.String() + `"`
}

// Page is the course as a page of Markdown.
func Page(list []Head, regenerate string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- Generated from the lessons by: %s. Do not edit. -->\n# The course\n\n", regenerate)
	b.WriteString("`sosh run lecture` plays all of it, in order, in under a minute. `sosh lesson run ID` goes through one lesson step by\n" +
		"step, with a shell in the middle; `sosh run ID` just runs it. `sosh lesson list` shows which ones you have done.\n")
	part := -1
	for _, h := range list {
		if h.Part != part {
			part = h.Part
			fmt.Fprintf(&b, "\n## Part %d. %s\n\n| lesson | title | you learn | before it |\n|---|---|---|---|\n", part, Parts()[min(part, len(Parts())-1)])
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", h.Name, h.Title, h.Learn, h.Needs)
	}
	return b.String()
}
