// Package report writes pages for a browser: one self-contained HTML file each,
// with tables that sort and filter, for light and dark. A page asks for nothing
// from elsewhere and works from file://; its Content-Security-Policy allows its
// own style and its own script, by their hashes, and nothing else.
//
// Everything that is put into a page is escaped by it: characters that would not
// show become visible escapes, and what HTML would read becomes text. It knows no
// face and no engine. html/template would do the same for half a millisecond and 30
// page faults at every start of the program, whether there is a report or not;
// package html costs nothing one can measure.
package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"sosh/primitive"
)

// A Page is a report: what it is about, what came out in a line, and tables.
type Page struct {
	Title   string
	Lead    string // what came out, in a line
	Facts   []Fact
	Tallies []Tally
	Tables  []Table
	Notes   []string // below everything
}

// A Fact is a name with a value.
type Fact struct{ Name, Value string }

// A Tally is a part of a whole: how many there are of a kind.
type Tally struct {
	Name  string
	Count uint64
	Tone  primitive.Tone
}

// A Table has a row for each thing that was found.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]Cell // as many cells as there are columns
	Left    uint64   // rows that are not shown
}

// A Column is a column of a table.
type Column struct {
	Name   string
	Number bool // its cells stand to the right
	Code   bool // its cells are bytes, or what a program would read
}

// A Cell is text, or several lines of it.
type Cell struct {
	Lines []string
	Key   string // what to sort by; "" is the text
	Tone  primitive.Tone
}

// Text is a cell of one line.
func Text(s string) Cell { return Cell{Lines: []string{s}} }

//go:embed page.css
var style string

//go:embed page.js
var script string

// Write writes the page. The error is the writer's.
func (p *Page) Write(w io.Writer) error {
	b := page{bufio.NewWriter(w)}
	css := style + p.shares()
	b.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
	b.raw(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-` + hash(css) +
		`'; script-src 'sha256-` + hash(script) + `'; base-uri 'none'; form-action 'none'">` + "\n")
	b.raw("<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n" +
		"<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"sosh\">\n")
	b.in("title", "", p.Title)
	b.raw("<style>" + css + "</style>\n</head>\n<body>\n<header>\n")
	b.in("h1", "", p.Title)
	if p.Lead != "" {
		b.in("p", "lead", p.Lead)
	}
	b.facts(p.Facts)
	b.tallies(p.Tallies)
	b.raw("</header>\n<main>\n")
	for i := range p.Tables {
		b.table(&p.Tables[i], i)
	}
	b.raw("</main>\n<footer>\n")
	for _, n := range p.Notes {
		b.in("p", "", n)
	}
	b.raw("</footer>\n<script>" + script + "</script>\n</body>\n</html>\n")
	return b.w.Flush()
}

// hash is the form that a Content-Security-Policy wants.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// shares are the widths of the tallies: the policy allows no style in the elements.
func (p *Page) shares() string {
	var b strings.Builder
	for i, t := range p.Tallies {
		fmt.Fprintf(&b, ".share%d{flex-grow:%d}\n", i, max(t.Count, 1))
	}
	return b.String()
}

// A page is one being written; a bufio.Writer keeps its first error until Flush.
type page struct{ w *bufio.Writer }

// raw writes what is HTML; never anything that was found.
func (b page) raw(text string) { _, _ = b.w.WriteString(text) }

// text writes anything else.
func (b page) text(s string) { b.raw(html.EscapeString(primitive.Visible(s))) }

// in writes text in an element; the class may be empty.
func (b page) in(element, class, s string) {
	b.open(element, class)
	b.text(s)
	b.raw("</" + element + ">\n")
}

func (b page) open(element, class string) {
	if class != "" {
		class = ` class="` + class + `"`
	}
	b.raw("<" + element + class + ">")
}

func (b page) facts(list []Fact) {
	if len(list) == 0 {
		return
	}
	b.raw("<dl>\n")
	for _, f := range list {
		b.raw("<div>")
		b.in("dt", "", f.Name)
		b.in("dd", "", f.Value)
		b.raw("</div>\n")
	}
	b.raw("</dl>\n")
}

func (b page) tallies(list []Tally) {
	if len(list) == 0 {
		return
	}
	b.raw(`<div class="bar" aria-hidden="true">`)
	for i, t := range list {
		b.raw(`<span class="share` + strconv.Itoa(i) + ` ` + toneClass(t.Tone) + `"></span>`)
	}
	b.raw("</div>\n<ul class=\"tallies\">\n")
	for _, t := range list {
		b.raw(`<li><i class="` + toneClass(t.Tone) + `"></i><b>`)
		b.text(strconv.FormatUint(t.Count, 10))
		b.raw("</b> ")
		b.text(t.Name)
		b.raw("</li>\n")
	}
	b.raw("</ul>\n")
}

// toneClass is a class of the style sheet.
func toneClass(t primitive.Tone) string {
	return [...]string{"plain", "good", "bad", "doubtful", "aside"}[min(int(t), 4)]
}

func (b page) table(t *Table, number int) {
	b.raw("<section>\n")
	b.in("h2", "", t.Title)
	id := "t" + strconv.Itoa(number)
	b.raw(`<p class="tools" hidden><label>Filter <input type="search" data-table="` + id + `"></label> <output></output></p>` + "\n")
	b.raw(`<div class="wide"><table id="` + id + `">` + "\n<thead><tr>")
	for _, c := range t.Columns {
		b.raw(`<th scope="col"` + classOf(c, 0) + `>`)
		b.text(c.Name)
		b.raw("</th>")
	}
	b.raw("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		b.row(t.Columns, row)
	}
	b.raw("</tbody>\n</table></div>\n")
	if t.Left > 0 {
		b.in("p", "", fmt.Sprintf("%d more rows are left out here.", t.Left))
	}
	b.raw("</section>\n")
}

func (b page) row(columns []Column, row []Cell) {
	b.raw("<tr>")
	for i, c := range row {
		b.raw("<td" + classOf(columns[i], c.Tone))
		if c.Key != "" {
			b.raw(` data-key="`)
			b.text(c.Key)
			b.raw(`"`)
		}
		b.raw(">")
		for j, line := range c.Lines {
			if j > 0 {
				b.raw("<br>")
			}
			b.text(line)
		}
		b.raw("</td>")
	}
	b.raw("</tr>\n")
}

func classOf(c Column, t primitive.Tone) string {
	var classes []string
	if c.Number {
		classes = append(classes, "number")
	}
	if c.Code {
		classes = append(classes, "code")
	}
	if t != 0 {
		classes = append(classes, "state", toneClass(t))
	}
	if classes == nil {
		return ""
	}
	return ` class="` + strings.Join(classes, " ") + `"`
}
