package mail

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"sosh/primitive"
)

// Most bytes of all attachments and the text: a letter is made in memory.
const maxLetter = 64 << 20

// A Letter is what a person writes: the envelope is made of it, too.
type Letter struct {
	From    string   // an address, or "Ann <ann@example.org>"
	To      []string // addresses of the same form
	Subject string
	Body    []byte   // UTF-8; lines end in \n or \r\n
	Attach  []string // files
}

// A Message is a letter as it goes over the wire, with its envelope.
type Message struct {
	ID   string   // the Message-ID, with its angle brackets
	From string   // the address alone
	To   []string // the addresses alone
	Data []byte   // header and body, lines ended by \r\n, dots not yet doubled
	UTF8 bool     // an address is not ASCII: the server must know SMTPUTF8
}

// Compose makes a message (RFC 5322, RFC 2045). Kind Usage when an address or the
// subject is none, NotFound, Denied or Oversized when a file cannot be attached.
func (l Letter) Compose(now time.Time) (*Message, error) {
	m := &Message{}
	from, err := address("from", l.From)
	if err != nil {
		return nil, err
	}
	to, err := addresses("to", l.To)
	if err != nil {
		return nil, err
	}
	if err := l.checkSubject(); err != nil {
		return nil, err
	}
	m.From = from.Address
	for _, a := range to {
		m.To = append(m.To, a.Address)
	}
	m.UTF8 = !ascii(m.From + strings.Join(m.To, ""))
	m.ID = messageID(m.From)
	m.Data, err = l.data(m.ID, from, to, now)
	return m, err
}

// Most bytes of what stands on one line of the header (RFC 5322 section 2.1.1).
const maxField = 900

func (l Letter) checkSubject() error {
	switch {
	case strings.ContainsAny(l.Subject, "\r\n\x00"):
		return primitive.Usagef("the subject has more than one line").WithHint("what belongs into the letter: --body TEXT")
	case len(l.Subject) > maxField:
		return primitive.Usagef("the subject has %d bytes, at most %d", len(l.Subject), maxField).WithHint("what belongs into the letter: --body TEXT")
	}
	return nil
}

// encoded is text of a header, where it is not ASCII in words of RFC 2047, each on
// a line of its own.
func encoded(text string) string {
	return strings.ReplaceAll(mime.QEncoding.Encode("utf-8", text), "?= =?", "?=\r\n =?")
}

// address reads one address of a flag.
func address(flag, text string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(text)
	if err != nil || strings.ContainsAny(a.Address, "\r\n\x00<> ") || len(a.String()) > maxField {
		return nil, primitive.Usagef("--%s %s is no mail address", flag, primitive.Quote(text)).WithHint("write --%s ann@example.org", flag)
	}
	return a, nil
}

// addresses reads the list of a flag. A comma in a quoted name cut it in two; it
// is put together again first.
func addresses(flag string, list []string) (all []*netmail.Address, err error) {
	if all, err := netmail.ParseAddressList(strings.Join(list, ",")); err == nil && len(all) > 0 {
		for _, a := range all {
			if _, err := address(flag, a.String()); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	for _, text := range list { // one of them is wrong: say which
		if _, err := address(flag, strings.TrimSpace(text)); err != nil {
			return nil, err
		}
	}
	return nil, primitive.Usagef("nobody to send it to").WithHint("write --%s bob@example.org", flag)
}

func ascii(s string) bool {
	for _, c := range []byte(s) {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// messageID is unique in the world, as far as the sender's domain is.
func messageID(from string) string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	domain := from[strings.LastIndexByte(from, '@')+1:]
	if !ascii(domain) {
		domain = "localhost"
	}
	return "<" + hex.EncodeToString(b[:]) + "@" + domain + ">"
}

func (l Letter) data(id string, from *netmail.Address, to []*netmail.Address, now time.Time) ([]byte, error) {
	var b bytes.Buffer
	var names []string
	for _, a := range to {
		names = append(names, a.String())
	}
	fmt.Fprintf(&b, "Date: %s\r\n", now.Format(time.RFC1123Z))
	fmt.Fprintf(&b, "From: %s\r\n", from)
	fmt.Fprintf(&b, "To: %s\r\n", strings.Join(names, ",\r\n "))
	fmt.Fprintf(&b, "Subject: %s\r\n", encoded(l.Subject))
	fmt.Fprintf(&b, "Message-ID: %s\r\nMIME-Version: 1.0\r\n", id)
	if !utf8.Valid(l.Body) || bytes.ContainsRune(l.Body, 0) {
		return nil, primitive.Usagef("the text is not UTF-8").WithHint("send it as a file: --attach FILE")
	}
	if len(l.Body) > maxLetter {
		return nil, tooLarge("the text")
	}
	if len(l.Attach) == 0 {
		writeHeader(&b, textHeader(l.Body))
		err := writeText(&b, l.Body)
		return b.Bytes(), err
	}
	if err := l.parts(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// parts writes the text and the attachments (RFC 2046 section 5.1.3).
func (l Letter) parts(b *bytes.Buffer) error {
	w := multipart.NewWriter(b)
	fmt.Fprintf(b, "Content-Type: multipart/mixed;\r\n boundary=%s\r\n\r\n", w.Boundary())
	part, _ := w.CreatePart(textHeader(l.Body)) // a buffer takes everything
	if err := writeText(part, l.Body); err != nil {
		return err
	}
	for _, file := range l.Attach {
		if err := attach(w, b, file); err != nil {
			return err
		}
	}
	return w.Close()
}

func attach(w *multipart.Writer, b *bytes.Buffer, file string) error {
	data, err := readFile(file, maxLetter-b.Len())
	if err != nil {
		return err
	}
	name := filepath.Base(file)
	kind := mime.TypeByExtension(filepath.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Type", kind)
	h.Set("Content-Transfer-Encoding", "base64")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	part, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	return writeBase64(part, data)
}

// readFile reads a file of at most max bytes.
func readFile(path string, max int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(err, path)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(max)+1))
	switch {
	case err != nil:
		return nil, fileError(err, path)
	case len(data) > max:
		return nil, tooLarge(path)
	}
	return data, nil
}

func fileError(err error, path string) error {
	e := *primitive.AsError(err)
	var pe *os.PathError
	if ok := asPath(err, &pe); ok {
		e.Cause = pe.Err.Error()
	}
	e.Target, e.Hint = path, "is the name right? !ls shows the files here"
	return &e
}

func tooLarge(what string) error {
	return primitive.Newf(primitive.Oversized, "a letter holds at most 64 MiB").On(what).WithHint("send a link instead: serve 8080 http DIR")
}

func textHeader(body []byte) textproto.MIMEHeader {
	h := textproto.MIMEHeader{}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Transfer-Encoding", map[bool]string{true: "7bit", false: "quoted-printable"}[simple(body)])
	return h
}

func writeHeader(b *bytes.Buffer, h textproto.MIMEHeader) {
	for _, key := range []string{"Content-Type", "Content-Transfer-Encoding"} {
		fmt.Fprintf(b, "%s: %s\r\n", key, h.Get(key))
	}
	b.WriteString("\r\n")
}

// simple is whether a text can go as it is: ASCII, with lines that every server
// takes (RFC 5321 section 4.5.3.1.6).
func simple(body []byte) bool {
	for line := range bytes.Lines(body) {
		if len(line) > 990 {
			return false
		}
	}
	return ascii(string(body)) && !bytes.ContainsRune(bytes.ReplaceAll(body, []byte("\r\n"), nil), '\r')
}

func writeText(w io.Writer, body []byte) error {
	if !simple(body) {
		q := quotedprintable.NewWriter(w)
		_, _ = q.Write(body) // a buffer takes everything
		return q.Close()
	}
	_, err := w.Write(crlf(body))
	return err
}

// crlf ends every line with \r\n.
func crlf(text []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

func writeBase64(w io.Writer, data []byte) error {
	const perLine = 57 // bytes that make 76 characters
	for len(data) > 0 {
		n := min(perLine, len(data))
		if _, err := io.WriteString(w, base64.StdEncoding.EncodeToString(data[:n])+"\r\n"); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// ReadText reads a file with the text of a letter. NotFound, Denied, Oversized.
func ReadText(path string) ([]byte, error) { return readFile(path, maxLetter) }
