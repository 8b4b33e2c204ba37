package tlsinfo

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/binary"
	"io"
	"net/netip"
	"slices"

	"sosh/primitive"
)

// A hello is the first message of a handshake, the ClientHello (RFC 8446, 4.1.2).
// It is made here because crypto/tls offers only what it can finish: asking what
// a server accepts takes neither a key nor the rest of the handshake.
type hello struct {
	version uint16 // of SSL 3.0 to TLS 1.3: the only one offered, unless any
	any     bool   // version of TLS will do; version is then TLS 1.3
	ciphers []uint16
	name    string
}

// Numbers of the protocol.
const (
	ssl30, tls10, tls13 = 0x0300, 0x0301, 0x0304

	alertRecord, handshakeRecord = 21, 22
	clientHello, serverHello     = 1, 2
)

// record is the whole message as it goes onto the wire.
func (h hello) record() ([]byte, error) {
	random := make([]byte, 64) // random and a session identifier, which middle boxes like to see
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	body := u16(nil, min(h.version, tls13-1))
	body = append(body, random[:32]...)
	body = vector8(body, random[32:])
	var suites []byte
	for _, c := range h.ciphers {
		suites = u16(suites, c)
	}
	body = vector16(body, suites)
	body = append(body, 1, 0) // no compression
	if h.version > ssl30 {
		extensions, err := h.extensions()
		if err != nil {
			return nil, err
		}
		body = vector16(body, extensions)
	}
	message := append([]byte{clientHello, 0}, u16(nil, uint16(len(body)))...)
	message = append(message, body...)
	return vector16(u16([]byte{handshakeRecord}, min(h.version, tls10)), message), nil
}

func (h hello) extensions() (out []byte, err error) {
	add := func(number uint16, data []byte) { out = vector16(u16(out, number), data) }
	if _, err := netip.ParseAddr(h.name); err != nil && h.name != "" && len(h.name) < 256 { // RFC 6066: names alone
		add(0, vector16(nil, vector16([]byte{0}, []byte(h.name))))
	}
	add(10, vector16(nil, words(0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101))) // x25519, P-256, P-384, P-521, ffdhe
	add(11, []byte{1, 0})
	add(13, vector16(nil, words(0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0402, 0x0202)))
	add(23, nil)
	add(0xff01, []byte{0})
	if h.version < tls13 {
		return out, nil
	}
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	offered := words(tls13)
	if h.any {
		offered = words(tls13, 0x0303, 0x0302, tls10)
	}
	add(43, vector8(nil, offered))
	add(45, []byte{1, 1})
	add(51, vector16(nil, vector16(words(0x001d), key.PublicKey().Bytes())))
	return out, nil
}

func u16(b []byte, n uint16) []byte { return binary.BigEndian.AppendUint16(b, n) }

func words(numbers ...uint16) (b []byte) {
	for _, n := range numbers {
		b = u16(b, n)
	}
	return b
}

// vector8 and vector16 append data after its length (RFC 8446, 3.4).
func vector8(b, data []byte) []byte { return append(append(b, byte(len(data))), data...) }

func vector16(b, data []byte) []byte { return append(u16(b, uint16(len(data))), data...) }

// A reply is what a server says to a hello.
type reply struct {
	version, cipher uint16 // chosen; 0 when it refused
	alert           byte   // why it refused
}

// The largest record (RFC 8446, 5.1).
const mostRecord = 1<<14 + 256

// Hello is the first message of a client that takes any version of TLS: a harmless
// question whether a server speaks it. The name may be empty.
func Hello(name string) ([]byte, error) {
	return hello{version: tls13, any: true, ciphers: append(suitesOf(tls13), suitesOf(tls10)...), name: name}.record()
}

// IsReply is whether bytes are how a TLS server answers: a ServerHello or an alert.
func IsReply(b []byte) bool {
	r, err := readReply(bytes.NewReader(b))
	return err == nil && (r.version != 0 || r.alert != 0)
}

// readReply reads the first record, which holds a ServerHello or an alert. Kind
// Failed for what is neither.
func readReply(r io.Reader) (reply, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return reply{}, err
	}
	size := int(binary.BigEndian.Uint16(head[3:]))
	if head[1] != 3 || size == 0 || size > mostRecord {
		return reply{}, strange(head[:])
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r, body); err != nil {
		return reply{}, err
	}
	switch {
	case head[0] == alertRecord && size >= 2:
		return reply{alert: body[1]}, nil
	case head[0] == handshakeRecord && body[0] == serverHello:
		return parseServerHello(body)
	}
	return reply{}, strange(append(head[:], body[:min(size, 16)]...))
}

func strange(b []byte) error {
	return primitive.Newf(primitive.Failed, "no TLS there: it answered %s", primitive.Quote(string(b)))
}

// parseServerHello reads a ServerHello (RFC 8446, 4.1.3), or the beginning of one
// as far as it matters.
func parseServerHello(b []byte) (reply, error) {
	const fixed = 4 + 2 + 32 + 1
	if len(b) < fixed || len(b) < fixed+int(b[fixed-1])+3 {
		return reply{}, strange(b[:min(len(b), 16)])
	}
	at := fixed + int(b[fixed-1])
	r := reply{version: binary.BigEndian.Uint16(b[4:]), cipher: binary.BigEndian.Uint16(b[at:])}
	rest := b[at+3:] // behind the compression
	if len(rest) < 2 {
		return r, nil
	}
	for rest = rest[2:]; len(rest) >= 4; {
		number, size := binary.BigEndian.Uint16(rest), int(binary.BigEndian.Uint16(rest[2:]))
		if len(rest) < 4+size {
			break
		}
		if number == 43 && size == 2 {
			r.version = binary.BigEndian.Uint16(rest[4:])
		}
		rest = rest[4+size:]
	}
	return r, nil
}

// offered is whether the server chose what was offered to it.
func (h hello) offered(r reply) bool {
	return r.version == h.version && slices.Contains(h.ciphers, r.cipher)
}
