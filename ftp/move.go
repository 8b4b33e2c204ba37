package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"sosh/dialogue"
	"sosh/primitive"
	"sosh/sock"
	"sosh/tlsinfo"
)

// Moved is what came of a transfer.
type Moved struct {
	Host     string        `help:"the server" volatile:""`
	Path     string        `help:"name on the server"`
	File     string        `help:"name on this side" volatile:""`
	Size     int64         `help:"bytes of the whole file"`
	Bytes    int64         `help:"bytes that were moved now"`
	Offset   int64         `help:"where it began: more than 0 when resumed"`
	Mode     string        `help:"passive or active"`
	TLS      string        `help:"version of TLS; empty without encryption"`
	Code     int           `help:"of the last reply: 226"`
	Reply    string        `help:"the words of that reply" volatile:""`
	Connect  time.Duration `help:"time until the server was ready to move" volatile:""`
	Total    time.Duration `help:"time of everything" volatile:""`
	Dialogue []string      `help:"each line sent (>) and received (<)" volatile:""`

	verb string
}

// Words are what a person is told.
func (m Moved) Words() primitive.Words {
	line := fmt.Sprintf("%s %s: %d bytes in %s", m.verb, primitive.Escape(m.File, false), m.Bytes, m.Total.Round(time.Millisecond/10))
	if m.Offset > 0 {
		line += fmt.Sprintf(", from byte %d on; %d in all", m.Offset, m.Size)
	}
	return primitive.Words{Line: line}
}

// A mover is one transfer under way.
type mover struct {
	*client
	start time.Time
	m     Moved
}

func begin(ctx context.Context, o Options, verb, path, file string) (*mover, error) {
	start := time.Now()
	c, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	m := Moved{Host: c.Target(), Path: path, File: file, Mode: "passive", TLS: tlsinfo.Version(c.Stream()), Connect: time.Since(start), verb: verb}
	if o.Active {
		m.Mode = "active"
	}
	return &mover{client: c, start: start, m: m}, nil
}

// end says goodbye, and gives what came of it.
func (v *mover) end(ctx context.Context, r dialogue.Reply, err error) (Moved, error) {
	v.Quit(ctx)
	if err != nil {
		return Moved{}, err
	}
	v.m.Code, v.m.Reply, v.m.Total, v.m.Dialogue = r.Code, r.Text(), time.Since(v.start), v.Lines()
	return v.m, nil
}

// size asks how large a file is; -1 where the server does not say.
func (c *client) size(ctx context.Context, path string) (int64, error) {
	ctx, cancel := c.o.Bounded(ctx)
	defer cancel()
	r, err := c.Command(ctx, "SIZE "+path)
	if err != nil {
		return 0, err
	}
	n, perr := strconv.ParseInt(r.Text(), 10, 64)
	if r.Code != 213 || perr != nil || n < 0 {
		return -1, nil
	}
	return n, nil
}

// Get fetches a file of the server to a file here. It is there as a whole or not
// at all: until then it is called FILE.part, which stays when the transfer breaks
// off, and with resume is gone on with. Refused, Timeout, Unreachable, NotFound,
// Denied, Reset, Failed.
func Get(ctx context.Context, o Options, path, file string, resume bool) (Moved, error) {
	v, err := begin(ctx, o, "got", path, file)
	if err != nil {
		return Moved{}, err
	}
	r, err := v.get(ctx, resume)
	return v.end(ctx, r, err)
}

func (v *mover) get(ctx context.Context, resume bool) (dialogue.Reply, error) {
	total, err := v.size(ctx, v.m.Path)
	if err != nil {
		return dialogue.Reply{}, err
	}
	out, err := openOutput(v.m.File, resume)
	if err != nil {
		return dialogue.Reply{}, err
	}
	v.m.Offset = out.offset
	if err := v.sane(total); err != nil {
		out.leave()
		return dialogue.Reply{}, err
	}
	r, err := v.transfer(ctx, "RETR "+v.m.Path, out.offset, func(ctx context.Context, data *sock.Stream) error {
		return v.receive(ctx, data, out.file, total)
	})
	v.m.Size = v.m.Offset + v.m.Bytes
	if err == nil && total >= 0 && v.m.Size != total {
		err = primitive.Newf(primitive.Failed, "%d of %d bytes came", v.m.Size, total).On(v.Target()).WithHint("to go on: --resume")
	}
	if err != nil {
		out.leave()
		return r, v.unfinished(err)
	}
	return r, out.done()
}

// sane refuses to go on with more than there is.
func (v *mover) sane(total int64) error {
	if total < 0 || v.m.Offset <= total {
		return nil
	}
	return primitive.Newf(primitive.Failed, "%d bytes are here already, the server has %d: it is another file", v.m.Offset, total).
		On(v.m.File).WithHint("begin anew: leave out --resume")
}

// unfinished says how to go on with what came so far.
func (v *mover) unfinished(err error) error {
	e := *primitive.AsError(err)
	if v.m.Bytes > 0 {
		e.Cause += fmt.Sprintf(", after %d bytes", v.m.Size)
		e.Hint = "what came is kept; to go on: --resume"
	}
	return &e
}

// Bytes that are moved between two reports of progress.
const piece = 64 << 10

func (v *mover) receive(ctx context.Context, data *sock.Stream, to io.Writer, total int64) error {
	report := primitive.Progress(ctx)
	buf := make([]byte, piece)
	for {
		n, err := v.read(ctx, data, buf)
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return fileError(err, v.m.File)
			}
			if v.m.Bytes += int64(n); report != nil {
				report(v.m.Offset+v.m.Bytes, max(total, 0))
			}
		}
		if primitive.KindOf(err) == primitive.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (v *mover) read(ctx context.Context, data *sock.Stream, buf []byte) (int, error) {
	ctx, cancel := v.o.Bounded(ctx)
	defer cancel()
	return data.Read(ctx, buf)
}

// Put stores a file of this side on the server. With resume it goes on where the
// server's file ends. The failures are those of Get.
func Put(ctx context.Context, o Options, file, path string, resume bool) (Moved, error) {
	f, err := os.Open(file)
	if err != nil {
		return Moved{}, fileError(err, file)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Moved{}, fileError(err, file)
	}
	if info.IsDir() {
		return Moved{}, primitive.Usagef("%s is a folder", primitive.Quote(file)).WithHint("store its files one by one: ftp put HOST FILE PATH/")
	}
	v, err := begin(ctx, o, "stored", path, file)
	if err != nil {
		return Moved{}, err
	}
	if info.Mode().IsRegular() { // how much a pipe will give nobody knows
		v.m.Size = info.Size()
	}
	r, err := v.put(ctx, f, resume)
	v.m.Size = max(v.m.Size, v.m.Offset+v.m.Bytes)
	return v.end(ctx, r, err)
}

func (v *mover) put(ctx context.Context, f *os.File, resume bool) (dialogue.Reply, error) {
	command := "STOR "
	if resume {
		there, err := v.size(ctx, v.m.Path)
		if err != nil {
			return dialogue.Reply{}, err
		}
		if v.m.Offset = max(there, 0); v.m.Offset > v.m.Size {
			return dialogue.Reply{}, primitive.Newf(primitive.Failed, "the server has %d bytes already, the file here %d: it is another file", there, v.m.Size).
				On(v.m.Path).WithHint("begin anew: leave out --resume")
		}
		if _, err := f.Seek(v.m.Offset, io.SeekStart); err != nil {
			return dialogue.Reply{}, fileError(err, v.m.File)
		}
	}
	if v.m.Offset > 0 {
		command = "APPE "
	}
	return v.transfer(ctx, command+v.m.Path, 0, func(ctx context.Context, data *sock.Stream) error { return v.give(ctx, data, f) })
}

func (v *mover) give(ctx context.Context, data *sock.Stream, from io.Reader) error {
	report := primitive.Progress(ctx)
	buf := make([]byte, piece)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if err := v.write(ctx, data, buf[:n]); err != nil {
				return err
			}
			if v.m.Bytes += int64(n); report != nil {
				report(v.m.Offset+v.m.Bytes, v.m.Size)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fileError(err, v.m.File)
		}
	}
}

func (v *mover) write(ctx context.Context, data *sock.Stream, buf []byte) error {
	ctx, cancel := v.o.Bounded(ctx)
	defer cancel()
	_, err := data.Send(ctx, buf)
	return err
}
