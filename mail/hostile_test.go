package mail

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"sosh/internal/nettest"
	"sosh/primitive"
)

// says is the address of a server that gives its answers one after another.
func says(t *testing.T, answers ...string) primitive.Addr {
	return at(t, nettest.Answers(t, answers...))
}

// A server that lies, floods or stops is an error that says so.
func TestHostileServers(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for name, c := range map[string]struct {
		answers []string
		kind    primitive.Kind
		cause   string
	}{
		"no reply":        {[]string{"SSH-2.0-OpenSSH_9\r\n"}, primitive.Failed, `that is no reply of SMTP: "SSH-2.0-OpenSSH_9"`},
		"binary":          {[]string{"\x00\xff\x1b[2J\r\n"}, primitive.Failed, `\x1b`},
		"endless line":    {[]string{"220 " + long}, primitive.Oversized, "more than 4096 bytes"},
		"endless reply":   {[]string{strings.Repeat("220-more\r\n", 2000)}, primitive.Oversized, "more than 1000 lines"},
		"ends at once":    {[]string{"220 hi\r\n", ""}, primitive.Timeout, "no reply in time"},
		"refuses to talk": {[]string{"554 go away\x07\r\n"}, primitive.Failed, `554 transaction failed: go away\x07`},
		"busy":            {[]string{"421 too many\r\n"}, primitive.Reset, "421 service not available: too many"},
		"bad code":        {[]string{"220 hi\r\n", "999 what\r\n"}, primitive.Failed, "no reply"},
		"injection":       {[]string{"220 hi\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n250 injected\r\n"}, primitive.Failed, "nobody vouches"},
		"no TLS after all": {[]string{"220 hi\r\n", "250-x\r\n250 STARTTLS\r\n", "454 not now\r\n"}, primitive.Failed,
			"454 temporary failure of authentication or TLS: not now"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(says(t, c.answers...))
			o.Timeout = patience
			if c.kind == primitive.Timeout {
				o.Timeout = 50 * time.Millisecond
			}
			_, err := Send(t.Context(), o, compose(t, Letter{}), false)
			e := primitive.AsError(err)
			if err == nil || e.Kind != c.kind || !strings.Contains(e.Error(), c.cause) || e.Hint == "" || strings.ContainsAny(e.Error()+e.Hint, "\x00\x07\x1b") {
				t.Errorf("%v (%s), hint %q", err, e.Kind, e.Hint)
			}
		})
	}
}

// A server that drips a byte at a time does not hold a client for ever.
func TestDrip(t *testing.T) {
	stop := make(chan struct{})
	addr := serve(t, func(conn net.Conn) {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if _, err := io.WriteString(conn, "2"); err != nil {
					return
				}
			case <-stop:
				return
			}
		}
	})
	defer close(stop)
	o := options(addr)
	o.Timeout = 60 * time.Millisecond
	if _, err := Send(t.Context(), o, compose(t, Letter{}), false); primitive.KindOf(err) != primitive.Timeout {
		t.Errorf("%v", err)
	}
}

// Lines cannot be smuggled into the dialogue or the header.
func TestInjection(t *testing.T) {
	for _, l := range []Letter{
		{From: "ann@example.org", To: []string{"bob@example.org"}, Subject: "x\r\nBcc: eve@example.org"},
		{From: "ann@example.org>\r\nRCPT TO:<eve@example.org", To: []string{"bob@example.org"}},
		{From: "ann@example.org", To: []string{"bob@example.org\r\nDATA"}},
		{From: "ann@example.org", To: nil},
		{From: "", To: []string{"bob@example.org"}},
		{From: "ann@example.org", To: []string{"bob@example.org"}, Body: []byte("\xff")},
	} {
		if _, err := l.Compose(time.Now()); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

// An old server knows no EHLO, and a password is not told to the whole network.
func TestOldServer(t *testing.T) {
	addr := says(t, "220 hi\r\n", "500 what\r\n", "250 hello\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", strings.Repeat("", 1))
	o := options(addr)
	got, err := Check(t.Context(), o)
	if err != nil || got.Extended || !strings.Contains(fmt.Sprint(got.Words().Line), "no extensions") {
		t.Errorf("%+v, %v", got, err)
	}
}
