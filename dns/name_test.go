package dns

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"sosh/primitive"
)

func TestParseName(t *testing.T) {
	label, wide := strings.Repeat("a", 63), strings.Repeat("a", 31)
	for text, want := range map[string]string{
		".":                                     ".",
		"www.example.test":                      "www.example.test.",
		"www.example.test.":                     "www.example.test.",
		"_sip._tcp.x":                           "_sip._tcp.x.",
		`a\.b.test`:                             `a\.b.test.`,
		`a\\.`:                                  `a\\.`,
		`a\.`:                                   `a\..`,
		`\000\255.test`:                         `\000\255.test.`,
		label + ".test":                         label + ".test.",
		strings.Repeat(wide+".", 7) + wide[:29]: strings.Repeat(wide+".", 7) + wide[:29] + ".",
	} {
		got, err := ParseName(text)
		if got != want || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

// What is wrong with a name is said in words that name the place.
func TestBadNames(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "empty",
		"a..b":                                 "label 2 is empty",
		".a":                                   "begins with a dot",
		"a..":                                  "label 2 is empty",
		"..":                                   "begins with a dot",
		"x." + strings.Repeat("a", 64):         "label 2 has 64 bytes, at most 63",
		strings.Repeat("abcdefghijklmno.", 16): "the name has 257 bytes on the wire, at most 255",
		"a b":                                  "blank",
		"a\x1b[31m":                            "control",
		`a\256`:                                "is no byte",
		`a\`:                                   "backslash",
		"m\u00fcller.test":                     "not ASCII",
		"bad\xff":                              "not ASCII",
	} {
		_, err := ParseName(text)
		if primitive.KindOf(err) != primitive.Usage || !strings.Contains(err.Error(), want) || primitive.AsError(err).Hint == "" {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil && strings.ContainsFunc(err.Error(), func(r rune) bool { return r == 0x1b || r == 0xfffd }) {
			t.Errorf("%q is not escaped: %q", text, err)
		}
	}
}

// Some of the samples of RFC 3492 section 7.1, and what people type.
func TestPunycode(t *testing.T) {
	for name, want := range map[string]string{
		"müller.de":      "xn--mller-kva.de",
		"bücher.example": "xn--bcher-kva.example",
		"例え.テスト":         "xn--r8jz45g.xn--zckzah",
		"他们为什么不说中文":      "xn--ihqwcrb4cv8a8dqg056pqjye",
		"почемужеонинеговорятпорусски": "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l",
		"plain.test": "plain.test",
	} {
		if got, ok := punycode(name); got != want || !ok {
			t.Errorf("%s: %s, %v", name, got, ok)
		}
	}
	if _, ok := punycode(strings.Repeat("ü", 200)); ok {
		t.Error("a label that is too long has no form")
	}
}

func TestParseType(t *testing.T) {
	for text, want := range map[string]uint16{"a": 1, "AAAA": 28, "TYPE65280": 65280, "any": 255, "https": 65} {
		if got, err := ParseType(text); got != want || err != nil {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "AAA", "28", "99999", "TYPE0", "TYPE70000", "AXFR", "OPT", "\x1b", "None"} {
		if _, err := ParseType(text); primitive.KindOf(err) != primitive.Usage || primitive.AsError(err).Hint == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A name that is taken can be sent, and is read as it was.
func FuzzParseName(f *testing.F) {
	for _, s := range []string{"www.example.test", `a\.b`, `\000`, "a..b", "ü.test", `\`, "."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := ParseName(text)
		if err != nil {
			if primitive.KindOf(err) != primitive.Usage {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		wire := make([]byte, 300)
		end, err := dns.PackDomainName(name, wire, 0, nil, false)
		if err != nil || end > maxName {
			t.Fatalf("%q: %d bytes, %v", name, end, err)
		}
		back, _, err := dns.UnpackDomainName(wire, 0)
		if again, _ := ParseName(back); err != nil || again != back {
			t.Fatalf("%q came back as %q, %v", name, back, err)
		}
	})
}
