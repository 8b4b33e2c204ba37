package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// A SiteSpec says what a Site serves. Without Dir and Body each request is
// answered with itself, as text.
type SiteSpec struct {
	Dir    string
	Body   []byte      // of every answer; nil for none
	Header http.Header // of every answer, beside the usual
	Status int         // of the answers that Hit chooses; 0 for the usual one
	Hit    func() bool // asked once for each request
	TLS    *tls.Config // nil for none
	Log    Log         // nil for nobody

	HeaderTime time.Duration // a client may take for a header; 0 is ten seconds
}

// A Site is a web server for one connection after the other, or many at once.
type Site struct {
	server connServer
	root   *os.Root // may be nil
}

// NewSite opens the folder, if there is one; close the site. NotFound, Denied,
// Usage.
func NewSite(spec SiteSpec) (*Site, error) {
	s := &Site{}
	var h http.Handler = mirror{}
	switch {
	case spec.Dir != "" && spec.Body != nil:
		return nil, primitive.Usagef("a folder or a body is served, not both")
	case spec.Body != nil:
		h = fixed(spec.Body)
	case spec.Dir != "":
		root, err := os.OpenRoot(spec.Dir)
		if err != nil {
			return nil, fileError(err, spec.Dir)
		}
		s.root, h = root, folder{root}
	}
	h = withHeader(withStatus(h, spec), spec.Header)
	s.server = connServer{handler: withLog(h, spec.Log), tls: spec.TLS, header: cmp.Or(spec.HeaderTime, headerTime)}
	return s, nil
}

// Serve serves the requests of one client until it or ctx ends.
func (s *Site) Serve(ctx context.Context, c *sock.Stream) error { return s.server.serve(ctx, c) }

// Close lets go of the folder.
func (s *Site) Close() {
	if s.root != nil {
		_ = s.root.Close() // nothing was written
	}
}

// withStatus answers with another status where it is hit: with the body that was
// given, else with the words for the status.
func withStatus(h http.Handler, spec SiteSpec) http.Handler {
	if spec.Status == 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		switch {
		case !spec.Hit():
			h.ServeHTTP(w, req)
		case spec.Body != nil && spec.Status >= 200:
			fixed(spec.Body).answer(w, spec.Status)
		default:
			refuse(w, spec.Status)
		}
	})
}

// withHeader adds fields to every answer.
func withHeader(h http.Handler, fields http.Header) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Server", "sosh")
		for name, values := range fields {
			w.Header()[name] = values
		}
		h.ServeHTTP(w, req)
	})
}

// A fixed answer.
type fixed []byte

func (f fixed) ServeHTTP(w http.ResponseWriter, _ *http.Request) { f.answer(w, http.StatusOK) }

func (f fixed) answer(w http.ResponseWriter, status int) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", http.DetectContentType(f))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(f)))
	w.WriteHeader(status)
	_, _ = w.Write(f) // a client that is gone needs no answer, and some answers have no body
}

// A mirror answers with the request.
type mirror struct{}

// Most bytes of a request that a mirror takes.
const maxMirrored = 1 << 20

func (mirror) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	req.Body = http.MaxBytesReader(w, req.Body, maxMirrored)
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(stallTime)) // a body that never ends comes to one
	text, err := requestText(req)
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge)
		return
	}
	_, _ = w.Write(text) // a client that is gone needs no answer
}

// requestText is a request as it came, its header fields in order of their names.
func requestText(req *http.Request) ([]byte, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s %s\nHost: %s\n", req.Method, req.RequestURI, req.Proto, req.Host)
	for _, name := range slices.Sorted(maps.Keys(req.Header)) {
		fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(req.Header[name], ", "))
	}
	b.WriteByte('\n')
	b.Write(body)
	return b.Bytes(), nil
}
