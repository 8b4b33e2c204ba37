package web_test

import (
	"bufio"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
	"sosh/web"
)

// A service is what serves one client.
type service interface {
	Serve(ctx context.Context, c *sock.Stream) error
}

// listening serves on loopback while the test runs, and gives the address.
func listening(t *testing.T, s service) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l, err := sock.ListenStream(ctx, primitive.Addr{Host: "127.0.0.1"}, sock.ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var clients sync.WaitGroup
	clients.Go(func() {
		for {
			c, err := l.Accept(ctx)
			if err != nil {
				return
			}
			clients.Go(func() {
				defer c.Close()
				_ = s.Serve(ctx, c)
			})
		}
	})
	t.Cleanup(func() {
		cancel()
		l.Close()
		clients.Wait()
	})
	return l.Addr().String()
}

func site(t *testing.T, spec web.SiteSpec) string {
	t.Helper()
	s, err := web.NewSite(spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return listening(t, s)
}

// raw sends text as it is, ends its side, and gives all that comes back.
func raw(t *testing.T, addr, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	io.WriteString(c, text)
	all, _ := io.ReadAll(c)
	return string(all)
}

// get asks for a path, which goes out as it stands.
func get(t *testing.T, addr, path string, header ...string) string {
	t.Helper()
	return raw(t, addr, "GET "+path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"+strings.Join(append(header, ""), "\r\n")+"\r\n")
}

// tree is a folder with files, and a secret beside it.
func tree(t *testing.T) string {
	t.Helper()
	top := t.TempDir()
	dir := filepath.Join(top, "public")
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("secret.txt", "SECRET")
	write("public/hello.txt", "hello, world")
	write("public/sub/page.html", "<p>page</p>")
	write("public/with/index.html", "the index")
	for name, to := range map[string]string{"out": "../secret.txt", "up": "..", "absolute": filepath.Join(top, "secret.txt"), "in": "hello.txt", "sub/loop": "../sub"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			nettest.Missing(t, "links: "+err.Error())
		}
	}
	return dir
}

// Nothing outside of the folder is served, however it is asked for.
func TestTraversal(t *testing.T) {
	dir := tree(t)
	addr := site(t, web.SiteSpec{Dir: dir})
	for _, path := range []string{
		"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/sub/../../secret.txt", "/sub/%2e%2e/%2e%2e/secret.txt",
		"/..%5csecret.txt", "/..\\secret.txt", "//../secret.txt", "/./../secret.txt", "/....//secret.txt", "/%252e%252e/secret.txt", "/%c0%ae%c0%ae/secret.txt",
		"/out", "/up/secret.txt", "/up/", "/absolute", "/sub/loop/../../../secret.txt", "/sub/loop/loop/../out", filepath.Dir(dir) + "/secret.txt",
		"/" + filepath.Dir(dir) + "/secret.txt", "/hello.txt%00", "/hello.txt/", "/hello.txt/../../secret.txt", "/..", "/%2e%2e", "/../",
		"http://x/../secret.txt", "file:///" + filepath.Dir(dir) + "/secret.txt", "secret.txt", "../secret.txt", "?../secret.txt",
	} {
		got := get(t, addr, path)
		if strings.Contains(got, "SECRET") || strings.Contains(got, ">secret.txt<") {
			t.Errorf("%s: %s", path, got)
		}
		if !strings.HasPrefix(got, "HTTP/1.1 4") && !strings.Contains(got, "<h1>/</h1>") {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := get(t, addr, "/in"); !strings.HasSuffix(got, "hello, world") {
		t.Errorf("a link inside: %s", got)
	}
}

func TestFiles(t *testing.T) {
	addr := site(t, web.SiteSpec{Dir: tree(t), Header: http.Header{"X-Mine": {"yes"}}})
	whole := get(t, addr, "/hello.txt")
	etag := whole[strings.Index(whole, "Etag: ")+6:]
	etag, _, _ = strings.Cut(etag, "\r\n")
	for _, c := range []struct{ request, status, has, ends string }{
		{"GET /hello.txt", "200 OK", "Content-Length: 12\r\n", "\r\n\r\nhello, world"},
		{"GET /hello.txt", "200 OK", "Content-Type: text/plain", ""},
		{"GET /hello.txt?query", "200 OK", "X-Mine: yes", "hello, world"},
		{"GET /hell%6f.txt", "200 OK", "Accept-Ranges: bytes", "hello, world"},
		{"HEAD /hello.txt", "200 OK", "Content-Length: 12\r\n", "\r\n\r\n"},
		{"GET /hello.txt|Range: bytes=7-", "206 Partial Content", "Content-Range: bytes 7-11/12", "\r\n\r\nworld"},
		{"GET /hello.txt|Range: bytes=-5", "206 Partial Content", "Content-Length: 5\r\n", "\r\n\r\nworld"},
		{"HEAD /hello.txt|Range: bytes=0-0", "206 Partial Content", "Content-Length: 1\r\n", "\r\n\r\n"},
		{"GET /hello.txt|Range: bytes=99-", "416 Requested Range Not Satisfiable", "Content-Range: bytes */12", ""},
		{"GET /hello.txt|If-None-Match: " + etag, "304 Not Modified", "", "\r\n\r\n"},
		{"GET /hello.txt|If-None-Match: \"other\"", "200 OK", "", "hello, world"},
		{"GET /hello.txt|If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", "304 Not Modified", "", "\r\n\r\n"},
		{"GET /hello.txt|If-Range: \"other\"|Range: bytes=7-", "200 OK", "", "hello, world"},
		{"GET /sub", "301 Moved Permanently", "Location: sub/\r\n", ""},
		{"GET /sub/", "200 OK", "Content-Type: text/html; charset=utf-8", "</html>\n"},
		{"GET /sub/page.html", "200 OK", "Content-Type: text/html", "<p>page</p>"},
		{"GET /with/", "200 OK", "", "the index"},
		{"GET /nothing", "404 Not Found", "", "404 Not Found\n"},
		{"POST /hello.txt", "405 Method Not Allowed", "Allow: GET, HEAD", ""},
		{"DELETE /hello.txt", "405 Method Not Allowed", "", ""},
		{"OPTIONS *", "405 Method Not Allowed", "", ""},
	} {
		line, header, _ := strings.Cut(c.request, "|")
		text := line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		if header != "" {
			text += strings.ReplaceAll(header, "|", "\r\n") + "\r\n"
		}
		got := raw(t, addr, text+"\r\n")
		if !strings.HasPrefix(got, "HTTP/1.1 "+c.status+"\r\n") || !strings.Contains(got, c.has) || !strings.HasSuffix(got, c.ends) {
			t.Errorf("%s: %s", c.request, got)
		}
	}
}

// The names of files are anything; a page that lists them is HTML all the same.
func TestListing(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"<script>alert(1)</script>", "a b&c", "javascript:alert(1)", "\x1b[2J", "\u202eevil", "bad\xff", "%2e%2e", "#hash?q"} {
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, "/", "_")), []byte("x"), 0o644); err != nil {
			t.Logf("%q cannot be here: %v", name, err)
		}
	}
	addr := site(t, web.SiteSpec{Dir: dir})
	got := get(t, addr, "/")
	for _, want := range []string{"&lt;script&gt;", "a b&amp;c", `href="./javascript:alert%281%29"`, `href="./%23hash%3Fq"`, `href="./%252e%252e"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(got, "<script>") || !strings.Contains(get(t, addr, "/%23hash%3Fq"), "\r\n\r\nx") || !strings.Contains(get(t, addr, "/bad%FF"), "\r\n\r\nx") {
		t.Error(got)
	}
}

// Whatever a client does, it ends within the limits, and the next one is served.
func TestHostileClients(t *testing.T) {
	addr := site(t, web.SiteSpec{Dir: tree(t), HeaderTime: 100 * time.Millisecond})
	for name, c := range map[string]struct{ text, want string }{
		"endless fields": {"GET / HTTP/1.1\r\n" + strings.Repeat("X: y\r\n", 100_000), "HTTP/1.1 431 "},
		"endless line":   {"GET /" + strings.Repeat("x", 1<<20), "HTTP/1.1 431 "},
		"slow":           {"GET / HTTP/1.1\r\nHost: x\r\nX: ", ""},
		"silent":         {"", ""},
		"no HTTP":        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", ""},
		"nonsense":       {"hello\r\n\r\n", "HTTP/1.1 400 "},
		"no host":        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
		"two lengths":    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 400 "},
		"smuggled":       {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 501 "},
		"HTTP/2":         {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 405 "},
	} {
		t.Run(name, func(t *testing.T) {
			got := raw(t, addr, c.text)
			reset := got == "" && strings.HasPrefix(name, "endless") // it may have been torn down before the answer was read
			if !strings.HasPrefix(got, c.want) && !reset || strings.Contains(got, " 200 ") {
				t.Errorf("%.200q", got)
			}
		})
	}
	if got := get(t, addr, "/hello.txt"); !strings.Contains(got, " 200 OK") {
		t.Errorf("afterwards: %s", got)
	}
}

func TestMirror(t *testing.T) {
	addr := site(t, web.SiteSpec{})
	r := request(t, "http://"+addr+"/a?b=c")
	r.Method, r.Body = "PUT", []byte("the body")
	r.Header.Set("X-Mine", "yes")
	a, err := web.Do(t.Context(), r)
	if err != nil || !strings.HasPrefix(string(a.Body), "PUT /a?b=c HTTP/1.1\nHost: "+addr+"\n") || !strings.HasSuffix(string(a.Body), "X-Mine: yes\n\nthe body") {
		t.Errorf("%+v, %v", a, err)
	}
	r.Body = make([]byte, 2<<20)
	if a, err := web.Do(t.Context(), r); err != nil || a.Status != 413 {
		t.Errorf("a body too large: %+v, %v", a, err)
	}
}

func TestStatusAndLog(t *testing.T) {
	var lines []string
	n := 0
	addr := site(t, web.SiteSpec{
		Body: []byte("fine"), Status: 503, Hit: func() bool { n++; return n%3 == 0 },
		Log: func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) },
	})
	var got []int
	for range 6 {
		a, err := web.Do(t.Context(), request(t, "http://"+addr+"/x"))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a.Status)
	}
	if fmt.Sprint(got) != "[200 200 503 200 200 503]" {
		t.Error(got)
	}
	if len(lines) != 6 || !strings.Contains(lines[2], " GET /x 503, 4 bytes, ") {
		t.Error(lines)
	}
}

func TestHTTPS(t *testing.T) {
	config, err := tlsinfo.Offer{AdHoc: true}.Config("http/1.1")
	if err != nil {
		t.Fatal(err)
	}
	addr := site(t, web.SiteSpec{Body: []byte("private"), TLS: config})
	r := request(t, "https://"+addr+"/")
	if _, err := web.Do(t.Context(), r); primitive.KindOf(err) != primitive.Untrusted {
		t.Errorf("a certificate that nobody signed: %v", err)
	}
	r.Roots = x509.NewCertPool()
	r.Roots.AddCert(config.Certificates[0].Leaf)
	a, err := web.Do(t.Context(), r)
	if err != nil || string(a.Body) != "private" || a.TLS.(web.Security).Version != "TLS 1.3" || !a.TLS.(web.Security).Verified {
		t.Errorf("%+v, %v", a, err)
	}
	warned := ""
	r.Roots, r.Insecure, r.Warn = nil, true, func(line string) { warned = line }
	if a, err := web.Do(t.Context(), r); err != nil || a.TLS.(web.Security).Verified || !strings.Contains(warned, "not checked") {
		t.Errorf("%+v, %v, %q", a, err, warned)
	}
	if _, err := web.Do(t.Context(), request(t, "https://"+site(t, web.SiteSpec{}))); primitive.KindOf(err) != primitive.Failed || !strings.Contains(err.Error(), "no TLS there") {
		t.Error(err)
	}
}

// A connection is kept for more requests, one after the other and at once.
func TestKeepAlive(t *testing.T) {
	addr := site(t, web.SiteSpec{Body: []byte("x")})
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	in := bufio.NewReader(c)
	for range 3 {
		io.WriteString(c, strings.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 2))
		for range 2 {
			resp, err := http.ReadResponse(in, nil)
			if err != nil || resp.StatusCode != 200 {
				t.Fatal(resp, err)
			}
			io.Copy(io.Discard, resp.Body)
		}
	}
}
