package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sosh/docgen"
	"sosh/primitive"
	"sosh/scripts"
)

// aProgram is what documents are told in these tests.
func aProgram() docgen.Program {
	p := docgen.Program{
		Version:  "v1.2.3",
		Date:     time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC),
		Commands: []docgen.Command{{Name: "help", Usage: "help [command|family]", Short: "Show the commands, or all about one"}, {Name: "run", Usage: "run [lesson|file] [args…]", Short: "Run a lesson or a script"}, {Name: "completion", Usage: "completion bash|zsh|fish", Short: "Print a completion script"}},
		Flags:    []docgen.Option{{Name: "--json", Help: "show results and errors as JSON"}, {Name: "--max-time", Value: "D", Help: "give up after this long"}},
		Options:  []docgen.Option{{Name: "--max-time", Value: "D", Help: "give up after this long: 30s, 500ms"}, {Name: "--json", Help: "show results as JSON"}, {Name: "--quiet", Short: "-q", Help: "show no notes"}},
	}
	for _, l := range scripts.List() {
		p.Lessons = append(p.Lessons, docgen.Lesson{Name: l.Name, Title: l.Title})
	}
	p.Lessons = append(p.Lessons, docgen.Lesson{Name: "lecture", Title: "The whole course"})
	return p
}

// completionFile writes the completion script of a shell.
func completionFile(t *testing.T, shell string) string {
	t.Helper()
	text, err := docgen.Completion(tableOf(t), shell, aProgram())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sosh."+shell)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func output(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	c := exec.Command(program, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "HOME="+t.TempDir(), "LC_ALL=C.UTF-8")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%s %q: %v\n%s%s", program, args, err, out, stderr.String())
	}
	return string(out)
}

// completions are lines being typed, the last word unfinished, and what is to be
// offered among others; "-" is before what must not be.
var completions = []struct{ line, offered string }{
	{"", "tcp socket listen help run"},
	{"tc", "tcp -listen"},
	{"--max-time 3s soc", "socket -tcp"},
	{"--q", "--quiet"},
	{"tcp ", "connect listen"},
	{"tcp c", "connect -listen"},
	{"tcp connect h 80 --", "--timeout --family --json -connect"},
	{"tcp connect h 80 --family ", "any inet inet6"},
	{"tcp connect --family inet", "inet inet6 -any"},
	{"socket open ", "inet unix bluetooth -stream"},
	{"socket open inet ", "stream dgram -inet"},
	{"shutdown ", "read write both"},
	{"send --", "--line --crlf"},
	{"help ", "tcp send run"},
	{"help udp ", "bind sendto -accept"},
	{"run tcp-s", "tcp-server"},
	{"run ", "lecture"},
	{"completion ", "bash zsh fish"},
	{"les", "lesson.lua"},
	{"run less", "lesson.lua"},
}

func checkOffers(t *testing.T, offers func(line string) []string) {
	t.Helper()
	for _, c := range completions {
		got := offers(c.line)
		for want := range strings.FieldsSeq(c.offered) {
			name, not := strings.CutPrefix(want, "-")
			if not && name[0] != '-' {
				if slices.Contains(got, name) {
					t.Errorf("%q offers %s: %q", c.line, name, got)
				}
			} else if !slices.Contains(got, want) {
				t.Errorf("%q does not offer %s: %q", c.line, want, got)
			}
		}
	}
}

// aFolder is one with a script in it.
func aFolder(t *testing.T) string {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "lesson.lua"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCompletionBash(t *testing.T) {
	bash, script, dir := needs(t, "bash"), completionFile(t, "bash"), aFolder(t)
	output(t, dir, bash, "-n", script)
	ask := func(words []string) []string {
		const typed = `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sosh; printf '%s\n' "${COMPREPLY[@]}"`
		return strings.Fields(output(t, dir, bash, append([]string{"--norc", "-c", typed, script}, words...)...))
	}
	checkOffers(t, func(line string) []string { return ask(strings.Split("sosh "+line, " ")) })
	got := ask([]string{"sosh", "tcp", "connect", "--family", "=", "inet"}) // as readline splits --family=inet
	if want := []string{"inet", "inet6"}; !slices.Equal(got, want) {
		t.Errorf("--family=inet offers %q", got)
	}
	got = ask([]string{"sosh", "hexdump", "@", "les"}) // @les
	if want := []string{"@lesson.lua"}; !slices.Equal(got, want) {
		t.Errorf("@les offers %q", got)
	}
}

func TestCompletionZsh(t *testing.T) {
	zsh, script, dir := needs(t, "zsh"), completionFile(t, "zsh"), aFolder(t)
	output(t, dir, zsh, "-n", script)
	// The widgets of compsys exist only while a person types: these stand in.
	const widgets = `_describe() { [[ $1 == -o ]] && shift; print -rl -- ${(M)${${(P)2}%%:*}:#${words[CURRENT]}*} }
_files() { print -rl -- *.lua(N) }
compset() { : }
source $0; words=("$@"); CURRENT=$#; _sosh`
	checkOffers(t, func(line string) []string {
		return strings.Fields(output(t, dir, zsh, append([]string{"-f", "-c", widgets, script}, strings.Split("sosh "+line, " ")...)...))
	})
}

func TestCompletionFish(t *testing.T) {
	t.Parallel()
	fish, script, dir := needs(t, "fish"), completionFile(t, "fish"), aFolder(t)
	output(t, dir, fish, "--no-config", "-n", script)
	checkOffers(t, func(line string) []string {
		var words []string
		out := output(t, dir, fish, "--no-config", "-c", `source $argv[1]; complete -C $argv[2]`, script, "sosh "+line)
		for line := range strings.Lines(out) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			words = append(words, word)
		}
		return words
	})
}

func TestCompletionUnknown(t *testing.T) {
	_, err := docgen.Completion(tableOf(t), "tcsh", aProgram())
	if primitive.KindOf(err) != primitive.Usage {
		t.Errorf("tcsh: %v", err)
	}
}

func TestManPage(t *testing.T) {
	page := docgen.ManPage(tableOf(t), aProgram())
	for _, want := range []string{".SS \"tcp connect\"", `\-\-timeout`, "sosh v1.2.3", "run tcp\\-server"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	examples := false
	for line := range strings.Lines(page) { // mandoc says so, too, where it is
		examples = line == ".nf\n" || examples && line != ".fi\n"
		if !examples && len(line) > 100 && !strings.HasPrefix(line, `\fB`) {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
	path := filepath.Join(t.TempDir(), "sosh.1")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(needs(t, "mandoc"), "-Tlint", "-Wstyle", path).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("mandoc: %v\n%s", err, out)
	}
}

func TestRowsAsJSON(t *testing.T) {
	table := tableOf(t)
	data, err := docgen.JSON(table)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	for row := range table.All() {
		var got struct {
			Name, Usage, Example string
			Params               []struct{ Name, Kind, Help string }
			Lua                  struct{ Methods []struct{ Name string } }
		}
		if err := d.Decode(&got); err != nil {
			t.Fatal(err)
		}
		if got.Name != row.Name || got.Usage != row.Usage() || got.Example != row.Example || len(got.Params) != len(row.Params) {
			t.Errorf("%s: got %+v", row.Name, got)
		}
		for name := range row.Methods {
			if !slices.ContainsFunc(got.Lua.Methods, func(m struct{ Name string }) bool { return m.Name == name }) {
				t.Errorf("%s lacks the method %s", row.Name, name)
			}
		}
	}
	if _, err := d.Token(); err != io.EOF {
		t.Error("more lines than rows")
	}
}

// Names that Lua 5.1 brings; editors know them.
var luaStandard = strings.Fields(`_G _VERSION assert collectgarbage coroutine debug dofile error getfenv getmetatable
	io ipairs load loadfile loadstring math next os package pairs pcall print rawequal rawget rawset require select
	setfenv setmetatable string table tonumber tostring type unpack xpcall`)

var stubFunctions = regexp.MustCompile(`(?m)^function ([\w.]+)\(|^([a-z][\w.]*) = `)

// TestStubNames holds the names of the stubs against those that scripts have, in
// both directions.
func TestStubNames(t *testing.T) {
	table := tableOf(t)
	text := docgen.Stubs(table, handleTypes())
	var stubs []string
	for _, m := range stubFunctions.FindAllStringSubmatch(text, -1) {
		stubs = append(stubs, m[1]+m[2])
	}
	stubs = slices.DeleteFunc(stubs, func(name string) bool { return name == "table.unpack" }) // ours, in a table that is not
	slices.Sort(stubs)
	_, out := inLua(t, table, `
for name, value in pairs(_G) do
  print(name)
  if type(value) == "table" and name ~= "arg" then
    for field in pairs(value) do print(name .. "." .. tostring(field)) end
  end
end`)
	names := slices.DeleteFunc(strings.Fields(out), func(name string) bool {
		first, _, _ := strings.Cut(name, ".")
		return slices.Contains(luaStandard, first)
	})
	slices.Sort(names)
	if diff := cmp.Diff(names, stubs); diff != "" {
		t.Errorf("scripts have (-), stubs have (+):\n%s", diff)
	}
}

// TestStubMethods holds the methods and fields of the stubs against live handles.
func TestStubMethods(t *testing.T) {
	table := tableOf(t)
	text := docgen.Stubs(table, handleTypes())
	made := map[string]string{
		"Stream": `listen(0); local h = tcp.connect("127.0.0.1", listen(0).lport)`, "Listener": `local h = listen(0)`,
		"Datagram": `local h = udp.bind(0)`, "Socket": `local h = socket.open()`, "Task": `local h = task.spawn(function() end)`,
		"Queue": `local h = task.queue()`, "Mutex": `local h = task.mutex()`, "Group": `local h = task.group()`,
	}
	methods := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^function (\w+):(\w+)\(`).FindAllStringSubmatch(text, -1) {
		methods[m[1]] = append(methods[m[1]], m[2])
	}
	for class, lines := range made {
		if len(methods[class]) == 0 {
			t.Errorf("no stubs for %s", class)
		}
		for _, name := range methods[class] {
			lines += fmt.Sprintf("\nassert(type(h.%s) == 'function', '%s:%s is no function')", name, class, name)
		}
		inLua(t, table, lines)
	}
	for _, h := range handleTypes() {
		class := strings.ToUpper(h.Zero.Type()[:1]) + h.Zero.Type()[1:]
		for _, name := range table.Methods(h.Zero) {
			m, _ := table.Method(h.Zero, name)
			fits := m.Row.Receiver().Own(h.Zero) || slices.ContainsFunc(h.Roles, m.Row.Receiver().Own)
			if fits != slices.Contains(methods[class], name) {
				t.Errorf("%s:%s: a method %v, a stub %v", class, name, fits, !fits)
			}
		}
	}
}

// TestStubsAreLua compiles the stubs and runs them in an environment of their own.
func TestStubsAreLua(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sosh.lua")
	table := tableOf(t)
	if err := os.WriteFile(path, []byte(docgen.Stubs(table, handleTypes())), 0o600); err != nil {
		t.Fatal(err)
	}
	inLua(t, table, fmt.Sprintf("setfenv(assert(loadfile(%q)), {table = {}})()", filepath.ToSlash(path)))
}

// TestKinds holds that the list of kinds has every one that is declared.
func TestKinds(t *testing.T) {
	source, err := os.ReadFile("primitive/errors.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^\t\w+ +Kind = "([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(declared) < 10 || len(declared) != len(primitive.Kinds()) {
		t.Errorf("%d kinds are declared, %d listed", len(declared), len(primitive.Kinds()))
	}
	for _, d := range declared {
		if !slices.Contains(primitive.Kinds(), primitive.Kind(d[1])) {
			t.Errorf("%s is not listed", d[1])
		}
	}
}
