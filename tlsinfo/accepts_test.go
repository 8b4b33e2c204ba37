package tlsinfo

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"sosh/internal/nettest"
	"sosh/primitive"
)

func TestAccepts(t *testing.T) {
	config := with(made(t, Request{Names: Local()}).TLS())
	config.MinVersion = tls.VersionTLS11
	config.CipherSuites = []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA}
	list, err := Ask(within(t), secured(t, config))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range list {
		slices.SortFunc(list[i].Ciphers, func(x, y Cipher) int { return strings.Compare(x.Name, y.Name) })
		list[i].lines(&b)
	}
	want := `TLS 1.3  accepted
  TLS_AES_128_GCM_SHA256
  TLS_AES_256_GCM_SHA384
  TLS_CHACHA20_POLY1305_SHA256
TLS 1.2  accepted
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
  TLS_ECDHE_ECDSA_WITH_RC4_128_SHA (weak: RC4, RFC 7465)
TLS 1.1  accepted (weak: out of date, RFC 8996)
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA
  TLS_ECDHE_ECDSA_WITH_RC4_128_SHA (weak: RC4, RFC 7465)
TLS 1.0  refused: protocol version
SSL 3.0  refused: protocol version
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// A server that hangs up on what it does not like refuses, too; one that talks
// nonsense is an error.
func TestAcceptsOfStrangers(t *testing.T) {
	mute := at(t, nettest.Serve(t, func(c net.Conn) { c.Read(make([]byte, 4096)) }))
	list, err := Ask(within(t), mute)
	if err != nil || len(list) != len(versions) || slices.ContainsFunc(list, func(a Accepted) bool { return a.Accepted || a.Reason != "it hung up" }) {
		t.Errorf("%v, %v", list, err)
	}
	echo := at(t, nettest.Echo(t))
	if _, err := Ask(within(t), echo); primitive.KindOf(err) != primitive.Failed {
		t.Errorf("%v", err)
	}
}

func TestSuites(t *testing.T) {
	if n := len(suites.Get()); n < 100 {
		t.Errorf("%d cipher suites", n)
	}
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if suiteName(s.ID) != s.Name && !strings.HasPrefix(suiteName(s.ID), s.Name) { // crypto/tls has two short names
			t.Errorf("%04x is %s, not %s", s.ID, suiteName(s.ID), s.Name)
		}
	}
}

func TestStartTLS(t *testing.T) {
	for protocol, said := range map[string]string{
		"smtp":     "220-hello\r\n220 ready\r\n250-a.example\r\n250-STARTTLS\r\n250 8BITMIME\r\n220 go\r\n",
		"imap":     "* OK ready\r\n* CAPABILITY IMAP4\r\na1 OK begin\r\n",
		"pop3":     "+OK ready\r\n+OK begin\r\n",
		"ftp":      "220-Welcome\r\n here\r\n220 ready\r\n234 AUTH TLS\r\n",
		"postgres": "S",
	} {
		w := &peerWords{in: strings.NewReader(said + "PLAIN")}
		if err := startTLS(w, protocol); err != nil {
			t.Errorf("%s: %v", protocol, err)
		}
		if rest, _ := io.ReadAll(w.in); string(rest) != "PLAIN" {
			t.Errorf("%s: what came behind was taken: %q is left", protocol, rest)
		}
	}
	for _, c := range []struct{ protocol, said string }{
		{"smtp", "554 go away\r\n"}, {"smtp", "220 a\r\n250 b\r\n502 no\r\n"}, {"imap", "* OK\r\na1 BAD no\r\n"}, {"pop3", "+OK\r\n-ERR\r\n"},
		{"postgres", "N"}, {"smtp", strings.Repeat("220-x\r\n", 200)}, {"smtp", strings.Repeat("2", 5000)}, {"nonsense", ""},
	} {
		err := startTLS(&peerWords{in: strings.NewReader(c.said)}, c.protocol)
		if err == nil || primitive.KindOf(err) == primitive.EOF {
			t.Errorf("%s after %.20q: %v", c.protocol, c.said, err)
		}
	}
}

// A peerWords is a peer whose words are known before.
type peerWords struct {
	in  *strings.Reader
	out bytes.Buffer
}

func (s *peerWords) Read(p []byte) (int, error)  { return s.in.Read(p) }
func (s *peerWords) Write(p []byte) (int, error) { return s.out.Write(p) }

func FuzzServerHello(f *testing.F) {
	f.Add([]byte("\x15\x03\x03\x00\x02\x02\x28"))
	f.Add(append([]byte("\x16\x03\x03\x00\x2c\x02\x00\x00\x28\x03\x03"), make([]byte, 40)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := readReply(bytes.NewReader(data))
		if err == nil && r.version == 0 && r.cipher == 0 && len(data) < 7 {
			t.Errorf("%q is an answer", data)
		}
		_ = startTLS(&peerWords{in: strings.NewReader(string(data))}, "smtp")
		_ = startTLS(&peerWords{in: strings.NewReader(string(data))}, "imap")
	})
}

// A mail server that begins in plain text is inspected as one that does not.
func TestInspectAfterStartTLS(t *testing.T) {
	config := with(made(t, Request{Names: Local()}).TLS())
	target := at(t, nettest.Serve(t, func(c net.Conn) {
		if !nettest.Converse(c, "220 ready\r\n", "250-hello\r\n250 STARTTLS\r\n", "220 go\r\n") {
			return
		}
		s := tls.Server(c, config)
		io.Copy(s, s)
	}))
	target.StartTLS = "smtp"
	r, err := Inspect(within(t), target)
	if err != nil || r.Starttls != "smtp" || len(r.Chain) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	target.StartTLS = "imap"
	if _, err := Inspect(within(t), target); primitive.KindOf(err) != primitive.Failed {
		t.Errorf("%v", err)
	}
}
