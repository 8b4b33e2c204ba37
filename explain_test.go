package main

import (
	"fmt"
	"strings"
	"testing"

	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/verbs"
)

// explained are commands, with what comes before them. NAME is a path.
var explained = []struct{ before, command string }{
	{"", "socket open inet stream"},
	{"socket open inet stream", "socket bind s1 127.0.0.1 0"},
	{"socket open inet stream; socket bind s1 127.0.0.1 0", "socket listen s1 5"},
	{"listen 0; socket open inet stream", "socket connect s1 127.0.0.1 ${l1.lport}"},
	{"socket open inet stream; socket bind s1 127.0.0.1 0; socket listen s1 5; tcp connect 127.0.0.1 ${s1.lport}", "socket accept s1"},
	{"listen 0", "tcp connect 127.0.0.1 ${l1.lport}"},
	{"listen 0", "tcp check 127.0.0.1 ${l1.lport}"},
	{"listen 0", "scan 127.0.0.1 ${l1.lport}"},
	{"", "tcp listen 0"},
	{"", "listen 0 --backlog 7"},
	{"", "serve 0 echo"},
	{"listen 0; tcp connect 127.0.0.1 ${l1.lport}", "accept l1"},
	{pair, "send c1 hello"},
	{pair + "; send c1 hello", "recv c2"},
	{pair + "; send c1 hello", "recv c2 --exact 5"},
	{pair + "; send c1 --line hello", "lines c2 --timeout 1s"},
	{pair + "; send c1 hello", "peek c2"},
	{pair + "; send c1 hello", "expect c2 lo"},
	{pair, "shutdown c1 write"},
	{pair, "shutdown c1"},
	{pair, "close c1"},
	{"listen 0", "close l1"},
	{"udp bind 0", "close u1"},
	{pair, "opt c1 nodelay"},
	{pair, "opt c1 keepalive off"},
	{pair, "opt c1 linger 2"},
	{"", "udp bind 0"},
	{"udp bind 0", "udp connect 127.0.0.1 ${u1.lport}"},
	{"udp bind 0; x = udp connect 127.0.0.1 ${u1.lport}", "udp sendto u1 127.0.0.1 ${x.lport} hello"},
	{"udp bind 0", "sendto u1 127.0.0.1 ${u1.lport} hello"},
	{"udp bind 0; sendto u1 127.0.0.1 ${u1.lport} hello", "recvfrom u1"},
	{"", "unix listen NAME"},
	{"unix listen NAME", "unix connect NAME"},
	{"", "unix listen NAME --datagram"},
	{"unix listen NAME --datagram", "unix connect NAME --datagram"},
}

const pair = "listen 0; tcp connect 127.0.0.1 ${l1.lport}; accept l1"

// TestExplain holds that what --dry-run says is what is made, call by call; and
// that every call that is made has its result.
func TestExplain(t *testing.T) {
	for _, c := range explained {
		t.Run(c.command, func(t *testing.T) {
			name := t.TempDir() + "/s"
			fill := strings.NewReplacer("NAME", name)
			w := newWorld(t, verbs.Table())
			for line := range strings.SplitSeq(fill.Replace(c.before), "; ") {
				if _, err := w.shell.Line(t.Context(), line); err != nil {
					t.Fatal(err)
				}
			}
			command := fill.Replace(c.command)
			planned := callsOf(t, w, "explain --dry-run "+command)
			made := callsOf(t, w, "explain "+command)
			if names(planned) != names(made) {
				t.Errorf("planned %s\nmade    %s\n%v", names(planned), names(made), made)
			}
			for _, m := range made {
				if m.name != "" && m.result == "" {
					t.Errorf("%s has no result", m.name)
				}
			}
		})
	}
}

type aCall struct{ name, args, result, errno string }

// callsOf are the calls that an explanation tells of. A failure of a stream that
// has come to its end is none.
func callsOf(t *testing.T, w *world, line string) (calls []aCall) {
	t.Helper()
	result, err := w.shell.Line(t.Context(), line)
	if result == nil {
		t.Fatalf("%s: %v", line, err)
	}
	rec, ok := result.(primitive.Shown).Data.(primitive.Record)
	if !ok {
		t.Fatalf("%s gives %T", line, result)
	}
	list, _ := rec.Get("calls")
	for _, item := range list.([]any) {
		text := func(name string) string { v, _ := item.(primitive.Record).Get(name); return fmt.Sprint(v) }
		calls = append(calls, aCall{text("name"), text("args"), text("result"), text("errno")})
	}
	return calls
}

// names are the calls in order; one that had to be repeated counts once.
func names(calls []aCall) string {
	var list []string
	for _, c := range calls {
		if c.name != "" && c.errno != "EAGAIN" && (len(list) == 0 || list[len(list)-1] != c.name || c.name != "read") {
			list = append(list, c.name)
		}
	}
	return strings.Join(list, " ")
}

// TestExplainFailure holds that a command that fails is explained all the same.
func TestExplainFailure(t *testing.T) {
	w := newWorld(t, verbs.Table())
	port := nettest.FreePort(t)
	if code := w.shell.Main(t.Context(), []string{"explain", "--only", "calls", "tcp", "connect", "127.0.0.1", port}); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if out := w.out.String(); !strings.Contains(out, "ECONNREFUSED") {
		t.Errorf("it says %s", out)
	}
	for line, code := range map[string]int{
		"explain ip info 1.2.3.4": 2, "explain nc 127.0.0.1 1": 2, "explain tpc connect": 2, "explain": 2, "explain tcp connect": 2,
		"explain print(1)": 2, "explain tcp connect www.abc.invalid 80": 1,
	} {
		w := newWorld(t, verbs.Table())
		if got := w.shell.Main(t.Context(), []string{"-c", line}); got != code {
			t.Errorf("%s: exit code %d, want %d: %s", line, got, code, w.all.String())
		}
	}
}
