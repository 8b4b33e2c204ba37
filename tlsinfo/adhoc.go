package tlsinfo

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/netip"
	"time"

	"sosh/primitive"
)

// Local is who an ad-hoc certificate is for when nobody says: this machine.
func Local() []string { return []string{"localhost", "127.0.0.1", "::1"} }

// AdHoc makes a certificate signed by nobody but itself, with a fresh key, for
// the given names and addresses; none is Local. It is valid for a year from an
// hour ago. Nothing is kept: the next one is another one.
func AdHoc(names ...string) (tls.Certificate, error) {
	if len(names) == 0 {
		names = Local()
	}
	made, err := Make(Request{Names: names})
	if err != nil {
		return tls.Certificate{}, err
	}
	return made.TLS(), nil
}

// How long an ad-hoc certificate is valid, and how much earlier it begins: the
// clocks of two machines differ.
const (
	usualLife = 365 * 24 * time.Hour
	headStart = time.Hour
)

// A Request says what certificate to make.
type Request struct {
	Names     []string      // DNS names and addresses; of an authority the first is its name
	Authority bool          // it may sign others
	Issuer    *Made         // who signs; nil: it signs itself
	Begins    time.Time     // zero is an hour ago
	Lasts     time.Duration // from Begins; 0 is a year
}

// A Made is a certificate with its private key.
type Made struct {
	Cert *x509.Certificate
	Key  crypto.Signer

	above [][]byte // of its issuers, without the root, which a client must know anyhow
}

// Make makes a certificate with a fresh P-256 key.
func Make(r Request) (*Made, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	form, err := r.template()
	if err != nil {
		return nil, err
	}
	parent, signer := form, crypto.Signer(key)
	if r.Issuer != nil {
		parent, signer = r.Issuer.Cert, r.Issuer.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, form, parent, key.Public(), signer)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	m := &Made{Cert: cert, Key: key}
	if up := r.Issuer; up != nil && !isSelfSigned(up.Cert) {
		m.above = append([][]byte{up.Cert.Raw}, up.above...)
	}
	return m, err
}

func (r *Request) template() (*x509.Certificate, error) {
	if len(r.Names) == 0 || r.Names[0] == "" {
		return nil, primitive.Usagef("a certificate is for a name").WithHint("tls certificate localhost")
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	c := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: r.Names[0]}, NotBefore: r.Begins,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	if c.NotBefore.IsZero() {
		c.NotBefore = time.Now().Add(-headStart)
	}
	if r.Lasts == 0 {
		r.Lasts = usualLife
	}
	c.NotAfter = c.NotBefore.Add(r.Lasts)
	if r.Authority {
		c.IsCA, c.KeyUsage, c.ExtKeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign, nil
		return c, nil
	}
	for _, name := range r.Names {
		if ip, err := netip.ParseAddr(name); err == nil {
			c.IPAddresses = append(c.IPAddresses, ip.AsSlice())
		} else {
			c.DNSNames = append(c.DNSNames, name)
		}
	}
	return c, nil
}

// TLS is the certificate as a server shows it: with those of its issuers.
func (m *Made) TLS() tls.Certificate {
	return tls.Certificate{Certificate: append([][]byte{m.Cert.Raw}, m.above...), PrivateKey: m.Key, Leaf: m.Cert}
}

// CertPEM is what TLS shows, as PEM (RFC 7468).
func (m *Made) CertPEM() []byte {
	var b bytes.Buffer
	for _, der := range m.TLS().Certificate {
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der}) // to memory
	}
	return b.Bytes()
}

// KeyPEM is the private key as PKCS #8 in PEM.
func (m *Made) KeyPEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(m.Key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
