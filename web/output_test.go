package web_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/web"
)

// TestOutput keeps a body in a file, which has its name when it is whole, and goes
// on where an attempt broke off.
func TestOutput(t *testing.T) {
	whole := strings.Repeat("0123456789", 100)
	addr := "http://" + site(t, web.SiteSpec{Dir: folderWith(t, "data", whole)}) + "/data"
	file := filepath.Join(t.TempDir(), "out")
	put := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, before string
		resume       bool
	}{
		{"anew", "", false}, {"anew beside a rest", whole[:500], false}, {"on", whole[:500], true},
		{"on after all", whole, true}, {"on without a rest", "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			put(file, "what was there before")
			if c.before != "" {
				put(file+".part", c.before)
			}
			var last int64
			ctx := primitive.WithProgress(t.Context(), func(done, total int64) { last = done })
			r := request(t, addr)
			r.Output, r.Resume = file, c.resume
			a, err := web.Do(ctx, r)
			got, _ := os.ReadFile(file)
			if err != nil || string(got) != whole || a.File != file || a.Size != int64(len(whole)) || a.Body != nil {
				t.Errorf("%d bytes: %+v, %v", len(got), a, err)
			}
			if c.before != whole && last != int64(len(whole)) {
				t.Errorf("progress ended at %d", last)
			}
			if _, err := os.Lstat(file + ".part"); err == nil {
				t.Error("the part is still there")
			}
		})
	}
}

func folderWith(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// What breaks off leaves the file that was there alone, and a part to go on with.
func TestOutputBroken(t *testing.T) {
	dir := folderWith(t, "out", "before")
	file := filepath.Join(dir, "out")
	for _, c := range []struct {
		says, part string
		want       primitive.Kind
	}{
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "hello", primitive.Failed},
		{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "", primitive.Failed},
		{"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "", primitive.NotFound},
		{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", "", primitive.Oversized},
	} {
		r := request(t, says(t, c.says))
		r.Output = file
		_, err := web.Do(t.Context(), r)
		got, _ := os.ReadFile(file)
		part, _ := os.ReadFile(file + ".part")
		if primitive.KindOf(err) != c.want || string(got) != "before" || string(part) != c.part {
			t.Errorf("%q: %v, %q, %q", c.says, err, got, part)
		}
		if c.part != "" && !strings.Contains(primitive.AsError(err).Hint, "--resume") {
			t.Errorf("no way on in %q", primitive.AsError(err).Hint)
		}
		os.Remove(file + ".part")
	}
	r := request(t, says(t, "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-5/6\r\nContent-Length: 3\r\n\r\nxxx"))
	r.Output, r.Resume = file, true
	os.WriteFile(file+".part", []byte("ab"), 0o600)
	if _, err := web.Do(t.Context(), r); primitive.KindOf(err) != primitive.Failed || !strings.Contains(err.Error(), "another part") {
		t.Error(err)
	}
	os.Remove(file + ".part")
	if err := os.Symlink("elsewhere", file+".part"); err == nil {
		if _, err := web.Do(t.Context(), r); primitive.KindOf(err) != primitive.InUse {
			t.Errorf("through a symbolic link: %v", err)
		}
	}
}

// TestUnixSocket asks whoever listens at a path, by any name.
func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		nettest.Missing(t, err.Error())
	}
	t.Cleanup(func() { l.Close() })
	served := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		buf := make([]byte, 1000)
		n, _ := c.Read(buf)
		served <- string(buf[:n])
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
	}()
	r := request(t, "http://docker.invalid/info")
	r.Unix = path
	a, err := web.Do(t.Context(), r)
	if err != nil || string(a.Body) != "hi" || !strings.Contains(<-served, "Host: docker.invalid\r\n") {
		t.Error(a, err)
	}
}

func TestForm(t *testing.T) {
	body, kind, err := web.Form([]string{"a=b c", "d=e&f", "a=ü"})
	if err != nil || kind != "application/x-www-form-urlencoded" || string(body) != "a=b+c&a=%C3%BC&d=e%26f" {
		t.Errorf("%s, %s, %v", body, kind, err)
	}
	file := filepath.Join(folderWith(t, "f.txt", "in the file"), "f.txt")
	body, kind, err = web.Form([]string{"a=b", "up=@" + file})
	if err != nil || !strings.HasPrefix(kind, "multipart/form-data; boundary=") || !strings.Contains(string(body), `filename="f.txt"`) || !strings.Contains(string(body), "in the file") {
		t.Errorf("%s, %s, %v", body, kind, err)
	}
	for _, f := range []string{"", "a", "=b"} {
		if _, _, err := web.Form([]string{f}); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%q: %v", f, err)
		}
	}
	if _, _, err := web.Form([]string{"a=@/no/such/file"}); primitive.KindOf(err) != primitive.NotFound {
		t.Error(err)
	}
}

// FuzzAnswer takes anything for an answer: it is one, or an error of some kind,
// and what is shown of it drives no terminal.
func FuzzAnswer(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true)
	f.Add("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nA: b\r\n\r\n", false)
	f.Add("HTTP/1.1 302 Found\r\nLocation: //\r\n\r\n", true)
	f.Add("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00", true)
	text := make(chan string, 1)
	addr := "127.0.0.1:0"
	l, err := net.Listen("tcp", addr)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(c, <-text)
			c.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, c)
			c.Close()
		}
	}()
	f.Fuzz(func(t *testing.T, says string, compressed bool) {
		u, _ := web.ParseURL(l.Addr().String(), "http")
		text <- says
		shown := ""
		a, err := web.Do(context.Background(), web.Request{
			Method: "GET", URL: u, MaxBody: 1 << 16, Compressed: compressed,
			Show: func(line string) { shown = line },
		})
		if (a == nil) == (err == nil) || strings.ContainsAny(shown, "\x1b\r\n") {
			t.Errorf("%v, %v, %q", a, err, shown)
		}
		if err != nil && primitive.KindOf(err) == "" || a != nil && strings.Contains(fmt.Sprint(a.Words().Line), "\x1b") {
			t.Errorf("%v, %v", a, err)
		}
	})
}
