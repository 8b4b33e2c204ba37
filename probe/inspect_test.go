package probe

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sosh/internal/leak"
	"sosh/internal/nettest"
	"sosh/primitive"
)

// openPorts is a survey of so many open ports of 127.0.0.1.
func openPorts(t *testing.T, n int) Survey {
	t.Helper()
	var ports []string
	for range n {
		addr := nettest.Echo(t)
		ports = append(ports, addr[strings.LastIndexByte(addr, ':')+1:])
	}
	return Survey{Plan: planOf(t, "127.0.0.1", strings.Join(ports, ",")), Options: Options{Timeout: 5 * time.Second}, Format: Table, All: true, Inspectors: 3}
}

// Open ports are looked at, no more at once than there are inspectors, and what is
// found out stands beside each, in the file too.
func TestInspection(t *testing.T) {
	v := openPorts(t, 20)
	shut := nettest.FreePort(t)
	v.Plan = planOf(t, "127.0.0.1", joined(v.Plan.Ports)+","+shut)
	var now, most atomic.Int32
	v.Inspect = func(ctx context.Context, f Found) Found {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		f.Script = []Finding{{Name: "port", Output: float64(f.Port)}, {Name: "bad", Error: "oh \x1b[2J"}}
		return f
	}
	v.Out = filepath.Join(t.TempDir(), "out")
	data, beside, err := told(t, v)
	if err != nil || len(data) != 21 {
		t.Fatalf("%d, %v", len(data), err)
	}
	for _, f := range data {
		open := f.State == "open"
		if open != (len(f.Script) == 2) || open && f.Script[0].Output != float64(f.Port) {
			t.Errorf("%+v", f)
		}
		want := fmt.Sprintf("\n       | port: %d\n       | bad: failed: oh \\x1b[2J", f.Port)
		if open && !strings.HasSuffix(f.Words().Line, want) {
			t.Errorf("%q", f.Words().Line)
		}
	}
	if n := most.Load(); n > 3 {
		t.Errorf("%d at once", n)
	}
	if !strings.Contains(beside[0], "20 open, 1 closed") || !strings.HasSuffix(beside[0], "; scripts: 40 results, 20 failed") {
		t.Errorf("%q", beside)
	}
	if n := strings.Count(read(t, v.Out), `"script":[{"name":"port","output":`); n != 20 {
		t.Errorf("the file has %d", n)
	}
}

func joined(ports []uint16) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(ports), " ", ","), "[]")
}

// Whoever stops early, or interrupts, leaves no inspector behind; what was
// interrupted is shown, and is looked at when the scan is resumed.
func TestInspectionStops(t *testing.T) {
	waits := func(ctx context.Context, f Found) Found { <-ctx.Done(); return f }
	v := openPorts(t, 8)
	v.Inspectors = 8
	before := leak.Now()
	v.Inspect = func(ctx context.Context, f Found) Found {
		if f.Port == int(v.Plan.Ports[0]) {
			return f
		}
		return waits(ctx, f)
	}
	for f := range v.Each(t.Context()) {
		if f.Words().Role == primitive.Told {
			break
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	v.Resume = filepath.Join(t.TempDir(), "out")
	shown := 0
	for f, err := range v.Each(ctx) {
		if err == nil && f.Words().Role == primitive.Told {
			shown++
			cancel()
		}
	}
	cancel()
	if n := len(lines(t, v.Resume)); shown != 8 || n != 1 {
		t.Errorf("%d shown, %d kept", shown, n)
	}
	v.Inspect = func(_ context.Context, f Found) Found {
		f.Script = []Finding{{Name: "again", Output: true}}
		return f
	}
	if _, _, err := told(t, v); err != nil || len(lines(t, v.Resume)) != 8 || strings.Count(read(t, v.Resume), `"again"`) != 7 {
		t.Errorf("resumed: %v\n%s", err, read(t, v.Resume))
	}
	if err := before.Wait(5 * time.Second); err != nil {
		t.Error(err)
	}
}

// The report has what was found, also by the scan that it continues, and nothing
// raw of a peer.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	v := openPorts(t, 2)
	v.Out = filepath.Join(dir, "results")
	v.Greet = &Greet{Wait: time.Second, Max: 100}
	evil := nettest.Serve(t, func(c net.Conn) { io.WriteString(c, "<script>\x1b[2J\xff\r\n") })
	v.Plan = planOf(t, "127.0.0.1", joined(v.Plan.Ports)+","+evil[strings.LastIndexByte(evil, ':')+1:])
	v.Inspect = func(_ context.Context, f Found) Found {
		f.Script = []Finding{{Name: "<b>", Output: map[string]any{"</td>": primitive.Bytes("<i>\x00")}}}
		return f
	}
	v.Report = Report{Path: filepath.Join(dir, "page.html"), Targets: "<u>\x1b", Ports: "1-3"}
	if _, _, err := told(t, v); err != nil {
		t.Fatal(err)
	}
	first := read(t, v.Report.Path)
	check := func(page string) {
		t.Helper()
		for _, want := range []string{"<title>Scan of &lt;u&gt;\\x1b</title>", "&lt;script&gt;\\x1b[2J\\xff\\r\\n", "&lt;b&gt;: &lt;/td&gt; &lt;i&gt;\\x00", "<b>3</b> open"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if strings.Contains(page, "<script>\\") || strings.Contains(page, "<i>\\") || strings.Contains(page, "<u>") || strings.ContainsAny(page, "\x00\x1b") {
			t.Error("raw bytes got in")
		}
	}
	check(first)
	v.Resume, v.Out = v.Out, ""
	if _, _, err := told(t, v); err != nil {
		t.Fatal(err)
	}
	check(read(t, v.Report.Path))
	v.Report.Path = filepath.Join(dir, "none", "page.html")
	if _, _, err := told(t, v); primitive.KindOf(err) != primitive.NotFound {
		t.Error(err)
	}
	v.Report.Path, v.Resume = filepath.Join(dir, "stopped.html"), ""
	for range v.Each(t.Context()) {
		break
	}
	if _, err := os.Stat(v.Report.Path); err == nil {
		t.Error("a scan that was stopped leaves an empty page")
	}
}
