package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"

	"sosh/primitive"
)

// Certificate makes a certificate for this machine, signed by itself and valid
// for a day, and gives it in PEM too, so that a client can trust it.
func Certificate() (*tls.Config, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "sosh for a day"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	pair := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return serverTLS(pair), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

func serverTLS(pair tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"http/1.1"}}
}

// KeyPair reads a certificate and its key in PEM. NotFound, Usage.
func KeyPair(certificate, key string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err == nil {
		return serverTLS(pair), nil
	}
	for _, path := range []string{certificate, key} {
		if _, err := os.Stat(path); err != nil {
			return nil, fileError(err, path)
		}
	}
	return nil, primitive.Usagef("%s and %s are no certificate and its key in PEM: %s", primitive.Quote(certificate), primitive.Quote(key), primitive.Escape(err.Error(), false))
}

// TLSFiles say which certificate a server has.
type TLSFiles struct {
	AdHoc     bool   // one made for the day
	Out       string // file that gets it; "" for none
	Cert, Key string // files of another one
}

// ServerTLS is what they say; nil for no TLS. Usage, NotFound, Denied.
func ServerTLS(f TLSFiles) (*tls.Config, error) {
	given := f.Cert != "" || f.Key != ""
	switch {
	case given && (f.AdHoc || f.Cert == "" || f.Key == ""):
		return nil, primitive.Usagef("a certificate of your own needs --cert and --key, and no --tls")
	case given:
		return KeyPair(f.Cert, f.Key)
	case !f.AdHoc && f.Out != "":
		return nil, primitive.Usagef("--cert-out is for the certificate of --tls")
	case !f.AdHoc:
		return nil, nil
	}
	config, certificate, err := Certificate()
	if err == nil && f.Out != "" {
		if err := os.WriteFile(f.Out, certificate, 0o644); err != nil {
			return nil, fileError(err, f.Out)
		}
	}
	return config, err
}
