package tlsinfo

import (
	"context"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"strings"

	"sosh/primitive"
	"sosh/sock"
)

// Most bytes of a file with certificates; the authorities of a whole system take
// a quarter of that.
const mostFile = 1 << 20

// ReadPEM gives the text of a file, or what is PEM text itself (RFC 7468): scripts
// need no file for a certificate they have just made. NotFound, Denied, Oversized.
func ReadPEM(text string) ([]byte, error) {
	if strings.Contains(text, "-----BEGIN ") {
		return []byte(text), nil
	}
	f, err := os.Open(text)
	if err != nil {
		return nil, fileError(text, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	switch {
	case err != nil:
		return nil, fileError(text, err)
	case len(data) > mostFile:
		return nil, primitive.Newf(primitive.Oversized, "the file is larger than %d bytes", mostFile).On(primitive.Quote(text))
	}
	return data, nil
}

func fileError(path string, err error) error {
	e := primitive.AsError(err)
	if e.Kind == primitive.NotFound {
		e = primitive.Newf(primitive.NotFound, "no such file")
	}
	return e.On(primitive.Quote(path)).WithHint("name a file in PEM form; to make one: tls certificate --out FILE")
}

// Roots reads the authorities to trust from a file or text; empty is nil: those
// of this system.
func Roots(text string) (*x509.CertPool, error) {
	if text == "" {
		return nil, nil
	}
	data, err := ReadPEM(text)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, noPEM("certificate", text)
	}
	return pool, nil
}

func noPEM(what, text string) error {
	if strings.Contains(text, "-----BEGIN ") {
		text = "that text"
	}
	return primitive.Usagef("there is no %s in %s", what, primitive.Quote(text)).
		WithHint("it is in PEM form, and begins with -----BEGIN %s-----; to make one: tls certificate --out FILE", strings.ToUpper(what))
}

// KeyPair reads the certificate of a server, with those of its issuers, and its
// private key. No key is the one that stands with the certificate.
func KeyPair(cert, key string) (tls.Certificate, error) {
	certs, err := ReadPEM(cert)
	if err != nil {
		return tls.Certificate{}, err
	}
	keys := certs
	if key != "" {
		if keys, err = ReadPEM(key); err != nil {
			return tls.Certificate{}, err
		}
	}
	pair, err := tls.X509KeyPair(certs, keys)
	if err != nil {
		return pair, primitive.Usagef("that is no certificate with its key: %s", strings.TrimPrefix(err.Error(), "tls: ")).
			WithHint("to make both in one file: tls certificate --out FILE")
	}
	return pair, nil
}

// ReadMade reads an authority with its key, to sign with.
func ReadMade(text string) (*Made, error) {
	pair, err := KeyPair(text, "")
	if err != nil {
		return nil, err
	}
	signer, ok := pair.PrivateKey.(crypto.Signer)
	if !ok || !pair.Leaf.IsCA {
		return nil, primitive.Usagef("%s is no authority, so it may not sign others", dn(pair.Leaf.Subject.String())).
			WithHint("to make one: tls certificate NAME --authority --out FILE")
	}
	m := &Made{Cert: pair.Leaf, Key: signer}
	for _, der := range pair.Certificate[1:] {
		if up, err := x509.ParseCertificate(der); err == nil && !isSelfSigned(up) {
			m.above = append(m.above, der)
		}
	}
	return m, nil
}

// PEM is the certificate with those of its issuers, and its key.
func (m *Made) PEM() ([]byte, error) {
	key, err := m.KeyPEM()
	return append(m.CertPEM(), key...), err
}

// WriteFile writes a new file that only its owner can read: a key is in it.
func WriteFile(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if os.IsExist(err) {
		return primitive.Newf(primitive.InUse, "the file is there already").On(primitive.Quote(path)).WithHint("take another name, or remove it: no key is overwritten")
	}
	if err != nil {
		return fileError(path, err)
	}
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// Server makes the server's side of TLS of connections; the handshake is made
// with the first byte that is read or written.
func Server(cert tls.Certificate, alpn ...string) func(net.Conn) net.Conn {
	config := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: alpn}
	return func(c net.Conn) net.Conn { return tls.Server(sock.Beneath(context.Background(), c), config) }
}
