package ping

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// Most of an answer's body that is read.
const maxBody = 64 << 10

// ParseURL reads the URL of --http: http or https, and a host.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, primitive.Usagef("%s is no URL of HTTP", primitive.Quote(text)).WithHint("write --http http://127.0.0.1:8080/")
	}
	return u, nil
}

// requesting makes a request on a new connection each time: to the host's address,
// for the URL. The time is that of the whole answer.
func requesting(text string, timeout time.Duration) (caller, error) {
	u, err := ParseURL(text)
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return func(ctx context.Context, to netip.Addr) answer {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		a := answer{from: to}
		start := time.Now()
		status, err := request(ctx, u, net.JoinHostPort(to.String(), port))
		if err != nil {
			a.state, a.reason = failed(err)
			return a
		}
		a.state, a.reason, a.rtt = Answered, primitive.Escape(status, false), time.Since(start)
		return a
	}, nil
}

func request(ctx context.Context, u *url.URL, address string) (status string, err error) {
	var made atomic.Pointer[net.Conn]
	defer func() { // the client would do it, somewhat later
		if conn := made.Load(); conn != nil {
			_ = (*conn).Close()
		}
	}()
	client := http.Client{
		Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				conn, err := dial(ctx, address)
				if err == nil {
					made.Store(&conn)
				}
				return conn, err
			},
			MaxResponseHeaderBytes: maxBody,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", err
	}
	r.Header.Set("User-Agent", "sosh")
	answer, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxBody) // the header has come; what fails now is not asked for
	return answer.Status, nil
}

// dial connects; an explanation under way sees the calls.
func dial(ctx context.Context, address string) (net.Conn, error) {
	if to, err := netip.ParseAddrPort(address); err == nil {
		if conn, seen, err := sock.DialSeen(ctx, to, 0); seen {
			return conn, err
		}
	}
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}

func failed(err error) (State, string) {
	switch kind := sock.Kind(err); kind {
	case primitive.Timeout:
		return Lost, ""
	case primitive.Unreachable:
		return Unreachable, "no route to host"
	case primitive.Refused:
		return Unreachable, "connection refused"
	}
	return Trouble, primitive.Escape(primitive.AsError(err).Cause, false)
}
