package web

import (
	"context"
	"crypto/tls"
	"net/http"
	"os"

	"sosh/primitive"
	"sosh/sock"
)

// A SiteSpec says what a Site serves. Without Dir and Body each request is
// answered with itself, as text.
type SiteSpec struct {
	Dir     string
	Body    []byte // of every answer; nil for none
	Header  http.Header
	Mishaps Mishaps
	TLS     *tls.Config // nil for none
	Log     Log         // nil for nobody
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
	h = withHeader(spec.Mishaps.around(h), spec.Header)
	s.server = connServer{handler: withLog(h, spec.Log), tls: spec.TLS, header: headerTime}
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

func (f fixed) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", http.DetectContentType(f))
	}
	_, _ = w.Write(f) // a client that is gone needs no answer
}

// A mirror answers with the request.
type mirror struct{}

// Most bytes of a request that a mirror takes.
const maxMirrored = 1 << 20

func (mirror) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	req.Body = http.MaxBytesReader(w, req.Body, maxMirrored)
	_ = http.NewResponseController(w).SetReadDeadline(deadline(stallTime)) // a body that never ends comes to one
	text, err := requestText(req)
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge)
		return
	}
	_, _ = w.Write(text) // a client that is gone needs no answer
}
