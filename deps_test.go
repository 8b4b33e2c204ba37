package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Who may import whom inside the program: imports point one way. A package that
// is not listed may import nothing of ours.
var mayImport = map[string][]string{
	"sosh":                  {"sosh/luabind", "sosh/primitive", "sosh/repl", "sosh/scripts", "sosh/session", "sosh/verbs"},
	"sosh/repl":             {"sosh/docgen", "sosh/wire", "sosh/lesson", "sosh/primitive", "sosh/repl/complete", "sosh/repl/history", "sosh/repl/lineedit", "sosh/repl/style", "sosh/repl/term", "sosh/session", "sosh/sock"},
	"sosh/repl/style":       {},
	"sosh/repl/complete":    {"sosh/primitive", "sosh/session"},
	"sosh/repl/history":     {},
	"sosh/repl/lineedit":    {"sosh/repl/term"},
	"sosh/repl/term":        {},
	"sosh/luabind":          {"sosh/lesson", "sosh/primitive", "sosh/session"},
	"sosh/docgen":           {"sosh/primitive"},
	"sosh/verbs":            {"sosh/dialogue", "sosh/dns", "sosh/explain", "sosh/ftp", "sosh/ipaddr", "sosh/load", "sosh/mail", "sosh/netstat", "sosh/primitive", "sosh/probe", "sosh/probe/ping", "sosh/probe/script", "sosh/probe/trace", "sosh/serve", "sosh/session", "sosh/sock", "sosh/tlsinfo", "sosh/watch", "sosh/web", "sosh/wire"},
	"sosh/web":              {"sosh/primitive", "sosh/sock", "sosh/tlsinfo"},
	"sosh/mail":             {"sosh/dialogue", "sosh/primitive", "sosh/sock", "sosh/tlsinfo"},
	"sosh/ftp":              {"sosh/dialogue", "sosh/primitive", "sosh/sock", "sosh/tlsinfo"},
	"sosh/dialogue":         {"sosh/primitive", "sosh/sock", "sosh/tlsinfo"},
	"sosh/explain":          {"sosh/dns", "sosh/ipaddr", "sosh/primitive", "sosh/probe", "sosh/session", "sosh/sock", "sosh/web"},
	"sosh/wire":             {"sosh/primitive", "sosh/session"},
	"sosh/ipaddr":           {"sosh/primitive"},
	"sosh/dns":              {"sosh/ipaddr", "sosh/primitive", "sosh/sock"},
	"sosh/netstat":          {"sosh/primitive"},
	"sosh/probe":            {"sosh/primitive", "sosh/probe/identify", "sosh/report", "sosh/sock"},
	"sosh/probe/icmp":       {"sosh/primitive", "sosh/sock"},
	"sosh/probe/ping":       {"sosh/primitive", "sosh/probe", "sosh/probe/icmp", "sosh/sock"},
	"sosh/probe/trace":      {"sosh/primitive", "sosh/probe/icmp", "sosh/sock"},
	"sosh/probe/script":     {"sosh/primitive", "sosh/probe"},
	"sosh/report":           {"sosh/primitive"},
	"sosh/probe/identify":   {"sosh/primitive", "sosh/sock", "sosh/tlsinfo"},
	"sosh/tlsinfo":          {"sosh/primitive", "sosh/sock"},
	"sosh/watch":            {"sosh/primitive", "sosh/session", "sosh/sock"},
	"sosh/serve":            {"sosh/primitive", "sosh/session", "sosh/sock"},
	"sosh/load":             {"sosh/primitive", "sosh/sock"},
	"sosh/sock":             {"sosh/primitive"},
	"sosh/lesson":           {"sosh/primitive", "sosh/session"},
	"sosh/session":          {"sosh/primitive"},
	"sosh/primitive":        {},
	"sosh/scripts":          {"sosh/lesson"},
	"sosh/internal/nettest": {},
	"sosh/internal/lazy":    {}, // which all may import
	"sosh/internal/leak":    {},
	"sosh/internal/vt":      {},
	"sosh/bench":            {},
	"sosh/bench/floor":      {},
	"sosh/bench/soak":       {"sosh/internal/leak", "sosh/luabind", "sosh/primitive", "sosh/serve", "sosh/session", "sosh/sock", "sosh/verbs"},
}

// Packages that only some of ours may know: a face's own, and the network.
var onlyFor = map[string][]string{
	"github.com/yuin/gopher-lua":           {"sosh/luabind"},
	"github.com/chzyer/readline":           {"sosh/repl/lineedit"},
	"golang.org/x/term":                    {"sosh", "sosh/repl"},
	"github.com/clipperhouse/displaywidth": {"sosh/repl/style", "sosh/repl/term", "sosh/wire"},
	"net":                                  {"sosh/dns", "sosh/mail", "sosh/netstat", "sosh/probe", "sosh/probe/icmp", "sosh/probe/identify", "sosh/probe/ping", "sosh/probe/trace", "sosh/sock", "sosh/tlsinfo", "sosh/web", "sosh/bench", "sosh/bench/floor", "sosh/internal/nettest"},
	"golang.org/x/sys/unix":                {"sosh/netstat", "sosh/probe", "sosh/probe/icmp", "sosh/probe/trace", "sosh/repl/term", "sosh/sock"},
	"github.com/vishvananda/netlink":       {"sosh/netstat"},
	"github.com/miekg/dns":                 {"sosh/dns"},
	"github.com/yuin/gopher-lua/parse":     {"sosh/luabind"},
	"github.com/yuin/gopher-lua/ast":       {"sosh/luabind"},
}

func TestImportDirection(t *testing.T) {
	for pkg, imports := range imports(t) {
		allowed, known := mayImport[pkg]
		if !known {
			t.Errorf("%s: a new room; say in deps_test.go what it may import", pkg)
		}
		for _, imp := range imports {
			if strings.HasPrefix(imp, "sosh/") && imp != "sosh/internal/lazy" && !slices.Contains(allowed, imp) {
				t.Errorf("%s imports %s", pkg, imp)
			}
			if users, guarded := onlyFor[imp]; guarded && !slices.Contains(users, pkg) {
				t.Errorf("%s imports %s, which is only for %v", pkg, imp, users)
			}
		}
	}
}

// imports lists the direct imports of every package, without those of tests.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		all[f[0]] = f[1:]
	}
	return all
}
