package luabind

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"sosh/primitive"
)

// Bytes of a source line that are shown around the place of an error.
const excerptWidth = 120

// excerpt shows a line of source, and marks bytes from to to of it:
//
//	3 | x = = 3
//	  |     ^
func excerpt(number int, line string, from, to int) string {
	line = strings.TrimRight(strings.ToValidUTF8(line, "?"), " \t\r\n")
	if strings.TrimSpace(line) == "" {
		return ""
	}
	from = min(max(from, 0), len(line))
	to = min(max(to, from), len(line))
	before, place, after := line[:from], line[from:to], line[to:]
	if cut := len(before) - excerptWidth/2; cut > 0 {
		before = "…" + strings.ToValidUTF8(before[cut:], "")
	}
	if len(place)+len(after) > excerptWidth {
		rest := strings.ToValidUTF8((place + after)[:excerptWidth], "") + "…"
		place, after = rest[:min(len(place), len(rest))], rest[min(len(place), len(rest)):]
	}
	before, place, after = shownLine(before), shownLine(place), shownLine(after)
	gutter := strconv.Itoa(number)
	return fmt.Sprintf("  %s | %s%s%s\n  %*s | %s%s", gutter, before, place, after,
		len(gutter), "", blanks(before), strings.Repeat("^", max(1, utf8.RuneCountInString(place))))
}

// shownLine is source as a terminal may have it, each character one column wide.
func shownLine(s string) string { return primitive.Visible(strings.ReplaceAll(s, "\t", " ")) }

func blanks(s string) string { return strings.Repeat(" ", utf8.RuneCountInString(s)) }

// markSyntax shows where the parser gave up: at the token that ends at or holds a
// column, counted from 1.
func markSyntax(source string, number, column int, token string) string {
	line := numberedLine(source, number)
	from := min(max(column-1, 0), len(line))
	for at := 0; token != "" && at <= len(line); at++ {
		i := strings.Index(line[at:], token)
		if i < 0 {
			break
		}
		if at += i; at+len(token) >= column && at < column {
			return excerpt(number, line, at, at+len(token))
		}
	}
	return excerpt(number, line, from, from+1)
}

func numberedLine(source string, number int) string {
	for line := range strings.Lines(source) {
		if number--; number == 0 {
			return strings.TrimRight(line, "\r\n")
		}
	}
	return ""
}

// markRuntime shows the line that an error's text names, and marks the name that
// the text is about if it is there once, else the whole line.
func (s *State) markRuntime(text string) string {
	chunk, number, message, ok := placeIn(text)
	line := s.lineText(chunk, number)
	if !ok || line == "" {
		return ""
	}
	code := strings.TrimLeft(line, " \t")
	from, to := len(line)-len(code), len(strings.TrimRight(line, " \t\r"))
	for _, name := range subject.compiled().FindAllString(message, maxSubjects) {
		at := regexp.MustCompile(`(^|[^\w])(`+regexp.QuoteMeta(name)+`)($|[^\w])`).FindAllStringSubmatchIndex(line, 2)
		if len(at) == 1 {
			from, to = at[0][4], at[0][5]
			break
		}
	}
	return excerpt(number, line, from, to)
}

// subject finds the names that a message may be about; the first of them that is
// in the line is.
var subject = pattern{expr: `[A-Za-z_]\w*`}

const maxSubjects = 8

// placeIn reads the "chunk:line: " that a text begins with.
func placeIn(text string) (chunk string, line int, message string, ok bool) {
	m := placed.compiled().FindStringSubmatch(text)
	if m == nil {
		return "", 0, "", false
	}
	line, err := strconv.Atoi(m[2])
	return m[1], line, m[3], err == nil
}

var placed = pattern{expr: `^([^\n]*?):(\d+): ([^\n]*)`}
