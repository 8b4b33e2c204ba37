package history

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// open makes a history on a file with the lines.
func opened(t *testing.T, o Options, lines ...string) *History {
	t.Helper()
	if o.Path == "" {
		o.Path = filepath.Join(t.TempDir(), "history")
	}
	if lines != nil {
		if err := os.WriteFile(o.Path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := New(o)
	if err := h.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func wants(t *testing.T, h *History, want ...string) {
	t.Helper()
	if got := h.List(); !slices.Equal(got, want) {
		t.Errorf("the history is %q, want %q", got, want)
	}
}

func TestKeeping(t *testing.T) {
	h := New(Options{Limit: 3})
	for _, line := range []string{"one", " hidden", "\thidden", "", "  ", "two\n", "one", "three", "send --password x", strings.Repeat("x", maxEntry+1)} {
		h.Add(line)
	}
	wants(t, h, "one", "three", "send --password ***")
	for n, want := range []string{"", "send --password ***", "three", "one", ""} {
		if got, ok := h.Entry(n); got != want || ok != (want != "") {
			t.Errorf("entry %d is %q, %v", n, got, ok)
		}
	}
	if h.At(1) != "three" || h.At(3) != "" || h.At(-1) != "" {
		t.Errorf("by index: %q, %q", h.At(1), h.At(3))
	}
	if entry, kept := h.Add("a --token x"); entry != "a --token ***" || !kept {
		t.Errorf("%q, %v", entry, kept)
	}
	h = New(Options{Redact: func(s string) string { return strings.ReplaceAll(s, "4711", Redacted) }})
	h.Add("pin 4711")
	wants(t, h, "pin ***")
}

// What was written comes back, whatever it is made of.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "sosh", "history")
	h := opened(t, Options{Path: path})
	entries := []string{"listen 0", "function f()\n  return 1\nend", `send "a<b>&\r\n"`, "send 'ä 語 \x1b'", "\xff\xfe", "\"quoted\"", `"\xff"`, "\u2028x"}
	for _, e := range entries {
		h.Add(e)
	}
	h.Add("x --password hunter2")
	h.Close()
	data, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(data), "hunter2") || strings.Count(string(data), "\n") != len(entries)+1 {
		t.Errorf("the file: %q, %v", data, err)
	}
	wants(t, opened(t, Options{Path: path}), append(entries, "x --password ***")...)
}

// Files of earlier versions are read: a line is an entry, several are quoted.
func TestFormerFile(t *testing.T) {
	h := opened(t, Options{}, "listen 0", "", `"hexdump 'a\nb'"`, `"\"x\""`, `"not closed`, "listen 0", `"json \ud83d\ude00 \/"`)
	wants(t, h, "hexdump 'a\nb'", `"x"`, `"not closed`, "listen 0", "json 😀 /")
}

// What was typed before the file was open stays the newest.
func TestOwnEntriesFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	other := opened(t, Options{Path: path}, "one", "two")
	h := New(Options{Path: path})
	h.Add("one")
	if err := h.Open(); err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	other.Add("three")
	h.Add("four")
	wants(t, h, "two", "one", "four")
	wants(t, opened(t, Options{Path: path}), "one", "two", "three", "four")
}

// A file that has grown too long keeps its newer entries.
func TestCompaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	h, other := opened(t, Options{Path: path}), opened(t, Options{Path: path})
	big := strings.Repeat("x", 100<<10)
	for i := range 60 {
		h.Add(fmt.Sprintf("%d %s", i, big))
	}
	other.Add("after")
	if info, err := os.Stat(path); err != nil || info.Size() > 2*maxFile+int64(len(big)) {
		t.Errorf("%v, %v", info.Size(), err)
	}
	again := opened(t, Options{Path: path}).List()
	if n := len(again); n < 5 || again[n-1] != "after" || !strings.HasPrefix(again[n-2], "59 ") {
		t.Errorf("%d entries are left", n)
	}
	for i, e := range again[:len(again)-1] {
		if want := fmt.Sprint(61 - len(again) + i); !strings.HasPrefix(e, want+" ") || len(e) != len(want)+1+len(big) {
			t.Errorf("entry %d is %.20q", i, e)
		}
	}
}

func TestNoFile(t *testing.T) {
	if err := New(Options{Path: t.TempDir()}).Open(); err == nil {
		t.Error("a folder is opened")
	}
	if err := New(Options{}).Open(); err != nil {
		t.Error(err)
	}
}

func TestWalking(t *testing.T) {
	h := New(Options{})
	for _, line := range []string{"listen 1", "tcp connect", "listen 2", "send x"} {
		h.Add(line)
	}
	for _, c := range []struct {
		prefix string
		at     int
		next   bool
		want   string
		index  int
	}{
		{"", 4, false, "send x", 3}, {"listen", 4, false, "listen 2", 2}, {"listen", 2, false, "listen 1", 0},
		{"listen", 0, false, "", 0}, {"listen", 0, true, "listen 2", 2}, {"listen", 2, true, "", 4},
		{"", 99, false, "send x", 3}, {"", -5, true, "listen 1", 0}, {"nothing", 4, false, "", 4},
	} {
		walk := h.Prev
		if c.next {
			walk = h.Next
		}
		if e, i, ok := walk(c.prefix, c.at); e != c.want || i != c.index || ok != (c.want != "") {
			t.Errorf("%+v: %q %d %v", c, e, i, ok)
		}
	}
}

func TestSearch(t *testing.T) {
	h := New(Options{})
	for _, line := range []string{"listen 1", "tcp connect Host", "send ä listen listen", "Ä send"} {
		h.Add(line)
	}
	for _, c := range []struct {
		text         string
		from         int
		forward      bool
		want         string
		index, start int
	}{
		{"listen", 4, false, "send ä listen listen", 2, 15}, {"listen", 1, false, "listen 1", 0, 0},
		{"listen", 0, true, "listen 1", 0, 0}, {"listen", 1, true, "send ä listen listen", 2, 8},
		{"host", 4, false, "tcp connect Host", 1, 12}, {"HOST", 4, false, "", 0, 0}, {"Host", -3, true, "tcp connect Host", 1, 12},
		{"", 4, false, "", 0, 0}, {"nothing", 4, false, "", 0, 0}, {"x", -1, false, "", 0, 0},
	} {
		e, i, at, ok := h.Search(c.text, c.from, !c.forward)
		if e != c.want || i != c.index || at != c.start || ok != (c.want != "") {
			t.Errorf("%+v: %q %d %d %v", c, e, i, at, ok)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("listen 0\n\"a\\nb\"\n"))
	f.Add([]byte("\"\\ud800\"\r\n\"\\xff\"\n\x00\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries := decode(data)
		var again []byte
		for _, e := range entries {
			again = append(append(again, encode(e)...), '\n')
		}
		if got := decode(again); !slices.Equal(got, entries) {
			t.Errorf("%q became %q", entries, got)
		}
	})
}
