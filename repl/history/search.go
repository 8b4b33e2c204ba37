package history

import "strings"

// Prev is the nearest entry before index at that begins with the prefix: what
// the Up key shows. Begin with at = Len(). Without one, ok is false and index is
// at.
func (h *History) Prev(prefix string, at int) (entry string, index int, ok bool) {
	return h.walk(prefix, at, -1)
}

// Next is the nearest entry behind index at that begins with the prefix: the
// Down key. Behind the last, ok is false and index is Len(): the line being typed.
func (h *History) Next(prefix string, at int) (entry string, index int, ok bool) {
	entry, index, ok = h.walk(prefix, at, 1)
	if !ok {
		index = h.Len()
	}
	return entry, index, ok
}

func (h *History) walk(prefix string, at, step int) (entry string, index int, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := len(h.entries)
	for i := min(max(at, -1), n) + step; i >= 0 && i < n; i += step {
		if strings.HasPrefix(h.entries[i], prefix) {
			return h.entries[i], i, true
		}
	}
	return "", at, false
}

// Search is the incremental search: the nearest entry that holds the text, at
// index from itself first, then older ones (backward, Ctrl-R) or newer ones
// (Ctrl-S). To go on to the next match, search from index-1 or index+1. Start is
// the byte of the entry where the match begins: the last one in the entry
// backward, the first one forward. A text without capitals finds any case of
// ASCII letters. Empty text finds nothing.
func (h *History) Search(text string, from int, backward bool) (entry string, index, start int, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n, step := len(h.entries), 1
	if backward {
		from, step = min(from, n-1), -1
	} else {
		from = max(from, 0)
	}
	if text == "" {
		return "", 0, 0, false
	}
	find := finder(text, backward)
	for i := from; i >= 0 && i < n; i += step {
		if at := find(h.entries[i]); at >= 0 {
			return h.entries[i], i, at, true
		}
	}
	return "", 0, 0, false
}

// finder gives a function that finds the text in an entry, or gives -1.
func finder(text string, last bool) func(entry string) int {
	fold := strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' }) < 0
	return func(entry string) int {
		if fold {
			entry = lower(entry)
		}
		if last {
			return strings.LastIndex(entry, text)
		}
		return strings.Index(entry, text)
	}
}

// lower makes small letters of ASCII capitals; every byte keeps its place.
func lower(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' }) < 0 {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}
