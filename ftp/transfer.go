package ftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"sosh/primitive"
	"sosh/sock"
)

// errTooLarge ends a store at the limit.
var errTooLarge = errors.New("more than may be stored")

// over moves data over a connection of its own, and answers how it went.
func (v *visit) over(text string, move func(*sock.Stream) (int64, error)) {
	v.preliminary(text)
	data, err := v.meet()
	if err != nil {
		v.reply(425, "no data connection came about")
		return
	}
	n, err := move(data)
	if cerr := data.Close(); err == nil {
		err = cerr
	}
	switch {
	case errors.Is(err, errTooLarge):
		v.reply(552, fmt.Sprintf("at most %d bytes may be stored", v.site.c.MaxSize))
	case errors.As(err, new(*fs.PathError)):
		v.reply(451, fmt.Sprintf("broken off after %d bytes: the file", n))
	case err != nil:
		v.reply(426, fmt.Sprintf("broken off after %d bytes", n))
	default:
		v.reply(226, fmt.Sprintf("%d bytes", n))
	}
}

func (v *visit) list(arg string, line func(fs.FileInfo, time.Time) string) {
	if strings.HasPrefix(arg, "-") { // flags of ls, which some clients give
		_, arg, _ = strings.Cut(arg, " ")
	}
	if !v.arranged() {
		return
	}
	list, err := v.entriesOf(arg)
	if err != nil {
		v.fail(err)
		return
	}
	var b bytes.Buffer
	now := time.Now()
	for _, info := range list {
		b.WriteString(line(info, now) + "\r\n")
	}
	v.over("the list", func(data *sock.Stream) (int64, error) { return v.pump(data, &b) })
}

func (v *visit) retrieve(arg string) {
	if !v.arranged() {
		return
	}
	f, err := v.open(arg)
	if err == nil && v.rest > 0 {
		_, err = f.Seek(v.rest, io.SeekStart)
	}
	if err != nil {
		if f != nil {
			f.Close()
		}
		v.fail(err)
		return
	}
	defer f.Close()
	var from io.Reader = f
	if v.ascii {
		from = &toNetwork{from: f}
	}
	v.over("the file", func(data *sock.Stream) (int64, error) { return v.pump(data, from) })
}

// pump sends all of a reader. A client that takes nothing for too long is let go.
func (v *visit) pump(data *sock.Stream, from io.Reader) (n int64, err error) {
	buf := make([]byte, piece)
	for {
		k, rerr := from.Read(buf)
		if k > 0 {
			sent, err := v.push(data, buf[:k])
			if n += int64(sent); err != nil {
				return n, err
			}
		}
		if errors.Is(rerr, io.EOF) {
			return n, nil
		}
		if rerr != nil {
			return n, rerr
		}
	}
}

func (v *visit) push(data *sock.Stream, p []byte) (int, error) {
	ctx, cancel := context.WithTimeout(v.ctx, v.site.c.Idle)
	defer cancel()
	return data.Send(ctx, p)
}

func (v *visit) store(arg string, atEnd bool) {
	if !v.arranged() {
		return
	}
	f, err := v.create(arg, atEnd)
	if err != nil {
		v.fail(err)
		return
	}
	v.over("send it", func(data *sock.Stream) (n int64, err error) {
		if at, _ := f.Seek(0, io.SeekCurrent); at == 0 { // not before there is something to put in its place
			err = f.Truncate(0)
		}
		if err == nil {
			n, err = v.take(data, f)
		}
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		return n, err
	})
	f.Close() // where no data connection came about
}

// create opens a file for writing: empty, at its end, or where REST said.
func (v *visit) create(arg string, atEnd bool) (*os.File, error) {
	name, err := v.local(arg)
	if err != nil {
		return nil, err
	}
	if info, err := v.site.root.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	f, err := v.site.root.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	at := v.rest
	if atEnd {
		at, err = f.Seek(0, io.SeekEnd)
	} else if at > 0 {
		err = goOn(f, at)
	}
	if err == nil && at > v.site.c.MaxSize {
		err = errTooLarge
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// goOn writes from an offset on; one beyond the end would leave a hole.
func goOn(f *os.File, at int64) error {
	info, err := f.Stat()
	if err == nil && at > info.Size() {
		return fs.ErrInvalid
	}
	if err == nil {
		err = f.Truncate(at)
	}
	if err == nil {
		_, err = f.Seek(at, io.SeekStart)
	}
	return err
}

// take receives a file to the end of the data, within the limit.
func (v *visit) take(data *sock.Stream, f *os.File) (n int64, err error) {
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	lines := &fromNetwork{to: f}
	var to io.Writer = f
	if v.ascii {
		to = lines
	}
	buf := make([]byte, piece)
	for {
		k, err := v.pull(data, buf)
		if at+n+int64(k) > v.site.c.MaxSize {
			return n, errTooLarge
		}
		if _, werr := to.Write(buf[:k]); werr != nil {
			return n, werr
		}
		n += int64(k)
		if primitive.KindOf(err) == primitive.EOF {
			return n, lines.end()
		}
		if err != nil {
			return n, err
		}
	}
}

func (v *visit) pull(data *sock.Stream, p []byte) (int, error) {
	ctx, cancel := context.WithTimeout(v.ctx, v.site.c.Idle)
	defer cancel()
	return data.Read(ctx, p)
}

// toNetwork ends lines with \r\n as TYPE A wants it.
type toNetwork struct {
	from io.Reader
	out  []byte
	last byte
}

// Read gives lines that end in \r\n, however they ended.
func (t *toNetwork) Read(p []byte) (int, error) {
	for len(t.out) == 0 {
		raw := make([]byte, 4<<10)
		n, err := t.from.Read(raw)
		for _, c := range raw[:n] {
			if c == '\n' && t.last != '\r' {
				t.out = append(t.out, '\r')
			}
			t.out = append(t.out, c)
			t.last = c
		}
		if err != nil && len(t.out) == 0 {
			return 0, err
		}
	}
	n := copy(p, t.out)
	t.out = t.out[n:]
	return n, nil
}

// fromNetwork ends lines with \n.
type fromNetwork struct {
	to   io.Writer
	held bool // a \r that may belong to a \n
}

// Write takes out the \r before each \n.
func (t *fromNetwork) Write(p []byte) (int, error) {
	out := make([]byte, 0, len(p)+1)
	for _, c := range p {
		if t.held && c != '\n' {
			out = append(out, '\r')
		}
		if t.held = c == '\r'; !t.held {
			out = append(out, c)
		}
	}
	_, err := t.to.Write(out)
	return len(p), err
}

// end writes a \r that belongs to nothing.
func (t *fromNetwork) end() error {
	if !t.held {
		return nil
	}
	_, err := t.to.Write([]byte{'\r'})
	return err
}
