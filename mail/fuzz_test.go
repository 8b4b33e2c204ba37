package mail

import (
	"bytes"
	"io"
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

// Whatever a letter holds, it ends where it ends: no line of it is a dot alone,
// none is longer than servers take, and its header has no line that was not meant.
func FuzzLetter(f *testing.F) {
	f.Add("ann@example.org", "bob@example.org", "hello", "Dear Bob")
	f.Add("Ann <ann@example.org>", "a@b.c,d@e.f", "grüße\t", ".\r\n.\n..\r.")
	f.Add("a@b.c\r\nX: y", "<>", "x\r\nBcc: eve@example.org", strings.Repeat("x", 2000))
	f.Add("a@b.c", "d@e.f", strings.Repeat("ü", 440), "x")
	f.Add("\""+strings.Repeat("n", 800)+"\" <a@b.c>", "d@e.f", strings.Repeat("s", 890), "x")
	f.Fuzz(func(t *testing.T, from, to, subject, body string) {
		m, err := Letter{From: from, To: []string{to}, Subject: subject, Body: []byte(body)}.Compose(time.Unix(0, 0))
		if err != nil {
			return
		}
		text := stuffed(m.Data)
		if !bytes.HasSuffix(text, []byte("\r\n.\r\n")) || bytes.Count(text, []byte("\r\n.\r\n")) != 1 {
			t.Errorf("the end is not the end: %q", text)
		}
		for line := range bytes.SplitSeq(text, []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsAny(line, "\r\n") {
				t.Errorf("a line is %q", line)
			}
		}
		parsed, err := netmail.ReadMessage(bytes.NewReader(m.Data))
		if err != nil || len(parsed.Header) != 8 || parsed.Header.Get("Message-Id") != m.ID {
			t.Errorf("%v, %v", err, parsed)
			return
		}
		if _, err := io.ReadAll(parsed.Body); err != nil {
			t.Error(err)
		}
		if strings.ContainsAny(m.From+strings.Join(m.To, ""), "\r\n<>\x00 ") {
			t.Errorf("the envelope is %q %q", m.From, m.To)
		}
	})
}
