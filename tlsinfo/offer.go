package tlsinfo

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"net"
	"os"

	"sosh/primitive"
	"sosh/sock"
)

// An Offer says which certificate a server has. Zero is none.
type Offer struct {
	AdHoc     bool   // one made now, for this machine
	Out       string // file that gets it, without its key, for clients to trust; "" for none
	Cert, Key string // files of another one, or PEM text; no Key: it stands with Cert
}

// Certificate makes or reads it. The errors are those of KeyPair and of writing.
func (o Offer) Certificate() (tls.Certificate, error) {
	if o.Cert != "" {
		return KeyPair(o.Cert, o.Key)
	}
	pair, err := AdHoc()
	if err != nil || o.Out == "" {
		return pair, err
	}
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Leaf.Raw})
	if err := os.WriteFile(o.Out, data, 0o644); err != nil {
		return tls.Certificate{}, primitive.AsError(fileError(o.Out, err)).WithHint("is there such a folder, and may you write there? !ls -ld shows it")
	}
	return pair, nil
}

// Config is the server's side of TLS with it, which speaks the given protocols
// (RFC 7301); nil for none. Usage where two certificates are named.
func (o Offer) Config(alpn ...string) (*tls.Config, error) {
	switch {
	case o.AdHoc && o.Cert != "":
		return nil, primitive.Usagef("one certificate: made now, or that of a file").WithHint("leave out --tls, or --cert and --key")
	case !o.AdHoc && o.Cert == "":
		return nil, nil
	}
	pair, err := o.Certificate()
	if err != nil {
		return nil, err
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: alpn}, nil
}

// Server makes the server's side of TLS of connections; the handshake is made
// with the first byte that is read or written.
func Server(cert tls.Certificate, alpn ...string) func(net.Conn) net.Conn {
	config := &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: alpn}
	return func(c net.Conn) net.Conn { return tls.Server(sock.Beneath(context.Background(), c), config) }
}
