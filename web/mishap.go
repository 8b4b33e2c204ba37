package web

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Mishaps are what goes wrong on purpose, so that a client can be tried: for each
// request, for every so many, or for some by chance.
type Mishaps struct {
	Status   int           // answer with this status; 0 for the usual one
	Delay    time.Duration // answer so much later
	Reset    bool          // tear the connection down instead
	Truncate int           // end the connection after so many bytes of the body; 0 for not
	Every    int           // of every so many requests the last one; 0 for each
	Chance   float64       // 0 to 1; 0 for certain
	Seed     int           // the same seed, the same requests
}

// A dice says which requests are hit.
type dice struct {
	mu    sync.Mutex
	rng   *rand.Rand
	count int
}

func (m Mishaps) hits(d *dice) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	if m.Every > 1 && d.count%m.Every != 0 {
		return false
	}
	return m.Chance == 0 || d.rng.Float64() < m.Chance
}

func (m Mishaps) around(h http.Handler) http.Handler {
	if m.Status == 0 && m.Delay == 0 && !m.Reset && m.Truncate == 0 {
		return h
	}
	d := &dice{rng: rand.New(rand.NewPCG(uint64(m.Seed), 0))}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !m.hits(d) {
			h.ServeHTTP(w, req)
			return
		}
		m.strike(w, req, h)
	})
}

func (m Mishaps) strike(w http.ResponseWriter, req *http.Request, h http.Handler) {
	if m.Delay > 0 {
		select {
		case <-time.After(m.Delay):
		case <-req.Context().Done():
			return
		}
	}
	switch {
	case m.Reset:
		reset(w)
	case m.Truncate > 0:
		h.ServeHTTP(&truncated{ResponseWriter: w, left: m.Truncate}, req)
	case m.Status == 0:
		h.ServeHTTP(w, req)
	case http.StatusText(m.Status) == "":
		w.WriteHeader(m.Status)
	default:
		refuse(w, m.Status)
	}
}

// reset tears the connection down, with an RST where the system does that.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // ends it all the same
	}
	if l, ok := conn.(interface{ SetLinger(int) error }); ok {
		_ = l.SetLinger(0) // without it the end is polite
	}
	_ = conn.Close() // nothing more is said
}

// A truncated answer promises its whole body, and ends the connection inside.
type truncated struct {
	http.ResponseWriter
	left int
}

func (t *truncated) Write(p []byte) (int, error) {
	h := t.Header()
	if h.Get("Content-Length") == "" {
		h.Set("Content-Length", strconv.Itoa(max(len(p), t.left+1)))
	}
	n := min(len(p), t.left)
	_, _ = t.ResponseWriter.Write(p[:n]) // it ends anyway
	if t.left -= n; t.left == 0 {
		_ = http.NewResponseController(t.ResponseWriter).Flush() // as before
		panic(http.ErrAbortHandler)
	}
	return n, nil
}

// Unwrap is for http.ResponseController.
func (t *truncated) Unwrap() http.ResponseWriter { return t.ResponseWriter }

func deadline(d time.Duration) time.Time { return time.Now().Add(d) }

// requestText is a request as it came, header fields in order of their names.
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

var _ net.Conn
