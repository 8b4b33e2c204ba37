package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"

	"sosh/primitive"
)

// Most bytes of the header of a message, or of the lines between its chunks.
const maxHeader = 256 << 10

// Most bytes of one line that are shown.
const maxShown = 8 << 10

// A reel sees one direction of a connection: it bounds the header of each
// message, and shows its lines. It is fed what was read or written, in any
// pieces, by one goroutine.
type reel struct {
	mark    string            // before each line: "> "
	show    func(line string) // nil for nobody
	answers bool              // it is the peer's side: answers, not requests
	method  *atomic.Value     // of the request, a string; set by the one side and read by the other

	next   func(*reel, []byte) (int, error) // what the bytes are now; takes some of them
	line   []byte
	head   int   // bytes of this header so far
	left   int64 // of the body or chunk; -1 to the end of the connection
	length int64 // of the body, by the header; -1 for none told
	seen   int64 // bytes of the body or chunk so far

	begun, chunked bool
	status         int
}

func newReel(mark string, show func(string), answers bool, method *atomic.Value) *reel {
	r := &reel{mark: mark, show: show, answers: answers, method: method}
	r.begin()
	return r
}

// begin is before a message.
func (r *reel) begin() {
	r.next, r.head, r.length, r.left, r.seen = (*reel).header, 0, -1, 0, 0
	r.begun, r.chunked, r.status = false, false, 0
}

// feed takes bytes. Oversized for a header that does not end.
func (r *reel) feed(p []byte) error {
	for len(p) > 0 {
		n, err := r.next(r, p)
		if err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// end is the end of the connection, which may be that of a body.
func (r *reel) end() {
	if r.seen > 0 {
		r.tellBody()
	}
	r.begin()
}

func (r *reel) tell(line string) {
	if r.show != nil {
		r.show(r.mark + primitive.Escape(line, false))
	}
}

func (r *reel) tellBody() {
	r.tell(fmt.Sprintf("(%d bytes)", r.seen))
	r.seen = 0
}

// takeLine takes bytes of a line, and gives it when it is whole.
func (r *reel) takeLine(p []byte) (n int, line string, whole bool, err error) {
	i := 0
	for i < len(p) && p[i] != '\n' {
		i++
	}
	if r.line = append(r.line, p[:min(i, max(0, maxShown-len(r.line)))]...); i < len(p) {
		whole, i = true, i+1
	}
	if r.head += i; r.head > maxHeader {
		return i, "", false, primitive.Newf(primitive.Oversized, "the peer's header has more than %d bytes", maxHeader).
			WithHint("it is no proper HTTP, or means harm; to look at it: tcp connect HOST PORT, recv")
	}
	if whole {
		line = strings.TrimSuffix(string(r.line), "\r")
		r.line = r.line[:0]
	}
	return i, line, whole, nil
}

// header takes a line of the header.
func (r *reel) header(p []byte) (int, error) {
	n, line, whole, err := r.takeLine(p)
	if err != nil || !whole {
		return n, err
	}
	if name, value, ok := strings.Cut(line, ":"); ok && r.begun {
		r.field(strings.ToLower(name), strings.TrimSpace(value))
		if strings.HasSuffix(strings.ToLower(name), "authorization") {
			line = name + ": (not shown)"
		}
	}
	r.tell(line)
	switch {
	case !r.begun:
		r.first(line)
	case line == "":
		r.body()
	}
	return n, nil
}

// first is the line that begins a message.
func (r *reel) first(line string) {
	f := strings.Fields(line)
	r.begun = true
	switch {
	case !r.answers && len(f) > 0:
		r.method.Store(f[0])
	case r.answers && len(f) > 1:
		r.status, _ = strconv.Atoi(f[1]) // net/http says what is wrong with it
	}
}

func (r *reel) field(name, value string) {
	switch name {
	case "content-length":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n >= 0 {
			r.length = n
		}
	case "transfer-encoding":
		r.chunked = strings.HasSuffix(strings.ToLower(value), "chunked")
	}
}

// body is after a header: what follows it (RFC 9112, 6.3).
func (r *reel) body() {
	method, _ := r.method.Load().(string)
	switch {
	case r.answers && r.status == http.StatusSwitchingProtocols:
		r.next, r.left = (*reel).other, -1
	case r.answers && (r.status < 200 || r.status == http.StatusNoContent || r.status == http.StatusNotModified || method == http.MethodHead):
		r.begin()
	case r.chunked:
		r.next, r.head = (*reel).size, 0
	case r.length > 0:
		r.next, r.left = (*reel).data, r.length
	case r.length < 0 && r.answers:
		r.next, r.left = (*reel).data, -1
	default:
		r.begin()
	}
}

// other is another protocol, after 101.
func (r *reel) other(p []byte) (int, error) { return len(p), nil }

// data takes bytes of a body.
func (r *reel) data(p []byte) (int, error) {
	n := len(p)
	if r.left >= 0 {
		n = int(min(int64(n), r.left))
		r.left -= int64(n)
	}
	if r.seen += int64(n); r.left == 0 {
		r.tellBody()
		r.begin()
	}
	return n, nil
}

// size takes the line before a chunk.
func (r *reel) size(p []byte) (int, error) {
	n, line, whole, err := r.takeLine(p)
	if err != nil || !whole {
		return n, err
	}
	r.tell(line)
	digits, _, _ := strings.Cut(line, ";")
	r.left, err = strconv.ParseInt(strings.TrimSpace(digits), 16, 63)
	switch {
	case err != nil: // net/http says so
		r.next, r.left = (*reel).data, -1
	case r.left == 0:
		r.next = (*reel).trailer
	default:
		r.next = (*reel).chunk
	}
	return n, nil
}

// chunk takes bytes of a chunk, and then the end of its line.
func (r *reel) chunk(p []byte) (int, error) {
	if r.left == 0 {
		n, _, whole, err := r.takeLine(p)
		if whole {
			r.next, r.head = (*reel).size, 0
		}
		return n, err
	}
	n := int(min(int64(len(p)), r.left))
	r.left -= int64(n)
	if r.seen += int64(n); r.left == 0 {
		r.tellBody()
	}
	return n, nil
}

// trailer takes the lines behind the last chunk.
func (r *reel) trailer(p []byte) (int, error) {
	n, line, whole, err := r.takeLine(p)
	if err != nil || !whole {
		return n, err
	}
	if r.tell(line); line == "" {
		r.begin()
	}
	return n, nil
}
