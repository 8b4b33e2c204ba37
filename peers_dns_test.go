package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"sosh/internal/nettest"
)

// The zone that peers ask for.
const peersZone = `$ORIGIN example.test.
$TTL 60
@     SOA   ns hostmaster 1 3600 600 86400 60
      NS    ns
      MX    10 mail
ns    A     127.0.0.1
www   A     192.0.2.80
      AAAA  2001:db8::80
mail  A     192.0.2.25
alias CNAME www
*.any TXT   "for all"
sub   NS    ns.sub
ns.sub A    127.0.0.2
`

// serveZone starts our name server and gives its port.
func serveZone(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "zone.txt")
	long := "long  TXT   " + strings.Repeat(`"`+strings.Repeat("x", 200)+`" `, 8) + "\n"
	if err := os.WriteFile(path, []byte(peersZone+long), 0o600); err != nil {
		t.Fatal(err)
	}
	server := launch(t, sosh(t, "serve", "0", "dns", path))
	return server.port(server.err, "serve dns on 127.0.0.1:")
}

// TestDigAsksUs asks our name server with dig, which checks what it gets.
func TestDigAsksUs(t *testing.T) {
	t.Parallel()
	dig := needs(t, "dig")
	port := serveZone(t)
	for line, wants := range map[string][]string{
		"www.example.test":                            {"status: NOERROR", "flags: qr aa rd", "IN\tA\t192.0.2.80", "udp: 1232"},
		"www.example.test AAAA +tcp":                  {"IN\tAAAA\t2001:db8::80", "(TCP)"},
		"alias.example.test":                          {"CNAME\twww.example.test.", "IN\tA\t192.0.2.80"},
		"example.test MX":                             {"10 mail.example.test.", "mail.example.test.\t60\tIN\tA\t192.0.2.25"},
		"example.test SOA":                            {"ns.example.test. hostmaster.example.test. 1 3600 600 86400 60"},
		"x.any.example.test TXT":                      {`"for all"`},
		"no.example.test":                             {"status: NXDOMAIN", "AUTHORITY: 1", "IN\tSOA"},
		"www.example.test MX":                         {"status: NOERROR", "ANSWER: 0, AUTHORITY: 1"},
		"x.sub.example.test +norecurse":               {"flags: qr;", "NS\tns.sub.example.test.", "ns.sub.example.test.\t60\tIN\tA\t127.0.0.2"},
		"www.example.org":                             {"status: REFUSED"},
		"long.example.test TXT +noedns":               {"Truncated, retrying in TCP mode", "(TCP)", "ANSWER: 1"},
		"long.example.test TXT +ignore":               {"flags: qr aa tc rd", "ANSWER: 0"},
		"www.example.test +edns=1 +noednsnegotiation": {"status: BADVERS"},
		"www.example.test CH TXT":                     {"status: REFUSED"},
		"www.example.test +opcode=notify":             {"status: NOTIMP"},
		"example.test AXFR":                           {"Transfer failed"},
	} {
		t.Run(line, func(t *testing.T) {
			args := append([]string{"@127.0.0.1", "-p", port, "+tries=1", "+time=10"}, strings.Fields(line)...)
			out, err := exec.CommandContext(t.Context(), dig, args...).CombinedOutput()
			for _, want := range wants {
				if !strings.Contains(strings.Join(strings.Fields(string(out)), " "), strings.Join(strings.Fields(want), " ")) {
					t.Errorf("dig says (%v)\n%s\nand not %q", err, out, want)
				}
			}
			if strings.Contains(string(out), "WARNING") && !strings.Contains(line, "AXFR") && !strings.Contains(string(out), "recursion requested but not available") {
				t.Errorf("dig warns:\n%s", out)
			}
		})
	}
}

// TestWeAskDnsmasq asks a name server of others.
func TestWeAskDnsmasq(t *testing.T) {
	dnsmasq := needs(t, "dnsmasq")
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	port := nettest.FreePort(t)
	server := launch(t, exec.Command(dnsmasq, "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--pid-file=", "--user="+me.Username,
		"--no-resolv", "--no-hosts", "--port="+port, "--listen-address=127.0.0.1", "--bind-interfaces", "--local=/test/",
		"--host-record=www.test,192.0.2.80,2001:db8::80", "--cname=alias.test,www.test", "--mx-host=test,www.test,10", "--srv-host=_sip._tcp.test,www.test,5060",
		"--txt-record=long.test,"+strings.Repeat(strings.Repeat("x", 200)+",", 5)+"end"))
	server.after(server.err, "started, version")
	ask := func(line string) string {
		client := launch(t, sosh(t, append(strings.Fields(line), "--server", "127.0.0.1:"+port)...))
		<-client.ended
		out, _ := client.out.look()
		problem, _ := client.err.look()
		return out + problem
	}
	for line, want := range map[string]string{
		"dns query www.test":               "192.0.2.80",
		"dns query www.test AAAA --tcp":    "2001:db8::80",
		"dns query alias.test --show":      "www.test.",
		"dns query test MX":                "10 www.test.",
		"dns query _sip._tcp.test SRV":     "5060 www.test.",
		"dns query no.test":                "NXDOMAIN",
		"dns query www.example.org":        "REFUSED",
		"dns query long.test TXT --edns 0": "asked again over TCP",
		"dns reverse 192.0.2.80":           "www.test.",
		"dns trace www.test":               "192.0.2.80",
	} {
		if got := ask(line); !strings.Contains(got, want) {
			t.Errorf("%s: %s", line, fmt.Sprintf("%q", got))
		}
	}
}
