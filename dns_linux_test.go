package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// ownSystem runs a script of sh in a namespace with a loopback, a hosts file and
// name servers of its own: nothing of this machine is asked or changed.
const ownSystem = `ip link set lo up && mount --bind resolv.conf /etc/resolv.conf && mount --bind hosts /etc/hosts && exec "$@"`

// TestLookupInItsOwnSystem asks the real files and port 53: who answered is told,
// with the line of the hosts file, and the names that were tried.
func TestLookupInItsOwnSystem(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"resolv.conf": "nameserver 127.0.0.53\nsearch corp.test example.test\noptions timeout:20\n",
		"hosts":       "127.0.0.1 localhost\n192.0.2.9 printer printer.test\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := exec.Command("unshare", "-mn", "sh", "-c", "ip link set lo up").Run(); err != nil {
		nettest.Missing(t, "namespaces of its own: "+err.Error())
	}
	shell := sosh(t, "--no-wait", "-c", "serve 127.0.0.53:53 dns --origin example.test --record 'www A 192.0.2.80' &; "+
		"dns lookup www --family inet; dns lookup printer; try dns lookup nope.example.test.; dns reverse 192.0.2.9; dns query www.example.test; "+
		"try nslookup 192.0.2.10")
	args := append([]string{"-mn", "sh", "-c", ownSystem, "sh"}, shell.Args...)
	cmd := exec.Command("unshare", args...)
	cmd.Env, cmd.Dir = shell.Env, dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"www: 192.0.2.80\nfrom name server: 127.0.0.53:53, ", "asked for www.corp.test. A: REFUSED\n", "asked for www.example.test. A: NOERROR\n",
		"printer: 192.0.2.9\nfrom hosts file: /etc/hosts line 2\n",
		"dns lookup nope.example.test.: there is no such name, or it has no address: nope.example.test. A",
		"192.0.2.9: printer, printer.test.\nfrom hosts file: /etc/hosts line 2\n",
		"127.0.0.53:53 over udp, ",
		"dns reverse 192.0.2.10 --server HOST",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
}
