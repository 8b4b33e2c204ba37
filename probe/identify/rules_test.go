package identify

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"testing"
)

// A transcript is a line of testdata/transcripts.txt.
type transcript struct {
	protocol, sure, question, answer, product, version string
}

func transcripts(t testing.TB) (list []transcript) {
	t.Helper()
	data, err := os.ReadFile("testdata/transcripts.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		f := fields(t, line)
		for len(f) < 6 {
			f = append(f, "")
		}
		if f[4] == "-" {
			f[4] = ""
		}
		list = append(list, transcript{f[0], f[1], f[2], f[3], f[4], f[5]})
	}
	return list
}

// fields are words, bare or quoted as Go strings.
func fields(t testing.TB, line string) (list []string) {
	t.Helper()
	for line != "" {
		word, rest, _ := strings.Cut(line, " ")
		if line[0] == '"' {
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			word, _ = strconv.Unquote(quoted)
			rest = strings.TrimPrefix(line[len(quoted):], " ")
		}
		list, line = append(list, word), rest
	}
	return list
}

func TestTranscripts(t *testing.T) {
	hit := map[string]bool{}
	for _, c := range transcripts(t) {
		s, ok := recognise(c.question, []byte(c.answer), nil)
		if !ok || s.Protocol != c.protocol || string(s.Sure) != c.sure || s.Product != c.product || s.Version != c.version {
			t.Errorf("%s: %q is %q, %s, %q %q (%s)", c.protocol, c.answer, s.Protocol, s.Sure, s.Product, s.Version, s.Why)
		}
		hit[s.Protocol+s.Why] = true
	}
	for _, r := range rules.Get() {
		if r.protocol != "echo" && !hit[r.protocol+r.why] {
			t.Errorf("no transcript for %s, %s", r.protocol, r.why)
		}
	}
}

// What is cut off anywhere is no other protocol, but for what is rightly less.
func TestTornTranscripts(t *testing.T) {
	for _, c := range transcripts(t) {
		for n := range len(c.answer) {
			s, ok := recognise(c.question, []byte(c.answer[:n]), nil)
			if ok && s.Sure == Certain && s.Protocol != c.protocol && c.protocol+s.Protocol != "mongodbhttp" {
				t.Errorf("%s: the first %d bytes are %s", c.protocol, n, s.Protocol)
			}
		}
	}
}

func TestEchoIsNoOther(t *testing.T) {
	for _, q := range questions() {
		said, err := q.wordsFor("localhost")
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := recognise(q.name, said, said); len(said) >= 4 && (!ok || s.Protocol != "echo") {
			t.Errorf("%s sent back is %q", q.name, s.Protocol)
		}
	}
}

func TestQuestionsFollowThePort(t *testing.T) {
	for port, want := range map[int]string{443: "tls", 6379: "redis", 53: "dns", 31337: "tls", 8080: "http"} {
		list, few := ordered(port, false)
		if list[0].name != want || len(list) != len(questions()) || few < commonOnes {
			t.Errorf("%d: %s first, %d questions, %d of them one by one", port, list[0].name, len(list), few)
		}
	}
	if list, _ := ordered(443, true); list[0].name == "tls" {
		t.Error("TLS within TLS")
	}
}

func TestDatagrams(t *testing.T) {
	ntp := append([]byte{0x24, 2}, make([]byte, 46)...)
	for _, c := range []struct {
		port           int
		answer         string
		protocol, more string
	}{
		{53, "\x50\x52\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00", "dns", ""},
		{123, string(ntp), "ntp", "4, stratum 2"},
		{5060, "SIP/2.0 200 OK\r\n\r\n", "sip", ""},
		{69, "\x00\x05\x00\x01File not found\x00", "tftp", ""},
		{11211, "\x00\x01\x00\x00\x00\x01\x00\x00VERSION 1.6.18\r\n", "memcached", "1.6.18"},
		{9999, "\x50\x52\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00", "dns", ""},
		{7, "probe\r\n", "echo", ""},
		{9999, "what?", "", ""},
	} {
		q := datagrams(c.port)[0]
		if s := recogniseDatagram(q, []byte(c.answer)); s.Protocol != c.protocol || s.Version != c.more {
			t.Errorf("%d: %q is %q %q", c.port, c.answer, s.Protocol, s.Version)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	for _, c := range transcripts(f) {
		f.Add(c.question, []byte(c.answer))
	}
	f.Fuzz(func(t *testing.T, question string, data []byte) {
		s, ok := recognise(question, data, nil)
		if ok && (s.Protocol == "" || s.Sure == "" || s.Why == "") {
			t.Errorf("%+v", s)
		}
		for _, text := range []string{s.Product, s.Version} {
			if len(text) > 1000 || strings.ContainsAny(text, "\x1b\x07\n") {
				t.Errorf("%q", text)
			}
		}
		for _, q := range datagrams(len(data)) {
			if s := recogniseDatagram(q, bytes.Clone(data)); len(s.Version) > 1000 {
				t.Errorf("%q", s.Version)
			}
		}
	})
}
