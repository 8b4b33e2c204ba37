package probe

import (
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sosh/primitive"
)

func resolved(t testing.TB, text, exclude string) (Hosts, error) {
	t.Helper()
	return Targets{Text: text, Exclude: exclude}.Resolve(t.Context())
}

func listed(h Hosts) string {
	var list []string
	for i := range min(h.Len(), 20) {
		list = append(list, h.At(i).String())
	}
	return strings.Join(list, " ")
}

func TestTargets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "hosts.txt")
	if err := os.WriteFile(file, []byte("# the lab\n10.0.0.1, 10.0.0.2 # two\n\r\n10.1.0.0/31\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, exclude, want string }{
		{"127.0.0.1", "", "127.0.0.1"},
		{"10.0.0.3,10.0.0.1 10.0.0.2", "", "10.0.0.1 10.0.0.2 10.0.0.3"},
		{"10.0.0.1,10.0.0.1,10.0.0.0/31", "", "10.0.0.0 10.0.0.1"},
		{"10.0.0.0/30", "10.0.0.1", "10.0.0.0 10.0.0.2 10.0.0.3"},
		{"10.0.0.5/30", "10.0.0.6-7", "10.0.0.4 10.0.0.5"},
		{"10.0.0.254-10.0.1.1", "", "10.0.0.254 10.0.0.255 10.0.1.0 10.0.1.1"},
		{"10.0.0.7-9", "", "10.0.0.7 10.0.0.8 10.0.0.9"},
		{"::1", "", "::1"},
		{"[::1]", "", "::1"},
		{"::ffff:10.0.0.1", "", "10.0.0.1"},
		{"2001:db8::fffe/127,2001:db8::1:0", "", "2001:db8::fffe 2001:db8::ffff 2001:db8::1:0"},
		{"fe80::1%lo,10.0.0.1", "", "10.0.0.1 fe80::1%lo"},
		{"@" + file, "10.0.0.2", "10.0.0.1 10.1.0.0 10.1.0.1"},
		{"10.0.0.1\n10.0.0.2\n", "", "10.0.0.1 10.0.0.2"}, // what the shell makes of @file
	} {
		h, err := resolved(t, c.text, c.exclude)
		if got := listed(h); err != nil || got != c.want {
			t.Errorf("%q without %q: %s, %v; want %s", c.text, c.exclude, got, err, c.want)
		}
		for i := range h.Len() {
			if at, ok := h.Index(h.At(i)); !ok || at != i {
				t.Errorf("%q: the place of %s is %d, not %d", c.text, h.At(i), at, i)
			}
		}
	}
}

func TestTargetsRefused(t *testing.T) {
	for text, kind := range map[string]primitive.Kind{
		"":                        primitive.Usage,
		"10.0.0.0/33":             primitive.Usage,
		"10.0.0.9-3":              primitive.Usage,
		"10.0.0.1-::1":            primitive.Usage,
		"10.0.0.1-300":            primitive.Usage,
		"256.1.1.1":               primitive.Usage,
		"1.2.3":                   primitive.Usage,
		"127.0.0.1:80":            primitive.Usage,
		"http://127.0.0.1":        primitive.Usage,
		"2001:db8::/64":           primitive.Usage,
		"::/0":                    primitive.Usage,
		"a\x1bb":                  primitive.Usage,
		"no-such-host.invalid":    primitive.NotFound,
		"@/no/such/file":          primitive.NotFound,
		"10.0.0.1,!10.0.0.2":      primitive.Usage,
		"10.0.0.1,nobody.invalid": primitive.NotFound,
	} {
		if _, err := resolved(t, text, ""); primitive.KindOf(err) != kind {
			t.Errorf("%q: %v, want %s", text, err, kind)
		}
	}
	self := filepath.Join(t.TempDir(), "self")
	if err := os.WriteFile(self, []byte("@"+self), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := resolved(t, "@"+self, ""); primitive.KindOf(err) != primitive.Usage {
		t.Errorf("a file that names itself: %v", err)
	}
}

// The whole of IPv4 is a plan like any other: it takes no room.
func TestLargeTargets(t *testing.T) {
	h, err := resolved(t, "0.0.0.0/0", "10.0.0.0/8,127.0.0.0/8")
	if err != nil || h.Len() != 1<<32-2<<24 {
		t.Fatalf("%d, %v", h.Len(), err)
	}
	if got := h.At(h.Len() - 1); got != netip.MustParseAddr("255.255.255.255") {
		t.Errorf("the last is %s", got)
	}
	if _, ok := h.Index(netip.MustParseAddr("10.1.2.3")); ok {
		t.Error("what is excluded is there")
	}
	if h.Public() == 0 || h.Local() {
		t.Error("the internet is no loopback")
	}
}

func TestPublic(t *testing.T) {
	for text, want := range map[string]uint64{
		"127.0.0.0/8": 0, "10.0.0.0/8": 0, "192.168.0.0/16": 0, "100.64.0.0/10": 0, "fd00::/112": 0,
		"198.51.100.0/24": 256, "2001:db8::/120": 256, "10.0.0.0/24,203.0.113.0/25": 128,
	} {
		if h, err := resolved(t, text, ""); err != nil || h.Public() != want {
			t.Errorf("%s: %d public, %v; want %d", text, h.Public(), err, want)
		}
	}
}

func FuzzTargets(f *testing.F) {
	for _, s := range []string{"10.0.0.0/30", "10.0.0.1-9,::1", "[::1]", "fe80::1%lo", "@x", "1.2.3.4-5.6.7.8 # x", "::-::ffff", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g := gatherer{names: map[netip.Addr]string{}}
		for word := range strings.FieldsFuncSeq(text, isSeparator) {
			if r, ok, err := parseRange(word); ok && err == nil {
				g.set.AddRange(r)
			} else if ip, err := netip.ParseAddr(strings.Trim(word, "[]")); err == nil {
				g.addr(ip)
			}
		}
		set, err := g.set.IPSet()
		if err != nil {
			return
		}
		h, ok := newHosts(set, g.zoned, nil)
		if !ok {
			return
		}
		for _, i := range []uint64{0, h.Len() / 2, h.Len() - 1} {
			if h.Len() == 0 {
				return
			}
			if at, ok := h.Index(h.At(i)); !ok || at != i {
				t.Errorf("%q: %s has the place %d, not %d", text, h.At(i), at, i)
			}
		}
	})
}

func TestPorts(t *testing.T) {
	for text, want := range map[string][]uint16{
		"22,80":             {22, 80},
		"80 22 80":          {80, 22},
		"http,SSH,ftp-data": {80, 22, 20},
		"8000-8003,8002":    {8000, 8001, 8002, 8003},
		"65534-":            {65534, 65535},
		"top 3":             {80, 443, 22},
		"top3,9":            {80, 443, 22, 9},
		"9,top 2":           {9, 80, 443},
	} {
		if got, err := ParsePorts(text, false); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]int{"": 100, "1-65535": 65535, "all": 65535, "-": 65535, "top 1000": 1000, "top 65535": 65535} {
		for _, udp := range []bool{false, true} {
			if got, err := ParsePorts(text, udp); err != nil || len(got) != want || slices.Contains(got, 0) {
				t.Errorf("%q: %d ports, %v; want %d", text, len(got), err, want)
			}
		}
	}
	for _, text := range []string{"0", "65536", "80-22", "top", "top 0", "top x", "http-ssh", "1-2-3", "-5", "noservice", "\x00", "99999999999999999999"} {
		if got, err := ParsePorts(text, false); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// The tables of usual ports hold ports, each once.
func TestTopTables(t *testing.T) {
	for name, text := range map[string]string{"tcp": topTCP, "udp": topUDP} {
		seen := map[string]bool{}
		for word := range strings.FieldsSeq(text) {
			if _, err := primitive.ParsePort(word, false); err != nil || seen[word] {
				t.Errorf("%s: %s: %v, there before: %v", name, word, err, seen[word])
			}
			seen[word] = true
		}
		if len(seen) < 100 {
			t.Errorf("%s: only %d", name, len(seen))
		}
	}
}

func FuzzPorts(f *testing.F) {
	for _, s := range []string{"22,80", "1-65535", "top 20", "http", "60000-", "top", "-", "9-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ports, err := ParsePorts(text, false)
		if err == nil && (len(ports) == 0 || slices.Contains(ports, 0)) {
			t.Errorf("%q: %v", text, ports)
		}
		slices.Sort(ports)
		if len(slices.Compact(ports)) != len(ports) {
			t.Errorf("%q: a port is there twice", text)
		}
	})
}

func TestShards(t *testing.T) {
	env := func(text string) func(string) string {
		vars := map[string]string{}
		for pair := range strings.FieldsSeq(text) {
			name, value, _ := strings.Cut(pair, "=")
			vars[name] = value
		}
		return func(name string) string { return vars[name] }
	}
	for _, c := range []struct {
		text, env string
		want      Shard
	}{
		{"", "", Shard{}},
		{"2/7", "", Shard{2, 7}},
		{"1/1", "", Shard{1, 1}},
		{"auto/7", "JOB_COMPLETION_INDEX=0", Shard{1, 7}},
		{"auto/7", "JOB_COMPLETION_INDEX=6 SOSH_SHARDS=9", Shard{7, 7}},
		{"auto", "JOB_COMPLETION_INDEX=6 SOSH_SHARDS=9", Shard{7, 9}},
		{"auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=7", Shard{3, 7}},
		{"auto", "SLURM_ARRAY_TASK_ID=30 SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_STEP=10 SLURM_ARRAY_TASK_COUNT=4", Shard{3, 4}},
		{"auto", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_COUNT=7", Shard{1, 7}},
		{"auto/3", "PARALLEL_SEQ=3", Shard{3, 3}},
		{"auto", "PARALLEL_SEQ=1 SOSH_SHARDS=3", Shard{1, 3}},
	} {
		if got, err := ParseShard(c.text, env(c.env)); err != nil || got != c.want {
			t.Errorf("%q with %q: %v, %v; want %v", c.text, c.env, got, err, c.want)
		}
	}
	for _, c := range []struct{ text, env string }{
		{"0/7", ""}, {"8/7", ""}, {"7", ""}, {"/", ""}, {"1/0", ""}, {"-1/7", ""}, {"1/99999999", ""}, {"auto", ""}, {"auto/7", ""},
		{"auto", "JOB_COMPLETION_INDEX=1"}, {"auto/3", "PARALLEL_SEQ=4"}, {"auto/3", "PARALLEL_SEQ=x"}, {"auto/3", "PARALLEL_SEQ=0"},
		{"auto/x", "PARALLEL_SEQ=1"}, {"auto/3", "JOB_COMPLETION_INDEX=-1"},
	} {
		if got, err := ParseShard(c.text, env(c.env)); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%q with %q: %v, %v", c.text, c.env, got, err)
		}
	}
}

func FuzzShard(f *testing.F) {
	f.Add("2/7", "3")
	f.Add("auto", "x")
	f.Fuzz(func(t *testing.T, text, place string) {
		s, err := ParseShard(text, func(string) string { return place })
		if err == nil && s != (Shard{}) && (s.Index < 1 || s.Index > s.Count) {
			t.Errorf("%q: %v", text, s)
		}
	})
}
