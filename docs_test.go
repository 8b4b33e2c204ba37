package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sosh/docgen"
	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/probe/script"
	"sosh/repl"
	"sosh/verbs"
)

// Every example in the README, in docs/ and in the topics of help runs: blocks
// marked sosh in the shell, typed at the prompt, lua as a script, console as they
// are shown.
func TestDocs(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	topics, err := filepath.Glob("docgen/topics/*.md")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, page := range slices.Concat(pages, topics, []string{"README.md"}) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range fences.FindAllStringSubmatch(string(text), -1) {
			if run := docRunners[b[1]]; run != nil {
				ran++
				t.Run(page, func(t *testing.T) { run(t, live(t, b[2])) })
			}
		}
	}
	if ran < 8 {
		t.Errorf("only %d examples ran", ran)
	}
}

var fences = regexp.MustCompile("(?sm)^```([a-z]+)\n(.*?)^```")

var docRunners = map[string]func(*testing.T, string){"sosh": docShell, "typed": docTyped, "lua": docLua, "console": docConsole}

// live puts a free port and a live echo server into an example.
func live(t *testing.T, text string) string {
	text = strings.ReplaceAll(text, "12345", nettest.FreePort(t))
	return strings.ReplaceAll(text, "127.0.0.1 7", spaced(nettest.Echo(t)))
}

func docShell(t *testing.T, lines string) { shellOutput(t, lines) }

// docTyped types lines at the prompt; none of them may fail.
func docTyped(t *testing.T, lines string) {
	table := verbs.Table()
	w := newWorld(t, table)
	sh := repl.New(repl.Options{Table: table, Session: w.session, Lua: w.lua, In: strings.NewReader(lines), Out: &w.all, Err: &w.all})
	w.shell = sh
	if code := sh.Main(t.Context(), []string{"-i"}); code != 0 || strings.Contains(w.all.String(), "sosh: ") {
		t.Errorf("%s\nexit code %d: %s", lines, code, w.all.String())
	}
}

// shellOutput is what lines print, notes too.
func shellOutput(t *testing.T, lines string) string {
	table := verbs.Table()
	w := newWorld(t, table)
	if code := w.shell.Main(t.Context(), []string{"--no-wait", "-c", lines}); code != 0 {
		t.Fatalf("%s\nexit code %d: %s", lines, code, w.all.String())
	}
	return w.all.String()
}

func docLua(t *testing.T, script string) {
	table := verbs.Table()
	inLua(t, table, script)
}

// TestDocScript runs the script of a scan that the documents show.
func TestDocScript(t *testing.T) {
	page, err := os.ReadFile("docs/scan-scripts.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "```lua script\n")
	source, _, closed := strings.Cut(rest, "\n```")
	file := filepath.Join(t.TempDir(), "greeting.lua")
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil || !found || !closed {
		t.Fatal("the page has no script", err)
	}
	for _, name := range script.Names() {
		if !strings.Contains(string(page), "| `"+name+"` |") {
			t.Errorf("the page lacks %s", name)
		}
	}
	addr := nettest.Serve(t, func(c net.Conn) { io.WriteString(c, "220 hello\r\n") })
	out := shellOutput(t, "script run '"+file+"' "+spaced(addr)+"; script list '"+file+"'")
	if !strings.Contains(out, `greeting hello\r\n`) || !strings.Contains(out, "safe,discovery") {
		t.Error(out)
	}
}

// docConsole runs what stands after "$ sosh -c" and compares what follows, but
// for the numbers of ports.
func docConsole(t *testing.T, text string) {
	command, want, _ := strings.Cut(text, "\n")
	lines, ok := strings.CutPrefix(command, "$ sosh -c '")
	if !ok {
		t.Fatalf("a console example begins with $ sosh -c '…', not %q", command)
	}
	got := shellOutput(t, strings.TrimSuffix(lines, "'"))
	mask := func(s string) string { return strings.TrimSpace(ports.ReplaceAllString(s, ":PORT")) }
	if mask(got) != mask(want) {
		t.Errorf("got\n%s\nthe page shows\n%s", got, want)
	}
}

var ports = regexp.MustCompile(`:\d+`)

// TestTopics holds the topics together: all kinds of failure are told in errors,
// and no topic refers to one that there is not.
func TestTopics(t *testing.T) {
	text, _ := docgen.Topic("errors")
	for _, kind := range primitive.Kinds() {
		if !strings.Contains(text, "\n    "+string(kind)+" ") {
			t.Errorf("help errors does not tell of %s", kind)
		}
	}
	for _, topic := range docgen.Topics() {
		text, ok := docgen.Topic(topic)
		if !ok || strings.ContainsAny(text, "`#") {
			t.Errorf("%s: signs of Markdown are left: %s", topic, text)
		}
		for _, m := range regexp.MustCompile(`help ([a-z]+)`).FindAllStringSubmatch(text, -1) {
			if _, ok := docgen.Topic(m[1]); !ok {
				t.Errorf("%s refers to help %s", topic, m[1])
			}
		}
		for line := range strings.Lines(text) {
			if len([]rune(line)) > 121 {
				t.Errorf("%s: a long line: %s", topic, line)
			}
		}
	}
}
