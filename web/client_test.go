package web_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// answers is a server that reads the header of each client's request and hands
// the connection over. It gives the server's URL.
func answers(t *testing.T, answer func(c net.Conn, request string)) string {
	return "http://" + nettest.Serve(t, func(c net.Conn) {
		request, in := "", bufio.NewReader(c)
		for !strings.HasSuffix(request, "\r\n\r\n") {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			request += line
		}
		answer(c, request)
	})
}

// says is a server that answers everybody with the same bytes, and ends.
func says(t *testing.T, text string) string {
	return answers(t, func(c net.Conn, _ string) { io.WriteString(c, text) })
}

// request is a GET of a URL.
func request(t *testing.T, url string) web.Request {
	t.Helper()
	u, err := web.ParseURL(url, "http", "https")
	if err != nil {
		t.Fatal(err)
	}
	return web.Request{Method: "GET", URL: u, Timeout: 10 * time.Second, MaxHops: 10, Header: http.Header{}}
}

func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		says, want string
		status     int
	}{
		"length":     {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more", "hello", 200},
		"to the end": {"HTTP/1.1 200 OK\r\n\r\nhello", "hello", 200},
		"chunks":     {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX-After: 1\r\n\r\n", "hello", 200},
		"no body":    {"HTTP/1.1 204 No Content\r\n\r\nhello", "", 204},
		"not found":  {"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "no", 404},
		"interim":    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", "ok", 201},
		"old":        {"HTTP/1.0 200 OK\r\n\r\nhello", "hello", 200},
		"bytes":      {"HTTP/1.1 200 \xff\x1b[2J\r\nX: \xfe\x00\r\nContent-Length: 3\r\n\r\n\x00\xff\n", "\x00\xff\n", 200},
		"no reason":  {"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", "x", 200},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := web.Do(t.Context(), request(t, says(t, c.says)))
			if name == "bytes" && err != nil { // net/http takes no NUL in a header
				return
			}
			if err != nil || a.Status != c.status || string(a.Body) != c.want || a.Size != int64(len(c.want)) {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// bomb is 8 MiB of zeros as gzip.
func bomb() string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range 8 {
		w.Write(zeros)
	}
	w.Close()
	return b.String()
}

// Whatever a server does, the client ends with an error of the right kind, and
// keeps no more than it may.
func TestHostileServers(t *testing.T) {
	endless := func(head, piece string) func(net.Conn, string) {
		return func(c net.Conn, _ string) {
			_, err := io.WriteString(c, head)
			piece := strings.Repeat(piece, 1+1<<13/len(piece))
			for err == nil {
				_, err = io.WriteString(c, piece)
			}
		}
	}
	silent := func(head string) func(net.Conn, string) {
		return func(c net.Conn, _ string) {
			io.WriteString(c, head)
			io.Copy(io.Discard, c) // until the client has had enough
		}
	}
	text := func(s string) func(net.Conn, string) {
		return func(c net.Conn, _ string) { io.WriteString(c, s) }
	}
	for name, c := range map[string]struct {
		answer func(net.Conn, string)
		want   primitive.Kind
	}{
		"no answer":         {text(""), primitive.Failed},
		"no HTTP":           {text("SSH-2.0-OpenSSH_9.9\r\n"), primitive.Failed},
		"half a header":     {text("HTTP/1.1 200 OK\r\nContent-Le"), primitive.Failed},
		"half a body":       {text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), primitive.Failed},
		"half a chunk":      {text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhello"), primitive.Failed},
		"no chunk":          {text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n"), primitive.Failed},
		"10 GB":             {text("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"), primitive.Oversized},
		"negative":          {text("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), primitive.Failed},
		"two lengths":       {text("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"), primitive.Failed},
		"endless fields":    {endless("HTTP/1.1 200 OK\r\n", "X-More: of it\r\n"), primitive.Oversized},
		"endless line":      {endless("HTTP/1.1 200 OK\r\nX: ", "xxxxxxxxxxxxxxxx"), primitive.Oversized},
		"endless status":    {endless("HTTP/1.1 ", "2"), primitive.Oversized},
		"endless interim":   {endless("", "HTTP/1.1 103 Early Hints\r\n\r\n"), primitive.Failed},
		"endless body":      {endless("HTTP/1.1 200 OK\r\n\r\n", strings.Repeat("x", 1<<16)), primitive.Oversized},
		"endless chunks":    {endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"), primitive.Oversized},
		"endless trailer":   {endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n"), primitive.Failed},
		"endless extension": {endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "xxxxxxxx"), primitive.Failed},
		"bomb":              {text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb()), primitive.Oversized},
		"no gzip":           {text("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nhello, this is no gzip"), primitive.Failed},
		"nothing":           {silent(""), primitive.Timeout},
		"slow header":       {silent("HTTP/1.1 200 OK\r\n"), primitive.Timeout},
		"slow body":         {silent("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\na"), primitive.Timeout},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t, answers(t, c.answer))
			r.Compressed, r.MaxBody = true, 1<<16
			if c.want == primitive.Timeout {
				r.Timeout = 50 * time.Millisecond
			}
			a, err := web.Do(t.Context(), r)
			if primitive.KindOf(err) != c.want || a != nil {
				t.Errorf("%v, not %s: %+v", err, c.want, a)
			}
			if strings.ContainsFunc(fmt.Sprint(err), func(c rune) bool { return c < ' ' }) {
				t.Errorf("control characters in %q", err)
			}
		})
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url := answers(t, func(c net.Conn, _ string) {
		cancel()
		io.Copy(io.Discard, c)
	})
	if _, err := web.Do(ctx, request(t, url)); primitive.KindOf(err) != primitive.Canceled {
		t.Error(err)
	}
}

// TestRedirects follows each kind, with the method that becomes of it, and gives
// no secret to another origin.
func TestRedirects(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	other := answers(t, func(c net.Conn, request string) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, request)
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthere")
	})
	for _, c := range []struct {
		status       int
		method, want string
	}{{301, "GET", "GET"}, {301, "POST", "GET"}, {302, "POST", "GET"}, {303, "PUT", "GET"}, {303, "HEAD", "HEAD"}, {307, "POST", "POST"}, {308, "PUT", "PUT"}} {
		seen = nil
		url := says(t, fmt.Sprintf("HTTP/1.1 %d Go\r\nLocation: %s/x\r\nContent-Length: 3\r\n\r\ngo!", c.status, other))
		r := request(t, url)
		r.Method, r.Body, r.Follow, r.User = c.method, []byte("body"), true, "ada:lovelace"
		r.Header.Set("Cookie", "secret")
		a, err := web.Do(t.Context(), r)
		if err != nil || a.Status != 200 || len(a.Redirects) != 1 || a.Redirects[0].Status != c.status || a.URL != other+"/x" {
			t.Errorf("%d %s: %+v, %v", c.status, c.method, a, err)
		}
		if got := strings.Join(seen, ""); !strings.HasPrefix(got, c.want+" /x ") || strings.Contains(got, "ookie") || strings.Contains(got, "uthorization") {
			t.Errorf("%d %s: it was asked %q", c.status, c.method, got)
		}
	}
}

func TestRedirectsEnd(t *testing.T) {
	loop := says(t, "HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n")
	r := request(t, loop)
	r.Follow = true
	if _, err := web.Do(t.Context(), r); primitive.KindOf(err) != primitive.Failed || !strings.Contains(err.Error(), "more than 10 redirects") {
		t.Error(err)
	}
	r.Follow = false
	if a, err := web.Do(t.Context(), r); err != nil || a.Status != 302 || !strings.Contains(a.Words().Line, "to /again") {
		t.Error(a, err)
	}
	for _, to := range []string{"file:///etc/passwd", "http://ada:b@127.0.0.1/", "http://[::1", "gopher://x/"} {
		r := request(t, says(t, "HTTP/1.1 302 Found\r\nLocation: "+to+"\r\n\r\n"))
		r.Follow = true
		if _, err := web.Do(t.Context(), r); primitive.KindOf(err) != primitive.Failed {
			t.Errorf("%s: %v", to, err)
		}
	}
}

// TestShown tells each line as it went over the wire, but for what is secret.
func TestShown(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	r := request(t, says(t, "HTTP/1.1 200 OK\r\nX-Bad: \x9b\u202e\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
	r.Method, r.Body, r.User = "POST", []byte("a body"), "ada:lovelace"
	r.Show = func(line string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
	}
	if _, err := web.Do(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(lines, "\n")
	for _, want := range []string{
		"* connected to 127.0.0.1:", "> POST / HTTP/1.1\n> Host: 127.0.0.1:", "> Authorization: (not shown)\n", "> Content-Length: 6\n", "> \n> (6 bytes)\n",
		"< HTTP/1.1 200 OK\n< X-Bad: \\x9b\\u{202e}\n", "< \n< 5\n< (5 bytes)\n< 0\n< \n", "* timing: connect ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "YWRh") {
		t.Error("the password is shown")
	}
}

func TestUsage(t *testing.T) {
	for _, text := range []string{"http://", "ftp://host/", "http://a:b@host/", "http://host:99999/", "http://ho st/", "http://[::1/", "://", "", "http://\x00/"} {
		if u, err := web.ParseURL(text, "http", "https"); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%q: %v, %v", text, u, err)
		}
	}
	if u, err := web.ParseURL("localhost:8080/x#part", "http"); err != nil || u.String() != "http://localhost:8080/x" {
		t.Error(u, err)
	}
	for _, line := range []string{"", "no colon", ": value", "na me: v", "n\r: v", "n: v\r\nm: w", "n: \x00"} {
		if h, err := web.ParseHeader([]string{line}); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%q: %v, %v", line, h, err)
		}
	}
	for _, m := range []string{"", "GE T", "GET\r\n", "ü"} {
		if got, err := web.ParseMethod(m); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%q: %q, %v", m, got, err)
		}
	}
}
