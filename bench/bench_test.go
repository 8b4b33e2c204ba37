//go:build linux

package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// TestMain lets the test program be the generator of load and the harbor, as the
// program itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == loadWord {
		os.Exit(load(os.Args[2:]))
	}
	if len(os.Args) > 1 && os.Args[1] == harborWord {
		os.Exit(serveHarbor())
	}
	os.Exit(m.Run())
}

// without leaves out a section: a scan needs root and its own network, and its
// engine has tests where they are.
func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
}

// TestBench holds that every section gives numbers, for the floor and for us. How
// good they are is no matter of tests.
func TestBench(t *testing.T) {
	l, err := newLab(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	o := options{rounds: 1, secs: 0.2, clients: []int{3, 50}, only: regexp.MustCompile("^sosh"), sections: without(sections, "scan")}
	tables, err := l.measure(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(tables) != 5 {
		t.Errorf("%d tables, not one of starts and two each of TCP and UDP", len(tables))
	}
	for _, table := range tables {
		checkTable(t, table)
	}
	text := report(t.Context(), l, tables, []string{"-only", "^sosh", "-n", "3,50"})
	for _, want := range []string{"`go run ./bench -only '^sosh' -n 3,50`", "## TCP echo, 50 clients", "| sosh, Lua script |", "Linux"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %s:\n%s", want, text)
		}
	}
}

// TestScanBench is the same for scans, which take a network namespace.
func TestScanBench(t *testing.T) {
	h, err := openHarbor(t.Context())
	if err != nil {
		nettest.Missing(t, err.Error())
	}
	h.close()
	l, err := newLab(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	tables, err := l.measure(t.Context(), options{rounds: 1, only: regexp.MustCompile("^sosh"), sections: []string{"scan"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		checkTable(t, table)
	}
}

func checkTable(t *testing.T, table *table) {
	t.Helper()
	if len(table.order) < 2 {
		t.Errorf("%s: only %q took part", table.title, table.order)
	}
	for _, name := range table.order {
		first := table.column(name, table.columns[0])
		if len(first) == 0 || first[0] <= 0 || len(table.ratios(name)) != len(first) {
			t.Errorf("%s, %s: %v, ratios %v, notes %q", table.title, name, first, table.ratios(name), table.notes)
		}
	}
}

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{nil, "-"},
		{[]float64{3, 1, 2}, "2.00 (1.00-3.00)"},
		{[]float64{40000, 10, 200, 60}, "130 (10.0-40000)"},
	} {
		if got := spread(c.values); got != c.want {
			t.Errorf("%v: got %s, want %s", c.values, got, c.want)
		}
	}
}

func TestRatiosByRound(t *testing.T) {
	table := newTable("echo", "", "", nil, "pings/s")
	for _, base := range []float64{10, 20, 40} {
		table.add(floor, measurement{"pings/s": base})
	}
	table.add("ours", measurement{"pings/s": 5})
	table.add("ours", nil) // a turn that failed
	table.add("ours", measurement{"pings/s": 40})
	if got := spread(table.ratios("ours")); got != "0.75 (0.50-1.00)" {
		t.Errorf("got %s", got)
	}
}

func TestWrongOptions(t *testing.T) {
	for _, args := range [][]string{{"-n", "50,x"}, {"-rounds", "0"}, {"-secs", "-1"}, {"-only", "("}} {
		if _, _, err := parse(args); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
	if _, err := (&lab{}).measure(t.Context(), options{sections: []string{"stop"}}); err == nil {
		t.Error("an unknown section is taken")
	}
}
