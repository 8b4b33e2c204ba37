package mail

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	netmail "net/mail"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"sosh/primitive"
)

// A Kept is a letter that a sink got.
type Kept struct {
	At      time.Time
	Peer    string   // address of the client
	From    string   // of the envelope
	To      []string // of the envelope
	Subject string   // decoded
	Data    []byte   // as it came, dots no longer doubled
	File    string   // name in the folder; "" without one
}

// Most bytes of letters kept in memory.
const maxMemory = 64 << 20

// A mailbox keeps the newest letters in memory, and all of them in a folder, if
// it has one, up to a number.
type mailbox struct {
	mu    sync.Mutex
	kept  []Kept
	bytes int
	max   int
	dir   *os.Root // nil keeps in memory only
	files int
}

var errFull = errors.New("the folder holds as many letters as it may")

func openMailbox(dir string, most int) (*mailbox, error) {
	m := &mailbox{max: most}
	if dir == "" {
		return m, nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		e := *primitive.AsError(err)
		var pe *os.PathError
		if errors.As(err, &pe) {
			e.Cause = pe.Err.Error()
		}
		e.Target, e.Hint = dir, "make the folder first: !mkdir "+dir
		return nil, &e
	}
	m.dir = root
	return m, nil
}

func (m *mailbox) close() {
	if m.dir != nil {
		_ = m.dir.Close() // every file in it is closed
	}
}

func (m *mailbox) letters() []Kept {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.kept)
}

// keep keeps a letter, and gives the name of its file.
func (m *mailbox) keep(k Kept) (name string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dir != nil {
		if m.files >= m.max {
			return "", errFull
		}
		if k.File, err = m.write(k); err != nil {
			return "", err
		}
		m.files++
	}
	m.kept = append(m.kept, k)
	m.bytes += len(k.Data)
	for len(m.kept) > m.max || m.bytes > maxMemory && len(m.kept) > 1 {
		m.bytes -= len(m.kept[0].Data)
		m.kept = append(m.kept[:0], m.kept[1:]...)
	}
	return k.File, nil
}

// write makes a file that is there as a whole or not at all.
func (m *mailbox) write(k Kept) (string, error) {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	name := k.At.UTC().Format("20060102T150405.000") + "-" + hex.EncodeToString(b[:]) + ".eml"
	part := name + ".part"
	f, err := m.dir.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.Write(slices.Concat(envelopeHeader(k), k.Data))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = m.dir.Rename(part, name)
	}
	if err != nil {
		_ = m.dir.Remove(part) // the first error is the one to tell
		return "", err
	}
	return name, nil
}

// envelopeHeader is what the last server adds, because the letter itself does not
// hold it (RFC 5321 section 4.4).
func envelopeHeader(k Kept) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\n", k.From)
	for _, to := range k.To {
		fmt.Fprintf(&b, "Delivered-To: %s\r\n", to)
	}
	fmt.Fprintf(&b, "Received: from [%s] by sosh with SMTP; %s\r\n", k.Peer, k.At.Format(time.RFC1123Z))
	return b.Bytes()
}

// subjectOf is the subject of a letter as a person reads it; "" where it has none
// or is no letter.
func subjectOf(data []byte) string {
	const head = 64 << 10 // nobody's header is longer
	m, err := netmail.ReadMessage(bytes.NewReader(data[:min(len(data), head)]))
	if err != nil {
		return ""
	}
	subject := m.Header.Get("Subject")
	if plain, err := new(mime.WordDecoder).DecodeHeader(subject); err == nil {
		subject = plain
	}
	return strings.ToValidUTF8(subject, "\uFFFD")
}
