package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sosh/explain"
	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/verbs"
)

// needNoCall are rows whose example needs no call: the hosts file has the name, the
// message came before.
var needNoCall = []string{"dns lookup", "ws recv"}

// TestExplainSeesEveryRow holds that explain shows the calls that every network
// command really makes, with their results: none is told as planned.
func TestExplainSeesEveryRow(t *testing.T) {
	for row := range verbs.Table().Rows() {
		if explain.Explains(row) {
			t.Run(row.Name, func(t *testing.T) {
				before, command := lastOf(t, substitute(t, row), row.Name)
				seen(t, before, command, slices.Contains(needNoCall, row.Name))
			})
		}
	}
}

// lastOf cuts an example at its last call of a row.
func lastOf(t *testing.T, example, name string) (before []string, command string) {
	t.Helper()
	lines := strings.Split(strings.ReplaceAll(example, "\n", "; "), "; ")
	for i, line := range slices.Backward(lines) {
		if line == name || strings.HasPrefix(line, name+" ") {
			return lines[:i], strings.TrimSuffix(line, " &")
		}
	}
	t.Fatalf("%s is not in %s", name, example)
	return nil, ""
}

// seen explains a command, and holds that all of its calls were.
func seen(t *testing.T, before []string, command string, mayBeNone bool) (calls []aCall) {
	t.Helper()
	w := newWorld(t, verbs.Table())
	for _, line := range before {
		if _, err := w.shell.Line(t.Context(), line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	made := 0
	calls = callsOf(t, w, "explain "+command)
	for _, c := range calls {
		if c.name != "" {
			made++
		}
		if c.name != "" && c.result == "" {
			t.Errorf("%s(%s) has no result", c.name, c.args)
		}
	}
	if made == 0 && !mayBeNone && runtime.GOOS != "windows" {
		t.Errorf("no call was seen: %v", calls)
	}
	return calls
}

// TestExplainSeesEveryWay holds the same for the ways that the examples do not
// take, and that what was done was told, too.
func TestExplainSeesEveryWay(t *testing.T) {
	for _, c := range []struct{ before, command, names string }{
		{"", "ping 127.0.0.1 --count 1", "setsockopt sendmsg recvmsg close"},
		{"", "ping ::1 --count 1", "setsockopt sendmsg recvmsg close"},
		{"", "ping 127.0.0.1 --udp 9 --count 1", "socket connect write recvfrom close"},
		{"serve 0 http --body x &", "ping 127.0.0.1 --http http://127.0.0.1:${l1.lport}/ --count 1", "socket connect write read"},
		{"", "trace 127.0.0.1", "socket setsockopt sendmsg recvmsg close"},
		{"", "trace ::1", "socket setsockopt sendmsg recvmsg close"},
		{"", "trace 127.0.0.1 --icmp", "socket setsockopt sendmsg recvmsg close"},
		{"", "trace ::1 --tcp 9", "socket setsockopt connect close"},
		{"udp bind 0", "probe 127.0.0.1 ${u1.lport} --udp --wait 20ms", "socket connect write recvfrom close"},
		{"udp bind 0", "udp check 127.0.0.1 ${u1.lport} --timeout 20ms", "socket connect write recvfrom close"},
		{"serve 0 echo --secure &; x = tls connect 127.0.0.1 ${l1.lport} --insecure", "send x hello", "write"},
		{"serve 0 echo --secure &; x = tls connect 127.0.0.1 ${l1.lport} --insecure; send x hello", "recv x", "read"},
		{"serve 0 echo --secure &; x = tls connect 127.0.0.1 ${l1.lport} --insecure", "close x", "write close"},
		{"serve 0 http --secure &", "http get https://127.0.0.1:${l1.lport}/ --insecure", "socket connect write read close"},
		{"serve 0 ws --secure &", "ws connect wss://127.0.0.1:${l1.lport}/ --insecure", "socket connect write read"},
		{"serve 0 ws &; ws connect ws://127.0.0.1:${l1.lport}/", "close w1", "write close"},
		{"serve 0 smtp &", "smtp check 127.0.0.1:${l1.lport}", "socket connect read write read close"},
	} {
		t.Run(c.command, func(t *testing.T) {
			if runtime.GOOS != "linux" {
				t.Skip("some of these are seen on Linux alone")
			}
			var lines []string
			if c.before != "" {
				lines = strings.Split(c.before, "; ")
			}
			calls := seen(t, lines, c.command, false)
			if c.command == "ping ::1 --count 1" && len(calls) == 2 && calls[1].errno != "" {
				nettest.Missing(t, fmt.Sprint("the right to open such a socket: ", calls))
			}
			if !inOrder(calls, strings.Fields(c.names)) {
				t.Errorf("it shows %s, want %s", names(calls), c.names)
			}
		})
	}
}

// inOrder is whether calls of these names were made one after another; others may
// lie between them.
func inOrder(calls []aCall, names []string) bool {
	for _, c := range calls {
		if len(names) > 0 && c.name == names[0] {
			names = names[1:]
		}
	}
	return len(names) == 0
}

// TestExplainScan holds that of a scan the first probes are shown, and the others
// counted.
func TestExplainScan(t *testing.T) {
	w := newWorld(t, verbs.Table())
	code := w.shell.Main(t.Context(), []string{"explain", "--only", "calls", "scan", "127.0.0.1", "1-2000"})
	out := w.out.String()
	if n := strings.Count(out, "socket("); code != 0 && code != 1 || n != 4 {
		t.Errorf("exit code %d, %d probes are shown: %s", code, n, out)
	}
	if want := "and 1,996 probes more"; !strings.Contains(out, want) {
		t.Errorf("it does not say %q: %s", want, out)
	}
}

// TestExplainIsTheCommandsOwn holds that calls of servers beside it are not told.
func TestExplainIsTheCommandsOwn(t *testing.T) {
	calls := seen(t, []string{"serve 0 reply hello &"}, "banner 127.0.0.1 ${l1.lport}", false)
	sockets := map[string]bool{}
	for _, c := range calls {
		if fd, _, _ := strings.Cut(c.args, ", "); c.name != "" && c.name != "socket" {
			sockets[fd] = true
		}
	}
	if len(sockets) != 2 { // that of connect, and its copy
		t.Errorf("calls on %v: %v", sockets, calls)
	}
}

// TestExplainRepeats holds that the same call again and again is one line.
func TestExplainRepeats(t *testing.T) {
	same := primitive.SystemCall{Name: "write", Args: "8, \"\", 0", Result: "0"}
	e := explain.Explanation{Calls: []primitive.SystemCall{same, same, same, {Name: "close", Args: "8", Result: "0"}}}
	want := fmt.Sprintf("  %s\n  -- the same 2 times more\n  close(8) = 0\n", same)
	if text := e.Words().Line; !strings.Contains(text, want) {
		t.Errorf("it reads %s", text)
	}
}
