package tlsinfo

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"sosh/internal/lazy"
	"sosh/primitive"
	"sosh/sock"
)

// An Accepted is one version of the protocol, and what a server accepts with it.
type Accepted struct {
	Version  string   `help:"SSL 3.0, TLS 1.0 to TLS 1.3"`
	Accepted bool     `help:"whether it accepts it"`
	Reason   string   `help:"how it refused"`
	Ciphers  []Cipher `help:"cipher suites it accepts, in its order where it has one"`
}

// A Cipher is one cipher suite.
type Cipher struct {
	Name string `help:"as IANA spells it"`
	Weak string `help:"what is wrong with it; empty for nothing"`
}

func (a *Accepted) lines(b *strings.Builder) {
	if !a.Accepted {
		fmt.Fprintf(b, "%s  refused: %s\n", a.Version, a.Reason)
		return
	}
	note := ""
	if a.Version < "TLS 1.2" {
		note = " (weak: out of date, RFC 8996)"
	}
	fmt.Fprintf(b, "%s  accepted%s\n", a.Version, note)
	for _, c := range a.Ciphers {
		if c.Weak != "" {
			c.Name += " (weak: " + c.Weak + ")"
		}
		b.WriteString("  " + c.Name + "\n")
	}
}

var versions = []struct {
	number uint16
	name   string
}{{0x0304, "TLS 1.3"}, {0x0303, "TLS 1.2"}, {0x0302, "TLS 1.1"}, {0x0301, "TLS 1.0"}, {0x0300, "SSL 3.0"}}

// Most handshakes for one version: more ciphers nobody has.
const mostHandshakes = 200

// Ask finds out which versions and ciphers a server accepts, by beginning one
// handshake after the other: each time it is offered what it has not chosen yet.
// Progress tells how many of the versions are done.
func Ask(ctx context.Context, t Target) (list []Accepted, err error) {
	report := primitive.Progress(ctx)
	for i, v := range versions {
		if report != nil {
			report(int64(i), int64(len(versions)))
		}
		a := Accepted{Version: v.name, Ciphers: []Cipher{}}
		if err := t.ask(ctx, v.number, &a); err != nil {
			return list, t.fault(ctx, err)
		}
		list = append(list, a)
	}
	return list, nil
}

// ask finds the ciphers of one version.
func (t Target) ask(ctx context.Context, version uint16, a *Accepted) error {
	h := hello{version: version, ciphers: suitesOf(version), name: t.ServerName()}
	for range mostHandshakes {
		if len(h.ciphers) == 0 {
			break
		}
		r, err := t.offer(ctx, h)
		if why, refused := refusal(h, r, err); refused {
			if !a.Accepted {
				a.Reason = why
			}
			break
		}
		if err != nil {
			return err
		}
		a.Accepted = true
		a.Ciphers = append(a.Ciphers, Cipher{suiteName(r.cipher), weakness(r.cipher)})
		h.ciphers = slices.DeleteFunc(h.ciphers, func(c uint16) bool { return c == r.cipher })
	}
	return nil
}

// offer makes one connection and says hello.
func (t Target) offer(ctx context.Context, h hello) (reply, error) {
	_, conn, quiet, err := t.dial(ctx, sock.DialOptions{})
	if err != nil {
		return reply{}, err
	}
	defer conn.Close()
	defer quiet()
	message, err := h.record()
	if err != nil {
		return reply{}, err
	}
	if _, err := conn.Write(message); err != nil {
		return reply{}, err
	}
	return readReply(conn)
}

// refusal is whether the server took nothing of what it was offered, and how it
// said so. Some just hang up.
func refusal(h hello, r reply, err error) (string, bool) {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "it hung up", true
	case err != nil:
		return "", false
	case r.cipher == 0 && r.version == 0:
		return alertName(r.alert), true
	}
	for _, v := range versions {
		if v.number == r.version && r.version != h.version {
			return "it would take " + v.name, true
		}
	}
	return "it chose what was not offered", !h.offered(r)
}

// alertName is the description of an alert (RFC 8446, 6).
func alertName(n byte) string {
	names := map[byte]string{
		10: "unexpected message", 20: "bad record", 22: "record overflow", 40: "handshake failure", 47: "illegal parameter",
		48: "unknown authority", 50: "decode error", 51: "decrypt error", 70: "protocol version", 71: "insufficient security",
		80: "internal error", 86: "inappropriate fallback", 109: "missing extension", 112: "unrecognised name", 116: "certificate required",
		120: "no application protocol",
	}
	if name, ok := names[n]; ok {
		return name
	}
	return "alert " + strconv.Itoa(int(n))
}

//go:embed ciphers.txt
var suitesText string

// suites maps the numbers of cipher suites to their names.
var suites = lazy.Value[map[uint16]string]{New: func() map[uint16]string {
	m := map[uint16]string{}
	for line := range strings.Lines(suitesText) {
		f := strings.Fields(line)
		if n, err := strconv.ParseUint(f[0], 16, 16); err == nil && len(f) == 2 {
			m[uint16(n)] = f[1]
		}
	}
	return m
}}

// suitesOf are the suites that can be offered with a version, newest first.
func suitesOf(version uint16) (list []uint16) {
	for n := range suites.Get() {
		if (n>>8 == 0x13) == (version == tls13) {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b uint16) int { return int(b) - int(a) })
	return list
}

func suiteName(n uint16) string {
	if name, ok := suites.Get()[n]; ok {
		return name
	}
	return fmt.Sprintf("0x%04x", n)
}

// weakness says what is wrong with a suite, by the parts of its name.
func weakness(n uint16) string {
	for _, w := range [][2]string{
		{"_NULL_", "no encryption"}, {"_anon_", "nobody proves who he is"}, {"EXPORT", "40 bits"}, {"RC4", "RC4, RFC 7465"}, {"RC2", "RC2"},
		{"3DES", "3DES, 64-bit blocks"}, {"DES", "DES, 56 bits"}, {"IDEA", "64-bit blocks"}, {"MD5", "MD5"},
	} {
		if strings.Contains(suiteName(n), w[0]) {
			return w[1]
		}
	}
	if strings.HasPrefix(suiteName(n), "TLS_RSA_") {
		return "no forward secrecy"
	}
	return ""
}
