package primitive

import (
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain":     "plain",
		"\x1b[2Jx":  `\x1b[2Jx`,
		"a\r\nb":    `a\r\nb`,
		"\u009b31m": `\u{9b}31m`,
		"\u202eabc": `\u{202e}abc`,
		"\xff\xfe":  `\xff\xfe`,
		"\x7f\x00":  `\x7f\x00`,
		`a\b`:       `a\\b`,
		"grüße 日本":  "grüße 日本",
	} {
		if got := Escape(in, false); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

// FuzzEscape: nothing that a terminal would act on comes through.
func FuzzEscape(f *testing.F) {
	f.Add("\x1b]0;x\x07", true)
	f.Fuzz(func(t *testing.T, s string, keepLines bool) {
		for _, r := range Escape(s, keepLines) {
			control := r < 0x20 && !(keepLines && (r == '\n' || r == '\t')) || r >= 0x7f && r < 0xa0
			if control || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Fatalf("%q leaves %U", s, r)
			}
		}
	})
}

// FuzzAddr: whatever is typed as an address is an address or a usage error, and
// an address reads back as itself.
func FuzzAddr(f *testing.F) {
	for _, s := range []string{"h:1", "[::1]:80", ":8080", "8080", "unix:/tmp/x", "::1", "a:b:c", "h:http", "[", "h:"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, listening bool) {
		a, err := ParseAddr(s, listening)
		if err != nil {
			if KindOf(err) != Usage {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		b, err := ParseAddr(a.String(), listening)
		if a.Path == "" && !strings.ContainsAny(a.Host, "[]:") && (err != nil || a != b) {
			t.Fatalf("%q is %+v, its text %q is %+v (%v)", s, a, a.String(), b, err)
		}
	})
}

// FuzzUnits: sizes and durations never panic and are never negative.
func FuzzUnits(f *testing.F) {
	for _, s := range []string{"64k", "1MiB", "2s", "500ms", "-1", "1e300", "nan", "inf", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := ParseSize(s); err == nil && n < 0 {
			t.Fatalf("size %q is %d", s, n)
		}
		if d, err := ParseDuration(s); err == nil && d < 0 {
			t.Fatalf("duration %q is %v", s, d)
		}
	})
}

func TestVisible(t *testing.T) {
	if got := Visible("a\\x1b\n\t\x1b[2J\u202e"); got != "a\\x1b\n\t"+`\x1b[2J\u{202e}` {
		t.Errorf("got %q", got)
	}
}
