package dns

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// systemAt is the system's resolver with all its name servers at one place.
func systemAt(at primitive.Addr) System {
	return System{Timeout: 20 * time.Second, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, at.String())
	}}
}

// Names that nobody is asked for.
func TestSpecialNames(t *testing.T) {
	nobody := System{Timeout: time.Second, Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("somebody was asked")
		return nil, net.ErrClosed
	}}
	for name, want := range map[string]string{"localhost": "127.0.0.1 ::1", "a.b.LOCALHOST.": "127.0.0.1 ::1", "192.0.2.1": "192.0.2.1", "::1": "::1"} {
		f, err := nobody.Lookup(t.Context(), name, "")
		if got := strings.Join(f.Addresses, " "); got != want || err != nil || f.Source == "" {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
	if f, err := nobody.Lookup(t.Context(), "localhost", sock.Inet6); err != nil || !slices.Equal(f.Addresses, []string{"::1"}) {
		t.Errorf("%+v, %v", f, err)
	}
	for name, kind := range map[string]primitive.Kind{"a.invalid": primitive.NotFound, "x.onion.": primitive.NotFound, "a..b": primitive.Usage, "": primitive.Usage} {
		if _, err := nobody.Lookup(t.Context(), name, ""); primitive.KindOf(err) != kind || primitive.AsError(err).Hint == "" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A name server's answer is told as such, with what it was asked for.
func TestLookupAsksServers(t *testing.T) {
	l := start(t, "127.0.0.1", 0, &Server{Zone: zoneOf(t, exampleZone)})
	f, err := systemAt(l.at).Lookup(t.Context(), "alias.example.test.", sock.Inet)
	if err != nil || f.Source != "name server" || f.Server == "" || f.File != "" || len(f.Addresses) != 2 {
		t.Errorf("%+v, %v", f, err)
	}
	if !slices.Contains(f.Asked, "alias.example.test. A: NOERROR") {
		t.Errorf("asked for %q", f.Asked)
	}
	_, err = systemAt(l.at).Lookup(t.Context(), "nope.example.test.", "")
	if primitive.KindOf(err) != primitive.NotFound || !strings.Contains(err.Error(), "nope.example.test. A: NXDOMAIN") {
		t.Errorf("%v", err)
	}
	failing := start(t, "127.0.0.1", 0, &Server{Zone: zoneOf(t, exampleZone), Code: 2})
	if _, err := systemAt(failing.at).Lookup(t.Context(), "www.example.test.", ""); primitive.KindOf(err) != primitive.Failed || !strings.Contains(err.Error(), "SERVFAIL") {
		t.Errorf("%v", err)
	}
	silent := systemAt(hostile(t, nil, nil))
	silent.Timeout = 50 * time.Millisecond
	if _, err := silent.Lookup(t.Context(), "www.example.test.", ""); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("%v", err)
	}
}

func TestReverse(t *testing.T) {
	z, err := ReadZone(Source{Lines: []string{"80 PTR www.test.", "80 PTR web.test.", "81 TXT nothing"}, Origin: "2.0.192.in-addr.arpa"})
	if err != nil {
		t.Fatal(err)
	}
	l := start(t, "127.0.0.1", 0, &Server{Zone: z})
	ip := netip.MustParseAddr("192.0.2.80")
	n, err := ReverseAt(t.Context(), ip, l.at, 10*time.Second)
	if err != nil || !slices.Equal(n.Names, []string{"www.test.", "web.test."}) || n.Reverse != "80.2.0.192.in-addr.arpa" {
		t.Errorf("%+v, %v", n, err)
	}
	if n, err := systemAt(l.at).Reverse(t.Context(), ip); err != nil || len(n.Names) != 2 || n.Source != "name server" {
		t.Errorf("%+v, %v", n, err)
	}
	for _, text := range []string{"192.0.2.81", "192.0.2.82"} {
		if _, err := ReverseAt(t.Context(), netip.MustParseAddr(text), l.at, 10*time.Second); primitive.KindOf(err) != primitive.NotFound || primitive.AsError(err).Told {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestHostsLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hosts")
	if err := os.WriteFile(path, []byte("# www\n127.0.0.1 localhost\n\n192.0.2.1\tWWW.test www # here\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	named := func(name string) string {
		return hostsLine(path, func(words []string) bool { return slices.ContainsFunc(words[1:], sameName(name)) })
	}
	if got := named("www.test."); got != path+" line 4" {
		t.Error(got)
	}
	if got := named("here"); got != "" {
		t.Error(got)
	}
	if got := hostsLine(path, func(words []string) bool { return sameAddress(words[0], netip.MustParseAddr("::ffff:127.0.0.1")) }); got != path+" line 2" {
		t.Error(got)
	}
}
