package complete_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sosh/repl/complete"
)

// lineAfter is the line when the only candidate of that text is taken.
func (w *world) lineAfter(t *testing.T, line, text string) string {
	t.Helper()
	start, list := w.Complete(t.Context(), line, len(line))
	for _, k := range list {
		if k.Text == text {
			return line[:start] + k.Text + k.Suffix
		}
	}
	t.Errorf("%q: no %s in %v", line, text, list)
	return ""
}

func TestComplete(t *testing.T) {
	w := newWorld(t)
	w.does(t, "listen 0", "srv = udp bind 0", "tcp connect ${l1.laddr}", "socket open inet stream")
	w.does(t, "counter = 1", "t = {field = {deep = 1, go = function(a, b) end}, list = {{x = 1}}}", "text = 'abc'",
		"q = task.queue(1)", "spawned = task.spawn(function() end)")
	for _, c := range []struct{ line, has, hasNot string }{
		{"", "tcp listen help", "counter"},
		{"tc", "tcp", "udp"},
		{"tcp ", "connect listen", "bind"},
		{"tcp connect --ti", "--timeout", "--json"},
		{"tcp connect --", "--timeout --json --help", ""},
		{"accept ", "l1", "u1 srv c1"},
		{"recvfrom ", "u1 srv", "l1"},
		{"info ", "u1 srv l1 c1", ""},
		{"info s", "srv s1", "u1"},
		{"socket open ", "inet inet6", "stream"},
		{"socket open inet ", "stream dgram", "inet"},
		{"socket open AF_IN", "AF_INET", "inet"},
		{"shutdown c1 ", "read write both", "c1"},
		{"tcp connect ", "127.0.0.1 localhost ::1", "0.0.0.0 http"},
		{"tcp connect 127.0.0.1 ", "http smtp", "--timeout 80"},
		{"tcp connect 127.0.0.1 ht", "http", "smtp"},
		{"tcp connect 127.0.0.1 8", "80", "http"},
		{"tcp connect 127.0.0.1 80 ", "--timeout", "127.0.0.1"},
		{"listen 0.", "0.0.0.0", "127.0.0.1"},
		{"x = tcp ", "connect", ""},
		{"try tcp ", "connect", ""},
		{"try tc", "tcp", ""},
		{"listen 5; acc", "accept", "listen"},
		{"listen 5;", "tcp accept", ""},
		{"listen 5 # acc", "", "accept"},
		{"help tcp ", "connect", ""},
		{"help tc", "tcp", ""},
		{"run tcp", "tcp-server", "tcp"},
		{"run complete_t", "complete_test.go", ""},
		{"attach ", "c1 l1 u1", ""},
		{"attach --mode ", "line raw hex", "c1"},
		{"attach c1 --eol cr", "crlf", "none"},
		{"attach --", "--mode --eol --to", ""},
		{"history --", "--save --force", "--json"}, {"history ", "", "history n"}, {"history --save complete_t", "complete_test.go", ""},
		{"record ", "on off", "record"}, {"exit ", "", "code"}, {"run tcp-server complete_t", "", "complete_test.go"},
		{"tcp connect unix:complete_t", "complete_test.go", ""}, {"nc local", "localhost", ""},
		{"record o", "on off", ""},
		{"completion ", "bash zsh fish", ""},
		{"serve 0 ", "echo discard reply", ""}, {"serve 0 reply ", "", "echo"}, {"opt c1 no", "nodelay", "c1"},
		{"serve 0 chat --", "--queue --idle --json", "--limit"}, {"serve 0 chargen --li", "--limit", "--idle"}, {"serve 0 --", "--idle", "--queue"},
		{"serve 0 ch", "chat chargen", "echo"}, {"help serve ", "echo chat", ""}, {"serve 127.0.0.1 80 chat --qu", "--queue", ""}, {"serve 0 chat ", "--queue --idle", "chat"},
		{"send @complete_t", "complete_test.go", ""},
		{"send c1 hello > complete_t", "complete_test.go", ""},
		{"!cat complete_t", "complete_test.go", ""},
		{"send c1 hello | ca", "", "cat"},
		{"send $cou", "counter", "count"},
		{"send ${t.fi", "field", "list"},
		{`send "a $cou`, "counter", ""},
		{"send c1 --line", "", "l1"},
		{"print(cou", "counter", "count"},
		{"lua cou", "counter", ""},
		{"cou", "counter", ""},
		{"t.", "field list", "deep"},
		{"t.field.", "deep go", "field"},
		{"t.list[1].", "x", "field"},
		{"x = t['field'].", "deep", "list"},
		{"string.fo", "format", "rep"},
		{"tcp.con", "connect", "listen"},
		{"text:", "upper gsub", "field"},
		{"c1:se", "send", "recv"},
		{"c1:", "send recv recvline close", "laddr accept"},
		{"c1.", "laddr raddr", "send"},
		{"l1:", "accept close", "send"},
		{"srv:", "sendto recvfrom", ""},
		{"spawned:", "join cancel", ""},
		{"q:", "put get", ""},
		{"for i = 1, 3 do local total = to", "total tonumber tostring", ""},
		{"retu", "return", ""},
		{"f().", "", "field"},
		{"'text cou", "", "counter"},
		{"x = 'cou", "", "counter"},
		{"-- cou", "", "counter"},
		{"send 'x ", "", "l1"},
		{"nothing.here.", "", "field"},
	} {
		_, list := w.Complete(t.Context(), c.line, len(c.line))
		var texts []string
		for _, k := range list {
			texts = append(texts, k.Text)
		}
		for _, text := range strings.Fields(c.has) {
			if !slices.Contains(texts, text) {
				t.Errorf("%q: %s is missing in %q", c.line, text, texts)
			}
		}
		for _, text := range strings.Fields(c.hasNot) {
			if slices.Contains(texts, text) {
				t.Errorf("%q: %s should not be in %q", c.line, text, texts)
			}
		}
		if !slices.IsSorted(texts) {
			t.Errorf("%q: not in order: %q", c.line, texts)
		}
	}
}

// What a candidate means.
func TestCandidateHelp(t *testing.T) {
	w := newWorld(t)
	w.does(t, "listen 0", "t = {n = 5, f = function(a, ...) end, s = 'a\\27b', l = {1, 2}}")
	for _, c := range []struct{ line, text, help string }{
		{"tc", "tcp", "commands: "},
		{"accept l", "l1", "listener 127.0.0.1:"},
		{"tcp.con", "connect", "Open a TCP connection"},
		{"l1:acc", "accept", "Take the next"},
		{"t.", "n", "5"}, {"t.", "f", "function(a, ...)"}, {"t.", "s", `"a\x1bb"`}, {"t.", "l", "list of 2"},
		{"x l", "l1", "listener"},
		{"tcp connect h ht", "http", "port 80"},
		{"run tcp", "tcp-server", "A TCP server"},
		{"tcp connect --tim", "--timeout", "give up"},
	} {
		_, list := w.Complete(t.Context(), c.line, len(c.line))
		i := slices.IndexFunc(list, func(k complete.Candidate) bool { return k.Text == c.text })
		if i < 0 || !strings.Contains(list[i].Help, c.help) {
			t.Errorf("%q: %v, want %s: %s", c.line, list, c.text, c.help)
		}
	}
}

// The line stays one that means what was chosen.
func TestTaking(t *testing.T) {
	w := newWorld(t)
	t.Chdir(t.TempDir())
	for _, name := range []string{"my file", "my-other", "it's", "$x", "ä語", "a;b"} {
		os.WriteFile(name, nil, 0o600)
	}
	os.MkdirAll(filepath.Join("some dir", "in"), 0o700)
	os.Mkdir("plain", 0o700)
	for _, c := range []struct{ line, text, want string }{
		{"tc", "tcp", "tcp "},
		{"run my", "'my file", "run 'my file' "},
		{"run my", "'my-other", "run 'my-other' "}, // alike, so that the common part can be typed
		{"run my-", "my-other", "run my-other "},
		{`run "my f`, `"my file`, `run "my file" `},
		{"run 'my f", "'my file", "run 'my file' "},
		{"run it", `"it's`, `run "it's" `},
		{`run "\$`, `"\$x`, `run "\$x" `},
		{"run '$", "'$x", "run '$x' "},
		{"run ä", "ä語", "run ä語 "},
		{"run so", "'some dir/", "run 'some dir/"},
		{"run 'some dir/", "'some dir/in/", "run 'some dir/in/"},
		{"run pl", "plain/", "run plain/"},
		{"send @my-", "my-other", "send @my-other "},
		{"send @m", "'my file", "send @'my file' "},
		{"tcp connect h 80 --family=in", "inet", "tcp connect h 80 --family=inet "},
		{"print(pri", "print", "print(print("},
		{"x = tcp.con", "connect", "x = tcp.connect("},
	} {
		if got := w.lineAfter(t, c.line, c.text); got != c.want {
			t.Errorf("%q became %q, want %q", c.line, got, c.want)
		}
	}
	if _, list := w.Complete(t.Context(), "tcp con x", 7); len(list) != 1 || list[0].Suffix != " " {
		t.Errorf("before a blank: %v", list)
	}
	if _, list := w.Complete(t.Context(), "tcp conct", 7); len(list) != 1 || list[0].Suffix != "" {
		t.Errorf("inside of a word: %v", list)
	}
}

// Hosts that were typed, and those of open handles, come again.
func TestHosts(t *testing.T) {
	w := newWorld(t)
	lines := []string{"tcp connect www.example.org 80", "x = udp sendto dns.example.net:53 hi", "y = 1", "listen 0.0.0.0:80", "send tcp connect no"}
	c := w.WithHistory(lines)
	_, list := c.Complete(t.Context(), "tcp connect ", 12)
	var texts []string
	for _, k := range list {
		texts = append(texts, k.Text)
	}
	for _, want := range []string{"www.example.org", "dns.example.net", "0.0.0.0"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no %s in %q", want, texts)
		}
	}
	if slices.Contains(texts, "no") {
		t.Errorf("data is no host: %q", texts)
	}
}

// A script that runs holds the Lua lock; completion does not wait for it.
func TestBusyLua(t *testing.T) {
	w := newWorld(t)
	w.does(t, "counter = 1")
	w.Complete(t.Context(), "print(cou", 9) // sees the globals once
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := w.lua.Run(ctx, "while true do end", "x")
		done <- err
	}()
	for found := true; found; runtime.Gosched() {
		_, found = w.lua.Get("counter")
	}
	if _, list := w.Complete(t.Context(), "print(cou", 9); len(list) != 1 {
		t.Errorf("the globals are forgotten: %v", list)
	}
	w.Complete(t.Context(), "t.", 2)
	w.Hint("print(", 6)
	w.Paint("counter")
	cancel()
	<-done
}
