package dialogue

import (
	"strings"
	"testing"

	"sosh/primitive"
)

// reply puts lines together; done is false when more must come.
func reply(lines ...string) (r Reply, done, ok bool) {
	var p parser
	for i, line := range lines {
		if done, ok = p.line(line); !ok || done && i < len(lines)-1 {
			return p.reply, false, false
		}
	}
	return p.reply, done, ok
}

func TestReplies(t *testing.T) {
	for text, want := range map[string]string{
		"250 ok":                       "250 ok",
		"250":                          "250",
		"250 ":                         "250",
		"250-one\n250-two\n250 three":  "250 three",
		"211-one\n two\n211x\n211 end": "211 end",
		"211-one\n 211 not yet\n211 e": "211 e",
		"250-a\n550 other\n250 b":      "250 b",
		"220 \x1b[2J\xff":              `220 \x1b[2J\xff`,
		"099 x":                        "",
		"999 x":                        "",
		"25 x":                         "",
		"2500 x":                       "",
		"250_x":                        "",
		"":                             "",
		"HTTP/1.1 400 Bad Request":     "",
		"250-never\n250-ends":          "",
	} {
		r, done, ok := reply(strings.Split(text, "\n")...)
		if got := r.String(); done && ok != (want != "") || done && got != want || !(done && ok) && want != "" {
			t.Errorf("%q: %q %v %v", text, got, done, ok)
		}
	}
	if r, _, _ := reply("250-one", "250-two", "250 three"); len(r.Lines) != 3 || r.Lines[1] != "two" {
		t.Errorf("%q", r.Lines)
	}
}

// Whatever comes, nothing panics, a reply has a code and lines, and its text is
// safe to show.
func FuzzReply(f *testing.F) {
	for _, s := range []string{"250 ok", "250-a\n250 b", "211-x\n y\n211 z", "\x00", "2", "-", "250", "\xff\xff\xff\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, done, ok := reply(strings.Split(s, "\n")...)
		if !done || !ok {
			return
		}
		if r.Code < 100 || r.Code > 699 || len(r.Lines) == 0 {
			t.Errorf("%q: %+v", s, r)
		}
		c := &Client{o: Options{Password: "secret"}}
		for _, text := range []string{r.String(), c.refusedText(r)} {
			if strings.ContainsAny(text, "\x00\x1b\r\n\x07") || text != primitive.Visible(text) {
				t.Errorf("%q is shown as %q", s, text)
			}
		}
	})
}
