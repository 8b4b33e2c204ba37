package tlsinfo

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"
	"time"

	"sosh/primitive"
)

// A Certificate is what one of a chain says. Its texts are escaped: whoever asked
// for the certificate chose them.
type Certificate struct {
	Subject   string   `help:"who it is for, as a distinguished name (RFC 4514)"`
	Issuer    string   `help:"who signed it"`
	Names     []string `help:"DNS names, addresses, e-mail addresses and URIs it is for (subjectAltName)"`
	NotBefore string   `help:"valid from, as RFC 3339"`
	NotAfter  string   `help:"valid until, as RFC 3339"`
	Key       string   `help:"type and size of its public key"`
	Signature string   `help:"how it was signed"`
	Serial    string   `help:"serial number, in hexadecimal"`
	Sha256    string   `help:"its SHA-256 fingerprint"`
	Authority bool     `help:"it may sign others"`
	Pem       string   `help:"the certificate itself (RFC 7468)"`
}

// Most names that are told of one certificate; the rest is counted.
const mostNames = 200

// Describe reads a certificate.
func Describe(c *x509.Certificate) Certificate {
	return Certificate{
		Subject: dn(c.Subject.String()), Issuer: dn(c.Issuer.String()), Names: namesOf(c),
		NotBefore: c.NotBefore.UTC().Format(time.RFC3339), NotAfter: c.NotAfter.UTC().Format(time.RFC3339),
		Key: keyOf(c), Signature: c.SignatureAlgorithm.String(), Serial: c.SerialNumber.Text(16),
		Sha256: fingerprint(c), Authority: c.IsCA,
		Pem: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})),
	}
}

// dn is a distinguished name as text; an empty one is legal.
func dn(text string) string {
	if text == "" {
		return "(none)"
	}
	return clean(text)
}

// Most bytes of one name that are told.
const mostText = 1 << 10

// clean is a text of a certificate, escaped and bounded.
func clean(text string) string {
	if len(text) > mostText {
		return primitive.Escape(text[:mostText], false) + "…"
	}
	return primitive.Escape(text, false)
}

func namesOf(c *x509.Certificate) []string {
	names := []string{}
	add := func(text string) {
		if len(names) < mostNames {
			names = append(names, clean(text))
		}
	}
	for _, n := range c.DNSNames {
		add(n)
	}
	for _, ip := range c.IPAddresses {
		add(ip.String())
	}
	for _, n := range c.EmailAddresses {
		add(n)
	}
	for _, u := range c.URIs {
		add(u.String())
	}
	if all := len(c.DNSNames) + len(c.IPAddresses) + len(c.EmailAddresses) + len(c.URIs); all > mostNames {
		names = append(names, fmt.Sprintf("… %d more", all-mostNames))
	}
	return names
}

func keyOf(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return c.PublicKeyAlgorithm.String()
}

// fingerprint is written as openssl does: AB:CD:…
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	text := strings.ToUpper(hex.EncodeToString(sum[:]))
	var b strings.Builder
	for i := 0; i < len(text); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(text[i : i+2])
	}
	return b.String()
}

// lines tells a certificate to a person.
func (c *Certificate) lines(n int, now time.Time, b *strings.Builder) {
	fmt.Fprintf(b, "certificate %d  %s\n", n, c.Subject)
	line := func(what, text string) { fmt.Fprintf(b, "  %-11s  %s\n", what, text) }
	line("issuer", c.Issuer)
	if len(c.Names) > 0 {
		line("names", strings.Join(c.Names, ", "))
	}
	line("valid", c.validity(now))
	line("key", c.Key)
	line("signature", c.Signature)
	line("serial", c.Serial)
	line("sha-256", c.Sha256)
}

func (c *Certificate) validity(now time.Time) string {
	end, err := time.Parse(time.RFC3339, c.NotAfter)
	text := c.NotBefore + " to " + c.NotAfter
	switch {
	case err != nil:
		return text
	case end.Before(now):
		return text + ", over for " + Span(now.Sub(end))
	}
	return text + ", " + Span(end.Sub(now)) + " left"
}

// Span is a length of time in one unit, rounded down: "3 days", "1 hour".
func Span(d time.Duration) string {
	unit, word := time.Second, "second"
	switch {
	case d >= 24*time.Hour:
		unit, word = 24*time.Hour, "day"
	case d >= time.Hour:
		unit, word = time.Hour, "hour"
	case d >= time.Minute:
		unit, word = time.Minute, "minute"
	}
	if n := int64(d / unit); n != 1 {
		return fmt.Sprintf("%d %ss", n, word)
	}
	return "1 " + word
}
