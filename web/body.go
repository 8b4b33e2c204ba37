package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"sosh/primitive"
)

// body takes the body of an answer, to memory or to a file. Oversized.
func (r *Request) body(ctx context.Context, a *Answer, resp *http.Response, part *part, pace *pace) error {
	limit := r.maxBody()
	if part.file != nil {
		if done, err := part.fits(a, resp); done || err != nil {
			return err
		}
		limit -= part.offset
	}
	if !a.head && resp.ContentLength > limit {
		return r.tooBig("the body has %d bytes, more than the %d that are allowed", resp.ContentLength, limit)
	}
	var from io.Reader = &counted{from: resp.Body, pace: pace, report: primitive.Progress(ctx), at: part.offset, total: max(0, part.offset+resp.ContentLength)}
	if r.Compressed && strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") && !a.head {
		unpacked, err := gzip.NewReader(from)
		if err != nil {
			return badGzip(err)
		}
		from = unpacked
	}
	return r.store(a, io.LimitReader(from, limit+1), limit, part)
}

// store takes at most limit bytes, of which one more may come.
func (r *Request) store(a *Answer, from io.Reader, limit int64, part *part) error {
	var memory bytes.Buffer
	var to io.Writer = &memory
	if part.file != nil {
		to = part
	}
	n, err := io.Copy(to, from)
	a.Size = part.offset + n
	switch {
	case n > limit:
		return r.tooBig("the body has more than the %d bytes that are allowed", limit)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return badGzip(err)
	case err != nil:
		return err
	case part.file != nil:
		a.File = r.Output
		return part.commit(r.Output)
	}
	a.Body = memory.Bytes()
	return nil
}

func (r *Request) tooBig(format string, numbers ...any) error {
	e := primitive.Newf(primitive.Oversized, format, numbers...)
	if r.Output != "" {
		return e.WithHint("to allow more: --max-size 100g")
	}
	return e.WithHint("to a file: --output FILE; to allow more: --max-size 64m")
}

func badGzip(err error) error {
	return primitive.Newf(primitive.Failed, "the body is no proper gzip: %s", err).WithHint("as it is: without --compressed")
}

// counted tells how much of a body has come.
type counted struct {
	from      io.Reader
	pace      *pace
	report    func(done, total int64)
	at, total int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.pace.add(n)
	if c.at += int64(n); c.report != nil {
		c.report(c.at, c.total)
	}
	return n, err
}
