package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// publicFolder is a folder with 300,000 bytes, a page, and a secret beside it.
func publicFolder(t *testing.T) (dir string, data []byte) {
	t.Helper()
	top := t.TempDir()
	dir, data = filepath.Join(top, "public"), randomBytes(t)
	if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"public/data.bin": string(data), "public/sub/page.html": "<p>a page</p>\n", "secret.txt": "SECRET"} {
		if err := os.WriteFile(filepath.Join(top, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, data
}

// TestCurlAndServe lets curl take files from `serve http`, whole and in parts, and
// nothing beside them.
func TestCurlAndServe(t *testing.T) {
	curl := needs(t, "curl")
	dir, data := publicFolder(t)
	server := launch(t, sosh(t, "serve", "0", "http", dir))
	base := "http://127.0.0.1:" + server.port(server.err, "serve http on 127.0.0.1:")
	run := func(args ...string) string {
		t.Helper()
		return launch(t, exec.Command(curl, append([]string{"-sS", "--noproxy", "*"}, args...)...)).finish(0)
	}
	for _, c := range []struct {
		name, want string
		args       []string
	}{
		{"whole", string(data), []string{base + "/data.bin"}},
		{"part", string(data[1000:2000]), []string{"-r", "1000-1999", base + "/data.bin"}},
		{"end", string(data[len(data)-10:]), []string{"-r", "-10", base + "/data.bin"}},
		{"folder", "<p>a page</p>\n", []string{"-L", base + "/sub/page.html"}},
		{"kept connection", "<p>a page</p>\n<p>a page</p>\n", []string{base + "/sub/page.html", base + "/sub/page.html"}},
		{"not modified", "304", []string{"-o", os.DevNull, "-w", "%{http_code}", "-H", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", base + "/data.bin"}},
		{"not satisfiable", "416", []string{"-o", os.DevNull, "-w", "%{http_code}", "-r", "9999999-", base + "/data.bin"}},
		{"not found", "404", []string{"-o", os.DevNull, "-w", "%{http_code}", base + "/none"}},
		{"not allowed", "405", []string{"-o", os.DevNull, "-w", "%{http_code}", "-X", "DELETE", base + "/data.bin"}},
		{"redirected", "200 /sub/", []string{"-L", "-o", os.DevNull, "-w", "%{http_code} %{url_effective}", base + "/sub"}},
	} {
		if got := strings.Replace(run(c.args...), base, "", 1); got != c.want {
			t.Errorf("%s: %.200q", c.name, got)
		}
	}
	if got := run("-I", base+"/data.bin"); !strings.Contains(got, "200 OK") || !strings.Contains(got, "Content-Length: 300000\r\n") {
		t.Errorf("HEAD: %q", got)
	}
	for _, path := range []string{"/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2f"} {
		if got := run("--path-as-is", base+path); strings.Contains(got, "SECRET") || !strings.HasPrefix(got, "4") {
			t.Errorf("%s: %q", path, got)
		}
	}
	server.interrupt()
	server.finish(130)
}

// TestCurlAndHTTPS lets curl check the certificate that is made for the day.
func TestCurlAndHTTPS(t *testing.T) {
	curl := needs(t, "curl")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	server := launch(t, sosh(t, "serve", "0", "http", "--body", "private", "--tls", "--cert-out", ca))
	base := "https://localhost:" + server.port(server.err, "serve http on 127.0.0.1:")
	if got := launch(t, exec.Command(curl, "-sS", "-4", "--noproxy", "*", "--cacert", ca, base)).finish(0); got != "private" {
		t.Errorf("%q", got)
	}
	launch(t, exec.Command(curl, "-sS", "-4", "--noproxy", "*", base)).finish(60) // nobody that curl trusts signed it
	server.interrupt()
	server.finish(130)
}

// TestHTTPAndPython takes files from Python's web server.
func TestHTTPAndPython(t *testing.T) {
	dir, data := publicFolder(t)
	server := launch(t, exec.Command(needs(t, "python3"), "-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", dir, "0"))
	base := "http://127.0.0.1:" + server.port(server.out, "port ")
	if got := launch(t, sosh(t, "http", "get", base+"/data.bin")).finish(0); got != string(data) {
		t.Errorf("%d bytes came changed", len(got))
	}
	file := filepath.Join(t.TempDir(), "data")
	launch(t, sosh(t, "http", "get", base+"/data.bin", "--output", file)).finish(0)
	if got, _ := os.ReadFile(file); string(got) != string(data) {
		t.Errorf("%d bytes came changed to the file", len(got))
	}
	if got := launch(t, sosh(t, "http", "head", base+"/data.bin")).finish(0); !strings.HasPrefix(got, "HTTP/1.0 200 OK\n") || !strings.Contains(got, "\nContent-Length: 300000\n") {
		t.Errorf("HEAD: %q", got)
	}
	if got := launch(t, sosh(t, "http", "get", base+"/sub", "--follow")).finish(0); !strings.Contains(got, "page.html") {
		t.Errorf("a folder: %q", got)
	}
	if got := launch(t, sosh(t, "-c", "curl -sL "+base+"/sub/page.html")).finish(0); got != "<p>a page</p>\n" {
		t.Errorf("as curl: %q", got)
	}
	launch(t, sosh(t, "http", "get", base+"/none", "--fail")).finish(1)
	if got := launch(t, sosh(t, "http", "post", base+"/", "--data", "x", "--json")).finish(0); !strings.Contains(got, `"status":501`) {
		t.Errorf("POST: %q", got)
	}
}
