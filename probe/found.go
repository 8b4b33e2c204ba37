package probe

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"sosh/primitive"
)

// A Found is one probe's result as the faces show it, and as a file keeps it.
type Found struct {
	Host    string          `help:"address that was probed"`
	Name    string          `help:"name that it was given by; empty where it was an address"`
	Port    int             `help:"port that was probed"`
	Proto   string          `help:"tcp or udp"`
	State   string          `help:"open, closed, timeout, unreachable, error; of UDP also open-or-filtered; planned in a dry run"`
	Reason  string          `help:"why, in words"`
	RTT     *float64        `help:"milliseconds until the answer, where one came" volatile:""`
	Service string          `help:"usual service of the port; empty where there is none"`
	Banner  primitive.Bytes `help:"what the server said first, with --banner"`
	Speaks  *Identified     `help:"who speaks there, with --probe: protocol, inside, sure, reason, product, version, tls, verify; else nil"`
	Script  []Finding       `help:"what scripts found out, with --script: name, output, error"`

	words primitive.Words
}

// A Finding is what one script found out about a port: nil, a bool, a float64,
// primitive.Bytes, or []any and map[string]any of them; or why it failed.
type Finding struct {
	Name   string
	Output any
	Error  string
}

// Words are the line for a person, in the format that was asked for.
func (f Found) Words() primitive.Words { return f.words }

// found makes data of a result.
func (h Hosts) found(r *Result) Found {
	f := Found{
		Host: r.Addr.String(), Name: h.Name(r.Addr), Port: int(r.Port), Proto: "tcp",
		State: r.State.String(), Reason: r.Reason(), RTT: r.Millis(), Service: r.Service(),
	}
	if r.UDP {
		f.Proto = "udp"
	}
	if r.Banner != nil {
		f.Banner = r.Banner.Data
	}
	return f
}

// A Format is how a line is written.
type Format string

// The formats: columns for the eye, host:port of what is open, RFC 4180.
const (
	Table Format = "table"
	Plain Format = "plain"
	CSV   Format = "csv"
)

// A presenter writes lines.
type presenter struct {
	format  Format
	several bool // hosts
	wide    int  // column of the hosts
	udp     bool
	banner  bool
	speaks  bool
	dry     bool
}

func (v *Survey) presenter() presenter {
	p := presenter{format: v.Format, several: v.Plan.Hosts.Len() > 1, wide: 15, udp: v.Plan.UDP, banner: v.Greet != nil, speaks: v.Identify != nil, dry: v.DryRun}
	for _, r := range v.Plan.Hosts.runs {
		p.wide = max(p.wide, len(plus(r.from, r.n-1).String()))
	}
	return p
}

func (p presenter) words(f *Found, r *Result) primitive.Words {
	switch p.format {
	case Plain:
		if p.several {
			return primitive.Words{Line: r.Address()}
		}
		return primitive.Words{Line: strconv.Itoa(f.Port)}
	case CSV:
		return primitive.Words{Heading: csvLine(csvHeading), Line: f.csv()}
	}
	line, state := p.row(f, r)
	return primitive.Words{
		Heading: p.line("host", "port", "state", "service", "rtt", "reason", p.said("speaks", "banner")),
		Line:    line + p.below(f.Script),
		Tones:   []primitive.Toned{{From: state, To: state + len(f.State), Tone: r.State.tone()}},
	}
}

// below is what scripts found out, a line each under that of the port.
func (p presenter) below(list []Finding) string {
	indent := "\n       | "
	if p.several {
		indent = "\n" + strings.Repeat(" ", p.wide+2) + "     | "
	}
	text := ""
	for _, f := range list {
		text += indent + f.String()
	}
	return text
}

// row is a line, and where in it the state stands.
func (p presenter) row(f *Found, r *Result) (line string, state int) {
	host := f.Host
	if f.Name != "" {
		host = primitive.Escape(f.Name, false)
	}
	banner := ""
	if r.Banner != nil && len(f.Banner) > 0 {
		banner = brief(f.Banner)
	}
	line = p.line(host, strconv.Itoa(f.Port), f.State, f.Service, roundTrip(r.RTT), f.Reason, p.said(f.Speaks.String(), banner))
	return line, len(p.before(host)) + len("65535  ")
}

// before is the column of the hosts; empty where there is only one.
func (p presenter) before(host string) string {
	if !p.several {
		return ""
	}
	return fmt.Sprintf("%-*s  ", p.wide, host)
}

// said is what came of looking closer: the cells that were asked for.
func (p presenter) said(speaks, banner string) string {
	var cells []string
	if p.speaks && speaks != "" {
		cells = append(cells, speaks)
	}
	if p.banner && banner != "" {
		cells = append(cells, banner)
	}
	return strings.Join(cells, "  ")
}

// line puts cells under each other.
func (p presenter) line(host, port, state, service, rtt, reason, said string) string {
	text := p.before(host)
	width := len("unreachable")
	if p.udp {
		width = len("open-or-filtered")
	}
	text += fmt.Sprintf("%-5s  %-*s  %-14s", port, width, state, service)
	if !p.dry {
		text += fmt.Sprintf("  %9s  %s", rtt, reason)
	}
	if said != "" {
		text = fmt.Sprintf("%s  %s", text, said)
	}
	return strings.TrimRight(text, " ")
}

// Most characters of a banner in a table.
const briefBanner = 70

// brief is the beginning of a banner in one line.
func brief(b primitive.Bytes) string {
	text := primitive.Escape(strings.TrimRight(string(b[:min(len(b), 4*briefBanner)]), "\r\n"), false)
	if utf8.RuneCountInString(text) > briefBanner {
		text = string([]rune(text)[:briefBanner]) + "…"
	}
	return text
}

var csvHeading = []string{"host", "name", "port", "proto", "state", "reason", "rtt", "service", "banner", "script", "speaks"}

func (f *Found) csv() string {
	rtt := ""
	if f.RTT != nil {
		rtt = strconv.FormatFloat(*f.RTT, 'f', -1, 64)
	}
	return csvLine([]string{f.Host, primitive.Escape(f.Name, false), strconv.Itoa(f.Port), f.Proto, f.State, f.Reason, rtt, f.Service, primitive.Escape(string(f.Banner), false), scriptCell(f.Script), f.Speaks.String()})
}

func scriptCell(list []Finding) string {
	texts := make([]string, len(list))
	for i, f := range list {
		texts[i] = f.String()
	}
	return strings.Join(texts, "; ")
}

func csvLine(cells []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(cells) // to memory
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
}

// beside is words without data.
func beside(role primitive.Role, format string, args ...any) Found {
	return Found{words: primitive.Words{Role: role, Line: fmt.Sprintf(format, args...)}}
}

// thousands writes a number as 65,535.
func thousands(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
