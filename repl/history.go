package repl

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// A history is what was typed, in memory and in a file that only its owner can
// read. Lines that begin with a blank and lines that look like they hold a
// secret are not kept.
type history struct {
	path string

	mu    sync.Mutex
	max   int // most lines
	lines []string
	file  *os.File // nil: not kept, or not opened yet
}

func newHistory(path string) *history { return &history{path: path, max: maxHistoryLines} }

// limit changes how many lines are kept in memory.
func (h *history) limit(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.max = n
	h.shorten()
}

// Bounds of the history in memory and of its file.
const (
	maxHistoryLines = 10000
	maxHistoryFile  = 1 << 20
)

// open reads the file, and makes it if there is none.
func (h *history) open() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.path == "" || h.file != nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(h.path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := file.Chmod(0o600); err != nil {
		file.Close()
		return err
	}
	h.file = file
	return h.load()
}

// load reads the lines of the file, the last ones of a large file, which it then
// shortens.
func (h *history) load() error {
	info, err := h.file.Stat()
	if err != nil {
		return err
	}
	skip := max(0, info.Size()-maxHistoryFile)
	data, err := io.ReadAll(io.NewSectionReader(h.file, skip, maxHistoryFile))
	if err != nil {
		return err
	}
	if skip > 0 {
		_, data, _ = bytes.Cut(data, []byte{'\n'}) // the first is cut
		if err := h.rewrite(data); err != nil {
			return err
		}
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxHistoryFile)
	for lines.Scan() {
		h.lines = append(h.lines, unpackLine(lines.Text()))
	}
	h.shorten()
	return nil
}

// rewrite keeps half of what fits, so that it is not done at every start.
func (h *history) rewrite(data []byte) error {
	_, data, _ = bytes.Cut(data[len(data)/2:], []byte{'\n'})
	if err := h.file.Truncate(0); err != nil {
		return err
	}
	_, err := h.file.Write(data)
	return err
}

func (h *history) shorten() {
	if n := len(h.lines) - h.max; n > 0 {
		h.lines = append(h.lines[:0], h.lines[n:]...)
	}
}

// add keeps a line, and says whether it did.
func (h *history) add(line string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !worthKeeping(line) || len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return false
	}
	h.lines = append(h.lines, line)
	h.shorten()
	if h.file != nil {
		// A full disk costs the history, not the session.
		_, _ = h.file.WriteString(packLine(line) + "\n")
	}
	return true
}

// list is a copy of the lines, oldest first.
func (h *history) list() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.lines...)
}

func (h *history) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.file != nil {
		h.file.Close()
		h.file = nil
	}
}

// packLine makes one line of the file: of several lines, or what looks so, a
// quoted one.
func packLine(line string) string {
	if strings.ContainsAny(line, "\n\r") || strings.HasPrefix(line, `"`) {
		return strconv.Quote(line)
	}
	return line
}

func unpackLine(line string) string {
	if text, err := strconv.Unquote(line); err == nil && strings.HasPrefix(line, `"`) {
		return text
	}
	return line
}

func worthKeeping(line string) bool {
	return strings.TrimSpace(line) != "" && line[0] != ' ' && line[0] != '\t' && !secretPattern().MatchString(line)
}

// secretPattern finds what is obviously a secret: an option or variable of such
// a name with a value, a password in a URL, HTTP credentials. Made when first
// needed, as it is not cheap.
var secretPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(password|passwd|pass|passphrase|token|secret|api[-_]?key)\b["']?\s*[=: ]\s*\S` +
		`|://[^/\s:@]*:[^/\s@]+@|\b(proxy-)?authorization:`)
})
