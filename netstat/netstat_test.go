package netstat

import (
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"sosh/primitive"
)

func TestInterfaces(t *testing.T) {
	list, err := Interfaces(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lo, err := Find(list, "127.0.0.1")
	if err != nil || lo.State != "up" || lo.MTU == 0 || len(lo.Addresses) == 0 {
		t.Errorf("%+v, %v", lo, err)
	}
	if byName, err := Find(list, lo.Name); err != nil || byName.Index != lo.Index {
		t.Errorf("%+v, %v", byName, err)
	}
	if _, err := Find(list, "no\x1bsuch"); primitive.KindOf(err) != primitive.NotFound {
		t.Error(err)
	}
}

func TestRouteToLoopback(t *testing.T) {
	r, err := RouteTo(t.Context(), netip.MustParseAddr("127.0.0.1"))
	if err != nil || r.Source.String() != "127.0.0.1" || r.Interface == "" || r.Gateway.IsValid() {
		t.Errorf("%+v, %v", r, err)
	}
	if runtime.GOOS == "linux" {
		_, err = RouteTo(t.Context(), netip.MustParseAddr("fe80::1%nosuch"))
		if primitive.KindOf(err) != primitive.NotFound {
			t.Errorf("an interface that is not there: %v", err)
		}
	}
}

func TestUnsupported(t *testing.T) {
	_, rerr := Routes(t.Context())
	_, serr := Sockets(t.Context(), "tcp")
	want := primitive.Unsupported
	if runtime.GOOS == "linux" {
		want = ""
	}
	if primitive.KindOf(rerr) != want || primitive.KindOf(serr) != want {
		t.Errorf("%v, %v", rerr, serr)
	}
}

// root makes a folder with these files.
func root(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestResolvers(t *testing.T) {
	dir := root(t, map[string]string{
		"etc/nsswitch.conf":               "passwd: files\nhosts:  files mdns4_minimal [NOTFOUND=return] dns # as always\n",
		"etc/hosts":                       "# local\n127.0.0.1\tlocalhost\n::1 localhost ip6-localhost\n\n",
		"etc/resolv.conf":                 "; a stub\nnameserver 127.0.0.53\ndomain example.org\noptions edns0 trust-ad\nnonsense 1\n",
		"run/systemd/resolve/resolv.conf": "nameserver 192.0.2.53\nnameserver 2001:db8::53\n",
	})
	got, err := Resolvers(dir, false)
	want := []Setting{
		{"/etc/nsswitch.conf", "order", "files mdns4_minimal [NOTFOUND=return] dns"},
		{"/etc/hosts", "hosts", "2 lines"},
		{"/etc/resolv.conf", "nameserver", "127.0.0.53"},
		{"/etc/resolv.conf", "search", "example.org"},
		{"/etc/resolv.conf", "options", "edns0 trust-ad"},
		{behindStub, "nameserver", "192.0.2.53"},
		{behindStub, "nameserver", "2001:db8::53"},
	}
	same(t, got, err, want)
	got, err = Resolvers(root(t, map[string]string{"etc/hosts": "::1 localhost ip6-localhost\n10.0.0.1 a\n"}), true)
	same(t, got, err, []Setting{{"/etc/hosts", "hosts", "::1 localhost ip6-localhost"}, {"/etc/hosts", "hosts", "10.0.0.1 a"}})
	if _, err := Resolvers(t.TempDir(), false); err == nil {
		t.Error("an empty folder has settings")
	}
}

func same(t *testing.T, got []Setting, err error, want []Setting) {
	t.Helper()
	if err != nil || len(got) != len(want) {
		t.Fatalf("%v, %v", got, err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}
