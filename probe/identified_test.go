package probe

import (
	"context"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
)

// A scan that identifies says of each open port who speaks there, in lines, in the
// file and in the page; scripts are told. What is closed is not asked.
func TestScanIdentifies(t *testing.T) {
	ssh, smtp := greeter(t, "SSH-2.0-OpenSSH_9.2p1\r\n"), greeter(t, "220 mail ESMTP Postfix\r\n")
	port := func(addr string) uint16 { return netip.MustParseAddrPort(addr).Port() }
	dir := t.TempDir()
	v := Survey{
		Plan:    planOf(t, "127.0.0.1", joined([]uint16{port(ssh), port(smtp)})+","+nettest.FreePort(t)),
		Options: Options{Timeout: 5 * time.Second}, Format: Table, All: true, Inspectors: 2,
		Out: filepath.Join(dir, "out"), Report: Report{Path: filepath.Join(dir, "page.html")},
	}
	v.Identify = &Speaking{Hosts: v.Plan.Hosts, Wait: 5 * time.Second, Connect: 5 * time.Second, Limit: 20 * time.Second}
	v.Inspect = func(_ context.Context, f Found) Found {
		f.Script = []Finding{{Name: "told", Output: primitive.Bytes(f.Speaks.Protocol)}}
		return f
	}
	data, _, err := told(t, v)
	if err != nil || len(data) != 3 {
		t.Fatalf("%d, %v", len(data), err)
	}
	want := map[int]string{int(port(ssh)): "ssh, OpenSSH 9.2p1 (certain)", int(port(smtp)): "smtp, Postfix (certain)"}
	for _, f := range data {
		if f.Speaks.String() != want[f.Port] || !strings.Contains(f.Words().Line, want[f.Port]) || (f.Speaks == nil) != (f.State == "closed") {
			t.Errorf("%+v", f)
		}
		if f.Speaks != nil && string(f.Script[0].Output.(primitive.Bytes)) != f.Speaks.Protocol {
			t.Errorf("%+v", f.Script)
		}
	}
	if n := strings.Count(read(t, v.Out), `"speaks":{"protocol":"ssh","inside":"","sure":"certain",`); n != 1 {
		t.Errorf("the file has %d", n)
	}
	if text := read(t, v.Report.Path); !strings.Contains(text, "ssh, OpenSSH 9.2p1 (certain)") {
		t.Error("the page does not say so")
	}
	v.Resume, v.Out, v.Report.Path = v.Out, "", filepath.Join(dir, "again.html")
	if _, _, err = told(t, v); err != nil || !strings.Contains(read(t, v.Report.Path), "smtp, Postfix (certain)") {
		t.Errorf("a page of what was recorded: %v", err)
	}
	v.Resume, v.Report.Path, v.Format = "", "", CSV
	if data, _, _ = told(t, v); !strings.Contains(data[0].Words().Heading, ",script,speaks") {
		t.Errorf("%v", data[0].Words())
	}
}
