package repl

import (
	"strings"
	"testing"

	"sosh/primitive"
)

func TestTranslateDig(t *testing.T) {
	for line, want := range map[string]string{
		"example.org":                          "dns query example.org",
		"example.org MX @192.0.2.1":            "dns query example.org MX --server 192.0.2.1",
		"@127.0.0.1 -p 5353 www.test":          "dns query www.test --server 127.0.0.1:5353",
		"@::1 -p5353 www.test aaaa":            "dns query www.test aaaa --server [::1]:5353",
		"-t MX example.org IN":                 "dns query example.org MX",
		"-x 192.0.2.1":                         "dns reverse 192.0.2.1",
		"+trace example.org NS":                "dns trace example.org NS",
		"example.org +tcp +norecurse +short":   "dns query example.org --tcp --norecurse",
		"example.org +bufsize=4096 +qr --json": "dns query example.org --edns 4096 --show --json",
		"example.org +noedns +time=2 +tries=1": "dns query example.org --edns 0 --timeout 2 --tries 1",
		"":                                     "",
		"a A b":                                "",
		"example.org +dnssec":                  "",
		"-k key example.org":                   "",
		"-p 53 example.org":                    "",
		"-c CH version.bind":                   "",
		"example.org -t":                       "",
	} {
		words, err := translateDig(strings.Fields(line))
		if got := strings.Join(words, " "); want != "" && (got != want || err != nil) || want == "" && primitive.KindOf(err) != primitive.Usage {
			t.Errorf("dig %s: %q, %v", line, got, err)
		}
	}
}

func TestTranslateNslookup(t *testing.T) {
	for line, want := range map[string]string{
		"example.org":           "dns lookup example.org",
		"example.org 192.0.2.1": "dns query example.org --server 192.0.2.1",
		"-type=mx example.org":  "dns query example.org mx",
		"-q=ns example.org":     "dns query example.org ns",
		"-t NS example.org":     "dns query example.org NS",
		"192.0.2.1":             "dns reverse 192.0.2.1",
		"2001:db8::1 ns.test":   "dns reverse 2001:db8::1 --server ns.test",
		"":                      "",
		"-debug example.org":    "",
		"a b c":                 "",
	} {
		words, err := translateNslookup(strings.Fields(line))
		if got := strings.Join(words, " "); want != "" && (got != want || err != nil) || want == "" && primitive.KindOf(err) != primitive.Usage {
			t.Errorf("nslookup %s: %q, %v", line, got, err)
		}
	}
}
