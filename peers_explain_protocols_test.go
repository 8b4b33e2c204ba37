package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sosh/primitive"
	"sosh/verbs"
)

// A protocol is a command of a protocol above sockets, with a server of ours for
// its programs. An empty want asks for an exit code alone. NAME is a folder.
type protocol struct{ before, command, want string }

var protocols = []protocol{
	{"serve 0 http --body hello", "http get http://127.0.0.1:${l1.lport}/a?b=c", "hello"},
	{"serve 0 http --body hello", "http head 127.0.0.1:${l1.lport}", "200 OK"},
	{"serve 0 http", `http post 127.0.0.1:${l1.lport}/x --data 'say "x"' --header 'X-Test: two words'`, "two words"},
	{"serve 0 http", "http request PUT 127.0.0.1:${l1.lport}/there --form a=b", "PUT /there"},
	{"serve 0 ws", "ws connect ws://127.0.0.1:${l1.lport}/", "101 Switching"},
	{"serve 0 ws; ws connect ws://127.0.0.1:${l1.lport}/", "ws send w1 hello", "101 Switching"},
	{"serve 0 ws; ws connect ws://127.0.0.1:${l1.lport}/", "ws ping w1", "101 Switching"},
	{"serve 0 smtp", "smtp check 127.0.0.1:${l1.lport}", "SIZE"},
	{"serve 0 smtp --dir NAME", `smtp send 127.0.0.1:${l1.lport} --from 'Ann <ann@example.org>' --to bob@example.org,eve@example.org --subject 'a "b"' --body .hello`, ""},
	{"serve 0 ftp", "ftp list 127.0.0.1:${l1.lport}", "readme.txt"},
	{"serve 0 ftp", "ftp get 127.0.0.1:${l1.lport} readme.txt --output NAME/got", ""},
	{"serve 0 ftp NAME --write", "ftp put 127.0.0.1:${l1.lport} NAME/sent stored", ""},
	{"", "dns lookup localhost", "127.0.0.1"},
	{"", "dns reverse 127.0.0.1", "localhost"},
	{"serve 0 dns --record 'www A 192.0.2.7'", "dns query www.test A --server 127.0.0.1:${l1.lport}", "192.0.2.7"},
	{"serve 0 dns --record 'www A 192.0.2.7'", "dns query www.test A --tcp --server 127.0.0.1:${l1.lport}", "192.0.2.7"},
	{"serve 0 echo", "ping 127.0.0.1 --tcp ${l1.lport}", "open"},
	{"serve 0 reply ready", "probe 127.0.0.1 ${l1.lport}", "ready"},
	{"serve 0 echo", "tcp load 127.0.0.1 ${l1.lport} --send hello --expect lo", "hello"},
	{"serve 0 echo", "bench 127.0.0.1 ${l1.lport}", ""},
	{"serve 0 echo", "script run banner 127.0.0.1 ${l1.lport}", ""},
	{"serve 0 echo --secure", "tls connect 127.0.0.1 ${l1.lport} --insecure", ""},
	{"serve 0 echo --secure", "tls info 127.0.0.1 ${l1.lport} --insecure", ""},
}

// TestExplainedProtocols runs what explain writes for protocols above sockets:
// the servers of this program answer it.
func TestExplainedProtocols(t *testing.T) {
	for language, build := range programs() {
		for _, p := range protocols {
			title, _, _ := strings.Cut(p.command, "$") // $ in the name of a folder would be filled in
			t.Run(language+" "+title, func(t *testing.T) {
				dir := t.TempDir()
				written(t, filepath.Join(dir, "sent"), "what is sent")
				fill := strings.NewReplacer("NAME", dir)
				w := newWorld(t, verbs.Table())
				for line := range strings.SplitSeq(fill.Replace(p.before), "; ") {
					if _, err := w.shell.Line(t.Context(), line); err != nil {
						t.Fatal(err)
					}
				}
				out := launch(t, build(t, sourceHere(t, w, language, fill.Replace(p.command)))).finish(0)
				if !strings.Contains(out, p.want) {
					t.Errorf("it prints %s", out)
				}
				arrived(t, dir, p.command)
			})
		}
	}
}

// sourceHere is one part of an explanation; the servers of the session go on.
func sourceHere(t *testing.T, w *world, only, command string) string {
	t.Helper()
	result, err := w.shell.Line(t.Context(), "explain --dry-run "+command)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := result.(primitive.Shown).Data.(primitive.Record).Get(only)
	return text.(string)
}

// arrived holds that files went where they should.
func arrived(t *testing.T, dir, command string) {
	t.Helper()
	name, want := "", ""
	switch {
	case strings.HasPrefix(command, "ftp get"):
		name = "got"
	case strings.HasPrefix(command, "ftp put"):
		name, want = "stored", "what is sent"
	case strings.HasPrefix(command, "smtp send"):
		name, want = "*.eml", "\n.hello"
	default:
		return
	}
	found, err := filepath.Glob(filepath.Join(dir, name))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v %v", name, found, err)
	}
	data, err := os.ReadFile(found[0])
	if err != nil || len(data) == 0 || !strings.Contains(string(data), want) {
		t.Errorf("%s holds %q, %v", name, data, err)
	}
}

// TestExplainedElsewhere compiles programs that need what not every machine
// allows or has: ICMP, a way through routers, the root servers.
func TestExplainedElsewhere(t *testing.T) {
	for language, build := range programs() {
		for _, command := range []string{"ping 127.0.0.1", "ping ::1 --size 0", "ping 127.0.0.1 --udp 9", "ping --http http://127.0.0.1:1/",
			"trace 127.0.0.1", "dns trace example.org MX", "dns reverse ::1", "http get https://example.org/", "ws connect wss://example.org/", "ftp list 127.0.0.1 --tls"} {
			t.Run(language+" "+command, func(t *testing.T) {
				build(t, source(t, newWorld(t, verbs.Table()), language, command))
			})
		}
	}
}
