// Package history keeps what was typed: in memory for the arrow keys and the
// search, and in a file that only its owner can read. Secrets are taken out of a
// line before it is kept anywhere. Several shells may use one file at once.
package history

import (
	"os"
	"slices"
	"strings"
	"sync"
)

// Options says how a history is kept.
type Options struct {
	Path  string // the file; "" keeps it in memory alone
	Limit int    // most entries; 0 is DefaultLimit
	// Redact takes further secrets out of a line, beside those that Redact of
	// this package finds; may be nil.
	Redact func(line string) string
}

// DefaultLimit is how many entries are kept if nothing else is said.
const DefaultLimit = 10_000

// Bounds of one entry, and of all in memory, in bytes.
const (
	maxEntry = 256 << 10
	maxBytes = 16 << 20
)

// A History is a list of entries, oldest first. An index counts them from 0; the
// index Len() stands for the line that is being typed. Any goroutine may use it.
type History struct {
	o Options

	mu      sync.Mutex
	entries []string
	bytes   int // of the entries
	file    *os.File
	unsaved []string // could not be written yet: the file was locked, the disk full
}

// New makes a history. It touches no file before Open.
func New(o Options) *History {
	if o.Limit <= 0 {
		o.Limit = DefaultLimit
	}
	return &History{o: o}
}

// Add keeps an entry and forgets an earlier one that is the same. It gives the
// entry as it is kept, without its secrets. One that is empty, begins with a
// blank, or is longer than 256 KiB is not kept. A file that cannot be written
// costs the entry in the file, and no error: it is tried again with the next one.
func (h *History) Add(line string) (entry string, kept bool) {
	entry = strings.TrimRight(line, " \t\r\n")
	if entry == "" || len(entry) > maxEntry || line[0] == ' ' || line[0] == '\t' {
		return "", false
	}
	entry = h.redact(entry)
	h.mu.Lock()
	defer h.mu.Unlock()
	repeated := len(h.entries) > 0 && h.entries[len(h.entries)-1] == entry
	h.keep(entry)
	if h.file != nil && !repeated {
		h.unsaved = append(h.unsaved, entry)
		_ = h.save() // a full disk costs the history, not the session
	}
	return entry, true
}

func (h *History) redact(line string) string {
	if h.o.Redact != nil {
		line = h.o.Redact(line)
	}
	return Redact(line)
}

// keep puts an entry at the end of the list.
func (h *History) keep(entry string) {
	if i := slices.Index(h.entries, entry); i >= 0 {
		h.entries = slices.Delete(h.entries, i, i+1)
		h.bytes -= len(entry)
	}
	h.entries = append(h.entries, entry)
	h.bytes += len(entry)
	h.shorten()
}

func (h *History) shorten() {
	n := max(0, len(h.entries)-h.o.Limit)
	for _, e := range h.entries[:n] {
		h.bytes -= len(e)
	}
	for ; h.bytes > maxBytes; n++ {
		h.bytes -= len(h.entries[n])
	}
	h.entries = slices.Delete(h.entries, 0, n)
}

// List is a copy of the entries, oldest first.
func (h *History) List() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.entries)
}

// Len is the number of entries.
func (h *History) Len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.entries)
}

// Entry is the nth newest entry, from 1; ok is false beyond the oldest.
func (h *History) Entry(n int) (entry string, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n < 1 || n > len(h.entries) {
		return "", false
	}
	return h.entries[len(h.entries)-n], true
}

// At is the entry of an index; "" for any other number.
func (h *History) At(i int) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i < 0 || i >= len(h.entries) {
		return ""
	}
	return h.entries[i]
}
