package ftp

import (
	"strconv"
	"strings"
	"time"
)

// An Entry is one line of a list.
type Entry struct {
	Name     string `help:"name in the folder"`
	Type     string `help:"file, folder, link, or unknown"`
	Size     int64  `help:"bytes; 0 where the server says nothing"`
	Modified string `help:"time of the last change in UTC, as 2026-01-31T12:00:00Z; empty where unknown" volatile:""`
	Link     string `help:"what a link points to"`
}

// parseFacts reads a line of MLSD: "type=file;size=12; name" (RFC 3659 section
// 7.2). The entries for the folder itself and the one above are skipped.
func parseFacts(line string) (e Entry, ok bool) {
	facts, name, ok := strings.Cut(line, " ")
	if !ok || name == "" {
		return Entry{}, false
	}
	e = Entry{Name: name, Type: "unknown"}
	for fact := range strings.SplitSeq(facts, ";") {
		key, value, _ := strings.Cut(fact, "=")
		switch strings.ToLower(key) {
		case "type":
			if strings.EqualFold(value, "cdir") || strings.EqualFold(value, "pdir") {
				return Entry{}, false
			}
			e.setType(value)
		case "size":
			e.Size = size(value)
		case "modify":
			if t, err := time.Parse("20060102150405", value[:min(len(value), 14)]); err == nil {
				e.Modified = stamp(t)
			}
		}
	}
	return e, true
}

func (e *Entry) setType(value string) {
	kind, target, _ := strings.Cut(value, ":")
	switch {
	case strings.EqualFold(value, "file"):
		e.Type = "file"
	case strings.EqualFold(value, "dir"):
		e.Type = "folder"
	case strings.EqualFold(kind, "OS.unix=slink"), strings.EqualFold(kind, "OS.unix=symlink"):
		e.Type, e.Link = "link", target
	}
}

func size(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// parseList reads a line of LIST, which no RFC defines: as ls -l writes it, or as
// Windows does. Any other line is an entry of type unknown by that name.
func parseList(line string, now time.Time) (e Entry, ok bool) {
	if strings.HasPrefix(line, "total ") || strings.TrimSpace(line) == "" {
		return Entry{}, false
	}
	if e, ok := parseUnix(line, now); ok {
		return e, e.Name != "." && e.Name != ".."
	}
	if e, ok := parseWindows(line); ok {
		return e, e.Name != "." && e.Name != ".."
	}
	return Entry{Name: line, Type: "unknown"}, true
}

// parseUnix reads "-rw-r--r-- 1 ann users 12 Jan 31 12:00 name".
func parseUnix(line string, now time.Time) (e Entry, ok bool) {
	types := map[byte]string{'-': "file", 'd': "folder", 'l': "link", 'c': "unknown", 'b': "unknown", 'p': "unknown", 's': "unknown"}
	kind, known := types[line[0]]
	if !known || len(line) < 10 {
		return Entry{}, false
	}
	fields, rest := leading(line, 8)
	if len(fields) < 8 || rest == "" {
		return Entry{}, false
	}
	when, ok := parseTime(fields[5], fields[6], fields[7], now)
	if !ok {
		return Entry{}, false
	}
	e = Entry{Name: rest, Type: kind, Size: size(fields[4]), Modified: stamp(when)}
	if kind == "link" {
		e.Name, e.Link, _ = strings.Cut(rest, " -> ")
	}
	return e, true
}

// leading cuts n words off a line. What follows the last one's blank is kept as
// it is: a name may begin with blanks.
func leading(line string, n int) (words []string, rest string) {
	for len(words) < n {
		line = strings.TrimLeft(line, " ")
		word, after, ok := strings.Cut(line, " ")
		if !ok {
			return words, ""
		}
		words, line = append(words, word), after
	}
	return words, line
}

// parseTime reads "Jan 31 12:00", which is of the last twelve months, and "Jan 31
// 2025".
func parseTime(month, day, at string, now time.Time) (time.Time, bool) {
	if t, err := time.Parse("Jan 2 2006", month+" "+day+" "+at); err == nil {
		return t, true
	}
	t, err := time.Parse("2006 Jan 2 15:04", strconv.Itoa(now.Year())+" "+month+" "+day+" "+at)
	if err != nil {
		return t, false
	}
	if t.After(now.Add(24 * time.Hour)) {
		t = t.AddDate(-1, 0, 0)
	}
	return t, true
}

// parseWindows reads "01-31-26  12:00PM  <DIR>  name".
func parseWindows(line string) (e Entry, ok bool) {
	fields, rest := leading(line, 3)
	if len(fields) < 3 || rest == "" {
		return Entry{}, false
	}
	when, err := time.Parse("01-02-06 03:04PM", fields[0]+" "+fields[1])
	if err != nil {
		return Entry{}, false
	}
	e = Entry{Name: strings.TrimLeft(rest, " "), Type: "file", Size: size(fields[2]), Modified: stamp(when)}
	if fields[2] == "<DIR>" {
		e.Type = "folder"
	}
	return e, e.Name != ""
}
