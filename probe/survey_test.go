package probe

import (
	"encoding/json"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
)

// surveyOf is a survey of 127.0.0.1 where two of some ports are open; open names
// them.
func surveyOf(t testing.TB, closed int) (v Survey, open []string) {
	t.Helper()
	var ports []string
	for range 2 {
		_, port, _ := net.SplitHostPort(nettest.Echo(t))
		ports = append(ports, port)
	}
	open = slices.Clone(ports)
	for len(ports) < 2+closed {
		if port := nettest.FreePort(t); !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	slices.Sort(open)
	return Survey{Plan: planOf(t, "127.0.0.1", strings.Join(ports, ",")), Options: Options{Timeout: 5 * time.Second}, Format: Table}, open
}

// told is what a survey tells: data lines, and words beside them.
func told(t testing.TB, v Survey) (data []Found, beside []string, err error) {
	t.Helper()
	for f, e := range v.Each(t.Context()) {
		switch w := f.Words(); {
		case e != nil:
			err = e
		case w.Role == primitive.Summary:
			beside = append(beside, w.Line)
		case w.Role == primitive.Told:
			data = append(data, f)
		}
	}
	return data, beside, err
}

func TestSurveyShows(t *testing.T) {
	v, open := surveyOf(t, 3)
	data, beside, err := told(t, v)
	if err != nil || len(data) != 5 {
		t.Fatalf("%v, %v: few probes show them all", data, err)
	}
	if len(beside) != 1 || !strings.HasPrefix(beside[0], "3 closed, 2 open, ") {
		t.Errorf("the summary is %q", beside)
	}
	v.Format = Plain
	data, _, _ = told(t, v)
	var lines []string
	for _, f := range data {
		lines = append(lines, f.Words().Line)
	}
	if slices.Sort(lines); !slices.Equal(lines, open) {
		t.Errorf("plain: %q, want %q", lines, open)
	}
	v.Format = CSV
	data, _, _ = told(t, v)
	if w := data[0].Words(); w.Heading != "host,name,port,proto,state,reason,rtt,service,banner,script,speaks" || !strings.HasPrefix(w.Line, "127.0.0.1,,") {
		t.Errorf("CSV: %+v", w)
	}
	v.DryRun = true
	if data, beside, _ = told(t, v); len(data) != 5 || data[0].State != "planned" || data[0].RTT != nil || !strings.Contains(beside[0], "5 ports on 1 host") {
		t.Errorf("dry run: %+v, %q", data, beside)
	}
}

func TestExpect(t *testing.T) {
	v, open := surveyOf(t, 1)
	ports := func(words ...string) *[]uint16 {
		list, _ := ParsePorts(strings.Join(words, " "), false)
		if len(words) == 0 {
			list = nil
		}
		return &list
	}
	shut := strconv.Itoa(int(v.Plan.Ports[2]))
	for _, c := range []struct {
		expect *[]uint16
		want   []string
	}{
		{ports(open...), nil},
		{ports(open[0]), []string{"+" + open[1]}},
		{ports(), []string{"+" + open[0], "+" + open[1]}},
		{ports(open[0], open[1], shut), []string{"-" + shut}},
		{ports(open[0], shut), []string{"+" + open[1], "-" + shut}},
	} {
		v.Expect = c.expect
		_, _, err := told(t, v)
		if c.want == nil {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		e := primitive.AsError(err)
		for _, word := range c.want {
			if e.Kind != primitive.Expectation || !strings.Contains(e.Cause+" ", word+" ") {
				t.Errorf("expected %v: %v; want %q", *c.expect, err, c.want)
			}
		}
	}
}

// lines reads a file of results: how often each probe is there, and its state.
func lines(t testing.TB, path string) map[string]int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var f Found
		if err := json.Unmarshal([]byte(line), &f); err != nil || !strings.HasSuffix(line, "\n") {
			t.Fatalf("%v: %q", err, line)
		}
		got[f.Host+" "+strconv.Itoa(f.Port)+" "+f.State]++
	}
	return got
}

func once(t testing.TB, what string, got, want map[string]int) {
	t.Helper()
	for probe, n := range got {
		if n != 1 || want[probe] != 1 {
			t.Errorf("%s: %s is there %d times", what, probe, n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d probes, want %d", what, len(got), len(want))
	}
}

// A file torn at any byte, as by kill -9, is continued: nothing is lost and
// nothing is there twice.
func TestResumeTorn(t *testing.T) {
	v, _ := surveyOf(t, 4)
	whole := filepath.Join(t.TempDir(), "whole")
	v.Out = whole
	if _, _, err := told(t, v); err != nil {
		t.Fatal(err)
	}
	text, want := read(t, whole), lines(t, whole)
	v.Out = ""
	for cut := 0; cut <= len(text); cut += 1 + rand.IntN(7) {
		v.Resume = filepath.Join(t.TempDir(), "torn")
		if err := os.WriteFile(v.Resume, []byte(text[:cut]), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := told(t, v); err != nil {
			t.Fatal(err)
		}
		once(t, "cut at "+strconv.Itoa(cut), lines(t, v.Resume), want)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What is recorded is counted and compared, and is not probed again.
func TestResumeCounts(t *testing.T) {
	v, open := surveyOf(t, 2)
	v.Resume = filepath.Join(t.TempDir(), "results")
	if _, beside, err := told(t, v); err != nil || !strings.HasPrefix(beside[0], "2 closed, 2 open, ") && !strings.HasPrefix(beside[0], "2 open, 2 closed, ") {
		t.Fatalf("a file that is not there yet: %q, %v", beside, err)
	}
	list, _ := ParsePorts(open[0], false)
	v.Expect = &list
	data, beside, err := told(t, v)
	if len(data) != 0 || !strings.Contains(beside[0], "4 of them recorded before") {
		t.Errorf("%v, %q", data, beside)
	}
	if primitive.KindOf(err) != primitive.Expectation || !strings.Contains(err.Error(), "+"+open[1]) {
		t.Error(err)
	}
}

func TestResumeRefuses(t *testing.T) {
	v, _ := surveyOf(t, 0)
	for _, text := range []string{"hello\n", "{}\n", `{"host":"127.0.0.1","port":0,"state":"open"}` + "\n", `{"host":"x","port":1,"state":"open"}` + "\n\n",
		`{"host":"127.0.0.1","port":1,"state":"ajar"}` + "\n", strings.Repeat("x", 2<<20)} {
		v.Resume = filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(v.Resume, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := told(t, v); err == nil || read(t, v.Resume) != text {
			t.Errorf("%.20q is taken for results, or was touched: %v", text, err)
		}
	}
}

func FuzzRecorded(f *testing.F) {
	f.Add([]byte(`{"host":"127.0.0.1","port":22,"proto":"tcp","state":"open"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		if rec, ok := parseRecorded(line); ok && (rec.Port < 1 || rec.Port > 65535 || !rec.addr.IsValid()) {
			t.Errorf("%q: %+v", line, rec)
		}
	})
}

// The file's lines are what the faces print.
func TestLinesAgree(t *testing.T) {
	ms := 1.25
	for _, f := range []Found{
		{},
		{Host: "::1", Name: "a<b>&\"c", Port: 65535, Proto: "tcp", State: "open", Reason: "connected", RTT: &ms, Service: "http", Banner: primitive.Bytes("\xff\x00<x>")},
		{Host: "127.0.0.1", Banner: primitive.Bytes("220 é\r\n\x1b")},
	} {
		want, err := primitive.JSON(primitive.Plain(f))
		if got := f.appendJSON(nil); err != nil || string(got) != string(want) {
			t.Errorf("%s\n%s %v", got, want, err)
		}
	}
}

// Shards write files that are together what one scan writes.
func TestShardFilesJoin(t *testing.T) {
	v, _ := surveyOf(t, 20)
	dir := t.TempDir()
	v.Out = filepath.Join(dir, "all")
	if _, _, err := told(t, v); err != nil {
		t.Fatal(err)
	}
	want := lines(t, v.Out)
	for _, order := range []Order{ByPort, Random} {
		joined := ""
		v.Plan.Order, v.Plan.Seed = order, 42
		for i := range 7 {
			v.Plan.Shard = Shard{i + 1, 7}
			v.Out = filepath.Join(dir, strconv.Itoa(i))
			if _, _, err := told(t, v); err != nil {
				t.Fatal(err)
			}
			joined += read(t, v.Out)
		}
		path := filepath.Join(dir, "joined")
		if err := os.WriteFile(path, []byte(joined), 0o600); err != nil {
			t.Fatal(err)
		}
		once(t, string(order), lines(t, path), want)
	}
}

// A hostile banner reaches no terminal as it is.
func TestEscapes(t *testing.T) {
	r := Result{Addr: netip.MustParseAddr("127.0.0.1"), Port: 1, Banner: &Greeting{Data: primitive.Bytes("\x1b]0;evil\x07\n\u202e" + strings.Repeat("y", 500))}}
	h := Hosts{names: map[netip.Addr]string{r.Addr: "a\x1bb"}}
	f := h.found(&r)
	for _, format := range []Format{Table, Plain, CSV} {
		p := presenter{format: format, several: true, wide: 10, banner: true}
		if line := p.words(&f, &r).Line; strings.ContainsAny(line, "\x1b\x07\u202e") || len(line) > 900 {
			t.Errorf("%s: %q", format, line)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 65535: "65,535", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
