package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sosh/internal/nettest"
	"sosh/verbs"
)

// Every example in the README and in docs/ runs: blocks marked sosh in the
// shell, blocks marked lua as a script, blocks marked console as they are shown.
func TestDocs(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, page := range append(pages, "README.md") {
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

var docRunners = map[string]func(*testing.T, string){"sosh": docShell, "lua": docLua, "console": docConsole}

// live puts a free port and a live echo server into an example.
func live(t *testing.T, text string) string {
	text = strings.ReplaceAll(text, "12345", nettest.FreePort(t))
	return strings.ReplaceAll(text, "127.0.0.1 7", strings.Replace(nettest.Echo(t), ":", " ", 1))
}

func docShell(t *testing.T, lines string) { shellOutput(t, lines) }

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
