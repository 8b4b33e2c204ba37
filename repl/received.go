package repl

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"sosh/primitive"
)

// A display of what a peer says in a conversation.
type received struct {
	f      frame
	mode   string
	single bool     // each piece is a datagram
	keys   keyboard // that shows it; may be nil
	text   escaper
	offset int64 // bytes shown so far
	behind int   // bytes that may not be shown yet
}

// How much is written before the terminal is waited for: nothing a peer says is
// skipped because it comes too fast.
const maxBehind = 256 << 10

// show shows a piece of what has come.
func (r *received) show(data []byte, from string) error {
	err := r.write(data, from)
	r.offset += int64(len(data))
	if r.behind += len(data); r.keys != nil && r.behind > maxBehind {
		r.keys.Drain()
		r.behind = 0
	}
	return err
}

func (r *received) write(data []byte, from string) error {
	switch {
	case r.mode == modeHex:
		return r.hexdump(data, from)
	case r.single && r.f.tty:
		head := ""
		if from != "" {
			head = r.f.look.Dim(primitive.Escape(from, false)) + " "
		}
		text := r.text.folded(data)
		return r.f.write(head + r.f.look.Escapes(primitive.Escape(text, true)))
	}
	return r.text.write(data)
}

// hexdump shows bytes in hexadecimal, with where they are in the stream or the
// datagram.
func (r *received) hexdump(data []byte, from string) error {
	if from != "" {
		if err := r.f.write(r.f.look.Dim(primitive.Escape(from, false))); err != nil {
			return err
		}
	}
	offset := r.offset
	if r.single {
		offset = 0
	}
	if len(data) == 0 {
		return nil
	}
	return r.f.write(hexdumpAt(data, offset))
}

// hexdumpAt is hex.Dump with the offset of the first byte.
func hexdumpAt(data []byte, offset int64) string {
	lines := strings.SplitAfter(hex.Dump(data), "\n")
	for i, line := range lines {
		if len(line) > 8 {
			lines[i] = fmt.Sprintf("%08x", offset+int64(16*i)) + line[8:]
		}
	}
	return strings.Join(lines, "")
}

// An escaper writes bytes as they are, or escaped for a terminal; a character
// that comes in pieces is put together.
type escaper struct {
	f    frame
	crlf bool   // "\r\n" is an end of line, and no more
	tail []byte // the beginning of a character, or of such an end
	open bool   // the last line has no end yet
}

func (e *escaper) write(p []byte) error {
	if !e.f.tty {
		_, err := e.f.out.Write(p)
		return err
	}
	data := append(e.tail, p...)
	n := e.whole(data)
	text := primitive.Escape(e.folded(data[:n]), true)
	e.tail = append([]byte(nil), data[n:]...)
	if text == "" {
		return nil
	}
	e.open = text[len(text)-1] != '\n'
	_, err := io.WriteString(e.f.out, e.f.look.Escapes(text))
	return err
}

// whole is how many bytes are whole characters, or none at all.
func (e *escaper) whole(data []byte) int {
	n := len(data)
	if e.crlf && n > 0 && data[n-1] == '\r' {
		return n - 1
	}
	for i := 1; i < utf8.UTFMax && i <= n; i++ {
		if utf8.RuneStart(data[n-i]) {
			if !utf8.FullRune(data[n-i:]) {
				return n - i
			}
			break
		}
	}
	return n
}

func (e *escaper) folded(data []byte) string {
	if e.crlf {
		return strings.ReplaceAll(string(data), "\r\n", "\n")
	}
	return string(data)
}

// flush writes the rest, and ends the last line on a terminal.
func (e *escaper) flush() {
	if e.rest(); e.open {
		_, _ = io.WriteString(e.f.out, "\n") // the failure showed before, if it lasts
		e.open = false
	}
}

// rest writes what may have been the beginning of something.
func (e *escaper) rest() {
	if text := primitive.Escape(string(e.tail), true); text != "" {
		_, _ = io.WriteString(e.f.out, e.f.look.Escapes(text)) // as in flush
		e.tail, e.open = nil, true
	}
}
