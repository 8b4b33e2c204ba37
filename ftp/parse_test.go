package ftp

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestParsePASV(t *testing.T) {
	for text, want := range map[string]string{
		"Entering Passive Mode (127,0,0,1,4,1)":   "127.0.0.1:1025",
		"Entering Passive Mode. 10,1,2,3,255,255": "10.1.2.3:65535",
		"127,0,0,1,4,1":          "127.0.0.1:1025",
		"(127,0,0,1,4)":          "",
		"(127,0,0,1,4,256)":      "",
		"(127,0,0,1,0,0)":        "",
		"(1,2,3,4,5,6,7)":        "",
		"":                       "",
		"(127,0,0,1,4,1":         "127.0.0.1:1025",
		"(127,,0,1,4,1)":         "",
		"(0127,0,0,0001,4,1)":    "127.0.0.1:1025",
		"99999999999,0,0,1,4,1)": "",
	} {
		a, ok := parsePASV(text)
		if got := a.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %s %v, want %q", text, got, ok, want)
		}
	}
}

func TestParseEPSV(t *testing.T) {
	for text, want := range map[string]int{
		"Entering Extended Passive Mode (|||6446|)": 6446, "(!!!1!)": 1, "(|||0|)": 0, "(|||70000|)": 0, "(|||x|)": 0, "(||6446|)": 0, "(|||6446": 0, "": 0, "(": 0, "(|1|::1|99|)": 0,
	} {
		if got, ok := parseEPSV(text); got != want && ok || ok != (want > 0) {
			t.Errorf("%q: %d %v", text, got, ok)
		}
	}
}

func TestParseList(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for line, want := range map[string]Entry{
		"-rw-r--r--   1 ann  users     1234 Feb  3 12:30 name of it.txt": {Name: "name of it.txt", Type: "file", Size: 1234, Modified: "2026-02-03T12:30:00Z"},
		"-rw-r--r--   1 ann  users     1234 Dec  3 12:30 x":              {Name: "x", Type: "file", Size: 1234, Modified: "2025-12-03T12:30:00Z"},
		"drwxr-xr-x 2 0 0 4096 Jan 31  2024  two":                        {Name: " two", Type: "folder", Size: 4096, Modified: "2024-01-31T00:00:00Z"},
		"lrwxrwxrwx 1 a b 3 Jan 31  2024 l -> ../x":                      {Name: "l", Type: "link", Size: 3, Link: "../x", Modified: "2024-01-31T00:00:00Z"},
		"01-31-26  01:05PM       <DIR>          folder":                  {Name: "folder", Type: "folder", Modified: "2026-01-31T13:05:00Z"},
		"01-31-26  01:05AM                 77 f.txt":                     {Name: "f.txt", Type: "file", Size: 77, Modified: "2026-01-31T01:05:00Z"},
		"who knows":                   {Name: "who knows", Type: "unknown"},
		"-rw-r--r-- 1 a b nine words": {Name: "-rw-r--r-- 1 a b nine words", Type: "unknown"},
	} {
		if got, ok := parseList(line, now); !ok || got != want {
			t.Errorf("%q: %+v %v", line, got, ok)
		}
	}
	for _, line := range []string{"total 12", "", "drwxr-xr-x 2 0 0 4096 Jan 31  2024 ."} {
		if got, ok := parseList(line, now); ok {
			t.Errorf("%q: %+v", line, got)
		}
	}
}

func TestParseFacts(t *testing.T) {
	for line, want := range map[string]Entry{
		"type=file;size=12;modify=20260131120000.123; a b":  {Name: "a b", Type: "file", Size: 12, Modified: "2026-01-31T12:00:00Z"},
		"Type=DIR;Perm=el; sub":                             {Name: "sub", Type: "folder"},
		"type=OS.unix=slink:/x;size=-1;modify=yesterday; l": {Name: "l", Type: "link", Link: "/x"},
		" name": {Name: "name", Type: "unknown"},
	} {
		if got, ok := parseFacts(line); !ok || got != want {
			t.Errorf("%q: %+v %v", line, got, ok)
		}
	}
	for _, line := range []string{"type=cdir; .", "type=pdir; ..", "nothing", "type=file; ", ""} {
		if got, ok := parseFacts(line); ok {
			t.Errorf("%q: %+v", line, got)
		}
	}
}

// Whatever a peer says, nothing panics, and an address that is accepted can be
// written and read again.
func FuzzAddresses(f *testing.F) {
	for _, s := range []string{"(127,0,0,1,4,1)", "(|||6446|)", "|1|132.235.1.2|6275|", "|2|1080::8:800:200C:417A|5282|", "|", "(", "(((((("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, ok := parsePASV(s); ok {
			if b, ok := parsePASV(formatPORT(a)); !ok || a != b {
				t.Errorf("%q: %s, then %s", s, a, b)
			}
		}
		if port, ok := parseEPSV(s); ok && (port < 1 || port > 65535) {
			t.Errorf("%q: %d", s, port)
		}
		if a, _, ok := parseEPRT(s); ok {
			if b, _, ok := parseEPRT(formatEPRT(a)); !ok || a != b || !a.IsValid() || a.Port() == 0 {
				t.Errorf("%q: %s, then %s", s, a, b)
			}
		}
	})
}

func FuzzEntries(f *testing.F) {
	for _, s := range []string{"-rw-r--r-- 1 ann users 1234 Feb  3 12:30 x", "type=file;size=12; a", "01-31-26  01:05PM <DIR> d", "d", "total 0", "l"} {
		f.Add(s)
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		for _, parse := range []func(string) (Entry, bool){func(s string) (Entry, bool) { return parseList(s, now) }, parseFacts} {
			e, ok := parse(s)
			if ok && (e.Name == "" || e.Size < 0 || !strings.Contains("file folder link unknown", e.Type)) {
				t.Errorf("%q: %+v", s, e)
			}
		}
	})
}

func TestParseEPRT(t *testing.T) {
	for text, want := range map[string]string{
		"|1|132.235.1.2|6275|": "132.235.1.2:6275", "|2|1080::8|5282|": "[1080::8]:5282", "!1!1.2.3.4!5!": "1.2.3.4:5", "|1|::1|5|": "", "|2|1.2.3.4|5|": "", "|1|1.2.3.4|0|": "", "|2|fe80::1%eth0|5|": "",
	} {
		a, _, ok := parseEPRT(text)
		if ok != (want != "") || ok && a != netip.MustParseAddrPort(want) {
			t.Errorf("%q: %s %v", text, a, ok)
		}
	}
}
