package mail

import (
	"bytes"
	"context"
	"fmt"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sosh/dialogue"
	"sosh/internal/nettest"
	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// patience bounds what a test waits for.
const patience = 20 * time.Second

// sink serves with the given settings as long as the test lives.
func sink(t *testing.T, c Config) (*Sink, primitive.Addr, *nettest.Notes) {
	t.Helper()
	log := &nettest.Notes{}
	config, err := tlsinfo.Offer{AdHoc: true}.Config()
	if err != nil {
		t.Fatal(err)
	}
	c.Log, c.TLS = log.Add, config
	s, err := NewSink(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	ctx, cancel := context.WithCancel(context.Background())
	addr := serve(t, func(conn net.Conn) {
		if err := s.Serve(ctx, sock.NewStream(conn)); err != nil {
			log.Add("served: %v", err)
		}
	})
	t.Cleanup(cancel) // before the server waits for its clients
	return s, addr, log
}

func serve(t *testing.T, handle func(net.Conn)) primitive.Addr {
	return at(t, nettest.Serve(t, handle))
}

func at(t *testing.T, address string) primitive.Addr {
	t.Helper()
	a, err := primitive.ParseAddr(address, false)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func options(addr primitive.Addr) Options {
	return Options{Options: dialogue.Options{Addr: addr, Trust: tlsinfo.Trust{Insecure: true}, Timeout: patience}, StartTLS: "auto"}
}

func compose(t *testing.T, l Letter) *Message {
	t.Helper()
	if l.From == "" {
		l.From = "ann@example.org"
	}
	if l.To == nil {
		l.To = []string{"bob@example.org"}
	}
	m, err := l.Compose(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A letter arrives as it was written, over TLS and without.
func TestSendToSink(t *testing.T) {
	for _, starttls := range []string{"never", "auto", "always"} {
		t.Run(starttls, func(t *testing.T) {
			s, addr, log := sink(t, Config{})
			o := options(addr)
			o.StartTLS = starttls
			body := "Dear Bob,\n.a dot\n..two\n.\nthe end"
			sent, err := Send(t.Context(), o, compose(t, Letter{Subject: "hello", Body: []byte(body)}), false)
			if err != nil || sent.Code != 250 || len(sent.Accepted) != 1 || (sent.TLS == "") != (starttls == "never") {
				t.Fatalf("%+v, %v", sent, err)
			}
			got := s.Letters()
			if len(got) != 1 || got[0].From != "ann@example.org" || got[0].To[0] != "bob@example.org" || got[0].Subject != "hello" {
				t.Fatalf("%+v", got)
			}
			m, err := netmail.ReadMessage(bytes.NewReader(got[0].Data))
			if err != nil || m.Header.Get("Message-Id") != sent.ID {
				t.Fatalf("%v %v", m, err)
			}
			text := new(bytes.Buffer)
			if _, err := text.ReadFrom(m.Body); err != nil || text.String() != strings.ReplaceAll(body, "\n", "\r\n")+"\r\n" {
				t.Errorf("%q, %v", text, err)
			}
			if want := `<ann@example.org> to <bob@example.org>: `; !strings.Contains(log.String(), want) {
				t.Errorf("the log is %s", log)
			}
		})
	}
}

// Some recipients are taken and others not; --strict sends to all or none.
func TestRefusedRecipients(t *testing.T) {
	s, addr, _ := sink(t, Config{Refuse: []string{"nobody@example.org", "*@example.net"}})
	m := compose(t, Letter{To: []string{"bob@example.org", "nobody@EXAMPLE.org, x@example.net"}})
	sent, err := Send(t.Context(), options(addr), m, false)
	if err != nil || len(sent.Accepted) != 1 || len(sent.Refused) != 2 || sent.Refused[0].Code != 550 {
		t.Fatalf("%+v, %v", sent, err)
	}
	if words := sent.Words().Line; !strings.Contains(words, "refused for x@example.net: 550 5.1.1 no such user here") {
		t.Errorf("%s", words)
	}
	_, err = Send(t.Context(), options(addr), m, true)
	if e := primitive.AsError(err); e.Kind != primitive.Failed || !strings.Contains(e.Cause, "550 mailbox unavailable: 5.1.1 no such user here") || e.Hint == "" {
		t.Errorf("%v", err)
	}
	if _, err := Send(t.Context(), options(addr), compose(t, Letter{To: []string{"x@example.net"}}), false); err == nil {
		t.Error("sent to nobody")
	}
	if n := len(s.Letters()); n != 1 {
		t.Errorf("%d letters", n)
	}
}

// The login is by the mechanism that both know; nothing shows the password.
func TestLogin(t *testing.T) {
	_, addr, log := sink(t, Config{User: "ann", Password: "very secret"})
	var shown nettest.Notes
	o := options(addr)
	o.Show = func(line string) { shown.Add("%s", line) }
	_, err := Send(t.Context(), o, compose(t, Letter{}), false)
	if e := primitive.AsError(err); e.Kind != primitive.Denied || !strings.Contains(e.Hint, "--user") {
		t.Errorf("without a login: %v", err)
	}
	o.User, o.Password = "ann", "wrong one"
	_, err = Send(t.Context(), o, compose(t, Letter{}), false)
	if e := primitive.AsError(err); e.Kind != primitive.Denied || !strings.Contains(e.Cause, "535 user or password wrong") {
		t.Errorf("a wrong one: %v", err)
	}
	o.Password = "very secret"
	sent, err := Send(t.Context(), o, compose(t, Letter{}), false)
	if err != nil || sent.Auth != "PLAIN" || len(sent.Dialogue) < 10 {
		t.Errorf("%+v, %v", sent, err)
	}
	text := shown.String() + strings.Join(sent.Dialogue, "\n") + log.String()
	if strings.Contains(text, "secret") || strings.Contains(text, encode("\x00ann\x00very secret")) || !strings.Contains(text, "> AUTH PLAIN ***") {
		t.Errorf("shown was\n%s", text)
	}
}

// A mock answers with its status to every second letter.
func TestStatusEvery(t *testing.T) {
	n := 0
	s, addr, _ := sink(t, Config{Status: 451, Hit: func() bool { n++; return n%2 == 0 }})
	for i, want := range []string{"", "failed", "", "failed"} {
		_, err := Send(t.Context(), options(addr), compose(t, Letter{}), false)
		if string(primitive.KindOf(err)) != want {
			t.Errorf("letter %d: %v", i, err)
		}
	}
	if n := len(s.Letters()); n != 2 {
		t.Errorf("%d letters", n)
	}
}

// Letters are written to the folder as a whole, with their envelope; memory and
// folder have bounds.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	s, addr, _ := sink(t, Config{Dir: dir, MaxLetters: 2})
	for range 2 {
		if _, err := Send(t.Context(), options(addr), compose(t, Letter{Subject: "grüße"}), false); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Send(t.Context(), options(addr), compose(t, Letter{}), false)
	if !strings.Contains(fmt.Sprint(err), "452 not enough room") {
		t.Errorf("the third: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 || filepath.Ext(files[0]) != ".eml" {
		t.Fatalf("%v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil || !bytes.HasPrefix(data, []byte("Return-Path: <ann@example.org>\r\nDelivered-To: bob@example.org\r\nReceived: ")) {
		t.Errorf("%q, %v", data, err)
	}
	if got := s.Letters(); len(got) != 2 || got[0].Subject != "grüße" || got[0].File == "" {
		t.Errorf("%+v", got)
	}
}

// What a sink refuses has a bound: size, recipients, silence.
func TestSinkLimits(t *testing.T) {
	s, addr, log := sink(t, Config{MaxSize: 2000, MaxTo: 2, Idle: 50 * time.Millisecond})
	o := options(addr)
	o.StartTLS = "never"
	_, err := Send(t.Context(), o, compose(t, Letter{Body: bytes.Repeat([]byte("x"), 3000)}), false)
	if primitive.KindOf(err) != primitive.Oversized {
		t.Errorf("too large: %v", err)
	}
	sent, err := Send(t.Context(), o, compose(t, Letter{To: []string{"a@b.c", "b@b.c", "c@b.c"}}), false)
	if err != nil || len(sent.Accepted) != 2 || sent.Refused[0].Code != 452 {
		t.Errorf("%+v, %v", sent, err)
	}
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	all := new(bytes.Buffer)
	if _, err := all.ReadFrom(conn); err != nil || !strings.Contains(all.String(), "421 4.4.2") {
		t.Errorf("silence: %q, %v", all, err)
	}
	if len(s.Letters()) != 1 || log.String() == "" {
		t.Errorf("%d letters; the log is %s", len(s.Letters()), log)
	}
}

// A letter that grows beyond the limit without having said so is refused, and
// kept nowhere.
func TestEndlessLetter(t *testing.T) {
	s, addr, _ := sink(t, Config{MaxSize: 10_000})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := dialogue.New(dialogue.Protocol{Name: "SMTP"}, dialogue.Options{Addr: addr})
	if err := c.Open(ctx, func(context.Context) error { return nil }); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, line := range []string{"EHLO x", "MAIL FROM:<a@b.c>", "RCPT TO:<a@b.c>", "DATA"} {
		if r, err := c.Command(ctx, line); err != nil || !r.Positive() {
			t.Fatalf("%s: %v %v", line, r, err)
		}
	}
	if _, err := c.Stream().Send(ctx, bytes.Repeat([]byte("0123456789\r\n"), 100_000)); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Command(ctx, "."); err != nil || r.Code != 552 {
		t.Errorf("%v %v", r, err)
	}
	if len(s.Letters()) != 0 {
		t.Error("it was kept")
	}
}

// Settings that cannot be are wrong usage.
func TestSinkUsage(t *testing.T) {
	for _, c := range []Config{{Status: 250}, {User: "ann"}} {
		if _, err := NewSink(c); primitive.KindOf(err) != primitive.Usage {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := NewSink(Config{Dir: filepath.Join(t.TempDir(), "none")}); primitive.KindOf(err) != primitive.NotFound {
		t.Errorf("%v", err)
	}
}

// Check tells what the server offers.
func TestCheck(t *testing.T) {
	_, addr, _ := sink(t, Config{User: "ann", Password: "secret", MaxSize: 12345, Name: "mail.example"})
	o := options(addr)
	o.StartTLS = "never"
	got, err := Check(t.Context(), o)
	if err != nil || got.Code != 220 || !got.StartTLS || got.TLS != "" || got.Size != 12345 || strings.Join(got.Auth, " ") != "PLAIN LOGIN" {
		t.Errorf("%+v, %v", got, err)
	}
	o.StartTLS = "always"
	if got, err = Check(t.Context(), o); err != nil || !got.StartTLS || got.TLS != "TLS 1.3" {
		t.Errorf("%+v, %v", got, err)
	}
	if words := got.Words().Line; !strings.HasPrefix(words, "220 mail.example ESMTP Service Ready\nTLS 1.3\n  PIPELINING") {
		t.Errorf("%s", words)
	}
	o.Trust.Insecure = false
	if _, err = Check(t.Context(), o); primitive.KindOf(err) != primitive.Untrusted {
		t.Errorf("a certificate of its own: %v", err)
	}
}
