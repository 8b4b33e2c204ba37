package probe

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/report"
)

// A Report says where a page that shows a scan goes, and what was asked for.
type Report struct {
	Path           string // overwritten; "" for none
	Targets, Ports string // as typed
}

// Most rows of a page, so that a browser can show it.
const maxPageRows = 20_000

// A pageFile collects what a scan's page shows. A nil one wants nothing.
type pageFile struct {
	file  *os.File
	isNew bool // nothing was there, and nothing was written yet
	found []Found
	left  uint64 // that are too many
}

// openPage finds out before the scan whether the page can be written.
func openPage(path string) (*pageFile, error) {
	if path == "" {
		return nil, nil
	}
	_, err := os.Stat(path)
	isNew := err != nil
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return nil, primitive.AsError(err).On(path)
	}
	return &pageFile{file: f, isNew: isNew}, nil
}

func (p *pageFile) add(f *Found) {
	switch {
	case p == nil:
	case len(p.found) == maxPageRows:
		p.left++
	default:
		p.found = append(p.found, *f)
	}
}

// close leaves no empty file behind.
func (p *pageFile) close() {
	if p == nil {
		return
	}
	_ = p.file.Close() // after write, whose error counts; else nothing was written
	if p.isNew {
		_ = os.Remove(p.file.Name())
	}
}

// recallFound is what a line of a file of results says, for the page.
func recallFound(line []byte) (f Found, ok bool) {
	return f, json.Unmarshal(line, &f) == nil
}

// write writes the page.
func (p *pageFile) write(r *surveying, summary string) error {
	if p == nil {
		return nil
	}
	p.isNew = false
	err := p.file.Truncate(0)
	if err == nil {
		err = r.page(summary).Write(p.file)
	}
	if err == nil {
		err = p.file.Sync()
	}
	if err != nil {
		return primitive.AsError(err).On(p.file.Name())
	}
	return nil
}

// page is the scan as a page.
func (r *surveying) page(summary string) *report.Page {
	slices.SortStableFunc(r.report.found, inOrder)
	page := &report.Page{Title: "Scan of " + brieflyAsked(r.Report.Targets), Lead: summary, Facts: r.facts(), Notes: notes()}
	for _, s := range r.states() {
		page.Tallies = append(page.Tallies, report.Tally{Name: s.String(), Count: r.counts[s], Tone: s.tone()})
	}
	if r.present.several {
		page.Tables = append(page.Tables, r.hostTable())
	}
	page.Tables = append(page.Tables, r.portTable())
	return page
}

func inOrder(a, b Found) int {
	x, _ := netip.ParseAddr(a.Host)
	y, _ := netip.ParseAddr(b.Host)
	if c := x.Compare(y); c != 0 {
		return c
	}
	return a.Port - b.Port
}

// Most characters of targets and ports on a page.
const maxAsked = 120

func brieflyAsked(text string) string {
	text = primitive.Escape(text, false)
	if list := []rune(text); len(list) > maxAsked {
		return string(list[:maxAsked]) + "…"
	}
	return text
}

func (r *surveying) facts() []report.Fact {
	proto := "TCP, whole connections"
	if r.Plan.UDP {
		proto = "UDP"
	}
	ports := r.Report.Ports
	if ports == "" {
		ports = "top " + strconv.Itoa(DefaultTop)
	}
	facts := []report.Fact{
		{Name: "Hosts", Value: thousands(r.Plan.Hosts.Len())}, {Name: "Ports", Value: brieflyAsked(ports)}, {Name: "Protocol", Value: proto},
		{Name: "Begun", Value: r.start.Format("2006-01-02 15:04:05 -0700")}, {Name: "Took", Value: seconds(time.Since(r.start))},
	}
	if s := r.Plan.Shard; s.Count > 0 {
		facts = append(facts, report.Fact{Name: "Part", Value: fmt.Sprintf("%d of %d", s.Index, s.Count)})
	}
	return facts
}

func notes() []string {
	return []string{
		"open: somebody listens. closed: the host refused, nobody listens. timeout: no answer, as from a filter or a host that is not there. " +
			"unreachable: a router or this machine knows no way. open-or-filtered: UDP without an answer.",
		"Texts of servers are shown escaped, as they came. This page asks for nothing from elsewhere.",
	}
}

// hostTable is what is open, by host.
func (r *surveying) hostTable() report.Table {
	t := report.Table{Title: "Hosts", Columns: []report.Column{{Name: "host"}, {Name: "name"}, {Name: "open", Number: true}, {Name: "ports"}}}
	for list := r.report.found; len(list) > 0; {
		n := 1
		for n < len(list) && list[n].Host == list[0].Host {
			n++
		}
		var ports []string
		for _, f := range list[:n] {
			if f.State == Open.String() {
				ports = append(ports, strconv.Itoa(f.Port))
			}
		}
		t.Rows = append(t.Rows, []report.Cell{report.Text(list[0].Host), report.Text(primitive.Escape(list[0].Name, false)),
			report.Text(strconv.Itoa(len(ports))), report.Text(strings.Join(ports, ", "))})
		list = list[n:]
	}
	return t
}

// portTable has a row for each result.
func (r *surveying) portTable() report.Table {
	t := report.Table{Title: "Open ports", Left: r.report.left, Columns: []report.Column{
		{Name: "host"}, {Name: "port", Number: true}, {Name: "state"}, {Name: "service"}, {Name: "ms", Number: true}, {Name: "reason"},
	}}
	if r.all {
		t.Title = "Ports"
	}
	if r.Greet != nil {
		t.Columns = append(t.Columns, report.Column{Name: "banner", Code: true})
	}
	if r.Identify != nil {
		t.Columns = append(t.Columns, report.Column{Name: "speaks"})
	}
	if r.Inspect != nil {
		t.Columns = append(t.Columns, report.Column{Name: "scripts", Code: true})
	}
	for i := range r.report.found {
		t.Rows = append(t.Rows, r.pageRow(&r.report.found[i]))
	}
	return t
}

func (r *surveying) pageRow(f *Found) []report.Cell {
	state, _ := stateOf(f.State)
	host := report.Text(f.Host)
	if f.Name != "" {
		host.Lines = []string{primitive.Escape(f.Name, false), f.Host}
	}
	ms := ""
	if f.RTT != nil {
		ms = strconv.FormatFloat(*f.RTT, 'f', 2, 64)
	}
	row := []report.Cell{host, report.Text(strconv.Itoa(f.Port)), {Lines: []string{f.State}, Tone: state.tone()},
		report.Text(f.Service), report.Text(ms), report.Text(f.Reason)}
	if r.Greet != nil {
		row = append(row, report.Text(primitive.Escape(string(f.Banner), false)))
	}
	if r.Identify != nil {
		row = append(row, report.Text(f.Speaks.String()))
	}
	if r.Inspect != nil {
		var lines []string
		for _, s := range f.Script {
			lines = append(lines, s.String())
		}
		row = append(row, report.Cell{Lines: lines})
	}
	return row
}
