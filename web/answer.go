package web

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"sosh/primitive"
)

// An Answer is what a server said to a request.
type Answer struct {
	Status    int             `help:"code: 200"`
	Reason    string          `help:"words of the server for it: OK"`
	Proto     string          `help:"version: HTTP/1.1"`
	URL       string          `help:"where it came from, after redirects" volatile:""`
	Headers   any             `help:"header fields by name in lower case; several of a name are joined" volatile:""`
	Body      primitive.Bytes `help:"what came, decoded; empty where it went to a file"`
	Size      int64           `help:"bytes of the body"`
	File      string          `help:"file that has the body; empty where there is none"`
	Redirects []Hop           `help:"redirects that were followed: status and url of each"`
	TLS       any             `help:"version, cipher, subject, issuer, expires, verified; nil without TLS" volatile:""`
	Timings   any             `help:"seconds of dns, connect, tls, first_byte, body, total" volatile:""`

	head   bool
	header http.Header
}

// A Hop is one redirect.
type Hop struct {
	Status int    `help:"code"`
	URL    string `help:"where it went"`
}

// Words are the body for a person, with a line beside it; of HEAD the header.
func (a Answer) Words() primitive.Words {
	line := a.line()
	switch {
	case a.head:
		return primitive.Words{Line: a.headText()}
	case a.File != "":
		return primitive.Words{Line: line + ", in " + primitive.Escape(a.File, false)}
	}
	w := primitive.Words{Line: line, Body: a.Body}
	if w.Body == nil {
		w.Body = primitive.Bytes{}
	}
	if !readable(a.Body) {
		w.Binary = fmt.Sprintf("(%d bytes that are no text; to keep them: --output FILE)", len(a.Body))
	}
	return w
}

// line is "200 OK, text/html, 12 bytes".
func (a Answer) line() string {
	parts := []string{strings.TrimSpace(fmt.Sprintf("%d %s", a.Status, primitive.Escape(a.Reason, false)))}
	if kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type")); err == nil {
		parts = append(parts, primitive.Escape(kind, false))
	}
	parts = append(parts, fmt.Sprintf("%d bytes", a.Size))
	if to := a.header.Get("Location"); to != "" {
		parts = append(parts, "to "+primitive.Escape(to, false)+" (go there: --follow)")
	}
	return strings.Join(parts, ", ")
}

func (a Answer) headText() string {
	lines := []string{strings.TrimSpace(fmt.Sprintf("%s %d %s", primitive.Escape(a.Proto, false), a.Status, primitive.Escape(a.Reason, false)))}
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		for _, value := range a.header[name] {
			lines = append(lines, primitive.Escape(name, false)+": "+primitive.Escape(value, false))
		}
	}
	return strings.Join(lines, "\n")
}

// readable is whether bytes are text that a person may want to see.
func readable(b []byte) bool {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 && len(b)-i >= utf8.UTFMax || r == 0 {
			return false
		}
		i += n
	}
	return true
}

// fields are header fields as a record.
func fields(h http.Header) primitive.Record {
	r := primitive.Record{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		r = append(r, primitive.Field{Name: strings.ToLower(name), Value: strings.Join(h[name], ", ")})
	}
	return r
}

// Failure is the answer as an error, for who takes 4xx and 5xx as one; nil for
// others. NotFound, Denied, Failed.
func (a *Answer) Failure() error {
	if a.Status < 400 {
		return nil
	}
	kind := primitive.Failed
	switch a.Status {
	case http.StatusNotFound, http.StatusGone:
		kind = primitive.NotFound
	case http.StatusUnauthorized, http.StatusForbidden:
		kind = primitive.Denied
	}
	return primitive.Newf(kind, "%s", strings.TrimSpace(fmt.Sprintf("%d %s", a.Status, primitive.Escape(a.Reason, false)))).
		WithHint("without --fail the answer is shown")
}
