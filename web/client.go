package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"sosh/primitive"
)

// Do makes a request and takes the answer, redirects if they are to be followed.
// It asks once, and never again on its own. Refused, Timeout, Unreachable,
// NotFound, Denied (a certificate that does not hold), Reset, Oversized, Failed.
func Do(ctx context.Context, r Request) (*Answer, error) {
	began, timings := time.Now(), new(Timings)
	r.Show = oneByOne(r.Show)
	u, method, body := r.URL, r.Method, r.Body
	var hops []Hop
	for {
		a, next, err := r.exchange(ctx, r.make(u, method, body, len(hops) == 0), timings)
		if err != nil {
			return nil, err
		}
		if next == nil || !r.Follow {
			a.Redirects, a.URL = hops, u.String()
			timings.Total = time.Since(began)
			r.tell("%s", timings)
			a.Timings = *timings
			return a, nil
		}
		if len(hops) >= r.MaxHops {
			return nil, primitive.Newf(primitive.Failed, "more than %d redirects, the last to %s", r.MaxHops, primitive.Quote(next.String())).
				WithHint("they may go in a circle; to see them: --show; to allow more: --max-redirects")
		}
		r.tell("%d, so on to %s", a.Status, primitive.Escape(next.String(), false))
		hops = append(hops, Hop{a.Status, next.String()})
		u, method, body = onward(a.Status, method, body, next)
	}
}

// oneByOne calls a function from one goroutine at a time: what is sent and what is
// received may cross.
func oneByOne(show func(string)) func(string) {
	if show == nil {
		return nil
	}
	var mu sync.Mutex
	return func(line string) {
		mu.Lock()
		defer mu.Unlock()
		show(line)
	}
}

// onward is what a redirect makes of a request (RFC 9110, 15.4).
func onward(status int, method string, body []byte, next *url.URL) (*url.URL, string, []byte) {
	changes := status == http.StatusSeeOther && method != http.MethodHead || status < http.StatusSeeOther && method == http.MethodPost
	if changes {
		return next, http.MethodGet, nil
	}
	return next, method, body
}

// exchange sends one request over a connection of its own, and takes the answer;
// next is where a redirect goes, whose own body is left.
func (r *Request) exchange(ctx context.Context, req *http.Request, t *Timings) (a *Answer, next *url.URL, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	*t = Timings{}
	w, err := r.dial(ctx, req.URL, t)
	if err != nil {
		return nil, nil, failure(ctx, err)
	}
	var writing sync.WaitGroup
	defer writing.Wait()
	defer w.Close()
	pace := newPace(r.Timeout, cancel)
	defer pace.stop()
	part, err := r.openPart(req)
	if err != nil {
		return nil, nil, err
	}
	defer part.close()
	writing.Go(func() { _ = req.Write(w) }) // the answer, or its lack, tells
	began := time.Now()
	resp, err := w.answer(req)
	t.FirstByte = time.Since(began)
	if err == nil {
		pace.begin()
		a, next, err = r.take(ctx, req, resp, part, pace)
		t.Body = time.Since(began) - t.FirstByte
	}
	if w.failed != nil {
		err = w.failed
	}
	if err != nil {
		return nil, nil, part.keep(failure(ctx, err))
	}
	if w.security != nil {
		a.TLS = *w.security
	}
	return a, next, nil
}

// answer reads the header of an answer; those that only say that one will come
// (1xx) are passed over.
func (w *wire) answer(req *http.Request) (*http.Response, error) {
	for range maxInterim {
		if _, err := w.in.Peek(1); err != nil {
			return nil, silent(w, err)
		}
		resp, err := http.ReadResponse(w.in, req)
		if err != nil || resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, err
		}
	}
	return nil, primitive.Newf(primitive.Failed, "the server sends answers that only say that one will come, more than %d of them", maxInterim)
}

// Most answers of 1xx before the one that counts.
const maxInterim = 16

// silent is an end before the answer.
func silent(w *wire, err error) error {
	if w.failed == nil && errors.Is(err, io.EOF) {
		return primitive.Newf(primitive.Failed, "the server ended the connection without an answer").
			WithHint("is it a port for HTTP, and not for TLS? https:// speaks TLS")
	}
	return err
}

// take takes what follows the header of an answer.
func (r *Request) take(ctx context.Context, req *http.Request, resp *http.Response, part *part, pace *pace) (*Answer, *url.URL, error) {
	a := &Answer{
		Status: resp.StatusCode, Reason: reason(resp), Proto: resp.Proto, header: resp.Header,
		Headers: fields(resp.Header), head: req.Method == http.MethodHead,
	}
	next, err := redirect(req, resp)
	switch {
	case err != nil && r.Follow:
		return nil, nil, err
	case next != nil && r.Follow:
		return a, next, nil
	}
	err = r.body(ctx, a, resp, part, pace)
	return a, next, err
}

// reason is the server's words for the status.
func reason(resp *http.Response) string {
	_, words, _ := strings.Cut(resp.Status, " ")
	return words
}

// redirect is where an answer sends the client; nil for nowhere. Failed where
// that is no place for HTTP.
func redirect(req *http.Request, resp *http.Response) (*url.URL, error) {
	to := resp.Header.Get("Location")
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	if to == "" {
		return nil, nil
	}
	rel, err := url.Parse(to)
	if err != nil {
		return nil, primitive.Newf(primitive.Failed, "a redirect to %s, which is no URL", primitive.Quote(to))
	}
	u, err := ParseURL(req.URL.ResolveReference(rel).String(), "http", "https")
	if err != nil {
		return nil, primitive.Newf(primitive.Failed, "a redirect to %s, which is not followed: %s", primitive.Quote(to), primitive.AsError(err).Cause)
	}
	return u, nil
}

// String is the phases in one line.
func (t *Timings) String() string {
	text := "timing: "
	for _, p := range []struct {
		name string
		took time.Duration
	}{{"dns", t.DNS}, {"connect", t.Connect}, {"tls", t.TLS}, {"first byte", t.FirstByte}, {"body", t.Body}, {"total", t.Total}} {
		if p.took > 0 {
			text += fmt.Sprintf("%s %.1f ms, ", p.name, float64(p.took)/float64(time.Millisecond))
		}
	}
	return strings.TrimSuffix(text, ", ")
}
