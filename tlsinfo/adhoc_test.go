package tlsinfo

import (
	"crypto/tls"
	"crypto/x509"
	"testing"
)

func TestAdHocIsForThisMachine(t *testing.T) {
	cert, err := AdHoc()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert.Leaf)
	for _, name := range Local() {
		if _, err := cert.Leaf.Verify(x509.VerifyOptions{DNSName: bracketed(name), Roots: roots}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := cert.Leaf.VerifyHostname("example.org"); err == nil {
		t.Error("it is for example.org too")
	}
}

// bracketed is how VerifyHostname wants an IPv6 address.
func bracketed(name string) string {
	if name == "::1" {
		return "[::1]"
	}
	return name
}

func TestChainOfThreeIsShownWithoutTheRoot(t *testing.T) {
	leaf := chain(t, "localhost")
	made := leaf.TLS()
	if len(made.Certificate) != 2 {
		t.Fatalf("%d certificates are shown", len(made.Certificate))
	}
	key, err := leaf.KeyPEM()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tls.X509KeyPair(leaf.CertPEM(), key); err != nil {
		t.Error(err)
	}
	if _, err := Make(Request{}); err == nil {
		t.Error("a certificate for nobody")
	}
}

// chain makes a certificate below an authority below a root.
func chain(t *testing.T, names ...string) *Made {
	t.Helper()
	root := made(t, Request{Names: []string{"test root"}, Authority: true})
	middle := made(t, Request{Names: []string{"test authority"}, Authority: true, Issuer: root})
	return made(t, Request{Names: names, Issuer: middle})
}

func made(t *testing.T, r Request) *Made {
	t.Helper()
	m, err := Make(r)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
