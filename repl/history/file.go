package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The file is shortened to half of this when it is longer than twice of it. Only
// so much of its end is read.
const maxFile = 2 << 20

var errNoFile = errors.New("it is no regular file")

// Open reads the file, and makes it if there is none: mode 0600 whatever the
// umask is, in a folder of mode 0700 if that has to be made too. What was added
// before stays the newest.
func (h *History) Open() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.o.Path == "" || h.file != nil {
		return nil
	}
	file, err := open(h.o.Path)
	if err != nil {
		return err
	}
	unlock, err := lock(file)
	if err != nil {
		file.Close()
		return err
	}
	data, err := h.read(file)
	unlock()
	if err != nil {
		file.Close()
		return err
	}
	own := h.entries
	h.entries, h.bytes, h.file = nil, 0, file
	for _, entry := range append(decode(data), own...) {
		h.entries, h.bytes = append(h.entries, entry), h.bytes+len(entry)
	}
	h.entries, h.bytes = lastOfEach(h.entries)
	h.shorten()
	return nil
}

func open(path string) (*os.File, error) {
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, &os.PathError{Op: "open", Path: path, Err: errNoFile} // a pipe would wait for its other end
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := file.Chmod(0o600); err != nil { // it may be older, or the umask odd
		file.Close()
		return nil, err
	}
	return file, nil
}

// makeFolder makes a private folder; one that is there stays as it is.
func makeFolder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700)
}

// read gives the end of the file, and shortens a long one. The file is locked.
func (h *History) read(file *os.File) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	skip := max(0, info.Size()-maxFile)
	data, err := io.ReadAll(io.NewSectionReader(file, skip, info.Size()-skip))
	if err != nil {
		return nil, err
	}
	if skip > 0 {
		_, data, _ = bytes.Cut(data, []byte{'\n'}) // the first is cut
	}
	if info.Size() > 2*maxFile {
		return data, compact(h.o.Path, data)
	}
	return data, nil
}

// compact makes the newer half of the data the whole file, in place, so that the
// other shells go on with the same file. Every line moves towards the beginning,
// so whenever this stops, by a crash too, no line that is to stay is lost.
func compact(path string, data []byte) error {
	if len(data) > maxFile {
		_, data, _ = bytes.Cut(data[len(data)-maxFile:], []byte{'\n'})
	}
	_, data, _ = bytes.Cut(data[len(data)/2:], []byte{'\n'})
	file, err := os.OpenFile(path, os.O_WRONLY, 0) // the one at hand can only append
	if err != nil {
		return err
	}
	_, err = file.WriteAt(data, 0)
	if err == nil {
		err = file.Truncate(int64(len(data)))
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// save appends what is not in the file yet.
func (h *History) save() error {
	unlock, err := lock(h.file)
	if err != nil {
		h.unsaved = h.unsaved[max(0, len(h.unsaved)-h.o.Limit):]
		return err
	}
	defer unlock()
	var text []byte
	for _, entry := range h.unsaved {
		text = append(append(text, encode(entry)...), '\n')
	}
	if _, err := h.file.Write(text); err != nil {
		return err
	}
	h.unsaved = nil
	if info, err := h.file.Stat(); err != nil || info.Size() <= 2*maxFile {
		return err
	}
	_, err = h.read(h.file)
	return err
}

// Close writes what could not be written before, and lets go of the file.
func (h *History) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.file == nil {
		return nil
	}
	var err error
	if len(h.unsaved) > 0 {
		err = h.save()
	}
	if closed := h.file.Close(); err == nil {
		err = closed
	}
	h.file = nil
	return err
}

// encode makes one line of an entry: a JSON string; bytes that are no UTF-8,
// which JSON cannot hold, are escaped as Go does.
func encode(entry string) []byte {
	if !utf8.ValidString(entry) {
		return strconv.AppendQuote(nil, entry)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(entry) // a string into memory
	return bytes.TrimRight(b.Bytes(), "\n")
}

// decode reads the lines of a file. A line that is no quoted string is an entry
// as it stands: earlier versions wrote so. What cannot be an entry is left out.
func decode(data []byte) []string {
	var entries []string
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) > 6*maxEntry {
			continue
		}
		if entry := decodeLine(line); strings.TrimSpace(entry) != "" && len(entry) <= maxEntry {
			entries = append(entries, entry)
		}
	}
	return entries
}

func decodeLine(line []byte) string {
	var entry string
	if len(line) == 0 || line[0] != '"' {
		return string(line)
	}
	// Not through JSON where it holds bytes that are no UTF-8: it would replace them.
	if utf8.Valid(line) && json.Unmarshal(line, &entry) == nil {
		return entry
	}
	if entry, err := strconv.Unquote(string(line)); err == nil {
		return entry
	}
	return string(line)
}

// lastOfEach leaves out entries that come again later.
func lastOfEach(entries []string) (kept []string, size int) {
	last := make(map[string]int, len(entries))
	for i, e := range entries {
		last[e] = i
	}
	for i, e := range entries {
		if last[e] == i {
			kept, size = append(kept, e), size+len(e)
		}
	}
	return kept, size
}
